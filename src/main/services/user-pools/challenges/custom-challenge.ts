import type { ChallengeResult, TriggerText } from '../../services.ts';
import type { Progress } from '../flows/flow.ts';
import { hidesExistence } from '../lookup.ts';
import { requireParameter } from '../parameters.ts';
import { momentOf } from '../trigger-moment.ts';
import { type Ask, type Challenge, openChallenge, type Step } from './challenge.ts';

interface CustomState {
  readonly rounds: readonly ChallengeResult[];
  readonly metadata: string | null;
  readonly privateParameters: TriggerText;
}

/** What the functions have seen of a custom authentication, where the session belongs to one. */
export function roundsBefore({ spent }: Pick<Step, 'spent'>): readonly ChallengeResult[] | undefined {
  return (spent?.state as Partial<CustomState> | undefined)?.rounds;
}

/** A challenge of the pool's own making: what it shows goes to the client, what it hides to the judge of the answer. */
export const askForCustomChallenge: Ask<'custom-round'> = async (step, { user, username, rounds }, services) => {
  const created = await services.triggers.createAuthChallenge(momentOf(step), {
    user,
    username,
    tellsExistence: hidesExistence(step.client),
    challengeName: 'CUSTOM_CHALLENGE',
    session: rounds,
  });
  step.call.why.choose('FN-CUSTOM-4', 'The function has made up a challenge; the client is shown its public part.', {
    shown: Object.keys(created.publicParameters),
  });
  const state: CustomState = {
    rounds,
    metadata: created.metadata,
    privateParameters: created.privateParameters,
  };
  return openChallenge(
    step,
    {
      challenge: 'CUSTOM_CHALLENGE',
      user,
      username,
      state: {
        ...state,
        rounds: rounds.map((round) => ({ ...round })),
        privateParameters: { ...state.privateParameters },
      },
      parameters: { ...created.publicParameters, USERNAME: username },
    },
    services,
  );
};

/** The pool's function judges the answer; what a wrong one means is decided by the one that defines challenges. */
export const customChallenge: Challenge = async (answer, services): Promise<Progress> => {
  const { call, client, session, user, responses } = answer;
  const { rounds, metadata, privateParameters } = session.state as unknown as CustomState;
  const given = requireParameter(call, responses, 'ANSWER');
  const username = user?.username ?? session.username;
  await call.decision('FN-CUSTOM-5');
  const isRight = await services.triggers.verifyAuthChallenge(momentOf(answer), {
    user,
    username,
    tellsExistence: hidesExistence(client),
    privateParameters,
    answer: given,
  });
  call.why.note(
    'FN-CUSTOM-5',
    isRight ? 'pass' : 'note',
    `The function finds the answer ${isRight ? 'right' : 'wrong'}.`,
  );
  const round = { challengeName: 'CUSTOM_CHALLENGE', challengeResult: isRight, challengeMetadata: metadata };
  return { reached: 'custom-round', user, username, rounds: [...rounds, round] };
};
