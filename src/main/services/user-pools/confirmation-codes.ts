import { ATTEMPTS_PER_HOUR, SIGN_UP_CODE_DIGITS, SIGN_UP_CODE_HOURS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import type { CodeRecord, LimitedAction } from '../../store/repositories/codes.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import type { Destination } from './policies/delivery.ts';
import { verificationMessage } from './policies/message-templates.ts';

/** Sends a new sign-up code, inside the caller's transaction. Older codes stop working. */
export function sendSignUpCode(
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  destination: Destination,
  trigger: 'SignUp' | 'ResendCode',
  { codes, ids, inbox }: Pick<Services, 'codes' | 'ids' | 'inbox'>,
): void {
  const code = ids.code(SIGN_UP_CODE_DIGITS);
  codes.insert({
    account: pool.account,
    userNumber: user.number,
    purpose: 'sign-up',
    code,
    attribute: destination.attribute,
    issuedAt: call.now,
    expiresAt: new Date(call.now.getTime() + SIGN_UP_CODE_HOURS * 60 * 60 * 1000),
  });
  inbox.send({
    account: pool.account,
    userPoolId: pool.id,
    username: user.username,
    medium: destination.medium,
    to: destination.address,
    ...verificationMessage(pool.settings, destination.medium, code),
    code,
    trigger,
    now: call.now,
  });
}

/** The code that was entered, where it is the newest one and still holds. */
export function requireSignUpCode(
  call: Call,
  user: UserRecord,
  entered: string,
  { codes }: Pick<Services, 'codes'>,
): CodeRecord {
  const sent = codes.list(user.number, 'sign-up');
  const match = sent.find(({ code }) => code === entered);
  const newest = sent[0];
  if (!newest || newest.expiresAt <= call.now || (match && !match.newest)) {
    const decided = !newest
      ? 'No code was sent.'
      : newest.expiresAt <= call.now
        ? `The code expired at ${newest.expiresAt.toISOString()}.`
        : 'A newer code replaced this one.';
    throw call.why.refuse(
      'UP-CONFIRM-3',
      decided,
      fault('ExpiredCodeException', 'Invalid code provided, please request a code again.'),
      { username: user.username, codesSent: sent.length },
    );
  }
  if (!match) {
    throw call.why.refuse(
      'UP-CONFIRM-2',
      'The code is not the one that was sent.',
      fault('CodeMismatchException', 'Invalid verification code provided, please try again.'),
      { username: user.username },
    );
  }
  return match;
}

/** Counts the attempt, also where it fails afterwards, and refuses once an hour has seen too many. */
export function countAttempt(
  call: Call,
  user: UserRecord,
  action: LimitedAction,
  { codes, config, store }: Pick<Services, 'codes' | 'config' | 'store'>,
): void {
  const count = store.write(() => codes.countAttempt(user, action, call.now));
  const limit = config.limits === 'off' ? Infinity : ATTEMPTS_PER_HOUR[action];
  if (count <= limit) return;
  throw call.why.refuse(
    'UP-LIMIT-1',
    `More than ${limit} attempts at ${action} within an hour.`,
    fault('LimitExceededException', 'Attempt limit exceeded, please try after some time.'),
    { username: user.username, attempts: count },
  );
}
