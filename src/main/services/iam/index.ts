/**
 * What a caller may do: policy documents, their evaluation, and the roles behind vended credentials. Every
 * verdict says which statement decided. Credentials themselves are vended in services/sts; that a session may
 * touch only its own identity's datasets is the sync service's rule and not a policy's.
 */
export { createAccessControl } from './access.ts';
