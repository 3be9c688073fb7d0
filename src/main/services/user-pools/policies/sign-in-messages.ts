import type { EmailMfaConfigType, UserPoolType } from '../../../../shared/aws/cognito-idp.ts';
import { CODE, envelope, type Rendered, SMS_SENDER } from './message-templates.ts';

interface Pool {
  readonly settings: Pick<UserPoolType, 'SmsAuthenticationMessage' | 'EmailConfiguration'>;
  readonly factors: { readonly email?: EmailMfaConfigType };
}

// from memory
const AUTHENTICATION = 'Your authentication code is {####}. ';
const AUTHENTICATION_SUBJECT = 'Your authentication code';

/** The message of a code that signs somebody in. */
export function authenticationMessage({ settings, factors }: Pool, medium: 'EMAIL' | 'SMS', code: string): Rendered {
  if (medium === 'SMS') {
    return { from: SMS_SENDER, body: (settings.SmsAuthenticationMessage ?? AUTHENTICATION).replaceAll(CODE, code) };
  }
  return {
    ...envelope(settings),
    subject: factors.email?.Subject ?? AUTHENTICATION_SUBJECT,
    body: (factors.email?.Message ?? AUTHENTICATION).replaceAll(CODE, code),
  };
}
