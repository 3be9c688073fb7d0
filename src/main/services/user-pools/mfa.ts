import { family, notBuilt } from '../family.ts';

export const mfa = family<'cognito-idp', unknown>('cognito-idp', 'mfa', {
  AssociateSoftwareToken: notBuilt('second factors', 'anyone'),
  VerifySoftwareToken: notBuilt('second factors', 'anyone'),
  SetUserMFAPreference: notBuilt('second factors', 'access-token'),
  AdminSetUserMFAPreference: notBuilt('second factors'),
  GetUserPoolMfaConfig: notBuilt('second factors'),
  SetUserPoolMfaConfig: notBuilt('second factors'),
  SetUserSettings: notBuilt('second factors', 'access-token'),
  AdminSetUserSettings: notBuilt('second factors'),
  GetUserAuthFactors: notBuilt('second factors', 'access-token'),
  AdminGetUserAuthFactors: notBuilt('second factors'),
  AdminDeleteSoftwareToken: notBuilt('second factors'),
});
