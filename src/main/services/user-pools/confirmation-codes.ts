import {
  ATTEMPTS_PER_HOUR,
  FORGOT_PASSWORD_CODE_HOURS,
  SIGN_UP_CODE_DIGITS,
  SIGN_UP_CODE_HOURS,
} from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import type { CodePurpose, CodeRecord, LimitedAction } from '../../store/repositories/codes.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services, TriggerText } from '../services.ts';
import { requireCurrent } from './lookup.ts';
import { type MessageNeeds, prepareMessages } from './messages.ts';
import type { Destination, VerifiableAttribute } from './policies/delivery.ts';
import { confirmationLink, linksToConfirm, verificationMessage } from './policies/message-templates.ts';

export type CodeNeeds = MessageNeeds & Pick<Services, 'codes' | 'config' | 'ids'>;

/** Why a code goes out, named as in the CustomMessage trigger. */
export type CodeTrigger = 'SignUp' | 'ResendCode' | 'ForgotPassword' | 'UpdateUserAttribute' | 'VerifyUserAttribute';

export interface CodeOrder {
  readonly purpose: CodePurpose;
  readonly trigger: CodeTrigger;
  readonly destination: Destination;
  /** What the attribute becomes when the code is entered, where it waits for that. */
  readonly pendingValue?: string | undefined;
  /** The client that asked; a link names it. */
  readonly clientId?: string | undefined;
  /** For the functions that word or send the message. */
  readonly clientMetadata?: TriggerText | undefined;
}

/** A code that is made and worded, and goes out when `deliver` runs inside the caller's transaction. `handOver` follows it. */
export interface PreparedCode {
  readonly destination: Destination;
  deliver(user: UserRecord): void;
  handOver(user: UserRecord): Promise<void>;
}

/** Makes a code for somebody and words its message. Older codes of the purpose stop working when it goes out. */
export async function prepareCode(
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  order: CodeOrder,
  services: CodeNeeds,
): Promise<PreparedCode> {
  const { codes, config, ids } = services;
  const { destination, purpose, trigger, pendingValue, clientId, clientMetadata } = order;
  const { username } = user;
  const code = ids.code(SIGN_UP_CODE_DIGITS);
  const link =
    purpose === 'sign-up' && clientId !== undefined && linksToConfirm(pool.settings, destination.medium)
      ? confirmationLink(config.publicUrl(), { clientId, username, code })
      : undefined;
  const messages = await prepareMessages(
    { call, pool, clientId, clientMetadata },
    user,
    {
      source: trigger,
      destinations: [destination],
      code,
      link,
      render: (medium) => verificationMessage(pool.settings, medium, code, link),
    },
    services,
  );
  const hours = purpose === 'forgot-password' ? FORGOT_PASSWORD_CODE_HOURS : SIGN_UP_CODE_HOURS;
  return {
    destination,
    handOver: (recipient) => messages.handOver(recipient),
    deliver(recipient) {
      codes.insert({
        account: pool.account,
        userNumber: recipient.number,
        purpose,
        code,
        attribute: destination.attribute,
        pendingValue,
        issuedAt: call.now,
        expiresAt: new Date(call.now.getTime() + hours * 60 * 60 * 1000),
      });
      messages.send(recipient);
    },
  };
}

/** A code by itself: prepared, stored and sent, and handed over. */
export async function sendCode(
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  order: CodeOrder,
  services: CodeNeeds & Pick<Services, 'store' | 'users'>,
): Promise<void> {
  const code = await prepareCode(call, pool, user, order, services);
  services.store.write(() => code.deliver(requireCurrent(call, user, services)));
  await code.handOver(user);
}

export function verificationPurpose(attribute: VerifiableAttribute): CodePurpose {
  return `verify-${attribute}`;
}

/** The code that was entered, where it is the newest one and still holds. */
export function requireCode(
  call: Call,
  user: UserRecord,
  purpose: CodePurpose,
  entered: string,
  { codes }: Pick<Services, 'codes'>,
): CodeRecord {
  const sent = codes.list(user.number, purpose);
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
