import type {
  ConfirmForgotPasswordRequest,
  ConfirmForgotPasswordResponse,
  ForgotPasswordRequest,
  ForgotPasswordResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { writeAuthEvent } from './auth-event-log.ts';
import { enterAsClient } from './client-entry.ts';
import { countAttempt, requireCode, sendCode } from './confirmation-codes.ts';
import { enforce } from './enforce.ts';
import { findUser, hidesExistence } from './lookup.ts';
import { makeNewPassword, requireGoodPassword } from './new-passwords.ts';
import { deliveryDetails, type Destination, simulatedDelivery } from './policies/delivery.ts';
import { shortPasswordProblem } from './policies/password-policy.ts';
import { onlyAdministratorsReset, recoveryDestination, resetProblem, unreachable } from './policies/recovery.ts';
import { activeFactors } from './policies/second-factor.ts';
import { requireEnabled } from './sign-in-attempts.ts';
import { migrateUser } from './user-migration.ts';

export type RecoveryNeeds = Pick<
  Services,
  | 'appClients'
  | 'authEvents'
  | 'codes'
  | 'config'
  | 'ids'
  | 'inbox'
  | 'mfaFactors'
  | 'poolDocuments'
  | 'powers'
  | 'random'
  | 'store'
  | 'triggers'
  | 'userPools'
  | 'users'
>;

function unknownUser(): Fault {
  return fault('UserNotFoundException', 'Username/client id combination not found.');
}

/** Where a code goes that resets this user's password. */
function findRecovery(pool: UserPoolRecord, user: UserRecord, { mfaFactors }: RecoveryNeeds): Destination | undefined {
  const active = activeFactors({
    mode: pool.settings.MfaConfiguration,
    pool: pool.factors,
    attributes: user.attributes,
    factors: mfaFactors.of(user),
  });
  return recoveryDestination(pool.settings, user.attributes, active);
}

export function requireRecovery(
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  services: RecoveryNeeds,
): Destination {
  const destination = findRecovery(pool, user, services);
  if (destination) return destination;
  const { decided, fault: refused } = unreachable();
  throw call.why.refuse('UP-FORGOT-4', decided, refused, { username: user.username });
}

export async function forgotPassword(
  input: ForgotPasswordRequest,
  call: Call,
  services: RecoveryNeeds,
): Promise<ForgotPasswordResponse> {
  const { why } = call;
  const { client, pool } = enterAsClient(call, input, services);
  if (onlyAdministratorsReset(pool.settings)) {
    throw why.refuse(
      'UP-FORGOT-3',
      'In this pool only administrators reset passwords.',
      fault('NotAuthorizedException', 'Contact administrator to reset password.'),
    );
  }
  await call.decision('UP-FORGOT-1');
  const moment = { call, pool, clientId: client.id, clientMetadata: input.ClientMetadata };
  const asked = {
    source: 'ForgotPassword',
    username: input.Username,
    password: undefined,
    validationData: undefined,
  } as const;
  const user = findUser(pool, input.Username, services) ?? (await migrateUser(moment, asked, services));
  const hides = hidesExistence(client);
  // Where existence is hidden, neither a missing user, nor a disabled one, nor one without an address shows.
  if (hides && !(user?.enabled && findRecovery(pool, user, services))) {
    why.choose('UP-FORGOT-2', 'No code can go out; the answer looks as if one had.', { exists: user !== undefined });
    return { CodeDeliveryDetails: simulatedDelivery(pool.settings, input.Username) };
  }
  if (!user) throw why.refuse('UP-FORGOT-2', 'There is no such user.', unknownUser(), { hidesExistence: hides });
  requireEnabled(call, user);
  enforce(why, 'UP-RESET-2', 'The user has a password to reset.', resetProblem(user.status, 'user'), {
    status: user.status,
  });
  const destination = requireRecovery(call, pool, user, services);
  countAttempt(call, user, 'ForgotPassword', services);
  const order = {
    purpose: 'forgot-password',
    trigger: 'ForgotPassword',
    destination,
    clientId: client.id,
    clientMetadata: input.ClientMetadata,
  } as const;
  await sendCode(call, pool, user, order, services);
  why.choose('UP-FORGOT-1', `A code goes to ${destination.attribute}; older ones stop working.`, {
    username: user.username,
  });
  return { CodeDeliveryDetails: deliveryDetails(destination) };
}

export async function confirmForgotPassword(
  input: ConfirmForgotPasswordRequest,
  call: Call,
  services: RecoveryNeeds,
): Promise<ConfirmForgotPasswordResponse> {
  const { codes, store, triggers, users } = services;
  const { why } = call;
  const { client, pool } = enterAsClient(call, input, services);
  enforce(why, 'UP-PASSWORD-1', 'The password is of the least length.', shortPasswordProblem(input.Password));
  requireGoodPassword(call, pool, input.Password);
  const hides = hidesExistence(client);
  const user = findUser(pool, input.Username, services);
  if (!user || (hides && !user.enabled)) {
    const refused = hides
      ? fault('CodeMismatchException', 'Invalid verification code provided, please try again.')
      : unknownUser();
    throw why.refuse('UP-FORGOT-5', user ? 'The user is disabled.' : 'There is no such user.', refused, {
      hidesExistence: hides,
    });
  }
  requireEnabled(call, user);
  countAttempt(call, user, 'ConfirmForgotPassword', services);
  await call.decision('UP-FORGOT-6');
  requireCode(call, user, 'forgot-password', input.ConfirmationCode, services);
  const password = await makeNewPassword(call, pool, user, input.Password, services);
  const changed = store.write((tx) => {
    // The code works once, also where two calls bring it at the same time.
    requireCode(call, user, 'forgot-password', input.ConfirmationCode, services);
    const current = users.find(user.number);
    if (!current) throw why.refuse('UP-FORGOT-5', 'The user was deleted meanwhile.', unknownUser());
    users.setFailures(current, { count: 0, lastAt: undefined });
    codes.clear(user.number, 'forgot-password');
    writeAuthEvent({ call, pool }, current, { type: 'ForgotPassword', response: 'Pass' }, services);
    const who = { account: pool.account, userPoolId: pool.id };
    if (current.status === 'UNCONFIRMED') tx.announce('user.confirmed', { ...who, username: user.username });
    else tx.announce('user-pool.changed', who);
    return users.update(current, { ...password, status: 'CONFIRMED' }, call.now);
  });
  why.pass('UP-FORGOT-6', 'The code is right: the new password counts, and the user is confirmed.', {
    username: user.username,
  });
  const moment = { call, pool, clientId: client.id, clientMetadata: input.ClientMetadata };
  await triggers.postConfirmation(moment, { source: 'ConfirmForgotPassword', user: changed });
  return {};
}
