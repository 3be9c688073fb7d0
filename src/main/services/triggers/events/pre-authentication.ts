import type { TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { challengedAttributes, challengedName, event, existence, validationData } from './envelope.ts';

/** May refuse a sign-in before any proof is looked at. */
export async function preAuthentication(
  moment: TriggerMoment,
  who: Parameters<Triggers['preAuthentication']>[1],
  services: AskNeeds,
): Promise<void> {
  const arn = moment.pool.settings.LambdaConfig?.PreAuthentication;
  if (arn === undefined) return;
  const asked = event(moment, 'PreAuthentication_Authentication', challengedName(who), {
    request: { userAttributes: challengedAttributes(who), ...validationData(who.validationData), ...existence(who) },
    response: {},
  });
  await ask(moment, 'PreAuthentication', arn, asked, services);
}
