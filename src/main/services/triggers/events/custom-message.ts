import { fault } from '../../../kernel/fault.ts';
import type { CustomMessageTexts, TriggerMoment, Triggers } from '../../services.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { sends } from './custom-sender.ts';
import { clientMetadata, event, userAttributes } from './envelope.ts';

const CODE = '{####}';
const USERNAME = '{username}';
const LINK = '{##Click Here##}';

/** Longest texts that go out. */
const LONGEST = { smsMessage: 140, emailMessage: 20_000, emailSubject: 140 } as const;

/** May word the messages that carry a code. */
export async function customMessage(
  moment: TriggerMoment,
  { source, user, mediums, byLink }: Parameters<Triggers['customMessage']>[1],
  services: AskNeeds,
): Promise<CustomMessageTexts> {
  const arn = moment.pool.settings.LambdaConfig?.CustomMessage;
  if (arn === undefined || mediums.every((medium) => sends(moment.pool, medium))) return {};
  const needsName = source === 'AdminCreateUser';
  const asked = event(moment, `CustomMessage_${source}`, user.username, {
    request: {
      userAttributes: userAttributes(user),
      codeParameter: CODE,
      linkParameter: LINK,
      usernameParameter: needsName ? USERNAME : null,
      ...clientMetadata(moment),
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  });
  const answer = await ask(moment, 'CustomMessage', arn, asked, services);

  const { why } = moment.call;
  const text = (name: 'smsMessage' | 'emailMessage' | 'emailSubject'): string | undefined => {
    const value = answer.text(name);
    if (value === undefined || value === '') return undefined;
    if (value.length > LONGEST[name]) {
      throw why.refuse(
        'FN-MESSAGE-3',
        `${name} is longer than ${LONGEST[name]} characters.`,
        // guessed wording: no source found
        fault('InvalidLambdaResponseException', `${name} exceeds ${LONGEST[name]} characters.`),
      );
    }
    return value;
  };
  const body = (name: 'smsMessage' | 'emailMessage'): string | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const carrier = byLink && name === 'emailMessage' ? LINK : CODE;
    const missing = [carrier, ...(needsName ? [USERNAME] : [])].filter((placeholder) => !value.includes(placeholder));
    if (missing.length === 0) return value;
    // from memory: many field reports of a message that stays the default one until the placeholder is in it
    why.choose('FN-MESSAGE-2', `${name} lacks ${missing.join(' and ')}, so the pool’s own text goes out.`, { missing });
    return undefined;
  };
  const texts = {
    smsMessage: body('smsMessage'),
    emailMessage: body('emailMessage'),
    emailSubject: text('emailSubject'),
  };
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
}
