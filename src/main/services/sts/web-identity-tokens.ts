import type { AssumeRoleWithWebIdentityRequest } from '../../../shared/aws/sts.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';
import type {
  OAuthTokenVerdict,
  OpenIdTokenVerdict,
  OutsideTokenVerdict,
  Services,
  TemporaryCredentials,
} from '../services.ts';

type Needs = Pick<Services, 'iamProviders' | 'openIdTokens' | 'outsideTokens'>;

type Keys = { readonly [key: string]: string | readonly string[] };

/** Who the bearer of a verified token is, as trust policies and the answer name it. */
export interface WebIdentity {
  readonly provider: string;
  readonly subject: string;
  readonly audience: string;
  /** Names of the principal in trust policies. */
  readonly federated: string | readonly string[];
  /** Condition keys for the trust policy. */
  readonly keys: Keys;
  readonly tags: { readonly [key: string]: string };
  readonly transitiveTagKeys: readonly string[];
  /** Of a token of an identity pool; the session has its condition keys by it. */
  readonly identity?: TemporaryCredentials['identity'];
}

const COGNITO = 'cognito-identity.amazonaws.com';
/** Known to STS without a provider of IAM, as Cognito is. */
const GOOGLE = 'accounts.google.com';

/** How trust policies name app and user of an opaque token. [STS-OAUTH-1] */
const OAUTH_KEYS: { readonly [provider: string]: { readonly app: string; readonly user: string } } = {
  'graph.facebook.com': { app: 'app_id', user: 'id' },
  'www.amazon.com': { app: 'app_id', user: 'user_id' },
};

/** Verifies the token of a request, whoever issued it; `account` is the role's. */
export async function readWebIdentity(
  { ProviderId, WebIdentityToken: token }: AssumeRoleWithWebIdentityRequest,
  account: string,
  call: Call,
  services: Needs,
): Promise<WebIdentity> {
  if (ProviderId !== undefined) return readOAuthToken(ProviderId, token, account, call, services);
  const verdict = await services.openIdTokens.verify(token, call.now);
  if (!verdict.ok) {
    if (verdict.why === 'foreign') return readOutsideToken(token, account, call, services);
    throw refusedPoolToken(verdict, call);
  }
  const { identityId, identityPoolId, amr, principalTags = {} } = verdict;
  call.why.pass('STS-WEB-1', 'The token is one of an identity pool of this bench, and has not expired.', {
    identity: identityId,
    pool: identityPoolId,
    amr: [...amr],
  });
  return {
    provider: COGNITO,
    subject: identityId,
    audience: identityPoolId,
    federated: COGNITO,
    keys: { [`${COGNITO}:aud`]: identityPoolId, [`${COGNITO}:sub`]: identityId, [`${COGNITO}:amr`]: amr },
    tags: principalTags,
    transitiveTagKeys: [],
    identity: { identityPoolId, identityId, amr },
  };
}

/** An ID token of a provider that the role's account has registered with IAM, or of Google. [STS-OIDC-1] */
async function readOutsideToken(
  token: string,
  account: string,
  call: Call,
  { iamProviders, outsideTokens }: Needs,
): Promise<WebIdentity> {
  const { now, why } = call;
  const claimed = outsideTokens.claimedIssuer(token);
  if (claimed === undefined) throw noToken(call);
  const { iss, issuer } = claimed;
  const registered = iamProviders.findOpenId(account, `arn:aws:iam::${account}:oidc-provider/${issuer}`);
  const isGoogle = issuer === GOOGLE;
  if (registered === undefined && !isGoogle) {
    throw why.refuse(
      'STS-TOKEN-2',
      'Tokens that no identity pool issued need an OpenID Connect provider of IAM, and there is none.',
      fault('InvalidIdentityTokenException', `No OpenIDConnect provider found in your account for ${iss}`),
      { issuer: iss, account },
    );
  }
  // Google's clients are registered nowhere: the trust policy says which are meant. [STS-OIDC-2]
  const clientIds = isGoogle ? undefined : registered?.clientIds;
  const verdict = await outsideTokens.verifyIdToken({ account, issuer, clientIds, token, now, why });
  if (!verdict.ok) throw refusedOutsideToken(verdict, call);

  const { clientId, audiences, sub, claims, principalTags = {}, transitiveTagKeys = [] } = verdict;
  const arn = registered?.clientIds.includes(clientId) ? registered.arn : undefined;
  const provider = isGoogle ? GOOGLE : arn!;
  why.pass('STS-OIDC-1', 'The ID token is valid, of a provider that the account of the role trusts.', {
    provider,
    subject: sub,
    audience: clientId,
  });
  return {
    provider,
    subject: sub,
    audience: clientId,
    federated: isGoogle && arn !== undefined ? [GOOGLE, arn] : provider,
    keys: { 'aws:FederatedProvider': provider, ...claimKeys(issuer, clientId, audiences, sub, claims) },
    tags: principalTags,
    transitiveTagKeys,
  };
}

/** [STS-OIDC-3] */
function claimKeys(
  issuer: string,
  clientId: string,
  audiences: readonly string[],
  sub: string,
  { azp, amr }: { readonly [name: string]: unknown },
): Keys {
  const methods = [amr].flat().filter((method) => typeof method === 'string');
  return {
    [`${issuer}:aud`]: clientId,
    [`${issuer}:sub`]: sub,
    ...(typeof azp === 'string' && { [`${issuer}:azp`]: azp, [`${issuer}:oaud`]: audiences }),
    ...(methods.length > 0 && { [`${issuer}:amr`]: methods }),
  };
}

/** An access token of Facebook or Amazon, which only they can read. [STS-OAUTH-1] */
function readOAuthToken(
  provider: string,
  token: string,
  account: string,
  call: Call,
  { outsideTokens }: Needs,
): WebIdentity {
  const { now, why } = call;
  const names = Object.hasOwn(OAUTH_KEYS, provider) ? OAUTH_KEYS[provider] : undefined;
  if (names === undefined) {
    throw why.refuse(
      'STS-OAUTH-2',
      'ProviderId is for access tokens of Facebook and Amazon.',
      // guessed type and wording: no source found
      fault('InvalidIdentityTokenException', `The provider ${provider} is not supported.`),
      { provider },
    );
  }
  const verdict = outsideTokens.inspectAccessToken({ account, provider, token, now, why });
  if (!verdict.ok) throw refusedAccessToken(provider, verdict, call);
  const { appId, userId } = verdict;
  why.pass('STS-OAUTH-1', 'The provider vouches for the token.', { provider, app: appId, user: userId });
  return {
    provider,
    subject: userId,
    audience: appId,
    federated: provider,
    keys: {
      'aws:FederatedProvider': provider,
      [`${provider}:${names.app}`]: appId,
      [`${provider}:${names.user}`]: userId,
    },
    tags: {},
    transitiveTagKeys: [],
  };
}

function refusedPoolToken({ why: because, ...rest }: Exclude<OpenIdTokenVerdict, { ok: true }>, call: Call): Fault {
  if (because === 'malformed') return noToken(call);
  return 'exp' in rest
    ? expired(rest.exp, call)
    : noKey('STS-TOKEN-3', 'The signature is not one of the identity pools.', call);
}

function refusedOutsideToken(verdict: OutsideTokenVerdict & { readonly ok: false }, call: Call): Fault {
  const { why } = call;
  switch (verdict.why) {
    case 'malformed':
      return noToken(call);
    case 'expired':
      return expired(verdict.exp, call);
    case 'audience':
      return why.refuse(
        'STS-TOKEN-5',
        verdict.decided,
        // wording from memory
        fault('InvalidIdentityTokenException', 'Incorrect token audience'),
      );
    case 'missing-claim':
      return why.refuse(
        'STS-TOKEN-6',
        verdict.decided,
        // as an identity pool says it; here assumed
        fault('InvalidIdentityTokenException', `Missing a required claim: ${verdict.claim}`),
      );
    case 'not-yet-valid':
      return why.refuse(
        'STS-TOKEN-7',
        verdict.decided,
        // guessed wording: no source found
        fault(
          'InvalidIdentityTokenException',
          `Token is not valid before ${new Date(verdict.from * 1000).toISOString()}`,
        ),
      );
    case 'unreachable':
      return why.refuse(
        'STS-TOKEN-8',
        verdict.decided,
        // guessed wording: no source found
        fault('IDPCommunicationErrorException', 'The identity provider could not be reached to verify the token.'),
      );
    default:
      return noKey('STS-TOKEN-3', verdict.decided, call);
  }
}

/** A revoked or expired token is a claim that the provider rejects. [STS-OAUTH-3] */
function refusedAccessToken(
  provider: string,
  verdict: OAuthTokenVerdict & { readonly ok: false },
  { why }: Call,
): Fault {
  // guessed wordings: no source found
  return why.refuse(
    'STS-OAUTH-3',
    verdict.decided,
    verdict.why === 'unknown'
      ? fault('InvalidIdentityTokenException', `The token is not an access token of ${provider}.`)
      : fault('IDPRejectedClaimException', 'The identity provider rejected the token: it has expired or was revoked.'),
    { provider },
  );
}

function noToken({ why }: Call): Fault {
  return why.refuse(
    'STS-TOKEN-1',
    'The token is not a JSON Web Token.',
    fault(
      'InvalidIdentityTokenException',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    ),
  );
}

function noKey(rule: string, decided: string, { why }: Call): Fault {
  return why.refuse(
    rule,
    decided,
    fault(
      'InvalidIdentityTokenException',
      // Two spaces, as recorded.
      `Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements`,
    ),
  );
}

function expired(exp: number, { now, why }: Call): Fault {
  const at = now.toISOString();
  const end = new Date(exp * 1000).toISOString();
  return why.refuse(
    'STS-TOKEN-4',
    'The token has expired.',
    // wording from memory
    fault(
      'ExpiredTokenException',
      `Token expired: current date/time ${at} must be before the expiration date/time ${end}`,
    ),
    { now: at, exp: end },
  );
}
