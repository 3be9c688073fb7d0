import { family, notBuilt } from '../family.ts';

export const identityProviders = family<'cognito-idp', unknown>('cognito-idp', 'identity-providers', {
  CreateIdentityProvider: notBuilt('identity providers'),
  DescribeIdentityProvider: notBuilt('identity providers'),
  UpdateIdentityProvider: notBuilt('identity providers'),
  DeleteIdentityProvider: notBuilt('identity providers'),
  ListIdentityProviders: notBuilt('identity providers'),
  GetIdentityProviderByIdentifier: notBuilt('identity providers'),
  AdminLinkProviderForUser: notBuilt('linked identities'),
  AdminDisableProviderForUser: notBuilt('linked identities'),
});
