import type { ChallengeResult, DefinedChallenge, TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { challengedAttributes, challengedName, clientMetadata, event, existence } from './envelope.ts';

/** Decides what a custom authentication asks next, from what was shown so far. */
export async function defineAuthChallenge(
  moment: TriggerMoment,
  who: Parameters<Triggers['defineAuthChallenge']>[1],
  arn: string,
  services: AskNeeds,
): Promise<DefinedChallenge> {
  const asked = event(moment, 'DefineAuthChallenge_Authentication', challengedName(who), {
    request: {
      userAttributes: challengedAttributes(who),
      session: sessionOf(who.session),
      ...clientMetadata(moment),
      ...existence(who),
    },
    response: { challengeName: null, issueTokens: null, failAuthentication: null },
  });
  const answer = await ask(moment, 'DefineAuthChallenge', arn, asked, services);
  return {
    challengeName: answer.text('challengeName'),
    issueTokens: answer.flag('issueTokens'),
    failAuthentication: answer.flag('failAuthentication'),
  };
}

export function sessionOf(session: readonly ChallengeResult[]): { [member: string]: string | boolean | null }[] {
  return session.map(({ challengeName, challengeResult, challengeMetadata }) => ({
    challengeName,
    challengeResult,
    ...(challengeMetadata === undefined ? {} : { challengeMetadata }),
  }));
}
