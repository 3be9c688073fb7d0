import type {
  AdminCreateUserRequest,
  AdminCreateUserResponse,
  AdminDeleteUserRequest,
  AdminDisableUserRequest,
  AdminDisableUserResponse,
  AdminEnableUserRequest,
  AdminEnableUserResponse,
  AdminGetUserRequest,
  AdminGetUserResponse,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import { type Call, family, notBuilt } from '../family.ts';
import type { Services } from '../services.ts';
import { adminCreateUser as createByAdmin } from './admin-create-user.ts';
import { enforce } from './enforce.ts';
import { poolResource, requirePool, requireUser } from './lookup.ts';
import { readableAttributes } from './policies/attribute-schema.ts';
import { notBuiltSetting } from './policies/refusal.ts';
import { badPageToken } from './pools.ts';
import { requireSignedInUser } from './signed-in-user.ts';
import { attributeList, userType } from './wire.ts';

type Needs = Pick<
  Services,
  'appClients' | 'ids' | 'inbox' | 'powers' | 'random' | 'refreshTokens' | 'store' | 'userPools' | 'users'
>;

export const userFamily = family<'cognito-idp', Needs>('cognito-idp', 'users', {
  AdminCreateUser: { resources: poolResource, run: adminCreateUser },
  AdminGetUser: { resources: poolResource, run: adminGetUser },
  AdminDeleteUser: { resources: poolResource, run: adminDeleteUser },
  AdminDisableUser: { resources: poolResource, run: adminDisableUser },
  AdminEnableUser: { resources: poolResource, run: adminEnableUser },
  GetUser: { auth: 'access-token', run: getUser },
  DeleteUser: notBuilt('users deleting themselves', 'access-token'),
  ListUsers: { resources: poolResource, run: listUsers },
});

function adminCreateUser(input: AdminCreateUserRequest, call: Call, services: Needs): Promise<AdminCreateUserResponse> {
  return createByAdmin(input, call, services);
}

function adminGetUser(input: AdminGetUserRequest, call: Call, services: Needs): AdminGetUserResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  const { Attributes, ...rest } = userType(user);
  return { ...rest, Username: user.username, UserAttributes: Attributes ?? [] };
}

function adminDeleteUser(input: AdminDeleteUserRequest, call: Call, services: Needs): void {
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  services.store.write((tx) => {
    services.users.delete(user);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-ADMIN-7', 'The user is gone, and the name is free again.', { username: user.username });
}

function adminDisableUser(input: AdminDisableUserRequest, call: Call, services: Needs): AdminDisableUserResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  services.store.write((tx) => {
    services.users.update(user, { enabled: false }, call.now);
    services.refreshTokens.revokeAll(user.number, call.now);
    tx.announce('user.signed-out', { account: pool.account, userPoolId: pool.id, username: user.username });
  });
  call.why.choose('UP-ADMIN-6', 'The user is disabled, and the user’s tokens are revoked.');
  return {};
}

function adminEnableUser(input: AdminEnableUserRequest, call: Call, services: Needs): AdminEnableUserResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  services.store.write((tx) => {
    services.users.update(user, { enabled: true }, call.now);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-ADMIN-6', 'The user is enabled; tokens of before stay revoked.');
  return {};
}

function getUser(_input: GetUserRequest, call: Call, services: Needs): GetUserResponse {
  const { client, pool, user } = requireSignedInUser(call, services);
  const shown = readableAttributes(pool.settings.SchemaAttributes ?? [], client.settings.ReadAttributes);
  call.why.choose('UP-USER-1', 'The answer holds the attributes that the client may read.', {
    listed: client.settings.ReadAttributes ?? 'all',
  });
  return { Username: user.username, UserAttributes: attributeList(user, shown) };
}

function listUsers(input: ListUsersRequest, call: Call, services: Needs): ListUsersResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  enforce(
    call.why,
    'UP-LIST-2',
    'All users are asked for.',
    input.Filter ? notBuiltSetting('Filter of ListUsers') : undefined,
  );
  const wanted = input.AttributesToGet ?? [];
  const known = new Set((pool.settings.SchemaAttributes ?? []).map(({ Name }) => Name));
  if (wanted.some((name) => !known.has(name))) {
    throw call.why.refuse(
      'UP-LIST-3',
      'An attribute in AttributesToGet is not in the pool’s schema.',
      // text from memory
      fault('InvalidParameterException', 'One or more requested attributes do not exist.'),
      { attributes: wanted },
    );
  }
  const scope = `ListUsers:${pool.id}`;
  const after = input.PaginationToken === undefined ? '0' : readPageToken(scope, input.PaginationToken);
  if (after === undefined) throw badPageToken(call);
  const limit = input.Limit || 60;
  const found = services.users.list(pool.id, Number(after), limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const shown = wanted.length === 0 ? undefined : (name: string) => wanted.includes(name);
  return {
    Users: page.map((user) => userType(user, shown)),
    ...(found.length > page.length && last ? { PaginationToken: pageToken(scope, String(last.number)) } : {}),
  };
}
