import type { Operations } from '../../shared/aws/cognito-identity.ts';
import type { StandInView } from '../../shared/stand-ins.ts';
import { aws, type OnWire } from '../data/aws.ts';
import { BenchCallError, call } from '../data/call.ts';
import { iam } from '../data/iam.ts';
import { currentAccount } from '../data/session.ts';

/** Whether an identity pool takes a stand-in's tokens, and how it comes to. */

export type DescribedPool = OnWire<Operations['DescribeIdentityPool']['output']>;

export const describePool = (IdentityPoolId: string): Promise<DescribedPool> =>
  aws('cognito-identity', 'DescribeIdentityPool', { IdentityPoolId });

export const arnInIam = ({ kind, name, provider }: StandInView): string =>
  kind === 'saml'
    ? `arn:aws:iam::${currentAccount()}:saml-provider/${name}`
    : `arn:aws:iam::${currentAccount()}:oidc-provider/${provider}`;

/** As SupportedLoginProviders has the app; Twitter and Digits know one by key and secret. */
function appOf({ kind, clients: [client] }: StandInView): string {
  if (!client) return '';
  return kind === 'twitter' || kind === 'digits' ? `${client.id};${client.secret ?? ''}` : client.id;
}

/** Why the pool does not take the provider's tokens; `undefined` where it does. */
export function whyNotListed(provider: StandInView, pool: DescribedPool): string | undefined {
  const { kind } = provider;
  if (kind === 'oidc' || kind === 'saml') {
    const arns = kind === 'saml' ? pool.SamlProviderARNs : pool.OpenIdConnectProviderARNs;
    return arns?.includes(arnInIam(provider)) ? undefined : 'not in the pool';
  }
  const apps = pool.SupportedLoginProviders?.[provider.provider];
  if (apps === undefined) {
    return pool.OpenIdConnectProviderARNs?.includes(arnInIam(provider)) ? undefined : 'not in the pool';
  }
  return apps === appOf(provider) ? undefined : 'the pool names another app';
}

/** By the developer's own calls: UpdateIdentityPool, and before it IAM where a provider is registered there. */
export async function listInPool(provider: StandInView, poolId: string): Promise<void> {
  const { kind, provider: key } = provider;
  const arn = kind === 'oidc' || kind === 'saml' ? await registerWithIam(provider) : '';
  // Read afresh: the whole definition is replaced.
  const pool = await describePool(poolId);
  const change =
    kind === 'oidc'
      ? { OpenIdConnectProviderARNs: [...(pool.OpenIdConnectProviderARNs ?? []), arn] }
      : kind === 'saml'
        ? { SamlProviderARNs: [...(pool.SamlProviderARNs ?? []), arn] }
        : { SupportedLoginProviders: { ...pool.SupportedLoginProviders, [key]: appOf(provider) } };
  await aws('cognito-identity', 'UpdateIdentityPool', { ...pool, ...change });
}

/** IAM may know the provider from before; then it learns of the app alone. */
export async function registerWithIam(provider: StandInView): Promise<string> {
  const { kind, name, issuer, clients } = provider;
  const arn = arnInIam(provider);
  try {
    if (kind === 'saml') {
      const { metadata } = await call<{ metadata: string }>('GET', `/stand-ins/${name}/metadata`);
      await iam('CreateSAMLProvider', { Name: name, SAMLMetadataDocument: metadata });
    } else {
      await iam('CreateOpenIDConnectProvider', { Url: issuer, ClientIDList: clients.map(({ id }) => id) });
    }
  } catch (error) {
    if (!(error instanceof BenchCallError) || !error.code.startsWith('EntityAlreadyExists')) throw error;
    if (kind === 'saml') return arn;
    for (const { id } of clients) {
      await iam('AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn: arn, ClientID: id });
    }
  }
  return arn;
}
