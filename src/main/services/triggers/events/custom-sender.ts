import { Fault } from '../../../kernel/fault.ts';
import type { UserPoolRecord } from '../../../store/repositories/user-pools.ts';
import type { TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { clientMetadata, event, userAttributes } from './envelope.ts';

type Medium = 'EMAIL' | 'SMS';

function senderOf({ settings }: UserPoolRecord, medium: Medium): string | undefined {
  const { CustomEmailSender: email, CustomSMSSender: sms } = settings.LambdaConfig ?? {};
  return (medium === 'EMAIL' ? email : sms)?.LambdaArn;
}

/** Whether the pool's own function sends messages of this medium. */
export function sends(pool: UserPoolRecord, medium: Medium): boolean {
  return senderOf(pool, medium) !== undefined;
}

/** Hands a code over to be sent. What becomes of it is the function's business. */
export async function customSender(
  moment: TriggerMoment,
  { source, user, medium, code }: Parameters<Triggers['customSender']>[1],
  services: AskNeeds,
): Promise<void> {
  const arn = senderOf(moment.pool, medium);
  if (arn === undefined) return;
  const name = medium === 'EMAIL' ? 'CustomEmailSender' : 'CustomSMSSender';
  const asked = event(moment, `${name}_${source}`, user.username, {
    request: {
      type: medium === 'EMAIL' ? 'customEmailSenderRequestV1' : 'customSMSSenderRequestV1',
      // AWS encrypts it under the pool's key; the bench has no key service, so this is the Base64 of the code itself.
      code: Buffer.from(escaped(code)).toString('base64'),
      ...clientMetadata(moment),
      userAttributes: userAttributes(user),
    },
  });
  try {
    await ask(moment, name, arn, asked, services, ['request.code']);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // AWS does not wait for senders, so that their failures are nobody's. [FN-SENDER-3]
    moment.call.why.choose('FN-SENDER-3', `${name} failed, and the answer does not tell.`);
  }
}

function escaped(code: string): string {
  return code.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
