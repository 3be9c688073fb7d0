import type { IdentityPoolRecord, IdentityPoolSettings } from '../../store/repositories/identity-pools.ts';
import type { Services } from '../services.ts';
import { normaliseProvider } from './provider-names.ts';

type Needs = Pick<Services, 'tokens'>;
type Pool = { readonly settings: IdentityPoolSettings };

/** A user pool in a role mapping is named with its app client: `cognito-idp.R.amazonaws.com/POOL:CLIENT`. */
export function normaliseMappingKey(key: string, services: Needs): string {
  const colon = key.lastIndexOf(':');
  // ARNs, and issuers with a port, have colons too; what is left of one must be a user pool.
  const pool = colon < 0 ? key : normaliseProvider(key.slice(0, colon), services);
  return colon >= 0 && pool.startsWith('cognito-idp.') ? pool + key.slice(colon) : normaliseProvider(key, services);
}

export function isMappingProvider(key: string, { settings }: Pool, services: Needs): boolean {
  const name = normaliseMappingKey(key, services);
  return isListed(name, settings) || userPools(settings, services).some(({ withClient }) => withClient === name);
}

/** Principal tags name a user pool with or without its app client. */
export function isTagProvider(key: string, pool: Pool, services: Needs): boolean {
  const name = normaliseMappingKey(key, services);
  return isMappingProvider(key, pool, services) || userPools(pool.settings, services).some((one) => one.name === name);
}

function userPools(
  { CognitoIdentityProviders = [] }: IdentityPoolSettings,
  services: Needs,
): { readonly name: string; readonly withClient: string }[] {
  return CognitoIdentityProviders.map(({ ProviderName = '', ClientId = '' }) => {
    const name = normaliseProvider(ProviderName, services);
    return { name, withClient: `${name}:${ClientId}` };
  });
}

function isListed(name: string, settings: IdentityPoolSettings): boolean {
  return (
    Object.hasOwn(settings.SupportedLoginProviders ?? {}, name) ||
    (settings.OpenIdConnectProviderARNs ?? []).includes(name) ||
    (settings.SamlProviderARNs ?? []).includes(name)
  );
}

/** Whether a login of this provider would be mapped, whichever app client it is of. [IP-MAP-8] */
export function hasRoleMapping(
  loginKey: string,
  { roleMappings }: Pick<IdentityPoolRecord, 'roleMappings'>,
  services: Needs,
): boolean {
  const name = normaliseProvider(loginKey, services);
  return Object.keys(roleMappings).some(
    (key) => key === name || key.startsWith(`${name}:`) || key.endsWith(`:oidc-provider/${name}`),
  );
}
