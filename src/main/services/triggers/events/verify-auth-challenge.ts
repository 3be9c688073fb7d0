import type { TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { challengedAttributes, challengedName, clientMetadata, event, existence } from './envelope.ts';

/** Judges the answer to a challenge. */
export async function verifyAuthChallenge(
  moment: TriggerMoment,
  who: Parameters<Triggers['verifyAuthChallenge']>[1],
  arn: string,
  services: AskNeeds,
): Promise<boolean> {
  const asked = event(moment, 'VerifyAuthChallengeResponse_Authentication', challengedName(who), {
    request: {
      userAttributes: challengedAttributes(who),
      privateChallengeParameters: { ...who.privateParameters },
      challengeAnswer: who.answer,
      ...clientMetadata(moment),
      ...existence(who),
    },
    response: { answerCorrect: null },
  });
  const secrets = ['request.privateChallengeParameters', 'request.challengeAnswer'];
  const answer = await ask(moment, 'VerifyAuthChallengeResponse', arn, asked, services, secrets);
  return answer.flag('answerCorrect');
}
