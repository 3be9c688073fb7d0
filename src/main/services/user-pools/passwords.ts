import type {
  AdminResetUserPasswordRequest,
  AdminResetUserPasswordResponse,
  AdminSetUserPasswordRequest,
  AdminSetUserPasswordResponse,
  ChangePasswordRequest,
  ChangePasswordResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import { type Call, family } from '../family.ts';
import { writeAuthEvent } from './auth-event-log.ts';
import { countAttempt, prepareCode } from './confirmation-codes.ts';
import { enforce } from './enforce.ts';
import { confirmForgotPassword, forgotPassword, type RecoveryNeeds, requireRecovery } from './forgotten-passwords.ts';
import { poolResource, requireCurrent, requirePool, requireUser } from './lookup.ts';
import { makeNewPassword, requireGoodPassword } from './new-passwords.ts';
import { passwordMatches } from './password-verifiers.ts';
import { resetProblem } from './policies/recovery.ts';
import { statusProblem } from './policies/user-status.ts';
import { incorrect } from './sign-in-attempts.ts';
import { requireSignedInUser } from './signed-in-user.ts';

export const passwords = family<'cognito-idp', RecoveryNeeds>('cognito-idp', 'passwords', {
  AdminSetUserPassword: { resources: poolResource, run: adminSetUserPassword },
  ForgotPassword: { auth: 'app-client', run: forgotPassword },
  ConfirmForgotPassword: { auth: 'app-client', run: confirmForgotPassword },
  ChangePassword: { auth: 'access-token', run: changePassword },
  AdminResetUserPassword: { resources: poolResource, run: adminResetUserPassword },
});

async function adminSetUserPassword(
  input: AdminSetUserPasswordRequest,
  call: Call,
  services: RecoveryNeeds,
): Promise<AdminSetUserPasswordResponse> {
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  requireGoodPassword(call, pool, input.Password);
  const password = await makeNewPassword(call, pool, user, input.Password, services);
  const permanent = input.Permanent ?? false;
  services.store.write((tx) => {
    const current = requireUser(call, pool, user.sub, services);
    const status = permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
    services.users.update(current, { ...password, status }, call.now);
    const who = { account: pool.account, userPoolId: pool.id };
    if (permanent && current.status === 'UNCONFIRMED')
      tx.announce('user.confirmed', { ...who, username: user.username });
    else tx.announce('user-pool.changed', who);
  });
  call.why.choose(
    'UP-ADMIN-4',
    permanent
      ? 'The password is the user’s own from now on.'
      : 'The password is temporary: the next sign-in asks for a new one.',
    { username: user.username, permanent },
  );
  return {};
}

async function changePassword(
  input: ChangePasswordRequest,
  call: Call,
  services: RecoveryNeeds,
): Promise<ChangePasswordResponse> {
  const { pool, user } = requireSignedInUser(call, services);
  countAttempt(call, user, 'ChangePassword', services);
  requireGoodPassword(call, pool, input.ProposedPassword);
  await requirePreviousPassword(call, user, input.PreviousPassword, services);
  // Told only to somebody who knows the password.
  enforce(call.why, 'UP-AUTH-11', 'The user’s status lets the user choose a password.', statusProblem(user.status), {
    status: user.status,
  });
  const password = await makeNewPassword(call, pool, user, input.ProposedPassword, services);
  services.store.write((tx) => {
    const { user: current } = requireSignedInUser(call, services);
    services.users.update(current, { ...password, status: 'CONFIRMED' }, call.now);
    writeAuthEvent({ call, pool }, current, { type: 'PasswordChange', response: 'Pass' }, services);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-CHANGE-1', 'The new password counts from now on; tokens stay good.', { username: user.username });
  return {};
}

async function requirePreviousPassword(
  call: Call,
  user: UserRecord,
  previous: string | undefined,
  services: RecoveryNeeds,
): Promise<void> {
  const kept = user.password;
  if (!kept && previous === undefined) {
    call.why.choose('UP-CHANGE-2', 'The user has no password yet, so there is none to show.');
    return;
  }
  await call.decision('UP-CHANGE-2');
  if (kept && previous && (await passwordMatches(user.userPoolId, user.username, previous, kept, services))) {
    call.why.pass('UP-CHANGE-2', 'The previous password is right.', { username: user.username });
    return;
  }
  const decided = previous ? 'The previous password is wrong.' : 'The previous password is missing.';
  // assumed: a missing one is answered as a wrong one
  throw call.why.refuse('UP-CHANGE-2', decided, incorrect(), { username: user.username });
}

async function adminResetUserPassword(
  input: AdminResetUserPasswordRequest,
  call: Call,
  services: RecoveryNeeds,
): Promise<AdminResetUserPasswordResponse> {
  await call.decision('UP-RESET-1');
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  if (!user.enabled) {
    throw call.why.refuse('UP-RESET-2', 'The user is disabled.', fault('NotAuthorizedException', 'User is disabled'));
  }
  enforce(call.why, 'UP-RESET-2', 'The user has a password to reset.', resetProblem(user.status, 'admin'), {
    status: user.status,
  });
  const destination = requireRecovery(call, pool, user, services);
  const order = {
    purpose: 'forgot-password',
    trigger: 'ForgotPassword',
    destination,
    clientMetadata: input.ClientMetadata,
  } as const;
  const code = await prepareCode(call, pool, user, order, services);
  const reset = services.store.write((tx) => {
    const current = requireCurrent(call, user, services);
    const waiting = services.users.update(current, { status: 'RESET_REQUIRED' }, call.now);
    code.deliver(waiting);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return waiting;
  });
  await code.handOver(reset);
  call.why.choose('UP-RESET-1', `The password works no more; a code goes to ${destination.attribute}.`, {
    username: user.username,
  });
  return {};
}
