import { BENCH_APP_ID } from '../../shared/bench-api.ts';
import type { TraceRecord } from '../../shared/trace.ts';

const READ = /^(?:Admin)?(?:BatchGet|Describe|Get|Head|List|Lookup|Query|Scan|Simulate)/;

/** Named like reads, and yet they make or hand out something. */
const NO_READS: ReadonlySet<string> = new Set([
  'GetClientToken',
  'GetCredentialsForIdentity',
  'GetFederationToken',
  'GetId',
  'GetOpenIdToken',
  'GetOpenIdTokenForDeveloperIdentity',
  'GetSessionToken',
  'GetTokensFromRefreshToken',
  'GetUserAttributeVerificationCode',
]);

/**
 * Whether this page asked only to show something, and was answered. A scenario's own calls are in the same lane; the
 * page's alone name the lane and nothing of an SDK.
 */
export const isPageRead = ({ lane, operation, request, response }: TraceRecord): boolean =>
  lane.kind === 'bench' &&
  operation !== undefined &&
  request.headers['x-amz-user-agent'] === `app/${BENCH_APP_ID}` &&
  READ.test(operation) &&
  !NO_READS.has(operation) &&
  response.status < 400;
