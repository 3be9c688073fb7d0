import type { SetUserMFAPreferenceRequest } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';
import { canUse, type Situation } from './second-factor.ts';

type Factor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP' | 'WEB_AUTHN';

interface Preferences {
  readonly enabled: readonly Factor[];
  readonly preferred?: Factor;
}

interface Owner {
  readonly attributes: Situation['attributes'];
  readonly factors: Preferences & { readonly secret?: string };
  readonly pool: { readonly webAuthn?: { readonly FactorConfiguration?: string } };
}

const ORDER: readonly Factor[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP', 'WEB_AUTHN'];

/** What the user has switched on after the request; a factor that it leaves out stays as it was. */
export function changedPreferences(
  asked: Omit<SetUserMFAPreferenceRequest, 'AccessToken'>,
  owner: Owner,
): Preferences | Refusal {
  const settings: { readonly [Name in Factor]: { Enabled?: boolean; PreferredMfa?: boolean } | undefined } = {
    SMS_MFA: asked.SMSMfaSettings,
    SOFTWARE_TOKEN_MFA: asked.SoftwareTokenMfaSettings,
    EMAIL_OTP: asked.EmailMfaSettings,
    WEB_AUTHN: asked.WebAuthnMfaSettings,
  };
  const wanted = ORDER.filter((factor) => settings[factor]?.PreferredMfa);
  if (wanted.length > 1) {
    // guessed wording: no source found
    return refusal('InvalidParameterException', 'Only one MFA method can be preferred.');
  }
  const [preferred] = wanted;
  if (preferred && !settings[preferred]?.Enabled) {
    // guessed wording: no source found
    return refusal('InvalidParameterException', `${preferred} must be enabled to be preferred.`);
  }
  for (const factor of ORDER) {
    if (settings[factor]?.Enabled && !hasFactor(factor, owner)) {
      return refusal('InvalidParameterException', `User does not have delivery config set to turn on ${factor}`);
    }
  }
  const enabled = ORDER.filter((factor) => settings[factor]?.Enabled ?? owner.factors.enabled.includes(factor));
  const before = owner.factors.preferred;
  // A factor that is set anew without being preferred is not preferred any more.
  const kept = before && enabled.includes(before) && settings[before] === undefined ? before : undefined;
  const now = preferred ?? kept;
  return { enabled, ...(now === undefined ? {} : { preferred: now }) };
}

function hasFactor(factor: Factor, { attributes, factors, pool }: Owner): boolean {
  if (factor === 'WEB_AUTHN') return pool.webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION';
  return canUse(factor, { attributes, factors });
}
