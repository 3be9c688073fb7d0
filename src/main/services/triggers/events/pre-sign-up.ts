import type { SignUpVerdict, TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { clientMetadata, event, validationData } from './envelope.ts';

const NO_WISHES: SignUpVerdict = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false };

/** May refuse somebody new, confirm them at once, and take their addresses for verified. */
export async function preSignUp(
  moment: TriggerMoment,
  { source, username, attributes, validationData: sent }: Parameters<Triggers['preSignUp']>[1],
  services: AskNeeds,
): Promise<SignUpVerdict> {
  const arn = moment.pool.settings.LambdaConfig?.PreSignUp;
  if (arn === undefined) return NO_WISHES;
  const asked = event(moment, `PreSignUp_${source}`, username, {
    request: { userAttributes: { ...attributes }, ...validationData(sent), ...clientMetadata(moment) },
    response: { ...NO_WISHES },
  });
  const answer = await ask(moment, 'PreSignUp', arn, asked, services);
  const verdict = {
    autoConfirmUser: answer.flag('autoConfirmUser'),
    autoVerifyEmail: answer.flag('autoVerifyEmail'),
    autoVerifyPhone: answer.flag('autoVerifyPhone'),
  };
  // An administrator's new user has a password to change; the wishes count for people who sign up. [FN-SIGNUP-3]
  return source === 'AdminCreateUser' ? NO_WISHES : verdict;
}
