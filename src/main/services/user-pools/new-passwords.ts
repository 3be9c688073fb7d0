import { fault } from '../../kernel/fault.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserChanges, UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { makeVerifier, passwordMatches } from './password-verifiers.ts';
import { DEFAULT_PASSWORD_POLICY, passwordProblem } from './policies/password-policy.ts';
import { requireUncompromised } from './risk-configuration.ts';

type Needs = Pick<Services, 'poolDocuments' | 'powers' | 'random' | 'users'>;

type NewPassword = Pick<UserChanges, 'password' | 'passwordSetAt' | 'passwordsRemembered'>;

export function requireGoodPassword(call: Call, pool: UserPoolRecord, password: string): void {
  enforce(
    call.why,
    'UP-PASSWORD-1',
    'The password obeys the pool’s policy.',
    passwordProblem(password, pool.settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY),
  );
}

/** How many passwords the pool remembers of each user, the present one included. */
function historySize(pool: UserPoolRecord): number {
  return pool.settings.Policies?.PasswordPolicy?.PasswordHistorySize ?? 0;
}

/** What a new password changes about the user, once it is found to be none of those that the pool remembers. */
export async function makeNewPassword(
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  password: string,
  services: Needs,
): Promise<NewPassword> {
  requireUncompromised({ call, pool }, 'PASSWORD_CHANGE', password, services);
  const size = historySize(pool);
  if (size > 0) {
    const remembered = [user.password, ...services.users.pastPasswords(user, size - 1)].filter(
      (past) => past !== undefined,
    );
    for (const past of remembered) {
      if (!(await passwordMatches(pool.id, user.username, password, past, services))) continue;
      throw call.why.refuse(
        'UP-PASSWORD-2',
        `The user had this password among the last ${size}.`,
        fault('PasswordHistoryPolicyViolationException', 'Password has previously been used'),
        { historySize: size },
      );
    }
    call.why.pass('UP-PASSWORD-2', 'The password is none of those that the pool remembers.', {
      remembered: remembered.length,
    });
  }
  return {
    password: await makeVerifier(pool.id, user.username, password, services),
    passwordSetAt: call.now,
    passwordsRemembered: Math.max(size - 1, 0),
  };
}
