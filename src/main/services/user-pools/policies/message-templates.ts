import type { UserPoolType } from '../../../../shared/aws/cognito-idp.ts';
import type { Destination } from './delivery.ts';

type Settings = Pick<UserPoolType, 'VerificationMessageTemplate' | 'AdminCreateUserConfig' | 'EmailConfiguration'>;

export interface Rendered {
  readonly from: string;
  readonly subject?: string;
  readonly body: string;
}

const CODE = '{####}';
const DEFAULT_FROM = 'no-reply@verificationemail.com';
// AWS sends SMS from a number of its own choosing; clients never see it.
const SMS_SENDER = 'Cognito';

const VERIFICATION = 'Your verification code is {####}. ';
const VERIFICATION_SUBJECT = 'Your verification code';
const INVITATION = 'Your username is {username} and temporary password is {####}. ';
const INVITATION_SUBJECT = 'Your temporary password';

export function verificationMessage(settings: Settings, medium: Destination['medium'], code: string): Rendered {
  const template = settings.VerificationMessageTemplate ?? {};
  if (medium === 'SMS') return { from: SMS_SENDER, body: (template.SmsMessage ?? VERIFICATION).replaceAll(CODE, code) };
  return {
    from: fromAddress(settings),
    subject: template.EmailSubject ?? VERIFICATION_SUBJECT,
    body: (template.EmailMessage ?? VERIFICATION).replaceAll(CODE, code),
  };
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
    from: fromAddress(settings),
    subject: template.EmailSubject ?? INVITATION_SUBJECT,
    body: fill(template.EmailMessage ?? INVITATION),
  };
}

function fromAddress({ EmailConfiguration: email }: Settings): string {
  if (email?.From) return email.From;
  const identity = email?.SourceArn?.split('/').pop();
  return identity?.includes('@') ? identity : DEFAULT_FROM;
}
