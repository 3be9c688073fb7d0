import type { UserPoolType, UserType } from '../../../../shared/aws/cognito-idp.ts';

/** Challenges that choice-based sign-in may begin with. */
export type ChoosableChallenge = 'PASSWORD_SRP' | 'PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN';

type Settings = Pick<UserPoolType, 'Policies' | 'MfaConfiguration'>;

export interface Candidate {
  readonly status: UserType['UserStatus'];
  readonly attributes: { readonly [name: string]: string };
  readonly hasPassword: boolean;
  readonly hasPasskey: boolean;
  /** Whether the user would be asked for a second factor after a password. */
  readonly hasSecondFactor: boolean;
  /** Whether the user's passkeys count as two factors. */
  readonly passkeyCountsAsTwo: boolean;
}

const BY_PASSWORD: readonly ChoosableChallenge[] = ['PASSWORD_SRP', 'PASSWORD'];

export function allowedFirstFactors(settings: Settings): readonly string[] {
  return settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD'];
}

/** Whether people may have no password in this pool: a code must be able to take its place. */
export function allowsNoPassword(settings: Settings, attributes: { readonly [name: string]: string }): boolean {
  const allowed = allowedFirstFactors(settings);
  return (
    (allowed.includes('EMAIL_OTP') && Boolean(attributes['email'])) ||
    (allowed.includes('SMS_OTP') && Boolean(attributes['phone_number']))
  );
}

/**
 * How this user may begin. A code or a single-factor passkey is no way round a second factor: whoever has to show
 * one begins with the password.
 */
export function availableChallenges(settings: Settings, user: Candidate): ChoosableChallenge[] {
  const allowed = allowedFirstFactors(settings);
  const byPassword = allowed.includes('PASSWORD') && user.hasPassword ? BY_PASSWORD : [];
  if (user.status === 'FORCE_CHANGE_PASSWORD') return [...byPassword];
  const needsTwo = settings.MfaConfiguration === 'ON' || user.hasSecondFactor;
  const codes = (['EMAIL_OTP', 'SMS_OTP'] as const).filter(
    (name) =>
      !needsTwo && allowed.includes(name) && Boolean(user.attributes[name === 'EMAIL_OTP' ? 'email' : 'phone_number']),
  );
  const passkey = allowed.includes('WEB_AUTHN') && user.hasPasskey && (!needsTwo || user.passkeyCountsAsTwo);
  return [...byPassword, ...codes, ...(passkey ? (['WEB_AUTHN'] as const) : [])];
}

/** What somebody who does not exist might have chosen from. */
export function simulatedChallenges(settings: Settings): ChoosableChallenge[] {
  return availableChallenges(settings, {
    status: 'CONFIRMED',
    attributes: { email: 'x', phone_number: 'x' },
    hasPassword: true,
    hasPasskey: false,
    hasSecondFactor: false,
    passkeyCountsAsTwo: false,
  });
}

export function isChoosable(name: string): name is ChoosableChallenge {
  return ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'].includes(name);
}
