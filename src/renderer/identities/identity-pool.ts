import type { Operations, RoleMapping } from '../../shared/aws/cognito-identity.ts';
import type { BenchEvent } from '../../shared/events.ts';
import { aws, type OnWire } from '../data/aws.ts';
import { openAt } from '../data/route.ts';
import { currentAccount } from '../data/session.ts';

type Name = keyof Operations;
type Input<Operation extends Name> = Operations[Operation] extends { input: infer Shape } ? Shape : never;
type Output<Operation extends Name> = Operations[Operation] extends { output: infer Shape } ? OnWire<Shape> : never;

export type IdentityPool = Output<'DescribeIdentityPool'>;
export type PoolChange = Partial<Omit<Input<'UpdateIdentityPool'>, 'IdentityPoolId'>>;
export type { RoleMapping };

/** A pool's default roles and role mappings; they are saved together. */
export interface PoolRoles {
  readonly authenticated?: string | undefined;
  readonly unauthenticated?: string | undefined;
  readonly mappings: { readonly [provider: string]: RoleMapping };
}

export interface TabProps {
  readonly pool: IdentityPool;
  /** What is chosen in the tab. */
  readonly item: string | undefined;
}

/** A call to the identity-pool service. */
export const identity = <Operation extends Name>(
  operation: Operation,
  input: Input<Operation>,
): Promise<Output<Operation>> =>
  aws('cognito-identity', operation, input as never) as unknown as Promise<Output<Operation>>;

export const openTab = (pool: IdentityPool, ...path: string[]): void =>
  openAt('identities', pool.IdentityPoolId, ...path);

/** UpdateIdentityPool replaces the whole definition, so a change is sent with everything else as it is. */
export const savePool = (pool: IdentityPool, change: PoolChange): Promise<unknown> =>
  identity('UpdateIdentityPool', { ...pool, ...change });

export async function getRoles(poolId: string): Promise<PoolRoles> {
  const { Roles = {}, RoleMappings = {} } = await identity('GetIdentityPoolRoles', { IdentityPoolId: poolId });
  return { authenticated: Roles['authenticated'], unauthenticated: Roles['unauthenticated'], mappings: RoleMappings };
}

export const saveRoles = (poolId: string, { authenticated, unauthenticated, mappings }: PoolRoles): Promise<unknown> =>
  identity('SetIdentityPoolRoles', {
    IdentityPoolId: poolId,
    Roles: { ...(authenticated && { authenticated }), ...(unauthenticated && { unauthenticated }) },
    RoleMappings: mappings,
  });

export const arnOf = (poolId: string): string =>
  `arn:aws:cognito-identity:${poolId.split(':')[0]}:${currentAccount()}:identitypool/${poolId}`;

/** The name that apps give a user pool in `Logins`. */
export const loginKey = (userPoolId: string): string =>
  `cognito-idp.${userPoolId.split('_')[0]}.amazonaws.com/${userPoolId}`;

/** The pool and the app client in a mapping's name of a user pool. */
export function userPoolIn(provider: string): { readonly userPoolId: string; readonly clientId: string } | undefined {
  const found = /^cognito-idp\.[\w-]+\.amazonaws\.com(?:\.cn)?\/([\w-]+):(\w+)$/.exec(provider);
  return found ? { userPoolId: found[1] ?? '', clientId: found[2] ?? '' } : undefined;
}

export interface Provider {
  /** As role mappings and principal tags name it. */
  readonly key: string;
  /** As `Logins` and the descriptions of identities name it. */
  readonly login: string;
  readonly kind: 'User pool' | 'Social' | 'OpenID Connect' | 'SAML';
}

/** Everything that role mappings can be for. */
export function providersOf(pool: IdentityPool): Provider[] {
  return [
    ...(pool.CognitoIdentityProviders ?? []).map(({ ProviderName = '', ClientId = '' }): Provider => {
      const login = loginKey(ProviderName.split('/').at(-1) ?? '');
      return { key: `${login}:${ClientId}`, login, kind: 'User pool' };
    }),
    ...Object.keys(pool.SupportedLoginProviders ?? {}).map((name): Provider => ({
      key: name,
      login: name,
      kind: 'Social',
    })),
    ...(pool.OpenIdConnectProviderARNs ?? []).map((arn): Provider => ({
      key: arn,
      login: arn.split(':oidc-provider/').at(-1) ?? arn,
      kind: 'OpenID Connect',
    })),
    ...(pool.SamlProviderARNs ?? []).map((arn): Provider => ({ key: arn, login: arn, kind: 'SAML' })),
  ];
}

/** Whether a pool's identities may be others since. */
export function changesIdentities(event: BenchEvent, poolId: string): boolean {
  switch (event.type) {
    case 'identity.created':
    case 'identity.linked':
    case 'identity.merged':
    case 'identity-pool.changed':
      return event.data.identityPoolId === poolId;
    case 'trace.closed':
      return event.data.record.operation === 'GetCredentialsForIdentity';
    case 'account.reset':
    case 'bench.reset':
      return true;
    default:
      return false;
  }
}

export const asLines = (pairs: { readonly [key: string]: string }): string =>
  Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');

export const fromLines = (text: string): { [key: string]: string } =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [key = '', ...rest] = line.split('=');
        return [key.trim(), rest.join('=').trim()];
      }),
  );
