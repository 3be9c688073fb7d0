import { fault } from '../../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../../store/repositories/identity-pools.ts';
import type { Call } from '../../family.ts';
import type { Services } from '../../services.ts';
import { normaliseProvider, readUserPoolProvider } from '../provider-names.ts';
import type { VerifiedLogin } from './login.ts';
import { oidcProviderArn, verifyOidcLogin } from './oidc.ts';
import { verifySamlLogin } from './saml.ts';
import { isSocialProvider, verifySocialLogin } from './social.ts';
import { unsupported, verifyUserPoolLogin } from './user-pool.ts';

/** What it takes to verify logins of every kind. */
export type LoginNeeds = Pick<Services, 'iamProviders' | 'outsideTokens' | 'samlAssertions' | 'tokens'>;

/** The key under which a token of an identity pool itself is shown. */
export const COGNITO_PROVIDER = 'cognito-identity.amazonaws.com';

/** Verifies every login of a call; one bad token fails all of it, even if the others are good. [IP-LOGIN-10] */
export async function verifyLogins(
  logins: { readonly [provider: string]: string },
  pool: IdentityPoolRecord,
  call: Call,
  services: LoginNeeds,
): Promise<VerifiedLogin[]> {
  const verified = new Map<string, VerifiedLogin>();
  for (const [key, token] of Object.entries(logins)) {
    await call.decision('IP-LOGIN-1');
    const login = await verifyLogin(key, token, pool, call, services);
    // Two spellings of one user pool may name the same user twice.
    verified.set(login.digest, login);
  }
  return [...verified.values()];
}

async function verifyLogin(
  key: string,
  token: string,
  pool: IdentityPoolRecord,
  call: Call,
  services: LoginNeeds,
): Promise<VerifiedLogin> {
  if (key === COGNITO_PROVIDER) {
    throw call.why.refuse(
      'IP-LOGIN-11',
      'A token of an identity pool buys credentials and nothing else.',
      fault('NotAuthorizedException', `Invalid login token. Can't pass in a Cognito token.`),
    );
  }
  const userPool = readUserPoolProvider(key, services);
  if (userPool) return verifyUserPoolLogin(userPool, token, pool, call, services);
  const provider = normaliseProvider(key, services);
  const { SupportedLoginProviders = {}, SamlProviderARNs = [] } = pool.settings;
  const appId = Object.hasOwn(SupportedLoginProviders, provider) ? SupportedLoginProviders[provider] : undefined;
  if (appId !== undefined && isSocialProvider(provider)) {
    return verifySocialLogin(provider, appId, token, pool, call, services);
  }
  const oidcArn = oidcProviderArn(provider, pool);
  if (oidcArn !== undefined) return verifyOidcLogin(oidcArn, token, pool, call, services);
  if (SamlProviderARNs.includes(provider)) return verifySamlLogin(provider, token, pool, call, services);
  throw unsupported(key, 'The pool does not list this provider.', call);
}
