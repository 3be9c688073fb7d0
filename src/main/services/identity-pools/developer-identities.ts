import { family, notBuilt } from '../family.ts';

export const developerIdentities = family('cognito-identity', 'developer-identities', {
  LookupDeveloperIdentity: notBuilt('needs developer logins'),
  MergeDeveloperIdentities: notBuilt('needs developer logins'),
  UnlinkDeveloperIdentity: notBuilt('needs developer logins'),
});
