/** Factors that are asked for after the first one. */
export type SecondFactor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP';

/** In the order in which AWS lists them. */
export const SECOND_FACTORS: readonly SecondFactor[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'];

export interface Situation {
  readonly mode: 'OFF' | 'OPTIONAL' | 'ON' | undefined;
  /** What the pool has switched on. */
  readonly pool: { readonly sms?: boolean; readonly softwareToken?: boolean; readonly email?: object };
  /** What the user has. */
  readonly attributes: { readonly [name: string]: string };
  readonly factors: {
    readonly enabled: readonly string[];
    readonly preferred?: string;
    readonly secret?: string;
  };
}

/** What must follow the first factor; reference/user-pools 5.8, row by row. */
export type Demand =
  | { readonly demand: 'nothing'; readonly because: string }
  | { readonly demand: 'factor'; readonly factor: SecondFactor; readonly because: string }
  | { readonly demand: 'choice'; readonly factors: readonly SecondFactor[] }
  | { readonly demand: 'setup'; readonly factors: readonly SecondFactor[] }
  /** Nothing can be asked for and nothing set up: an administrator must help. */
  | { readonly demand: 'impossible' };

export function poolFactors({ sms, softwareToken, email }: Situation['pool']): SecondFactor[] {
  return SECOND_FACTORS.filter(
    (factor) =>
      (factor === 'SMS_MFA' && sms) ||
      (factor === 'SOFTWARE_TOKEN_MFA' && softwareToken) ||
      (factor === 'EMAIL_OTP' && email !== undefined),
  );
}

/** Whether the user has what the factor needs: a number, an address, a proven software token. */
export function canUse(factor: SecondFactor, { attributes, factors }: Omit<Situation, 'mode' | 'pool'>): boolean {
  if (factor === 'SMS_MFA') return Boolean(attributes['phone_number']);
  if (factor === 'EMAIL_OTP') return Boolean(attributes['email']);
  return factors.secret !== undefined;
}

/** Factors that the user has switched on, can use, and the pool still offers. */
export function activeFactors(situation: Situation): SecondFactor[] {
  if (!situation.mode || situation.mode === 'OFF') return [];
  return poolFactors(situation.pool).filter(
    (factor) => situation.factors.enabled.includes(factor) && canUse(factor, situation),
  );
}

export function secondFactorDemand(situation: Situation): Demand {
  const { mode, pool, attributes, factors } = situation;
  if (!mode || mode === 'OFF') return { demand: 'nothing', because: 'The pool asks nobody for a second factor.' };
  const active = activeFactors(situation);
  const [first] = active;
  if (first && active.length === 1) {
    return { demand: 'factor', factor: first, because: 'It is the one factor that the user has switched on.' };
  }
  const preferred = active.find((factor) => factor === factors.preferred);
  if (preferred) return { demand: 'factor', factor: preferred, because: 'The user prefers it.' };
  if (first) return { demand: 'choice', factors: active };
  if (mode === 'OPTIONAL') return { demand: 'nothing', because: 'The user has switched on no factor.' };
  const offered = poolFactors(pool);
  // assumed: a token that was proven is asked for, though it was switched off; else a password alone could replace it
  if (offered.includes('SOFTWARE_TOKEN_MFA') && factors.secret !== undefined) {
    return {
      demand: 'factor',
      factor: 'SOFTWARE_TOKEN_MFA',
      because: 'The pool requires a factor, and the user has a software token.',
    };
  }
  if (offered.includes('SMS_MFA') && attributes['phone_number']) {
    return {
      demand: 'factor',
      factor: 'SMS_MFA',
      because: 'The pool requires a factor, and the user has a phone number.',
    };
  }
  if (offered.some((factor) => factor !== 'SMS_MFA')) return { demand: 'setup', factors: offered };
  return { demand: 'impossible' };
}
