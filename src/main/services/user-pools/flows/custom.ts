import { fault } from '../../../kernel/fault.ts';
import { findUser, hidesExistence } from '../lookup.ts';
import { checkSecretHash, requireParameter } from '../parameters.ts';
import { askPreAuthentication } from '../pre-authentication.ts';
import { requireEnabled } from '../sign-in-attempts.ts';
import { exchangeWith, requireClientPublic } from '../srp-exchange.ts';
import type { Flow } from './flow.ts';

/** CUSTOM_AUTH: the pool's functions say what is asked, from the first step on or after SRP. */
export const custom: Flow = async (start, services) => {
  const { call, pool, client, parameters } = start;
  if (!services.triggers.hasCustomAuth(pool)) {
    throw call.why.refuse(
      'FN-CUSTOM-1',
      'The pool names no functions for custom authentication.',
      fault('InvalidParameterException', 'Custom auth lambda trigger is not configured for the user pool.'),
    );
  }
  const typed = requireParameter(call, parameters, 'USERNAME');
  const beginsWithSrp = parameters['CHALLENGE_NAME'] === 'SRP_A';
  const A = beginsWithSrp ? requireClientPublic(call, parameters) : undefined;
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
  if (user) requireEnabled(call, user);
  await askPreAuthentication(start, user, typed, services);
  const username = user?.username ?? typed;
  if (A === undefined) return { reached: 'custom-round', user, username, rounds: [] };
  const exchange = await exchangeWith(start, user, typed, A, services);
  return {
    reached: 'custom-round',
    user,
    username,
    rounds: [{ challengeName: 'SRP_A', challengeResult: true }],
    exchange,
  };
};
