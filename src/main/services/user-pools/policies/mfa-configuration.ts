import type {
  CreateUserPoolRequest,
  EmailMfaConfigType,
  SetUserPoolMfaConfigRequest,
  UserPoolType,
  WebAuthnConfigurationType,
} from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

/** The factors that a pool has switched on. */
export interface Factors {
  readonly sms?: boolean;
  readonly softwareToken?: boolean;
  readonly email?: EmailMfaConfigType;
  readonly webAuthn?: WebAuthnConfigurationType;
}

type Asked = Pick<
  CreateUserPoolRequest,
  'EmailConfiguration' | 'MfaConfiguration' | 'Policies' | 'SmsConfiguration' | 'UserPoolAddOns' | 'UserPoolTier'
>;

type Settings = Pick<
  UserPoolType,
  | 'EmailConfiguration'
  | 'MfaConfiguration'
  | 'Policies'
  | 'SmsAuthenticationMessage'
  | 'SmsConfiguration'
  | 'UserPoolTier'
>;

const SMS_IS_MISSING =
  'SMS configuration and Auto verification for phone_number are required when MFA is required/optional';

const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);

function unavailable(tier: string, feature: string): Refusal {
  return refusal(
    'FeatureUnavailableInTierException',
    `The following features need to be disabled for the ${tier} pricing tier configured: ${feature}`,
  );
}

/**
 * What AWS objects to in the sign-in settings of a pool that is made (`existing` is absent) or updated. A pool gets
 * SMS when it is made; the other factors come by SetUserPoolMfaConfig.
 */
export function signInSettingsProblem(
  asked: Asked,
  existing: { readonly factors: Factors; readonly settings: Settings } | undefined,
): Refusal | undefined {
  const tier = asked.UserPoolTier ?? 'ESSENTIALS';
  const mode = asked.MfaConfiguration ?? 'OFF';
  const first = asked.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [];
  if (tier === 'LITE' && first.some((name) => name !== 'PASSWORD')) return unavailable(tier, 'Passwordless Sign-In');
  const security = asked.UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF';
  if (tier !== 'PLUS' && security !== 'OFF') return unavailable(tier, 'Threat Protection');
  const factors = existing?.factors ?? {};
  if (tier === 'LITE' && factors.email) return unavailable(tier, 'Email MFA');
  if (mode === 'OFF') return undefined;
  if (!asked.SmsConfiguration && !factors.softwareToken && !factors.email) {
    const turnsOn = existing !== undefined && mode === 'ON' && existing.settings.MfaConfiguration !== 'ON';
    return invalid(turnsOn ? 'Cannot turn MFA functionality ON, once the user pool has been created.' : SMS_IS_MISSING);
  }
  if (factors.email) {
    const problem = emailProblem(asked);
    if (problem) return problem;
  }
  return firstFactorsProblem(mode, first, factors.webAuthn);
}

function emailProblem({ EmailConfiguration: email }: Pick<Settings, 'EmailConfiguration'>): Refusal | undefined {
  if (email?.EmailSendingAccount === 'DEVELOPER') return undefined;
  return invalid(
    'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT.',
  );
}

/** First factors that would let people past a second one that is required. */
function firstFactorsProblem(
  mode: string,
  first: readonly string[],
  webAuthn: WebAuthnConfigurationType | undefined,
): Refusal | undefined {
  if (mode !== 'ON') return undefined;
  if (first.includes('EMAIL_OTP') || first.includes('SMS_OTP')) {
    return invalid('Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled');
  }
  if (first.includes('WEB_AUTHN') && webAuthn?.FactorConfiguration !== 'MULTI_FACTOR_WITH_USER_VERIFICATION') {
    return invalid(
      'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
    );
  }
  return undefined;
}

/** The factors of a pool after it was made or updated. */
export function factorsAfter(asked: Asked, existing: Factors = {}): Factors {
  const { sms, ...others } = existing;
  const wanted = (asked.MfaConfiguration ?? 'OFF') !== 'OFF';
  const isOnlyOne = wanted && !others.softwareToken && !others.email;
  return asked.SmsConfiguration && (sms || isOnlyOne) ? { ...others, sms: true } : others;
}

/**
 * What SetUserPoolMfaConfig makes of a pool. With MfaConfiguration the request names every factor that the pool is
 * to have; without it, what it leaves out stays. Assumed: AWS says neither.
 */
export function changedMfa(
  asked: Omit<SetUserPoolMfaConfigRequest, 'UserPoolId'>,
  pool: { readonly factors: Factors; readonly settings: Settings },
): Refusal | { readonly factors: Factors; readonly settings: Settings } {
  const {
    SmsMfaConfiguration: sms,
    SoftwareTokenMfaConfiguration: token,
    EmailMfaConfiguration: email,
    WebAuthnConfiguration: webAuthn,
  } = asked;
  const replaces = asked.MfaConfiguration !== undefined;
  const mode = asked.MfaConfiguration ?? pool.settings.MfaConfiguration ?? 'OFF';
  if (mode === 'OFF' && (sms || token?.Enabled || email)) {
    return invalid("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.");
  }
  const kept: Factors = replaces ? {} : pool.factors;
  const smsConfiguration = sms?.SmsConfiguration ?? pool.settings.SmsConfiguration;
  if (sms && !smsConfiguration) return invalid(SMS_IS_MISSING);
  const factors: Factors = {
    ...((sms || kept.sms) && { sms: true }),
    ...((token?.Enabled ?? kept.softwareToken) && { softwareToken: true }),
    ...((email ?? kept.email) && { email: email ?? kept.email! }),
    ...((webAuthn ?? pool.factors.webAuthn) && { webAuthn: { ...pool.factors.webAuthn, ...webAuthn } }),
  };
  if (mode !== 'OFF' && !factors.sms && !factors.softwareToken && !factors.email) {
    return invalid(
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    );
  }
  if (email) {
    const tier = pool.settings.UserPoolTier ?? 'ESSENTIALS';
    // the name of the feature is guessed
    const problem = tier === 'LITE' ? unavailable(tier, 'Email MFA') : emailProblem(pool.settings);
    if (problem) return problem;
  }
  const first = pool.settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [];
  const problem = firstFactorsProblem(mode, first, factors.webAuthn);
  if (problem) return problem;
  return {
    factors,
    settings: {
      ...pool.settings,
      MfaConfiguration: mode,
      ...(sms?.SmsConfiguration && { SmsConfiguration: sms.SmsConfiguration }),
      ...(sms?.SmsAuthenticationMessage !== undefined && { SmsAuthenticationMessage: sms.SmsAuthenticationMessage }),
    },
  };
}
