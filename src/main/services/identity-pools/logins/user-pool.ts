import { fault, type Fault } from '../../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../../store/repositories/identity-pools.ts';
import type { Call } from '../../family.ts';
import type { IdTokenVerdict, Services } from '../../services.ts';
import { normaliseProvider, type UserPoolProvider } from '../provider-names.ts';
import { loginDigest, type VerifiedLogin } from './login.ts';

type Needs = Pick<Services, 'tokens'>;

/** Verifies a user pool's ID token against an identity pool's list of user pools and app clients. */
export async function verifyUserPoolLogin(
  provider: UserPoolProvider,
  token: string,
  pool: IdentityPoolRecord,
  call: Call,
  services: Needs,
): Promise<VerifiedLogin> {
  const { why, now } = call;
  const configured = (pool.settings.CognitoIdentityProviders ?? []).filter(
    ({ ProviderName = '' }) => normaliseProvider(ProviderName, services) === provider.name,
  );
  if (configured.length === 0) throw unsupported(provider.name, 'The pool does not list this user pool.', call);

  const verdict = await services.tokens.verifyIdToken(token, now);
  if (!verdict.ok) throw refused(verdict, call);
  if (verdict.userPoolId !== provider.userPoolId) {
    throw why.refuse(
      'IP-LOGIN-4',
      'The token is of another user pool than its key says.',
      fault('NotAuthorizedException', `Invalid login token. Issuer doesn't match providerName`),
      { provider: provider.name, userPoolId: verdict.userPoolId },
    );
  }
  const entry = configured.find(({ ClientId }) => ClientId === verdict.clientId);
  if (entry === undefined) {
    throw unsupported(provider.name, `The pool does not list the token's app client.`, call, verdict.clientId);
  }
  if (entry.ServerSideTokenCheck === true && !services.tokens.isStillSignedIn(verdict)) {
    throw why.refuse(
      'IP-LOGIN-8',
      'The user signed out everywhere, was disabled or was deleted since the token was issued.',
      // guessed wording: no source found
      fault('NotAuthorizedException', 'Invalid login token. Token is not valid.'),
      { provider: provider.name },
    );
  }
  why.pass('IP-LOGIN-1', 'The ID token is valid, of a listed user pool and app client.', {
    provider: provider.name,
    clientId: verdict.clientId,
    asksUserPool: entry.ServerSideTokenCheck === true,
  });
  return {
    provider: provider.name,
    digest: loginDigest(pool.id, provider.name, verdict.sub),
    amr: [provider.name, `${provider.name}:CognitoSignIn:${verdict.sub}`],
    claims: verdict.claims,
    mappedAs: `${provider.name}:${verdict.clientId}`,
  };
}

/** [IP-LOGIN-3] */
export function unsupported(provider: string, decided: string, { why }: Call, clientId?: string): Fault {
  return why.refuse(
    'IP-LOGIN-3',
    decided,
    fault('NotAuthorizedException', 'Token is not from a supported provider of this identity pool.'),
    clientId === undefined ? { provider } : { provider, clientId },
  );
}

function refused(verdict: IdTokenVerdict & { ok: false }, { why, now }: Call): Fault {
  if (verdict.why === 'expired') return expiredLogin(verdict.exp, now, why);
  switch (verdict.why) {
    case 'malformed':
      return why.refuse(
        'IP-LOGIN-5',
        'The token is not a JSON Web Token.',
        fault('NotAuthorizedException', 'Invalid login token. Not a valid OpenId Connect identity token.'),
      );
    case 'unknown-issuer':
      return why.refuse(
        'IP-LOGIN-4',
        'No user pool of this bench issued the token.',
        fault('NotAuthorizedException', `Invalid login token. Issuer doesn't match providerName`),
      );
    case 'not-an-id-token':
      return why.refuse(
        'IP-LOGIN-6',
        'This is not an ID token; an access token has no audience.',
        fault('NotAuthorizedException', 'Invalid login token. Missing a required claim: aud'),
      );
    default:
      return why.refuse(
        'IP-LOGIN-5',
        `The signature does not fit the user pool's keys.`,
        fault('NotAuthorizedException', `Invalid login token. Couldn't verify signed token.`),
      );
  }
}

/** Now first, then the expiry, both in seconds. [IP-LOGIN-7] */
export function expiredLogin(exp: number, now: Date, why: Call['why']): Fault {
  const seconds = Math.floor(now.getTime() / 1000);
  return why.refuse(
    'IP-LOGIN-7',
    'The token has expired.',
    fault('NotAuthorizedException', `Invalid login token. Token expired: ${seconds} >= ${exp}`),
    { now: seconds, exp },
  );
}
