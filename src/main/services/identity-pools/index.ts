/**
 * Identity pools: their settings and roles, identities with their logins, and what an identity gets for them:
 * OpenID tokens and credentials. Logins of user pools are verified by services/tokens, those of everybody
 * else by services/federation; credentials are vended by services/sts, roles are judged by services/iam, and datasets
 * of merged identities are moved by services/sync.
 */
import type { Family } from '../family.ts';
import { credentials } from './credentials.ts';
import { developerIdentities } from './developer-identities.ts';
import { identities } from './identities.ts';
import { pools } from './pools.ts';
import { roles } from './roles.ts';
import { tags } from './tags.ts';

export const families: readonly Family[] = [pools, identities, credentials, developerIdentities, roles, tags];

export { createOpenIdTokens } from './open-id-tokens.ts';
export { createRoleChooser } from './role-chooser.ts';
