import type {
  CreateUserRequest,
  CreateUserResponse,
  DeleteUserRequest,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
  User,
} from '../../../shared/aws/iam.ts';
import type { IamUserRecord } from '../../store/repositories/iam-users.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import {
  addTags,
  ALL,
  alreadyExists,
  boundaryToWire,
  callersName,
  checkBoundary,
  deleteConflict,
  onePage,
  onUser,
  pathOf,
  requireUser,
  tagsToWire,
  userArn,
} from './entities.ts';

type Needs = Pick<Services, 'config' | 'iamAccessKeys' | 'iamPolicies' | 'iamUsers' | 'ids' | 'store'>;

export const users = family<'iam', Needs>('iam', 'users', {
  CreateUser: { resources: ({ UserName, Path }, call) => [userArn(call, UserName, Path)], run: createUser },
  GetUser: { resources: onUser, run: getUser },
  ListUsers: { resources: ({ PathPrefix = '/' }, call) => [userArn(call, '', PathPrefix)], run: listUsers },
  DeleteUser: { resources: onUser, run: deleteUser },
});

function createUser(input: CreateUserRequest, call: Call, services: Needs): CreateUserResponse {
  const { UserName, Path = '/', PermissionsBoundary, Tags = [] } = input;
  const { account, now } = call;
  const { iamUsers, ids, store } = services;
  checkBoundary(PermissionsBoundary, call, services);
  const user: IamUserRecord = {
    account,
    name: UserName,
    id: ids.iamUser(),
    arn: userArn(call, UserName, Path),
    ...(PermissionsBoundary !== undefined && { permissionsBoundary: PermissionsBoundary }),
    tags: addTags({}, Tags, call, services),
    createdAt: now,
  };
  store.write(() => {
    if (iamUsers.findInAnyCase(account, UserName)) {
      throw alreadyExists(`User with name ${UserName} already exists.`, call);
    }
    iamUsers.insert(user);
  });
  return { User: toWire(user) };
}

/** Without a name, the caller. [AC-KEY-3] */
function getUser({ UserName }: GetUserRequest, call: Call, services: Pick<Services, 'iamUsers'>): GetUserResponse {
  const { account, caller, now } = call;
  if (UserName === undefined && caller.kind === 'developer') {
    // The root has neither name nor path; the model wants both. [assumed]
    return { User: { Path: '/', UserName: 'root', UserId: account, Arn: caller.arn, CreateDate: now } };
  }
  return { User: toWire(requireUser(callersName(UserName, call), call, services)) };
}

function listUsers(input: ListUsersRequest, call: Call, { iamUsers }: Pick<Services, 'iamUsers'>): ListUsersResponse {
  const { PathPrefix = '/' } = input;
  const found = iamUsers.list(call.account, { limit: ALL }).filter(({ arn }) => pathOf(arn).startsWith(PathPrefix));
  const { items, rest } = onePage(`users:${PathPrefix}`, input, call, found, ({ name }) => name);
  // Listings leave out what GetUser tells.
  return {
    Users: items.map((user) => {
      const { Tags: _tags, PermissionsBoundary: _boundary, ...listed } = toWire(user);
      return listed;
    }),
    ...rest,
  };
}

function deleteUser({ UserName }: DeleteUserRequest, call: Call, services: Needs): void {
  const { account } = call;
  const { iamAccessKeys, iamPolicies, iamUsers, store } = services;
  store.write(() => {
    requireUser(UserName, call, services);
    if (iamPolicies.attached({ account, kind: 'user', name: UserName }).length > 0) {
      throw deleteConflict(
        'Cannot delete entity, must detach all policies first.',
        'Managed policies are attached to the user.',
        call,
      );
    }
    if (iamUsers.policies(account, UserName).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.', 'The user has inline policies.', call);
    }
    if (iamAccessKeys.list(account, UserName).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete access keys first.', 'The user has access keys.', call);
    }
    iamUsers.remove(account, UserName);
  });
}

function toWire(user: IamUserRecord): User {
  return {
    Path: pathOf(user.arn),
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.createdAt,
    ...boundaryToWire(user.permissionsBoundary),
    ...(Object.keys(user.tags).length > 0 && { Tags: tagsToWire(user.tags) }),
  };
}
