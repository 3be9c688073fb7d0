import type { IdentityPoolRecord, PrincipalTagMap } from '../../store/repositories/identity-pools.ts';
import type { VerifiedLogin } from './logins/login.ts';

/** Attributes for access control: claims of a login as session tags. Pure. */

/** What AWS maps where `UseDefaults` is set: claim by tag key. [IP-ABAC-1] */
const DEFAULTS: { readonly [key: string]: string } = { client: 'aud', username: 'sub' };
const AMAZON_DEFAULTS: { readonly [key: string]: string } = { username: 'user_id' };
const SAML_DEFAULTS: { readonly [key: string]: string } = {
  client: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
  username: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
};

export function defaultTags(provider: string): { readonly [key: string]: string } {
  if (provider === 'www.amazon.com') return AMAZON_DEFAULTS;
  return provider.includes(':saml-provider/') ? SAML_DEFAULTS : DEFAULTS;
}

/** The tags that the logins of a call make, of the first provider that has a map; claims that are missing are skipped. */
export function principalTagsOf(
  pool: Pick<IdentityPoolRecord, 'principalTags'>,
  logins: readonly Pick<VerifiedLogin, 'provider' | 'mappedAs' | 'claims'>[],
): { readonly provider: string; readonly tags: { readonly [key: string]: string } } | undefined {
  for (const { provider, mappedAs, claims = {} } of logins) {
    const name = [provider, mappedAs].find((key) => key !== undefined && Object.hasOwn(pool.principalTags, key));
    if (name === undefined) continue;
    const map = pool.principalTags[name]!;
    const tags = Object.entries(claimsOf(provider, map)).flatMap(([key, claim]) => {
      const value = Object.hasOwn(claims, claim) ? textOf(claims[claim]) : undefined;
      return value === undefined ? [] : [[key, value] as const];
    });
    return { provider: name, tags: Object.fromEntries(tags) };
  }
  return undefined;
}

function claimsOf(provider: string, { useDefaults, tags }: PrincipalTagMap): { readonly [key: string]: string } {
  return useDefaults ? defaultTags(provider) : tags;
}

/** A list has no one value; its first is taken. [assumed] */
function textOf(claim: unknown): string | undefined {
  const value: unknown = Array.isArray(claim) ? claim[0] : claim;
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
