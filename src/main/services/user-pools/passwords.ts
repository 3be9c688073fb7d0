import type { AdminSetUserPasswordRequest, AdminSetUserPasswordResponse } from '../../../shared/aws/cognito-idp.ts';
import { type Call, family, notBuilt } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { poolResource, requirePool, requireUser } from './lookup.ts';
import { makeVerifier } from './password-verifiers.ts';
import { DEFAULT_PASSWORD_POLICY, passwordProblem } from './policies/password-policy.ts';

type Needs = Pick<Services, 'powers' | 'random' | 'store' | 'userPools' | 'users'>;

export const passwords = family<'cognito-idp', Needs>('cognito-idp', 'passwords', {
  AdminSetUserPassword: { resources: poolResource, run: adminSetUserPassword },
  ForgotPassword: notBuilt('forgotten passwords', 'app-client'),
  ConfirmForgotPassword: notBuilt('forgotten passwords', 'app-client'),
  ChangePassword: notBuilt('changing passwords', 'access-token'),
  AdminResetUserPassword: notBuilt('resetting passwords'),
});

async function adminSetUserPassword(
  input: AdminSetUserPasswordRequest,
  call: Call,
  services: Needs,
): Promise<AdminSetUserPasswordResponse> {
  const { store, users } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  const policy = pool.settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY;
  enforce(call.why, 'UP-PASSWORD-1', 'The password obeys the pool’s policy.', passwordProblem(input.Password, policy));
  const password = await makeVerifier(pool.id, user.username, input.Password, services);
  const permanent = input.Permanent ?? false;
  store.write((tx) => {
    const current = requireUser(call, pool, user.sub, services);
    const status = permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
    users.update(current, { password, passwordSetAt: call.now, status }, call.now);
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
