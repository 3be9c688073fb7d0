/**
 * The Security Token Service: who a caller is, roles assumed with an identity pool's token, and the temporary
 * credentials that every vended session goes by. What a session may do is decided in services/iam; tokens of
 * identity pools are made and read in services/identity-pools.
 */
import type { Family } from '../family.ts';
import { assumeRole } from './assume-role.ts';
import { operations } from './operations.ts';

export const families: readonly Family[] = [operations, assumeRole];

export { createCredentialVendor } from './vendor.ts';
