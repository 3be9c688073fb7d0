import type { Answered, Asked } from '../data/aws.ts';
import { idOf, type Pool } from './pool.ts';

export interface SignInDraft {
  readonly verify: readonly ('email' | 'phone_number')[];
  readonly beforeUpdate: readonly ('email' | 'phone_number')[];
  readonly selfSignUp: boolean;
  readonly first: readonly ('PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN')[];
  readonly mode: 'OFF' | 'OPTIONAL' | 'ON';
  readonly totp: boolean;
  readonly sms: boolean;
  readonly email: boolean;
  readonly relyingParty: string;
  readonly userVerification: 'required' | 'preferred';
  readonly twoFactors: boolean;
  readonly smsRole: string;
  readonly smsExternalId: string;
}

type Mfa = Answered<'GetUserPoolMfaConfig'>;

/** The request names every factor that the pool is to have: AWS switches off what it leaves out. */
export function mfaRequestOf(pool: Pool, mfa: Mfa, draft: SignInDraft): Asked<'SetUserPoolMfaConfig'> {
  const isOn = draft.mode !== 'OFF';
  return {
    UserPoolId: idOf(pool),
    MfaConfiguration: draft.mode,
    ...(isOn && { SoftwareTokenMfaConfiguration: { Enabled: draft.totp } }),
    ...(isOn && draft.sms && { SmsMfaConfiguration: { ...mfa.SmsMfaConfiguration, ...smsConfiguration(draft) } }),
    ...(isOn && draft.email && { EmailMfaConfiguration: mfa.EmailMfaConfiguration ?? {} }),
    ...(draft.relyingParty && {
      WebAuthnConfiguration: {
        RelyingPartyId: draft.relyingParty,
        UserVerification: draft.userVerification,
        FactorConfiguration: draft.twoFactors ? 'MULTI_FACTOR_WITH_USER_VERIFICATION' : 'SINGLE_FACTOR',
      },
    }),
  };
}

function smsConfiguration({ smsRole, smsExternalId }: SignInDraft) {
  if (smsRole === '') return {};
  return { SmsConfiguration: { SnsCallerArn: smsRole, ...(smsExternalId && { ExternalId: smsExternalId }) } };
}

/** Whether anything that SetUserPoolMfaConfig sets is different from what is. */
export function changesMfa(mfa: Mfa, draft: SignInDraft): boolean {
  const { WebAuthnConfiguration: passkeys } = mfa;
  return (
    draft.mode !== (mfa.MfaConfiguration ?? 'OFF') ||
    (draft.mode !== 'OFF' &&
      (draft.totp !== (mfa.SoftwareTokenMfaConfiguration?.Enabled ?? false) ||
        draft.sms !== (mfa.SmsMfaConfiguration !== undefined) ||
        draft.email !== (mfa.EmailMfaConfiguration !== undefined))) ||
    draft.relyingParty !== (passkeys?.RelyingPartyId ?? '') ||
    (draft.relyingParty !== '' &&
      (draft.userVerification !== (passkeys?.UserVerification ?? 'preferred') ||
        draft.twoFactors !== (passkeys?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION')))
  );
}
