/**
 * The provider's published quotas, named. `seed` is the service of 2016, `current` today's; reference/user-pools
 * 2.16 and 3.9. The quotas of one dataset are part of what sync speaks: see sync-wire.ts.
 */
export interface UserPoolQuotas {
  readonly userPoolsPerRegion: number;
  readonly appClientsPerPool: number;
  readonly customAttributesPerPool: number;
  readonly groupsPerPool: number;
}

export const USER_POOL_QUOTAS: { readonly [Limits in 'seed' | 'current' | 'off']: UserPoolQuotas } = {
  seed: { userPoolsPerRegion: 1000, appClientsPerPool: 25, customAttributesPerPool: 25, groupsPerPool: 25 },
  current: { userPoolsPerRegion: 1000, appClientsPerPool: 1000, customAttributesPerPool: 50, groupsPerPool: 10_000 },
  off: {
    userPoolsPerRegion: Infinity,
    appClientsPerPool: Infinity,
    customAttributesPerPool: Infinity,
    groupsPerPool: Infinity,
  },
};

/** How often a user may ask an operation within an hour. */
export const ATTEMPTS_PER_HOUR = { ConfirmSignUp: 15, ResendConfirmationCode: 5 } as const;

export const SIGN_UP_CODE_HOURS = 24;
export const SIGN_UP_CODE_DIGITS = 6;

/** Failed sign-ins that are let pass before the first lock. */
export const FREE_SIGN_IN_FAILURES = 5;
/** No lock lasts longer, and as much time without an attempt forgives all. */
export const LOCKOUT_CEILING_SECONDS = 15 * 60;

/** How far the TIMESTAMP of an SRP proof may be from the bench's clock or the machine's. */
export const SRP_TIMESTAMP_SKEW_SECONDS = 5 * 60;
