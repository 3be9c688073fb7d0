import { fault } from '../../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../../store/repositories/identity-pools.ts';
import type { Call } from '../../family.ts';
import { loginDigest, type VerifiedLogin } from './login.ts';

/** A user that the developer's own backend vouches for: there is no token to verify. */
export function developerLogin(provider: string, user: string, pool: IdentityPoolRecord): VerifiedLogin {
  return {
    provider,
    digest: loginDigest(pool.id, provider, user),
    amr: [provider, `${provider}:${pool.id}:${user}`],
    developerUser: user,
  };
}

/** [IP-DEV-2] The text was recorded, its type was not. */
export function requireDeveloperProvider(
  provider: string | undefined,
  { settings }: IdentityPoolRecord,
  { why }: Call,
): string {
  const configured = settings.DeveloperProviderName;
  if (configured !== undefined && (provider === undefined || provider === configured)) return configured;
  throw why.refuse(
    'IP-DEV-2',
    configured === undefined
      ? 'The pool has no developer provider.'
      : 'The pool has a developer provider of another name.',
    fault('NotAuthorizedException', 'This identity pool does not support the specified developer provider'),
    { provider: provider ?? null, configured: configured ?? null },
  );
}
