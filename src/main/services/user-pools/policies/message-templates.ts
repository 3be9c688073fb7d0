import type { UserPoolType } from '../../../../shared/aws/cognito-idp.ts';
import type { Destination } from './delivery.ts';

type Settings = Pick<UserPoolType, 'VerificationMessageTemplate' | 'AdminCreateUserConfig' | 'EmailConfiguration'>;

export interface Rendered {
  readonly from: string;
  readonly replyTo?: string;
  readonly subject?: string;
  readonly body: string;
}

export const CODE = '{####}';
const LINK = /\{##(.*?)##\}/gs;
const DEFAULT_FROM = 'no-reply@verificationemail.com';
// AWS sends SMS from a number of its own choosing; clients never see it.
export const SMS_SENDER = 'Cognito';

const VERIFICATION = 'Your verification code is {####}. ';
const VERIFICATION_SUBJECT = 'Your verification code';
const VERIFICATION_BY_LINK = 'Please click the link below to verify your email address. {##Verify Your Email##} ';
const VERIFICATION_BY_LINK_SUBJECT = 'Your verification link';
const INVITATION = 'Your username is {username} and temporary password is {####}. ';
const INVITATION_SUBJECT = 'Your temporary password';

/** A code, or with `link` something to click. */
export function verificationMessage(
  settings: Settings,
  medium: Destination['medium'],
  code: string,
  link?: string,
): Rendered {
  const template = settings.VerificationMessageTemplate ?? {};
  if (medium === 'SMS') return { from: SMS_SENDER, body: (template.SmsMessage ?? VERIFICATION).replaceAll(CODE, code) };
  if (link !== undefined) {
    return {
      ...envelope(settings),
      subject: template.EmailSubjectByLink ?? VERIFICATION_BY_LINK_SUBJECT,
      body: (template.EmailMessageByLink ?? VERIFICATION_BY_LINK).replaceAll(LINK, (_match, words: string) =>
        anchor(link, words),
      ),
    };
  }
  return {
    ...envelope(settings),
    subject: template.EmailSubject ?? VERIFICATION_SUBJECT,
    body: (template.EmailMessage ?? VERIFICATION).replaceAll(CODE, code),
  };
}

/** The message in the words of a pool's function, where it gave any. */
export function reworded(
  rendered: Rendered,
  medium: Destination['medium'],
  texts: { readonly smsMessage?: string; readonly emailMessage?: string; readonly emailSubject?: string },
  values: { readonly code: string; readonly username?: string | undefined; readonly link?: string | undefined },
): Rendered {
  const own = medium === 'SMS' ? texts.smsMessage : texts.emailMessage;
  const subject = medium === 'SMS' ? undefined : texts.emailSubject;
  // Replacements given as functions are taken literally; passwords may hold `$&`.
  const fill = (text: string): string =>
    text
      .replaceAll('{username}', () => values.username ?? '{username}')
      .replaceAll(LINK, (match, words: string) => (values.link === undefined ? match : anchor(values.link, words)))
      .replaceAll(CODE, () => values.code);
  return {
    ...rendered,
    ...(own === undefined ? {} : { body: fill(own) }),
    ...(subject === undefined ? {} : { subject: fill(subject) }),
  };
}

function anchor(link: string, words: string): string {
  return `<a href="${link.replaceAll('&', '&amp;')}">${words}</a>`;
}

/** Whether sign-ups are confirmed by a link; there is none in an SMS. */
export function linksToConfirm(settings: Settings, medium: Destination['medium']): boolean {
  return medium === 'EMAIL' && settings.VerificationMessageTemplate?.DefaultEmailOption === 'CONFIRM_WITH_LINK';
}

/** The page that confirms whoever opens it. AWS has it on the pool's domain, the bench on its own address. */
export function confirmationLink(
  address: string,
  { clientId, username, code }: { readonly clientId: string; readonly username: string; readonly code: string },
): string {
  const query = new URLSearchParams({ client_id: clientId, user_name: username, confirmation_code: code });
  return `${address}/confirmUser?${query.toString()}`;
}

export function invitationMessage(
  settings: Settings,
  medium: Destination['medium'],
  username: string,
  password: string,
): Rendered {
  const template = settings.AdminCreateUserConfig?.InviteMessageTemplate ?? {};
  // A replacement given as a function is taken literally; passwords may hold `$&`.
  const fill = (text: string): string => text.replaceAll('{username}', () => username).replaceAll(CODE, () => password);
  if (medium === 'SMS') return { from: SMS_SENDER, body: fill(template.SMSMessage ?? INVITATION) };
  return {
    ...envelope(settings),
    subject: template.EmailSubject ?? INVITATION_SUBJECT,
    body: fill(template.EmailMessage ?? INVITATION),
  };
}

/** Who e-mail comes from, and who gets the answers. */
export function envelope({ EmailConfiguration: email }: Settings): Pick<Rendered, 'from' | 'replyTo'> {
  const identity = email?.SourceArn?.split('/').pop();
  const from = email?.From ?? (identity?.includes('@') ? identity : DEFAULT_FROM);
  return { from, ...(email?.ReplyToEmailAddress === undefined ? {} : { replyTo: email.ReplyToEmailAddress }) };
}
