import { fault } from '../../../kernel/fault.ts';
import { requireParameter } from '../parameters.ts';
import type { SecondFactor } from '../policies/second-factor.ts';
import { incorrect } from '../sign-in-attempts.ts';
import { type AuthAnswer, type Challenge, openChallenge, type SecondFactorAsked, type Step } from './challenge.ts';
import type { AuthNeeds } from '../flows/flow.ts';

export function askWhichFactor(
  step: Step,
  { user, proven, write }: SecondFactorAsked,
  factors: readonly SecondFactor[],
  services: AuthNeeds,
): AuthAnswer {
  return openChallenge(
    step,
    {
      challenge: 'SELECT_MFA_TYPE',
      user,
      username: user.username,
      proven,
      state: { factors: [...factors] },
      parameters: { MFAS_CAN_CHOOSE: JSON.stringify(factors), USER_ID_FOR_SRP: user.username },
      write,
    },
    services,
  );
}

/** The user says which of several factors to ask for. */
export const selectMfaType: Challenge = ({ call, session, user, responses }) => {
  const wanted = requireParameter(call, responses, 'ANSWER');
  const { factors } = session.state as unknown as { readonly factors: readonly SecondFactor[] };
  const factor = factors.find((name) => name === wanted);
  if (!user) throw call.why.refuse('UP-MFA-11', 'The user is gone.', incorrect());
  if (!factor) {
    throw call.why.refuse(
      'UP-MFA-11',
      'The answer is none of the factors that were offered.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'Invalid MFA type selected.'),
      { offered: [...factors], wanted },
    );
  }
  call.why.choose('UP-MFA-11', `The user wants ${factor}.`, { offered: [...factors] });
  return { reached: 'second-factor-chosen', user, factor };
};
