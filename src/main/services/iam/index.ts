/**
 * Identity and Access Management: what a caller may do, and the roles, users, policies and providers behind it.
 * Every verdict says which statement decided. Credentials of roles are vended in services/sts; that a session may
 * touch only its own identity's datasets is the sync service's rule and not a policy's.
 */
import type { Family } from '../family.ts';
import { accessKeys } from './access-keys.ts';
import { attachments } from './attachments.ts';
import { inlinePolicies } from './inline-policies.ts';
import { openIdConnectProviders } from './open-id-connect-providers.ts';
import { policies } from './policies.ts';
import { policyVersions } from './policy-versions.ts';
import { roles } from './roles.ts';
import { samlProviders } from './saml-providers.ts';
import { simulate } from './simulate.ts';
import { users } from './users.ts';

export const families: readonly Family[] = [
  roles,
  inlinePolicies,
  policies,
  policyVersions,
  attachments,
  users,
  accessKeys,
  openIdConnectProviders,
  samlProviders,
  simulate,
];

export { createAccessControl } from './access.ts';
