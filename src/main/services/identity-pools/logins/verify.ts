import { fault } from '../../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../../store/repositories/identity-pools.ts';
import type { Call } from '../../family.ts';
import type { Services } from '../../services.ts';
import { readUserPoolProvider } from '../provider-names.ts';
import type { VerifiedLogin } from './login.ts';
import { unsupported, verifyUserPoolLogin } from './user-pool.ts';

/** The key under which a token of an identity pool itself is shown. */
export const COGNITO_PROVIDER = 'cognito-identity.amazonaws.com';

/** Verifies every login of a call; one bad token fails all of it, even if the others are good. [IP-LOGIN-10] */
export async function verifyLogins(
  logins: { readonly [provider: string]: string },
  pool: IdentityPoolRecord,
  call: Call,
  services: Pick<Services, 'tokens'>,
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
  services: Pick<Services, 'tokens'>,
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
  if (isConfigured(key, pool)) {
    throw call.why.refuse(
      'IP-LOGIN-12',
      'The pool lists this provider, but the bench cannot verify its tokens yet.',
      fault('NotAuthorizedException', `Poolbench cannot verify logins of ${key} yet: this provider is not built.`),
      { provider: key },
    );
  }
  throw unsupported(key, 'The pool does not list this provider.', call);
}

function isConfigured(key: string, { settings }: IdentityPoolRecord): boolean {
  if (Object.hasOwn(settings.SupportedLoginProviders ?? {}, key)) return true;
  if (settings.SamlProviderARNs?.includes(key)) return true;
  return (settings.OpenIdConnectProviderARNs ?? []).some((arn) => arn.endsWith(`:oidc-provider/${key}`));
}
