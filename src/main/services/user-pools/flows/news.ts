import { fault } from '../../../kernel/fault.ts';
import type { MfaFactorsRecord } from '../../../store/repositories/mfa-factors.ts';
import type { UserChanges, UserRecord } from '../../../store/repositories/users.ts';
import { settleAliases } from '../new-users.ts';
import { requireEnabled } from '../sign-in-attempts.ts';
import type { AuthContext, AuthNeeds } from './flow.ts';

/** What a proof has changed about its user; written with whatever follows from it, or not at all. */
export interface News {
  readonly changes?: UserChanges;
  readonly factors?: MfaFactorsRecord;
}

/** Inside the caller's transaction. The user may have been deleted or disabled while the proof was judged. */
export function writeNews(
  { call, pool }: AuthContext,
  user: UserRecord,
  { changes = {}, factors }: News,
  services: Pick<AuthNeeds, 'mfaFactors' | 'users'>,
): UserRecord {
  const { mfaFactors, users } = services;
  const current = users.find(user.number);
  if (!current) {
    throw call.why.refuse(
      'UP-AUTH-3',
      'The user was deleted meanwhile.',
      fault('UserNotFoundException', 'User does not exist.'),
    );
  }
  requireEnabled(call, current);
  if (factors) mfaFactors.save(current, factors);
  if (Object.keys(changes).length === 0) return current;
  const changed = users.update(current, changes, call.now);
  const conflict = settleAliases(pool, changed, false, call.now, services);
  if (conflict) {
    throw call.why.refuse(
      'UP-CONFIRM-5',
      `Another user signs in by this ${conflict.kind}.`,
      fault('AliasExistsException', `An account with the given ${conflict.kind} already exists.`),
    );
  }
  return changed;
}
