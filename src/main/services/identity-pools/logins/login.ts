import { createHash } from 'node:crypto';

/** A login whose token was verified. */
export interface VerifiedLogin {
  /** The provider's one name. */
  readonly provider: string;
  /** Stands for the user; the provider's own id of them is not kept. */
  readonly digest: string;
  /** What the login adds to `amr`: the provider, and provider, application and user. */
  readonly amr: readonly string[];
  /** What the provider says of the user; role mappings and principal tags read it. */
  readonly claims?: { readonly [name: string]: unknown };
  /** How role mappings name the provider, where that is not its name. */
  readonly mappedAs?: string;
  /** The developer's own identifier of the user, which is kept for a developer's login alone. */
  readonly developerUser?: string;
}

/** Keys a login by pool, provider and subject, so that no profile is stored. [IP-LOGIN-9] */
export function loginDigest(identityPoolId: string, provider: string, subject: string): string {
  return createHash('sha256')
    .update(JSON.stringify([identityPoolId, provider, subject]))
    .digest('base64url');
}
