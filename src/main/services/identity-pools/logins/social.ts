import { fault, type Fault } from '../../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../../store/repositories/identity-pools.ts';
import type { Call } from '../../family.ts';
import type { OAuthTokenVerdict, Services } from '../../services.ts';
import { loginDigest, type VerifiedLogin } from './login.ts';
import { oidcProviderArn, verifyIdToken } from './oidc.ts';
import { expiredLogin, unsupported } from './user-pool.ts';

type Needs = Pick<Services, 'iamProviders' | 'outsideTokens'>;

/** Vendors whose logins are ID tokens; their issuer is their name. */
const ID_TOKEN_VENDORS = new Set(['accounts.google.com', 'appleid.apple.com']);

interface OpaqueVendor {
  /** The form that a token has. */
  readonly token: RegExp;
  /** What rules and principal tags may read of a user. */
  claims(appId: string, userId: string): { readonly [name: string]: string };
}

/** Key and secret in one text, of an app as of a user. */
const PAIR = /^[^;]+;[^;]+$/;

const openIdLike = (iss: string): OpaqueVendor['claims'] => {
  return (aud, sub) => ({ iss, aud, sub });
};

/** Vendors whose tokens only they can read; a stand-in answers in their place. */
const OPAQUE_VENDORS: { readonly [provider: string]: OpaqueVendor } = {
  'graph.facebook.com': { token: /./, claims: openIdLike('graph.facebook.com') },
  // The user's id goes by two names: that of rules, and that of AWS's default tags. [IP-ABAC-1]
  'www.amazon.com': {
    token: /./,
    claims: (appId, userId) => ({ iss: 'www.amazon.com', aud: appId, sub: userId, user_id: userId }),
  },
  'api.twitter.com': { token: PAIR, claims: openIdLike('api.twitter.com') },
  'www.digits.com': { token: PAIR, claims: openIdLike('www.digits.com') },
};

export function isSocialProvider(key: string): boolean {
  return ID_TOKEN_VENDORS.has(key) || Object.hasOwn(OPAQUE_VENDORS, key);
}

/** Verifies a token of a vendor for which the pool names an app, in `SupportedLoginProviders`. [IP-SOCIAL-1] */
export async function verifySocialLogin(
  provider: string,
  appId: string,
  token: string,
  pool: IdentityPoolRecord,
  call: Call,
  services: Needs,
): Promise<VerifiedLogin> {
  const vendor = OPAQUE_VENDORS[provider];
  return vendor === undefined
    ? verifyVendorIdToken(provider, appId, token, pool, call, services)
    : verifyOpaqueToken(provider, vendor, appId, token, pool, call, services);
}

/** Google may have several clients: the pool's own, and those of an OpenID Connect provider of IAM. [IP-SOCIAL-2] */
async function verifyVendorIdToken(
  provider: string,
  appId: string,
  token: string,
  pool: IdentityPoolRecord,
  call: Call,
  services: Needs,
): Promise<VerifiedLogin> {
  const arn = oidcProviderArn(provider, pool);
  const registered = arn === undefined ? undefined : services.iamProviders.findOpenId(pool.account, arn);
  const known = [appId, ...(registered?.clientIds ?? [])];
  const { sub, clientId, claims } = await verifyIdToken(provider, known, token, pool, call, services);
  call.why.pass('IP-SOCIAL-1', `The ID token is valid, for an app of the pool.`, { provider, clientId });
  return {
    provider,
    digest: loginDigest(pool.id, provider, sub),
    amr: [provider, `${provider}:${clientId}:${sub}`],
    claims,
    ...(registered && { mappedAs: registered.arn }),
  };
}

async function verifyOpaqueToken(
  provider: string,
  vendor: OpaqueVendor,
  appId: string,
  token: string,
  pool: IdentityPoolRecord,
  call: Call,
  { outsideTokens }: Needs,
): Promise<VerifiedLogin> {
  const { now, why } = call;
  if (!vendor.token.test(token)) {
    throw invalid('The token is none of this provider: it has a secret after a semicolon.', provider, call);
  }
  const verdict = outsideTokens.inspectAccessToken({ account: pool.account, provider, token, now, why });
  if (!verdict.ok) throw refused(verdict, provider, call);
  // For Twitter and Digits an app is known by key and secret, and both must be right.
  if (verdict.appId !== appId) throw unsupported(provider, `The token was made for another app than the pool's.`, call);
  const app = appId.split(';')[0]!;
  why.pass('IP-SOCIAL-1', 'The provider vouches for the token, for the app of the pool.', { provider, app });
  return {
    provider,
    digest: loginDigest(pool.id, provider, verdict.userId),
    amr: [provider, `${provider}:${app}:${verdict.userId}`],
    claims: vendor.claims(app, verdict.userId),
  };
}

function refused(verdict: OAuthTokenVerdict & { readonly ok: false }, provider: string, call: Call): Fault {
  return verdict.why === 'expired'
    ? expiredLogin(verdict.exp, call.now, call.why)
    : invalid(verdict.decided, provider, call);
}

/** What AWS adds of the provider's own words is not known. [IP-SOCIAL-3] */
function invalid(decided: string, provider: string, { why }: Call): Fault {
  return why.refuse('IP-SOCIAL-3', decided, fault('NotAuthorizedException', 'Invalid login token.'), { provider });
}
