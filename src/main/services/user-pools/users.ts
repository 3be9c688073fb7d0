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
  DeleteUserRequest,
  GetUserRequest,
  GetUserResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { adminCreateUser as createByAdmin } from './admin-create-user.ts';
import { poolResource, requirePool, requireUser } from './lookup.ts';
import { mfaView } from './mfa-view.ts';
import { readableAttributes } from './policies/attribute-schema.ts';
import { requireSignedInUser } from './signed-in-user.ts';
import { listUsers } from './user-list.ts';
import { attributeList, userType } from './wire.ts';

type Needs = Pick<
  Services,
  | 'appClients'
  | 'ids'
  | 'inbox'
  | 'mfaFactors'
  | 'powers'
  | 'random'
  | 'refreshTokens'
  | 'store'
  | 'triggers'
  | 'userPools'
  | 'users'
>;

export const userFamily = family<'cognito-idp', Needs>('cognito-idp', 'users', {
  AdminCreateUser: { resources: poolResource, run: adminCreateUser },
  AdminGetUser: { resources: poolResource, run: adminGetUser },
  AdminDeleteUser: { resources: poolResource, run: adminDeleteUser },
  AdminDisableUser: { resources: poolResource, run: adminDisableUser },
  AdminEnableUser: { resources: poolResource, run: adminEnableUser },
  GetUser: { auth: 'access-token', run: getUser },
  DeleteUser: { auth: 'access-token', run: deleteUser },
  ListUsers: { resources: poolResource, run: listUsers },
});

function adminCreateUser(input: AdminCreateUserRequest, call: Call, services: Needs): Promise<AdminCreateUserResponse> {
  return createByAdmin(input, call, services);
}

function adminGetUser(input: AdminGetUserRequest, call: Call, services: Needs): AdminGetUserResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  const { Attributes, ...rest } = userType(user);
  return { ...rest, Username: user.username, UserAttributes: Attributes ?? [], ...mfaView(user, services) };
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
  return { Username: user.username, UserAttributes: attributeList(user, shown), ...mfaView(user, services) };
}

function deleteUser(_input: DeleteUserRequest, call: Call, services: Needs): void {
  const { pool, user } = requireSignedInUser(call, services);
  services.store.write((tx) => {
    services.users.delete(user);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-USER-2', 'The user is gone, by the user’s own wish, and the name is free again.', {
    username: user.username,
  });
}
