import type { TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { clientMetadata, event, userAttributes } from './envelope.ts';

/** Hears of somebody who is confirmed, or has a new password by a code. */
export async function postConfirmation(
  moment: TriggerMoment,
  { source, user }: Parameters<Triggers['postConfirmation']>[1],
  services: AskNeeds,
): Promise<void> {
  const arn = moment.pool.settings.LambdaConfig?.PostConfirmation;
  if (arn === undefined) return;
  const asked = event(moment, `PostConfirmation_${source}`, user.username, {
    request: { userAttributes: userAttributes(user), ...clientMetadata(moment) },
    response: {},
  });
  await ask(moment, 'PostConfirmation', arn, asked, services);
}
