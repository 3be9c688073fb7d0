import { fault } from '../../../kernel/fault.ts';
import { findUser, hidesExistence } from '../lookup.ts';
import { checkSecretHash, requireParameter } from '../parameters.ts';
import { makeVerifier, passwordMatches } from '../password-verifiers.ts';
import { incorrect, judgePassword, requireEnabled, requireUsableStatus } from '../sign-in-attempts.ts';
import type { Flow } from './flow.ts';

/** USER_PASSWORD_AUTH, and ADMIN_USER_PASSWORD_AUTH for administrators: the password itself is sent. */
export const userPassword: Flow = async ({ call, pool, client, parameters }, services) => {
  const typed = requireParameter(call, parameters, 'USERNAME');
  const password = requireParameter(call, parameters, 'PASSWORD');
  checkSecretHash(call, client, parameters, typed, 'initiate');
  const user = findUser(pool, typed, services);
  if (!user) {
    const hides = hidesExistence(client);
    // As much work as for a user that exists, so that time does not tell them apart.
    if (hides) await makeVerifier(pool.id, typed, password, services);
    throw call.why.refuse(
      'UP-AUTH-3',
      hides ? 'There is no such user, and the client hides that.' : 'There is no such user.',
      hides ? incorrect() : fault('UserNotFoundException', 'User does not exist.'),
      { username: typed, hidesExistence: hides },
    );
  }
  requireEnabled(call, user);
  // In this flow an unconfirmed user is told so before the password is looked at; one field report.
  if (user.status === 'UNCONFIRMED') requireUsableStatus(call, user);
  const kept = user.password;
  const matches = (): boolean | Promise<boolean> =>
    kept !== undefined && passwordMatches(pool.id, user.username, password, kept, services);
  return { reached: 'password-proven', user: await judgePassword(call, user, 'UP-AUTH-6', matches, services) };
};
