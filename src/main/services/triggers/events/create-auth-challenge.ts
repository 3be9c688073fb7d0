import type { CreatedChallenge, TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { sessionOf } from './define-auth-challenge.ts';
import { challengedAttributes, challengedName, clientMetadata, event, existence } from './envelope.ts';

/** Makes up a challenge: what the client is shown, and what only the judge of the answer sees. */
export async function createAuthChallenge(
  moment: TriggerMoment,
  who: Parameters<Triggers['createAuthChallenge']>[1],
  arn: string,
  services: AskNeeds,
): Promise<CreatedChallenge> {
  const asked = event(moment, 'CreateAuthChallenge_Authentication', challengedName(who), {
    request: {
      userAttributes: challengedAttributes(who),
      challengeName: who.challengeName,
      session: sessionOf(who.session),
      ...clientMetadata(moment),
      ...existence(who),
    },
    response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
  });
  const answer = await ask(moment, 'CreateAuthChallenge', arn, asked, services, [
    'response.privateChallengeParameters',
  ]);
  return {
    publicParameters: answer.texts('publicChallengeParameters') ?? {},
    privateParameters: answer.texts('privateChallengeParameters') ?? {},
    metadata: answer.text('challengeMetadata') ?? null,
  };
}
