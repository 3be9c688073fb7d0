/**
 * The Security Token Service: who a caller is, roles assumed by principals, with a web identity's token and with a SAML
 * assertion, sessions of IAM users, and the temporary credentials that every vended session goes by. What a session may do
 * is decided in services/iam; tokens of identity pools are made and read in services/identity-pools, those
 * of outside providers verified in services/federation.
 */
import type { Family } from '../family.ts';
import { assumeRole } from './assume-role.ts';
import { operations } from './operations.ts';
import { saml } from './saml.ts';
import { userSessions } from './user-sessions.ts';
import { webIdentity } from './web-identity.ts';

export const families: readonly Family[] = [operations, assumeRole, webIdentity, saml, userSessions];

export { createCredentialVendor } from './vendor.ts';
