import type {
  AdminAddUserToGroupRequest,
  AdminListGroupsForUserRequest,
  AdminListGroupsForUserResponse,
  AdminRemoveUserFromGroupRequest,
  CreateGroupRequest,
  CreateGroupResponse,
  DeleteGroupRequest,
  GetGroupRequest,
  GetGroupResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  ListUsersInGroupRequest,
  ListUsersInGroupResponse,
  UpdateGroupRequest,
  UpdateGroupResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { GROUPS_PER_USER, USER_POOL_QUOTAS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { GroupRecord } from '../../store/repositories/groups.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { poolResource, requirePool, requireUser } from './lookup.ts';
import { badPageToken } from './pools.ts';
import { groupType, userType } from './wire.ts';

type Needs = Pick<Services, 'config' | 'groups' | 'store' | 'userPools' | 'users'>;

export const groups = family<'cognito-idp', Needs>('cognito-idp', 'groups', {
  CreateGroup: { resources: poolResource, run: createGroup },
  GetGroup: { resources: poolResource, run: getGroup },
  UpdateGroup: { resources: poolResource, run: updateGroup },
  DeleteGroup: { resources: poolResource, run: deleteGroup },
  ListGroups: { resources: poolResource, run: listGroups },
  ListUsersInGroup: { resources: poolResource, run: listUsersInGroup },
  AdminAddUserToGroup: { resources: poolResource, run: adminAddUserToGroup },
  AdminRemoveUserFromGroup: { resources: poolResource, run: adminRemoveUserFromGroup },
  AdminListGroupsForUser: { resources: poolResource, run: adminListGroupsForUser },
});

const PAGE = 60;

function requireGroup(call: Call, pool: UserPoolRecord, name: string, services: Needs): GroupRecord {
  const group = services.groups.find(pool.id, name);
  if (group) return group;
  throw call.why.refuse(
    'UP-GROUP-2',
    `The pool has no group ${name}.`,
    // text from memory
    fault('ResourceNotFoundException', 'Group not found.'),
    { userPool: pool.id, group: name },
  );
}

function createGroup(input: CreateGroupRequest, call: Call, services: Needs): CreateGroupResponse {
  const { config, groups: kept, store } = services;
  const { why } = call;
  const group = store.write((tx) => {
    const pool = requirePool(call, input.UserPoolId, services);
    if (kept.find(pool.id, input.GroupName)) {
      throw why.refuse(
        'UP-GROUP-1',
        'The pool has a group of this name already.',
        fault('GroupExistsException', 'A group with the name already exists'),
        { group: input.GroupName },
      );
    }
    if (kept.count(pool.id) >= USER_POOL_QUOTAS[config.limits].groupsPerPool) {
      throw why.refuse(
        'UP-GROUP-3',
        'The pool has as many groups as its quota allows.',
        // guessed wording: no source found
        fault('LimitExceededException', 'Exceeded the limit of groups for this user pool.'),
        { limits: config.limits },
      );
    }
    const record: GroupRecord = {
      account: pool.account,
      userPoolId: pool.id,
      name: input.GroupName,
      description: input.Description,
      roleArn: input.RoleArn,
      precedence: input.Precedence,
      createdAt: call.now,
      modifiedAt: call.now,
    };
    kept.insert(record);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return record;
  });
  why.pass('UP-GROUP-1', 'Nothing else has this name, and the group is made.', { group: group.name });
  return { Group: groupType(group) };
}

function getGroup(input: GetGroupRequest, call: Call, services: Needs): GetGroupResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { Group: groupType(requireGroup(call, pool, input.GroupName, services)) };
}

function updateGroup(input: UpdateGroupRequest, call: Call, services: Needs): UpdateGroupResponse {
  const updated = services.store.write((tx) => {
    const pool = requirePool(call, input.UserPoolId, services);
    const group = requireGroup(call, pool, input.GroupName, services);
    const record: GroupRecord = {
      ...group,
      description: input.Description ?? group.description,
      roleArn: input.RoleArn ?? group.roleArn,
      precedence: input.Precedence ?? group.precedence,
      modifiedAt: call.now,
    };
    services.groups.update(record);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return record;
  });
  call.why.choose('UP-GROUP-4', 'What the request leaves out stays as it was.', { group: updated.name });
  return { Group: groupType(updated) };
}

function deleteGroup(input: DeleteGroupRequest, call: Call, services: Needs): void {
  services.store.write((tx) => {
    const pool = requirePool(call, input.UserPoolId, services);
    services.groups.delete(requireGroup(call, pool, input.GroupName, services));
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-GROUP-5', 'The group is gone; its members stay, without it.', { group: input.GroupName });
}

function listGroups(input: ListGroupsRequest, call: Call, services: Needs): ListGroupsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const scope = `ListGroups:${pool.id}`;
  const after = input.NextToken === undefined ? '' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw badPageToken(call);
  const limit = input.Limit || PAGE;
  const found = services.groups.list(pool.id, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    Groups: page.map(groupType),
    ...(found.length > page.length && last ? { NextToken: pageToken(scope, last.name) } : {}),
  };
}

function listUsersInGroup(input: ListUsersInGroupRequest, call: Call, services: Needs): ListUsersInGroupResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const group = requireGroup(call, pool, input.GroupName, services);
  const scope = `ListUsersInGroup:${pool.id}:${group.name}`;
  const after = input.NextToken === undefined ? '0' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw badPageToken(call);
  const limit = input.Limit || PAGE;
  const found = services.groups.members(group, Number(after), limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    Users: page.flatMap((number) => {
      const user = services.users.find(number);
      return user ? [userType(user)] : [];
    }),
    ...(found.length > page.length && last !== undefined ? { NextToken: pageToken(scope, String(last)) } : {}),
  };
}

function adminAddUserToGroup(input: AdminAddUserToGroupRequest, call: Call, services: Needs): void {
  const { config, groups: kept, store } = services;
  store.write((tx) => {
    const pool = requirePool(call, input.UserPoolId, services);
    const user = requireUser(call, pool, input.Username, services);
    const group = requireGroup(call, pool, input.GroupName, services);
    const present = kept.ofUser(user.number);
    const isMember = present.some(({ name }) => name === group.name);
    if (!isMember && present.length >= GROUPS_PER_USER && config.limits !== 'off') {
      throw call.why.refuse(
        'UP-GROUP-6',
        `The user is in ${GROUPS_PER_USER} groups already.`,
        // guessed: the model declares no LimitExceededException here
        fault('InvalidParameterException', `A user can be a member of at most ${GROUPS_PER_USER} groups.`),
        { username: user.username },
      );
    }
    kept.add(group, user.number);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-GROUP-7', 'The user is in the group; tokens say so from the next ones on.', {
    group: input.GroupName,
  });
}

function adminRemoveUserFromGroup(input: AdminRemoveUserFromGroupRequest, call: Call, services: Needs): void {
  services.store.write((tx) => {
    const pool = requirePool(call, input.UserPoolId, services);
    const user = requireUser(call, pool, input.Username, services);
    services.groups.remove(requireGroup(call, pool, input.GroupName, services), user.number);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-GROUP-7', 'The user is not in the group; tokens say so from the next ones on.', {
    group: input.GroupName,
  });
}

function adminListGroupsForUser(
  input: AdminListGroupsForUserRequest,
  call: Call,
  services: Needs,
): AdminListGroupsForUserResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  const scope = `AdminListGroupsForUser:${pool.id}:${user.number}`;
  const from = input.NextToken === undefined ? '0' : readPageToken(scope, input.NextToken);
  if (from === undefined) throw badPageToken(call);
  const limit = input.Limit || PAGE;
  // A hundred groups at most, so counting from the top is cheap, and their order may change between pages.
  const all = services.groups.ofUser(user.number);
  const end = Number(from) + limit;
  call.why.choose('UP-GROUP-8', 'The user’s groups, the strongest first.', { username: user.username });
  return {
    Groups: all.slice(Number(from), end).map(groupType),
    ...(all.length > end ? { NextToken: pageToken(scope, String(end)) } : {}),
  };
}
