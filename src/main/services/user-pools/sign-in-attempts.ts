import { fault, type Fault } from '../../kernel/fault.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { countingFailures, lockedUntil } from './policies/lockout.ts';
import { statusProblem } from './policies/user-status.ts';

export function incorrect(): Fault {
  return fault('NotAuthorizedException', 'Incorrect username or password.');
}

export function requireEnabled(call: Call, user: UserRecord): void {
  if (user.enabled) {
    call.why.pass('UP-AUTH-4', 'The user is enabled.', { username: user.username });
    return;
  }
  throw call.why.refuse(
    'UP-AUTH-4',
    'An administrator disabled the user.',
    fault('NotAuthorizedException', 'User is disabled.'),
    { username: user.username },
  );
}

export function requireUsableStatus(call: Call, user: UserRecord): void {
  enforce(call.why, 'UP-AUTH-11', 'The user’s status lets the user sign in.', statusProblem(user.status), {
    status: user.status,
  });
}

/**
 * Somebody who was brought into the pool without a password can prove none, and is told to choose one; a client that
 * hides existence answers as to a wrong password.
 */
export function requireSomePassword(call: Call, user: UserRecord, hides: boolean): void {
  if (user.status === 'RESET_REQUIRED' && !user.password && !hides) requireUsableStatus(call, user);
}

export function requireUnlocked(call: Call, user: UserRecord): void {
  const until = lockedUntil(user.failures, call.now);
  if (!until) return;
  throw call.why.refuse(
    'UP-AUTH-5',
    'Too many sign-ins failed; no password is looked at until the lock ends.',
    fault('NotAuthorizedException', 'Password attempts exceeded'),
    { failures: user.failures.count, until: until.toISOString() },
  );
}

/**
 * Looks at a password, or at the proof of one, unless the user is locked. Failures are counted, and the user that
 * comes back is as stored now.
 */
export async function judgePassword(
  call: Call,
  user: UserRecord,
  rule: string,
  matches: () => boolean | Promise<boolean>,
  { store, users }: Pick<Services, 'store' | 'users'>,
): Promise<UserRecord> {
  requireUnlocked(call, user);
  await call.decision(rule);
  const right = await matches();
  const current = users.find(user.number);
  if (!current) throw call.why.refuse(rule, 'The user was deleted meanwhile.', incorrect());
  // Guesses that were made side by side all wait here, so none gets past a lock that another one caused.
  requireUnlocked(call, current);
  if (!right) {
    const count = countingFailures(current.failures, call.now) + 1;
    store.write(() => users.setFailures(current, { count, lastAt: call.now }));
    throw call.why.refuse(rule, 'The password is wrong.', incorrect(), { failures: count });
  }
  call.why.pass(rule, 'The password is right.', { username: current.username });
  return current;
}
