import type {
  CreateUserPoolClientRequest,
  CreateUserPoolClientResponse,
  DeleteUserPoolClientRequest,
  DescribeUserPoolClientRequest,
  DescribeUserPoolClientResponse,
  ListUserPoolClientsRequest,
  ListUserPoolClientsResponse,
  UpdateUserPoolClientRequest,
  UpdateUserPoolClientResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { USER_POOL_QUOTAS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { AppClientSettings } from '../../store/repositories/app-clients.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import {
  addUserPoolClientSecret,
  deleteUserPoolClientSecret,
  listUserPoolClientSecrets,
  newSecret,
} from './client-secrets.ts';
import { enforce } from './enforce.ts';
import { poolResource, requireClient, requirePool } from './lookup.ts';
import {
  attributeListsProblem,
  clientSettings,
  clientTokenProblem,
  flowNamesProblem,
  oauthProblem,
  rotationProblem,
  validityProblem,
} from './policies/client-configuration.ts';
import { badPageToken } from './pools.ts';
import {
  CLIENT_SESSION_NOTE,
  getUserPoolClientSessionConfiguration,
  setUserPoolClientSessionConfiguration,
} from './session-configuration.ts';
import { userPoolClientType } from './wire.ts';

type Needs = Pick<
  Services,
  'appClients' | 'config' | 'identityProviders' | 'ids' | 'poolDocuments' | 'resourceServers' | 'store' | 'userPools'
>;

export const clients = family<'cognito-idp', Needs>('cognito-idp', 'clients', {
  CreateUserPoolClient: { resources: poolResource, run: createUserPoolClient },
  DescribeUserPoolClient: { resources: poolResource, run: describeUserPoolClient },
  UpdateUserPoolClient: { resources: poolResource, run: updateUserPoolClient },
  DeleteUserPoolClient: { resources: poolResource, run: deleteUserPoolClient },
  ListUserPoolClients: { resources: poolResource, run: listUserPoolClients },
  AddUserPoolClientSecret: { resources: poolResource, run: addUserPoolClientSecret },
  DeleteUserPoolClientSecret: { resources: poolResource, run: deleteUserPoolClientSecret },
  ListUserPoolClientSecrets: { resources: poolResource, run: listUserPoolClientSecrets },
  GetUserPoolClientSessionConfiguration: { resources: poolResource, run: getUserPoolClientSessionConfiguration },
  SetUserPoolClientSessionConfiguration: {
    resources: poolResource,
    note: CLIENT_SESSION_NOTE,
    run: setUserPoolClientSessionConfiguration,
  },
});

function checkedSettings(
  call: Call,
  asked: AppClientSettings,
  pool: UserPoolRecord,
  hasSecret: boolean,
  verb: 'creating' | 'updating',
  services: Needs,
): AppClientSettings {
  const settings = clientSettings(asked);
  const { why } = call;
  enforce(why, 'UP-CLIENT-2', 'The tokens’ validities are within range.', validityProblem(settings));
  enforce(why, 'UP-CLIENT-3', 'The names of the flows are of one kind.', flowNamesProblem(settings.ExplicitAuthFlows));
  enforce(
    why,
    'UP-CLIENT-4',
    'The attributes to read and write are of the pool’s schema.',
    attributeListsProblem(settings, pool.settings.SchemaAttributes ?? [], verb),
  );
  const surroundings = {
    userPoolId: pool.id,
    hasSecret,
    hasProvider: (name: string): boolean => services.identityProviders.find(pool.id, name) !== undefined,
    scopes: services.resourceServers.scopesOf(pool.id),
  };
  enforce(why, 'UP-CLIENT-5', 'The OAuth settings fit together.', oauthProblem(settings, surroundings));
  enforce(
    why,
    'UP-CLIENT-10',
    'Rotation of refresh tokens and the older way of refreshing do not meet.',
    rotationProblem(settings),
  );
  enforce(
    why,
    'UP-CLIENT-11',
    'A client that gets tokens for itself has a secret and no other flow.',
    clientTokenProblem(settings, hasSecret),
  );
  return settings;
}

function createUserPoolClient(
  input: CreateUserPoolClientRequest,
  call: Call,
  services: Needs,
): CreateUserPoolClientResponse {
  const { appClients, config, ids, store } = services;
  const { UserPoolId: poolId, ClientName: name, GenerateSecret: generate, ClientSecret: given, ...asked } = input;
  const pool = requirePool(call, poolId, services);
  const secret = given ?? (generate ? ids.clientSecret() : undefined);
  const settings = checkedSettings(call, asked, pool, secret !== undefined, 'creating', services);
  const id = ids.appClient();
  const client = store.write((tx) => {
    if (appClients.count(pool.id) >= USER_POOL_QUOTAS[config.limits].appClientsPerPool) {
      throw call.why.refuse(
        'UP-CLIENT-9',
        'The pool has as many app clients as its quota allows.',
        // guessed wording: no source found
        fault('LimitExceededException', 'Exceeded the limit of app clients for this user pool.'),
        { limits: config.limits },
      );
    }
    const record = {
      id,
      account: pool.account,
      userPoolId: pool.id,
      name,
      secrets: secret === undefined ? [] : [newSecret(id, secret, call.now)],
      settings,
      createdAt: call.now,
      modifiedAt: call.now,
    };
    appClients.insert(record);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return record;
  });
  call.why.choose('UP-CLIENT-1', 'What the request leaves out takes its default.', {
    client: client.id,
    hasSecret: secret !== undefined,
  });
  return { UserPoolClient: userPoolClientType(client) };
}

function describeUserPoolClient(
  input: DescribeUserPoolClientRequest,
  call: Call,
  services: Needs,
): DescribeUserPoolClientResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { UserPoolClient: userPoolClientType(requireClient(call, pool, input.ClientId, services)) };
}

function updateUserPoolClient(
  input: UpdateUserPoolClientRequest,
  call: Call,
  services: Needs,
): UpdateUserPoolClientResponse {
  const { appClients, store } = services;
  const { UserPoolId: poolId, ClientId: id, ClientName: name, ...asked } = input;
  const pool = requirePool(call, poolId, services);
  const client = requireClient(call, pool, id, services);
  const settings = checkedSettings(call, asked, pool, client.secrets.length > 0, 'updating', services);
  const updated = { ...client, name: name ?? client.name, settings, modifiedAt: call.now };
  store.write((tx) => {
    appClients.update(updated);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-CLIENT-7', 'An update replaces every setting and leaves the secret alone.', { client: id });
  return { UserPoolClient: userPoolClientType(updated) };
}

function deleteUserPoolClient(input: DeleteUserPoolClientRequest, call: Call, services: Needs): void {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  services.store.write((tx) => {
    services.appClients.delete(client.id);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
}

function listUserPoolClients(
  input: ListUserPoolClientsRequest,
  call: Call,
  services: Needs,
): ListUserPoolClientsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const scope = `ListUserPoolClients:${pool.id}`;
  const after = input.NextToken === undefined ? '' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw badPageToken(call);
  const limit = input.MaxResults ?? 60;
  const found = services.appClients.list(pool.id, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    UserPoolClients: page.map(({ id, name, userPoolId }) => ({
      ClientId: id,
      UserPoolId: userPoolId,
      ClientName: name,
    })),
    ...(found.length > page.length && last ? { NextToken: pageToken(scope, last.id) } : {}),
  };
}
