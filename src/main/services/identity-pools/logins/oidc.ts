import { fault, type Fault } from '../../../kernel/fault.ts';
import type { IamOpenIdProviderRecord } from '../../../store/repositories/iam-providers.ts';
import type { IdentityPoolRecord } from '../../../store/repositories/identity-pools.ts';
import type { Call } from '../../family.ts';
import type { OutsideTokenVerdict, Services } from '../../services.ts';
import { loginDigest, type VerifiedLogin } from './login.ts';
import { expiredLogin, unsupported } from './user-pool.ts';

type Needs = Pick<Services, 'iamProviders' | 'outsideTokens'>;

const OIDC_PROVIDER = ':oidc-provider/';

/** The pool's OpenID Connect provider of IAM that a key of `Logins` names: its issuer without the scheme. */
export function oidcProviderArn(key: string, { settings }: IdentityPoolRecord): string | undefined {
  return (settings.OpenIdConnectProviderARNs ?? []).find(
    (arn) => arn.slice(arn.indexOf(OIDC_PROVIDER) + OIDC_PROVIDER.length) === key && arn.includes(OIDC_PROVIDER),
  );
}

/** Verifies an ID token of a provider that the pool's account has registered with IAM. [IP-OIDC-1] */
export async function verifyOidcLogin(
  arn: string,
  token: string,
  pool: IdentityPoolRecord,
  call: Call,
  services: Needs,
): Promise<VerifiedLogin> {
  const record = requireIamProvider(arn, pool, call, services);
  const { sub, clientId, claims } = await verifyIdToken(record.url, record.clientIds, token, pool, call, services);
  call.why.pass('IP-OIDC-1', 'The ID token is valid, for a client of a provider that IAM knows.', {
    provider: arn,
    clientId,
  });
  return {
    provider: record.url,
    digest: loginDigest(pool.id, record.url, sub),
    // The form of the second is not known. [assumed]
    amr: [record.url, `${record.url}:OIDC:${sub}`],
    claims,
    mappedAs: arn,
  };
}

/** The record of an ARN that the pool lists: IAM may have forgotten it since, or never have known it. [IP-OIDC-2] */
function requireIamProvider(
  arn: string,
  { account }: IdentityPoolRecord,
  call: Call,
  { iamProviders }: Pick<Services, 'iamProviders'>,
): IamOpenIdProviderRecord {
  const record = iamProviders.findOpenId(account, arn);
  if (record) return record;
  throw call.why.refuse(
    'IP-OIDC-2',
    'The pool lists this provider, but IAM knows none of that ARN in the account.',
    fault('NotAuthorizedException', 'Token is not from a supported provider of this identity pool.'),
    { provider: arn },
  );
}

/** Verifies an ID token in the name of a login, or refuses it in AWS's words. */
export async function verifyIdToken(
  issuer: string,
  clientIds: readonly string[],
  token: string,
  { account }: IdentityPoolRecord,
  call: Call,
  { outsideTokens }: Pick<Services, 'outsideTokens'>,
): Promise<OutsideTokenVerdict & { readonly ok: true }> {
  const { now, why } = call;
  const verdict = await outsideTokens.verifyIdToken({ account, issuer, clientIds, token, now, why });
  if (!verdict.ok) throw refused(issuer, verdict, call);
  return verdict;
}

function refused(provider: string, verdict: OutsideTokenVerdict & { readonly ok: false }, call: Call): Fault {
  const { now, why } = call;
  const invalid = (rule: string, detail: string): Fault =>
    why.refuse(rule, verdict.decided, fault('NotAuthorizedException', `Invalid login token. ${detail}`), { provider });
  switch (verdict.why) {
    case 'malformed':
      return invalid('IP-LOGIN-5', 'Not a valid OpenId Connect identity token.');
    case 'issuer':
      return invalid('IP-LOGIN-4', `Issuer doesn't match providerName`);
    case 'signature':
      return invalid('IP-LOGIN-5', `Couldn't verify signed token.`);
    case 'missing-claim':
      return invalid('IP-LOGIN-6', `Missing a required claim: ${verdict.claim}`);
    case 'audience':
      return unsupported(provider, verdict.decided, call);
    case 'expired':
      return expiredLogin(verdict.exp, now, why);
    case 'not-yet-valid': {
      const seconds = Math.floor(now.getTime() / 1000);
      // guessed wording: no source found
      return invalid('IP-OIDC-3', `Token is not yet valid: ${seconds} < ${verdict.from}`);
    }
    default:
      return why.refuse(
        'IP-OIDC-4',
        verdict.decided,
        // guessed wording: no source found
        fault('ExternalServiceException', `The login provider ${provider} could not be reached.`),
        { provider },
      );
  }
}
