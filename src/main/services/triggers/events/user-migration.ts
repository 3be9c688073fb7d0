import type { MigratedUser, TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { clientMetadata, event, validationData } from './envelope.ts';

/** May know somebody whom the pool does not know yet. */
export async function userMigration(
  moment: TriggerMoment,
  { source, username, password, validationData: sent }: Parameters<Triggers['userMigration']>[1],
  services: AskNeeds,
): Promise<MigratedUser | undefined> {
  const { why } = moment.call;
  const arn = moment.pool.settings.LambdaConfig?.UserMigration;
  if (arn === undefined) return undefined;
  const asked = event(moment, `UserMigration_${source}`, username, {
    request: {
      ...(password === undefined ? {} : { password }),
      ...validationData(sent),
      ...clientMetadata(moment),
    },
    response: {
      userAttributes: null,
      forceAliasCreation: null,
      enableSMSMFA: null,
      finalUserStatus: null,
      messageAction: null,
      desiredDeliveryMediums: null,
    },
  });
  const answer = await ask(moment, 'UserMigration', arn, asked, services, ['request.password']);
  const attributes = answer.texts('userAttributes');
  if (!attributes || Object.keys(attributes).length === 0) {
    why.choose('FN-MIGRATE-2', 'The function knows nobody of this name.', { username });
    return undefined;
  }
  const status = answer.text('finalUserStatus') ?? 'RESET_REQUIRED';
  if (status !== 'CONFIRMED' && status !== 'RESET_REQUIRED') {
    throw answer.unrecognisable('finalUserStatus is neither CONFIRMED nor RESET_REQUIRED');
  }
  const mediums = answer.listOf(answer.member('desiredDeliveryMediums'), 'desiredDeliveryMediums');
  if (mediums.some((medium) => medium !== 'EMAIL' && medium !== 'SMS')) {
    throw answer.unrecognisable('desiredDeliveryMediums holds neither EMAIL nor SMS');
  }
  const messageAction = answer.text('messageAction');
  if (messageAction !== undefined && messageAction !== 'SUPPRESS') {
    throw answer.unrecognisable('messageAction is not SUPPRESS');
  }
  return {
    attributes,
    status,
    suppressMessage: messageAction === 'SUPPRESS',
    mediums: mediums as MigratedUser['mediums'],
    forceAliasCreation: answer.flag('forceAliasCreation'),
    enableSmsMfa: answer.flag('enableSMSMFA'),
  };
}
