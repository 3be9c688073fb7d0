import { fault } from '../../../kernel/fault.ts';
import { beginWith, challengesOf } from '../first-factors.ts';
import { findUser, hidesExistence } from '../lookup.ts';
import { checkSecretHash, requireParameter } from '../parameters.ts';
import { isChoosable, simulatedChallenges } from '../policies/first-factor.ts';
import { askPreAuthentication } from '../pre-authentication.ts';
import { incorrect, requireEnabled } from '../sign-in-attempts.ts';
import { spendSignUpSession } from '../sign-up-sessions.ts';
import type { Flow } from './flow.ts';

/** USER_AUTH: the user, or the app on the user's behalf, chooses how to begin. */
export const userChoice: Flow = async (start, services) => {
  const { call, pool, client, parameters } = start;
  const { why } = call;
  const typed = requireParameter(call, parameters, 'USERNAME');
  const preferred = parameters['PREFERRED_CHALLENGE'];
  checkSecretHash(call, client, parameters, typed, 'initiate');
  const user = findUser(pool, typed, services);
  if (!user && !hidesExistence(client)) {
    throw why.refuse('UP-AUTH-3', 'There is no such user.', fault('UserNotFoundException', 'User does not exist.'), {
      username: typed,
      hidesExistence: false,
    });
  }
  if (user) requireEnabled(call, user);
  await askPreAuthentication(start, user, typed, services);
  if (start.session !== undefined) {
    spendSignUpSession(start, user, start.session, services);
    return { reached: 'first-factor-proven', user: user!, factor: 'SIGN_UP', countsAsTwo: false, changes: {} };
  }
  const available = user ? challengesOf(start, user, services) : simulatedChallenges(pool.settings);
  if (!user) why.choose('UP-CHOICE-7', 'There is no such user; the choice is simulated and leads nowhere.');
  const username = user?.username ?? typed;
  if (preferred === undefined || !isChoosable(preferred) || !available.includes(preferred)) {
    if (available.length === 0) {
      throw why.refuse('UP-CHOICE-2', 'The user has nothing to begin with in this pool.', incorrect(), { username });
    }
    if (preferred !== undefined) why.choose('UP-CHOICE-2', `${preferred} is not open to the user.`, { available });
    return { reached: 'choice', user, username, available };
  }
  why.choose('UP-CHOICE-2', `The app begins with ${preferred}.`, { available });
  const progress = await beginWith(preferred, { ...start, user, username, responses: parameters }, services);
  return progress.reached === 'first-factor-chosen' ? { ...progress, available } : progress;
};
