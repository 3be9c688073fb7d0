import { fault } from '../../../kernel/fault.ts';
import { findUser, hidesExistence } from '../lookup.ts';
import { checkSecretHash, requireParameter } from '../parameters.ts';
import { makeVerifier, passwordMatches } from '../password-verifiers.ts';
import { askPreAuthentication } from '../pre-authentication.ts';
import { requireUncompromised } from '../risk-configuration.ts';
import {
  incorrect,
  judgePassword,
  requireEnabled,
  requireSomePassword,
  requireUnlocked,
  requireUsableStatus,
} from '../sign-in-attempts.ts';
import { momentOf } from '../trigger-moment.ts';
import { migrateUser } from '../user-migration.ts';
import type { AuthNeeds, Flow, Start } from './flow.ts';

/** USER_PASSWORD_AUTH, and ADMIN_USER_PASSWORD_AUTH for administrators: the password itself is sent. */
export const userPassword: Flow = async (start, services) => {
  const { call, pool, client, parameters } = start;
  const typed = requireParameter(call, parameters, 'USERNAME');
  const password = requireParameter(call, parameters, 'PASSWORD');
  checkSecretHash(call, client, parameters, typed, 'initiate');
  const user = findUser(pool, typed, services) ?? (await migrated(start, typed, password, services));
  if (!user) {
    const hides = hidesExistence(client);
    // A client that hides existence has its functions asked about those, too, who do not exist.
    if (hides) await askPreAuthentication(start, undefined, typed, services);
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
  requireSomePassword(call, user, hidesExistence(client));
  requireUnlocked(call, user);
  await askPreAuthentication(start, user, typed, services);
  const kept = user.password;
  const matches = (): boolean | Promise<boolean> =>
    kept !== undefined && passwordMatches(pool.id, user.username, password, kept, services);
  const proven = await judgePassword(call, user, 'UP-AUTH-6', matches, services);
  requireUncompromised(start, 'SIGN_IN', password, services);
  return { reached: 'password-proven', user: proven };
};

/** Somebody whom only the pool's migration function knows, and who is in the pool from now on. */
async function migrated(
  start: Start,
  username: string,
  password: string,
  services: AuthNeeds,
): ReturnType<typeof migrateUser> {
  const { validationData } = start;
  const asked = { source: 'Authentication', username, password, validationData } as const;
  const user = await migrateUser(momentOf(start), asked, services);
  if (user) requireUsableStatus(start.call, user);
  return user;
}
