import { fault } from '../../../kernel/fault.ts';
import { findUser } from '../lookup.ts';
import { requireParameter } from '../parameters.ts';
import { type ChoosableChallenge, isChoosable } from '../policies/first-factor.ts';
import { type Ask, type Challenge, openChallenge } from './challenge.ts';
import { beginWith } from '../first-factors.ts';

/** Choice-based sign-in: the user says how to begin. */
export const askForChoice: Ask<'choice'> = (step, { user, username, available }, services) => {
  step.call.why.choose('UP-CHOICE-3', 'The user chooses how to begin.', { available: [...available] });
  return {
    ...openChallenge(
      step,
      {
        challenge: 'SELECT_CHALLENGE',
        user,
        username,
        state: { available: [...available] },
        parameters: {},
      },
      services,
    ),
    AvailableChallenges: [...available],
  };
};

export const selectChallenge: Challenge = (answer, services) => {
  const { call, pool, session, user, responses } = answer;
  const wanted = requireParameter(call, responses, 'ANSWER');
  const { available } = session.state as unknown as { readonly available: readonly ChoosableChallenge[] };
  if (!isChoosable(wanted) || !available.includes(wanted)) {
    throw call.why.refuse(
      'UP-CHOICE-4',
      'The answer is none of the challenges that were offered.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'The selected challenge is not available.'),
      { available: [...available], wanted },
    );
  }
  call.why.choose('UP-CHOICE-4', `The user begins with ${wanted}.`, { available: [...available] });
  const current = user && findUser(pool, user.sub, services);
  return beginWith(wanted, { ...answer, user: current, username: session.username }, services);
};
