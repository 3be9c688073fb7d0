import type {
  CreateIdentityProviderRequest,
  CreateIdentityProviderResponse,
  DeleteIdentityProviderRequest,
  DescribeIdentityProviderRequest,
  DescribeIdentityProviderResponse,
  GetIdentityProviderByIdentifierRequest,
  GetIdentityProviderByIdentifierResponse,
  IdentityProviderType,
  ListIdentityProvidersRequest,
  ListIdentityProvidersResponse,
  UpdateIdentityProviderRequest,
  UpdateIdentityProviderResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { USER_POOL_QUOTAS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { IdentityProviderRecord } from '../../store/repositories/identity-providers.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { adminDisableProviderForUser, adminLinkProviderForUser } from './linked-identities.ts';
import { poolResource, requirePool, requireProvider } from './lookup.ts';
import {
  completeDetails,
  completeMapping,
  detailsProblem,
  mappingProblem,
  providerNameProblem,
} from './policies/provider-details.ts';
import { STANDARD_IDENTITIES } from './policies/standard-attributes.ts';
import { badPageToken } from './pools.ts';

type Needs = Pick<Services, 'config' | 'groups' | 'identityProviders' | 'store' | 'userPools' | 'users'>;

const UNREAD = 'a MetadataURL is kept and not fetched, endpoints of an OIDC issuer are not discovered yet';

export const identityProviders = family<'cognito-idp', Needs>('cognito-idp', 'identity-providers', {
  CreateIdentityProvider: { resources: poolResource, note: UNREAD, run: createIdentityProvider },
  DescribeIdentityProvider: { resources: poolResource, run: describeIdentityProvider },
  UpdateIdentityProvider: { resources: poolResource, note: UNREAD, run: updateIdentityProvider },
  DeleteIdentityProvider: { resources: poolResource, run: deleteIdentityProvider },
  ListIdentityProviders: { resources: poolResource, run: listIdentityProviders },
  GetIdentityProviderByIdentifier: { resources: poolResource, run: getIdentityProviderByIdentifier },
  AdminLinkProviderForUser: { resources: poolResource, run: adminLinkProviderForUser },
  AdminDisableProviderForUser: { resources: poolResource, run: adminDisableProviderForUser },
});

// The most that one answer lists.
const PAGE = 60;

function createIdentityProvider(
  input: CreateIdentityProviderRequest,
  call: Call,
  services: Needs,
): CreateIdentityProviderResponse {
  const { config, identityProviders: providers, store } = services;
  const { ProviderName: name, ProviderType: type } = input;
  const pool = requirePool(call, input.UserPoolId, services);
  const kind = { provider: name, type };
  enforce(call.why, 'UP-IDP-1', 'The name fits the kind of provider.', providerNameProblem(name, type), kind);
  const provider = checked(call, pool, {
    account: pool.account,
    userPoolId: pool.id,
    name,
    type,
    details: input.ProviderDetails,
    attributeMapping: input.AttributeMapping ?? {},
    identifiers: input.IdpIdentifiers ?? [],
    createdAt: call.now,
    modifiedAt: call.now,
  });
  store.write((tx) => {
    if (providers.find(pool.id, name)) {
      throw call.why.refuse(
        'UP-IDP-1',
        'The pool has a provider of this name already.',
        // guessed wording: no source found
        fault('DuplicateProviderException', `A provider with the name ${name} already exists.`),
        kind,
      );
    }
    if (providers.count(pool.id) >= USER_POOL_QUOTAS[config.limits].identityProvidersPerPool) {
      throw call.why.refuse(
        'UP-IDP-6',
        'The pool has as many identity providers as its quota allows.',
        // guessed wording: no source found
        fault('LimitExceededException', 'Exceeded the limit of identity providers for this user pool.'),
      );
    }
    requireFreeIdentifiers(call, provider, services);
    providers.insert(provider);
    prepareForFederation(call, pool, provider, services);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-IDP-4', 'The pool knows `identities` from now on, and has a group for the provider’s people.');
  return { IdentityProvider: identityProviderType(provider) };
}

/** With defaults filled in. @throws where details, mapping or identifiers are wrong */
function checked(call: Call, pool: UserPoolRecord, asked: IdentityProviderRecord): IdentityProviderRecord {
  enforce(
    call.why,
    'UP-IDP-2',
    'The details that this kind of provider needs are there.',
    detailsProblem(asked.type, asked.details),
    { type: asked.type, given: Object.keys(asked.details) },
  );
  enforce(
    call.why,
    'UP-IDP-3',
    'The mapping goes to attributes of the pool.',
    mappingProblem(asked.attributeMapping, pool.settings.SchemaAttributes ?? []),
    { attributes: Object.keys(asked.attributeMapping) },
  );
  return {
    ...asked,
    details: completeDetails(asked.type, asked.details),
    attributeMapping: completeMapping(asked.type, asked.attributeMapping),
  };
}

function requireFreeIdentifiers(call: Call, provider: IdentityProviderRecord, services: Needs): void {
  const { userPoolId, identifiers } = provider;
  const taken = identifiers.find((identifier, index) => {
    const holder = services.identityProviders.findByIdentifier(userPoolId, identifier);
    return (holder && holder.name !== provider.name) || identifiers.indexOf(identifier) !== index;
  });
  if (taken === undefined) return;
  throw call.why.refuse(
    'UP-IDP-5',
    `The identifier ${taken} is given twice.`,
    // guessed wording: no source found
    fault('InvalidParameterException', `The identifier ${taken} is already associated with an identity provider.`),
  );
}

/** From the first provider on the schema has `identities`, and the people of each one have a group. */
function prepareForFederation(
  call: Call,
  pool: UserPoolRecord,
  { name }: IdentityProviderRecord,
  { groups, userPools }: Needs,
): void {
  const schema = pool.settings.SchemaAttributes ?? [];
  if (!schema.some(({ Name }) => Name === STANDARD_IDENTITIES.Name)) {
    userPools.update({
      ...pool,
      settings: { ...pool.settings, SchemaAttributes: [...schema, STANDARD_IDENTITIES] },
      modifiedAt: call.now,
    });
  }
  const group = `${pool.id}_${name}`;
  if (groups.find(pool.id, group)) return;
  groups.insert({
    account: pool.account,
    userPoolId: pool.id,
    name: group,
    description: `Autogenerated group for users who sign in using ${name}`,
    roleArn: undefined,
    precedence: undefined,
    createdAt: call.now,
    modifiedAt: call.now,
  });
}

function describeIdentityProvider(
  input: DescribeIdentityProviderRequest,
  call: Call,
  services: Needs,
): DescribeIdentityProviderResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { IdentityProvider: identityProviderType(requireProvider(call, pool, input.ProviderName, services)) };
}

function updateIdentityProvider(
  input: UpdateIdentityProviderRequest,
  call: Call,
  services: Needs,
): UpdateIdentityProviderResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const current = requireProvider(call, pool, input.ProviderName, services);
  const provider = checked(call, pool, {
    ...current,
    details: input.ProviderDetails ?? current.details,
    attributeMapping: input.AttributeMapping ?? current.attributeMapping,
    identifiers: input.IdpIdentifiers ?? current.identifiers,
    modifiedAt: call.now,
  });
  services.store.write((tx) => {
    requireFreeIdentifiers(call, provider, services);
    services.identityProviders.update(provider);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-IDP-7', 'Details, mapping and identifiers that were given are replaced; others stay.');
  return { IdentityProvider: identityProviderType(provider) };
}

function deleteIdentityProvider(input: DeleteIdentityProviderRequest, call: Call, services: Needs): void {
  const pool = requirePool(call, input.UserPoolId, services);
  const provider = requireProvider(call, pool, input.ProviderName, services);
  services.store.write((tx) => {
    services.identityProviders.delete(provider);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
}

function listIdentityProviders(
  input: ListIdentityProvidersRequest,
  call: Call,
  services: Needs,
): ListIdentityProvidersResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const scope = `ListIdentityProviders:${pool.id}`;
  const after = input.NextToken === undefined ? '' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw badPageToken(call);
  const limit = input.MaxResults || PAGE;
  const found = services.identityProviders.list(pool.id, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    Providers: page.map(({ name, type, createdAt, modifiedAt }) => ({
      ProviderName: name,
      ProviderType: type,
      LastModifiedDate: modifiedAt,
      CreationDate: createdAt,
    })),
    ...(found.length > page.length && last ? { NextToken: pageToken(scope, last.name) } : {}),
  };
}

function getIdentityProviderByIdentifier(
  input: GetIdentityProviderByIdentifierRequest,
  call: Call,
  services: Needs,
): GetIdentityProviderByIdentifierResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const provider = services.identityProviders.findByIdentifier(pool.id, input.IdpIdentifier);
  if (provider) return { IdentityProvider: identityProviderType(provider) };
  throw call.why.refuse(
    'UP-IDP-5',
    'No provider of the pool has this identifier.',
    // guessed wording: no source found
    fault('ResourceNotFoundException', `Identity provider with identifier ${input.IdpIdentifier} does not exist.`),
    { userPool: pool.id },
  );
}

function identityProviderType(provider: IdentityProviderRecord): IdentityProviderType {
  return {
    UserPoolId: provider.userPoolId,
    ProviderName: provider.name,
    ProviderType: provider.type,
    ProviderDetails: { ...provider.details },
    AttributeMapping: { ...provider.attributeMapping },
    IdpIdentifiers: [...provider.identifiers],
    LastModifiedDate: provider.modifiedAt,
    CreationDate: provider.createdAt,
  };
}
