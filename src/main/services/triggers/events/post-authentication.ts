import type { TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { clientMetadata, event, userAttributes } from './envelope.ts';

/** Hears of somebody who has shown every proof, before the tokens are made. */
export async function postAuthentication(
  moment: TriggerMoment,
  { user, newDeviceUsed }: Parameters<Triggers['postAuthentication']>[1],
  services: AskNeeds,
): Promise<void> {
  const arn = moment.pool.settings.LambdaConfig?.PostAuthentication;
  if (arn === undefined) return;
  const asked = event(moment, 'PostAuthentication_Authentication', user.username, {
    request: { userAttributes: userAttributes(user), newDeviceUsed, ...clientMetadata(moment) },
    response: {},
  });
  await ask(moment, 'PostAuthentication', arn, asked, services);
}
