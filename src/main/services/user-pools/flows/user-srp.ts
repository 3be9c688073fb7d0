import { fault } from '../../../kernel/fault.ts';
import { findUser, hidesExistence } from '../lookup.ts';
import { checkSecretHash, requireParameter } from '../parameters.ts';
import { askPreAuthentication } from '../pre-authentication.ts';
import { requireSomePassword } from '../sign-in-attempts.ts';
import { exchangeWith, requireClientPublic } from '../srp-exchange.ts';
import type { Flow } from './flow.ts';

/** USER_SRP_AUTH: the client shows that it knows the password without sending it. */
export const userSrp: Flow = async (start, services) => {
  const { call, pool, client, parameters } = start;
  const typed = requireParameter(call, parameters, 'USERNAME');
  const A = requireClientPublic(call, parameters);
  checkSecretHash(call, client, parameters, typed, 'initiate');
  const user = findUser(pool, typed, services);
  if (!user && !hidesExistence(client)) {
    throw call.why.refuse(
      'UP-AUTH-3',
      'There is no such user.',
      fault('UserNotFoundException', 'User does not exist.'),
      { username: typed, hidesExistence: false },
    );
  }
  if (user) requireSomePassword(call, user, hidesExistence(client));
  await askPreAuthentication(start, user, typed, services);
  return exchangeWith(start, user, typed, A, services);
};
