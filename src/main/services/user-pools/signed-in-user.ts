import { fault } from '../../kernel/fault.ts';
import type { AppClientRecord } from '../../store/repositories/app-clients.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';

/** The user behind an access token that the pipeline has verified. */
export function requireSignedInUser(
  call: Call,
  { appClients, userPools, users }: Pick<Services, 'appClients' | 'userPools' | 'users'>,
): { user: UserRecord; client: AppClientRecord; pool: UserPoolRecord } {
  if (call.caller.kind !== 'user') throw new Error('an operation with an access token was reached without one');
  const { claims } = call.caller;
  const pool = userPools.find(claims.userPoolId);
  const client = appClients.find(claims.client_id);
  const user = users.findBySub(claims.userPoolId, claims.sub);
  if (pool && client && user) return { user, client, pool };
  // It went away since the token was looked at.
  throw call.why.refuse('TK-VERIFY-4', 'The user is gone.', fault('UserNotFoundException', 'User does not exist.'));
}
