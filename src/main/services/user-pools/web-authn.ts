import { family, notBuilt } from '../family.ts';

export const webAuthn = family<'cognito-idp', unknown>('cognito-idp', 'web-authn', {
  StartWebAuthnRegistration: notBuilt('passkeys', 'access-token'),
  CompleteWebAuthnRegistration: notBuilt('passkeys', 'access-token'),
  ListWebAuthnCredentials: notBuilt('passkeys', 'access-token'),
  DeleteWebAuthnCredential: notBuilt('passkeys', 'access-token'),
});
