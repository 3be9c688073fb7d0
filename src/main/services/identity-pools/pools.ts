import type {
  CreateIdentityPoolInput,
  DeleteIdentityPoolInput,
  DescribeIdentityPoolInput,
  IdentityPool,
  ListIdentityPoolsInput,
  ListIdentityPoolsResponse,
} from '../../../shared/aws/cognito-identity.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { IdentityPoolRecord, IdentityPoolSettings } from '../../store/repositories/identity-pools.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { identityPoolArn } from './arn.ts';
import { requirePool } from './existence.ts';
import { checkTags } from './pool-tags.ts';
import { readUserPoolProvider } from './provider-names.ts';
import { identityPoolToWire } from './wire.ts';

type Definition = CreateIdentityPoolInput | IdentityPool;
type Needs = Pick<Services, 'config' | 'directory' | 'identityPools' | 'ids' | 'store' | 'tokens'>;
type Checks = Pick<Needs, 'config' | 'directory' | 'tokens'>;

const MOST_POOLS = 1000;
const MOST_USER_POOL_CLIENTS = 50;

const ofPool = ({ IdentityPoolId }: { IdentityPoolId: string }, call: Call): string[] => [
  identityPoolArn(call, IdentityPoolId),
];

export const pools = family<'cognito-identity', Needs>('cognito-identity', 'pools', {
  CreateIdentityPool: { run: createIdentityPool },
  DescribeIdentityPool: { resources: ofPool, run: describeIdentityPool },
  UpdateIdentityPool: { resources: ofPool, run: updateIdentityPool },
  DeleteIdentityPool: { resources: ofPool, run: deleteIdentityPool },
  ListIdentityPools: { run: listIdentityPools },
});

function createIdentityPool(input: CreateIdentityPoolInput, call: Call, services: Needs): IdentityPool {
  const { account, region, now, why } = call;
  const { config, identityPools, ids, store } = services;
  checkDefinition(input, call, services);
  const pool: IdentityPoolRecord = {
    account,
    region,
    id: ids.identity(region),
    name: input.IdentityPoolName,
    allowsGuests: input.AllowUnauthenticatedIdentities,
    settings: settingsOf(input),
    tags: input.IdentityPoolTags ?? {},
    roles: {},
    roleMappings: {},
    principalTags: {},
    createdAt: now,
    modifiedAt: now,
  };
  store.write((tx) => {
    if (config.limits !== 'off' && identityPools.count(account) >= MOST_POOLS) {
      throw why.refuse(
        'IP-POOL-5',
        'The account has as many identity pools as it may have.',
        // guessed wording: no source found
        fault('LimitExceededException', `An account can have at most ${MOST_POOLS} identity pools.`),
      );
    }
    identityPools.insert(pool);
    tx.announce('identity-pool.changed', { account, identityPoolId: pool.id });
  });
  return identityPoolToWire(pool);
}

function describeIdentityPool(
  { IdentityPoolId }: DescribeIdentityPoolInput,
  call: Call,
  services: Pick<Services, 'identityPools'>,
): IdentityPool {
  return identityPoolToWire(requirePool(IdentityPoolId, call, services));
}

/** Replaces the whole definition: what is left out goes back to its default. [IP-POOL-2] */
function updateIdentityPool(
  input: IdentityPool,
  call: Call,
  services: Checks & Pick<Services, 'identityPools' | 'store'>,
): IdentityPool {
  const { account, now, why } = call;
  const { identityPools, store } = services;
  const known = requirePool(input.IdentityPoolId, call, services);
  checkDefinition(input, call, services);
  const { DeveloperProviderName: developer } = known.settings;
  if (developer !== undefined && input.DeveloperProviderName !== developer) {
    throw why.refuse(
      'IP-POOL-6',
      `A developer provider's name stays once it is set.`,
      // guessed wording: no source found
      fault('InvalidParameterException', 'The developer provider name cannot be changed once it is set.'),
      { is: developer, asked: input.DeveloperProviderName ?? null },
    );
  }
  return store.write((tx) => {
    const pool: IdentityPoolRecord = {
      ...requirePool(input.IdentityPoolId, call, services),
      name: input.IdentityPoolName,
      allowsGuests: input.AllowUnauthenticatedIdentities,
      settings: settingsOf(input),
      tags: input.IdentityPoolTags ?? {},
      modifiedAt: now,
    };
    identityPools.update(pool);
    tx.announce('identity-pool.changed', { account, identityPoolId: pool.id });
    return identityPoolToWire(pool);
  });
}

/** Identities and their data go with their pool. [IP-POOL-7] */
function deleteIdentityPool(
  { IdentityPoolId }: DeleteIdentityPoolInput,
  call: Call,
  services: Pick<Services, 'identityPools' | 'store'>,
): void {
  const { account } = call;
  requirePool(IdentityPoolId, call, services);
  services.store.write((tx) => {
    services.identityPools.remove(account, IdentityPoolId);
    tx.announce('identity-pool.changed', { account, identityPoolId: IdentityPoolId });
  });
}

function listIdentityPools(
  { MaxResults, NextToken }: ListIdentityPoolsInput,
  { account, why }: Call,
  { identityPools }: Pick<Services, 'identityPools'>,
): ListIdentityPoolsResponse {
  const scope = `identity-pools:${account}`;
  const after = NextToken === undefined ? undefined : readPageToken(scope, NextToken);
  if (NextToken !== undefined && after === undefined) {
    throw why.refuse('IP-LIST-1', 'The token is not of this listing.', invalidNextToken());
  }
  const found = identityPools.list(account, { ...(after && { after }), limit: MaxResults + 1 });
  const page = found.slice(0, MaxResults);
  return {
    IdentityPools: page.map(({ id, name }) => ({ IdentityPoolId: id, IdentityPoolName: name })),
    ...(found.length > MaxResults && { NextToken: pageToken(scope, page.at(-1)!.id) }),
  };
}

// guessed wording: no source found
export function invalidNextToken(): Error {
  return fault('InvalidParameterException', 'The given NextToken is not valid.');
}

/** The part of a definition that is kept as it came; absent members stay absent. */
function settingsOf(input: Definition): IdentityPoolSettings {
  const { AllowClassicFlow, DeveloperProviderName } = input;
  return {
    ...(AllowClassicFlow !== undefined && { AllowClassicFlow }),
    ...(DeveloperProviderName !== undefined && { DeveloperProviderName }),
    ...(hasAny(input.SupportedLoginProviders) && { SupportedLoginProviders: input.SupportedLoginProviders }),
    ...(hasAny(input.OpenIdConnectProviderARNs) && { OpenIdConnectProviderARNs: input.OpenIdConnectProviderARNs }),
    ...(hasAny(input.CognitoIdentityProviders) && { CognitoIdentityProviders: input.CognitoIdentityProviders }),
    ...(hasAny(input.SamlProviderARNs) && { SamlProviderARNs: input.SamlProviderARNs }),
  };
}

function hasAny<Value extends object>(value: Value | undefined): value is Value {
  return value !== undefined && Object.keys(value).length > 0;
}

function checkDefinition(input: Definition, call: Call, services: Checks): void {
  checkTags(input.IdentityPoolTags ?? {}, call);
  const providers = input.CognitoIdentityProviders ?? [];
  if (services.config.limits !== 'off' && providers.length > MOST_USER_POOL_CLIENTS) {
    throw call.why.refuse(
      'IP-POOL-5',
      'The pool would list more user pools and app clients than it may.',
      // guessed wording: no source found
      fault(
        'LimitExceededException',
        `An identity pool can have at most ${MOST_USER_POOL_CLIENTS} Cognito identity providers.`,
      ),
    );
  }
  for (const { ProviderName, ClientId } of providers) {
    if (isKnownClient(ProviderName, ClientId, call, services)) continue;
    throw call.why.refuse(
      'IP-POOL-4',
      'There is no such user pool with such an app client in this account.',
      fault('InvalidParameterException', 'Invalid Cognito Identity Provider'),
      { provider: ProviderName ?? null, clientId: ClientId ?? null },
    );
  }
}

function isKnownClient(
  providerName: string | undefined,
  clientId: string | undefined,
  { account }: Call,
  services: Checks,
): boolean {
  const provider = readUserPoolProvider(providerName ?? '', services);
  if (provider === undefined || clientId === undefined) return false;
  const client = services.directory.appClient(clientId);
  return client?.userPoolId === provider.userPoolId && client.account === account;
}
