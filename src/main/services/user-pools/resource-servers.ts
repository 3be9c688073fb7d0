import type {
  CreateResourceServerRequest,
  CreateResourceServerResponse,
  DeleteResourceServerRequest,
  DescribeResourceServerRequest,
  DescribeResourceServerResponse,
  ListResourceServersRequest,
  ListResourceServersResponse,
  ResourceServerType,
  UpdateResourceServerRequest,
  UpdateResourceServerResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { USER_POOL_QUOTAS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { ResourceServerRecord } from '../../store/repositories/resource-servers.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { poolResource, requirePool } from './lookup.ts';
import { badPageToken } from './pools.ts';

type Needs = Pick<Services, 'config' | 'resourceServers' | 'store' | 'userPools'>;

export const resourceServers = family<'cognito-idp', Needs>('cognito-idp', 'resource-servers', {
  CreateResourceServer: { resources: poolResource, run: createResourceServer },
  DescribeResourceServer: { resources: poolResource, run: describeResourceServer },
  UpdateResourceServer: { resources: poolResource, run: updateResourceServer },
  DeleteResourceServer: { resources: poolResource, run: deleteResourceServer },
  ListResourceServers: { resources: poolResource, run: listResourceServers },
});

// The most that one answer lists.
const PAGE = 50;

function createResourceServer(
  input: CreateResourceServerRequest,
  call: Call,
  services: Needs,
): CreateResourceServerResponse {
  const { config, resourceServers: servers, store } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const server: ResourceServerRecord = {
    account: pool.account,
    userPoolId: pool.id,
    identifier: input.Identifier,
    name: input.Name,
    scopes: checkedScopes(call, input.Scopes),
  };
  store.write((tx) => {
    if (servers.find(pool.id, server.identifier)) {
      throw call.why.refuse(
        'UP-RS-1',
        'The pool has a resource server with this identifier already.',
        fault('InvalidParameterException', `${server.identifier} already exists in user pool ${pool.id}.`),
      );
    }
    if (servers.count(pool.id) >= USER_POOL_QUOTAS[config.limits].resourceServersPerPool) {
      throw call.why.refuse(
        'UP-RS-2',
        'The pool has as many resource servers as its quota allows.',
        // guessed wording: no source found
        fault('LimitExceededException', 'Exceeded the limit of resource servers for this user pool.'),
      );
    }
    servers.insert(server);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  return { ResourceServer: resourceServerType(server) };
}

function checkedScopes(call: Call, scopes: CreateResourceServerRequest['Scopes'] = []): ResourceServerRecord['scopes'] {
  const names = scopes.map(({ ScopeName }) => ScopeName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw call.why.refuse(
      'UP-RS-3',
      `The scope ${twice} is given twice.`,
      // guessed wording: no source found
      fault('InvalidParameterException', `Duplicate scope name ${twice} is not allowed in a resource server.`),
    );
  }
  return scopes;
}

function describeResourceServer(
  input: DescribeResourceServerRequest,
  call: Call,
  services: Needs,
): DescribeResourceServerResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { ResourceServer: resourceServerType(requireServer(call, pool, input.Identifier, services)) };
}

function updateResourceServer(
  input: UpdateResourceServerRequest,
  call: Call,
  services: Needs,
): UpdateResourceServerResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const server = requireServer(call, pool, input.Identifier, services);
  const updated = { ...server, name: input.Name, scopes: checkedScopes(call, input.Scopes) };
  services.store.write((tx) => {
    services.resourceServers.update(updated);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-RS-4', 'The scopes are replaced; clients that had one that is gone keep its name to no effect.');
  return { ResourceServer: resourceServerType(updated) };
}

function deleteResourceServer(input: DeleteResourceServerRequest, call: Call, services: Needs): void {
  const pool = requirePool(call, input.UserPoolId, services);
  const server = requireServer(call, pool, input.Identifier, services);
  services.store.write((tx) => {
    services.resourceServers.delete(server);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
}

function listResourceServers(
  input: ListResourceServersRequest,
  call: Call,
  services: Needs,
): ListResourceServersResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const scope = `ListResourceServers:${pool.id}`;
  const after = input.NextToken === undefined ? '' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw badPageToken(call);
  const limit = input.MaxResults ?? PAGE;
  const found = services.resourceServers.list(pool.id, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    ResourceServers: page.map(resourceServerType),
    ...(found.length > page.length && last ? { NextToken: pageToken(scope, last.identifier) } : {}),
  };
}

function requireServer(
  call: Call,
  pool: UserPoolRecord,
  identifier: string,
  services: Pick<Services, 'resourceServers'>,
): ResourceServerRecord {
  const server = services.resourceServers.find(pool.id, identifier);
  if (server) return server;
  throw call.why.refuse(
    'UP-RS-5',
    'The pool has no such resource server.',
    fault('ResourceNotFoundException', `Resource server ${identifier} does not exist.`),
    { userPool: pool.id, identifier },
  );
}

function resourceServerType(server: ResourceServerRecord): ResourceServerType {
  return {
    UserPoolId: server.userPoolId,
    Identifier: server.identifier,
    Name: server.name,
    Scopes: [...server.scopes],
  };
}
