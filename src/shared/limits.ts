/**
 * The provider's published quotas, named. `seed` is the service of 2016, `current` today's; reference/user-pools
 * 2.16 and 3.9. The quotas of one dataset are part of what sync speaks: see sync-wire.ts.
 */
export interface UserPoolQuotas {
  readonly userPoolsPerRegion: number;
  readonly appClientsPerPool: number;
  readonly customAttributesPerPool: number;
  readonly groupsPerPool: number;
  readonly identityProvidersPerPool: number;
  readonly resourceServersPerPool: number;
  readonly customDomainsPerAccount: number;
  readonly importJobsPerPool: number;
}

export const USER_POOL_QUOTAS: { readonly [Limits in 'seed' | 'current' | 'off']: UserPoolQuotas } = {
  seed: {
    userPoolsPerRegion: 1000,
    appClientsPerPool: 25,
    customAttributesPerPool: 25,
    groupsPerPool: 25,
    // These four came later; their first quotas are not known.
    identityProvidersPerPool: 300,
    resourceServersPerPool: 25,
    customDomainsPerAccount: 4,
    importJobsPerPool: 50,
  },
  current: {
    userPoolsPerRegion: 1000,
    appClientsPerPool: 1000,
    customAttributesPerPool: 50,
    groupsPerPool: 10_000,
    identityProvidersPerPool: 300,
    resourceServersPerPool: 25,
    customDomainsPerAccount: 4,
    importJobsPerPool: 1000,
  },
  off: {
    userPoolsPerRegion: Infinity,
    appClientsPerPool: Infinity,
    customAttributesPerPool: Infinity,
    groupsPerPool: Infinity,
    identityProvidersPerPool: Infinity,
    resourceServersPerPool: Infinity,
    customDomainsPerAccount: Infinity,
    importJobsPerPool: Infinity,
  },
};

/** How often a user may ask an operation within an hour. */
export const ATTEMPTS_PER_HOUR = {
  ChangePassword: 5,
  ConfirmForgotPassword: 5,
  ConfirmSignUp: 15,
  ForgotPassword: 5,
  GetUserAttributeVerificationCode: 5,
  ResendConfirmationCode: 5,
  VerifyUserAttribute: 15,
} as const;

export const SIGN_UP_CODE_HOURS = 24;
export const SIGN_UP_CODE_DIGITS = 6;

/** Failed sign-ins that are let pass before the first lock. */
export const FREE_SIGN_IN_FAILURES = 5;
/** No lock lasts longer, and as much time without an attempt forgives all. */
export const LOCKOUT_CEILING_SECONDS = 15 * 60;

/** How far the TIMESTAMP of an SRP proof may be from the bench's clock or the machine's. */
export const SRP_TIMESTAMP_SKEW_SECONDS = 5 * 60;

export const FORGOT_PASSWORD_CODE_HOURS = 1;

/** Groups that one user may be in. */
export const GROUPS_PER_USER = 100;
/** Secrets that an app client has at once. */
export const CLIENT_SECRETS = 2;
/** How long a page token of ListUsers holds. */
export const LIST_USERS_TOKEN_MINUTES = 60;

export const PASSKEYS_PER_USER = 20;
/** How long a new passkey may take to be made. Assumed. */
export const PASSKEY_REGISTRATION_MINUTES = 5;

/** Outside identities that one user may be linked to. */
export const LINKED_IDENTITIES_PER_USER = 5;
export const TAGS_PER_USER_POOL = 50;
/** The picture of the classic hosted pages. */
export const UI_IMAGE_BYTES = 100 * 1024;

export const IMPORT_UPLOAD_MINUTES = 15;
/** A job that is not started for so long has expired. */
export const IMPORT_WAIT_HOURS = 24;
export const IMPORT_FILE_BYTES = 100 * 1024 * 1024;
export const IMPORT_ROWS = 500_000;
export const IMPORT_ROW_CHARACTERS = 16_000;
