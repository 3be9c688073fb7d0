import {
  AdminAddUserToGroupCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  type CreateGroupCommandInput,
  DeleteGroupCommand,
  GetGroupCommand,
  type GroupType,
  ListGroupsCommand,
  ListUsersInGroupCommand,
  UpdateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupFacts } from '../../../src/main/services/tokens/group-claims.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { addUser, type App, claimsOf, createApp, refused, signIn } from './setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
});
afterAll(() => bench.stop());

const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const NOT_FOUND = refused('ResourceNotFoundException', 'Group not found.');

async function create(
  { idp, userPoolId }: App,
  name: string,
  more: Partial<CreateGroupCommandInput> = {},
): Promise<GroupType> {
  const { Group } = await idp.send(new CreateGroupCommand({ UserPoolId: userPoolId, GroupName: name, ...more }));
  return Group!;
}

function join({ idp, userPoolId }: App, username: string, group: string): Promise<unknown> {
  return idp.send(new AdminAddUserToGroupCommand({ UserPoolId: userPoolId, Username: username, GroupName: group }));
}

async function groupsOf({ idp, userPoolId }: App, username: string): Promise<(string | undefined)[]> {
  const { Groups } = await idp.send(new AdminListGroupsForUserCommand({ UserPoolId: userPoolId, Username: username }));
  return Groups!.map(({ GroupName }) => GroupName);
}

describe('groups', () => {
  it('[UP-GROUP-1] are made once, and read back as they were made', async () => {
    const made = await create(app, 'admins', { Description: 'may all', RoleArn: role('Admin'), Precedence: 0 });
    expect(made).toMatchObject({
      GroupName: 'admins',
      UserPoolId: app.userPoolId,
      Description: 'may all',
      RoleArn: role('Admin'),
      Precedence: 0,
    });
    expect(made.CreationDate).toEqual(made.LastModifiedDate);
    const { Group } = await app.idp.send(new GetGroupCommand({ UserPoolId: app.userPoolId, GroupName: 'admins' }));
    expect(Group).toEqual(made);
    expect(await create(app, 'plain')).not.toHaveProperty('Precedence');
    await expect(create(app, 'admins')).rejects.toMatchObject(
      refused('GroupExistsException', 'A group with the name already exists'),
    );
    expect((await create(app, 'Admins')).GroupName).toBe('Admins');
  });

  it('[UP-GROUP-2] that are not there are told by every operation', async () => {
    await addUser(app, 'amy');
    const group = { UserPoolId: app.userPoolId, GroupName: 'nobodys' };
    const membership = { ...group, Username: 'amy' };
    for (const command of [new GetGroupCommand(group), new UpdateGroupCommand(group), new DeleteGroupCommand(group)]) {
      await expect(app.idp.send(command)).rejects.toMatchObject(NOT_FOUND);
    }
    await expect(app.idp.send(new ListUsersInGroupCommand(group))).rejects.toMatchObject(NOT_FOUND);
    await expect(app.idp.send(new AdminAddUserToGroupCommand(membership))).rejects.toMatchObject(NOT_FOUND);
    await expect(app.idp.send(new AdminRemoveUserFromGroupCommand(membership))).rejects.toMatchObject(NOT_FOUND);
    const other = await createApp(bench);
    await create(other, 'theirs');
    await expect(
      app.idp.send(new GetGroupCommand({ UserPoolId: app.userPoolId, GroupName: 'theirs' })),
    ).rejects.toMatchObject(NOT_FOUND);
    await expect(join(other, 'amy', 'theirs')).rejects.toMatchObject(
      refused('UserNotFoundException', 'User does not exist.'),
    );
  });

  it.each(['two words', '', 'x'.repeat(129)])('refuse the name %j', async (name) => {
    await expect(create(app, name)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('refuse a precedence below zero and a role that is no ARN', async () => {
    await expect(create(app, 'below', { Precedence: -1 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(create(app, 'roleless', { RoleArn: 'not an arn at all, really' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('[UP-GROUP-3] are at most 25 in a pool under the seed limits', async () => {
    const full = await createApp(bench);
    for (let index = 0; index < 25; index += 1) await create(full, `group${index}`);
    await expect(create(full, 'one-more')).rejects.toMatchObject({ name: 'LimitExceededException' });
    await full.idp.send(new DeleteGroupCommand({ UserPoolId: full.userPoolId, GroupName: 'group3' }));
    await create(full, 'one-more');
  });

  it('[UP-GROUP-3] are more under today’s limits, [UP-GROUP-6] of which a user is in a hundred', async () => {
    const today = await startBench({ limits: 'current' });
    try {
      const many = await createApp(today);
      await addUser(many, 'joiner');
      for (let index = 0; index < 101; index += 1) await create(many, `group${index}`);
      for (let index = 0; index < 100; index += 1) await join(many, 'joiner', `group${index}`);
      await expect(join(many, 'joiner', 'group100')).rejects.toMatchObject({ name: 'InvalidParameterException' });
      // Being in it already is no new membership.
      await join(many, 'joiner', 'group0');
    } finally {
      await today.stop();
    }
  });

  it('[UP-GROUP-4] keep on update what the request leaves out', async () => {
    await create(app, 'staff', { Description: 'here', RoleArn: role('Staff'), Precedence: 7 });
    await bench.advance({ minutes: 1 });
    const { Group } = await app.idp.send(
      new UpdateGroupCommand({ UserPoolId: app.userPoolId, GroupName: 'staff', Precedence: 3 }),
    );
    expect(Group).toMatchObject({ Description: 'here', RoleArn: role('Staff'), Precedence: 3 });
    expect(Group!.LastModifiedDate!.getTime()).toBeGreaterThan(Group!.CreationDate!.getTime());
  });

  it('[UP-GROUP-5] go without their members', async () => {
    await create(app, 'short-lived');
    await addUser(app, 'ben');
    await join(app, 'ben', 'short-lived');
    await app.idp.send(new DeleteGroupCommand({ UserPoolId: app.userPoolId, GroupName: 'short-lived' }));
    expect(await groupsOf(app, 'ben')).toEqual([]);
    await create(app, 'short-lived');
    expect(await groupsOf(app, 'ben')).toEqual([]);
  });

  it('[UP-LIST-1] are listed in pages, and so are their members', async () => {
    const paged = await createApp(bench);
    for (const name of ['c', 'a', 'b']) await create(paged, name);
    const pool = { UserPoolId: paged.userPoolId };
    const first = await paged.idp.send(new ListGroupsCommand({ ...pool, Limit: 2 }));
    expect(first.Groups!.map(({ GroupName }) => GroupName)).toEqual(['a', 'b']);
    const second = await paged.idp.send(new ListGroupsCommand({ ...pool, Limit: 2, NextToken: first.NextToken }));
    expect(second.Groups!.map(({ GroupName }) => GroupName)).toEqual(['c']);
    expect(second).not.toHaveProperty('NextToken');

    for (const name of ['x', 'y', 'z']) {
      await addUser(paged, name);
      await join(paged, name, 'a');
    }
    const members = { ...pool, GroupName: 'a', Limit: 2 };
    const some = await paged.idp.send(new ListUsersInGroupCommand(members));
    const rest = await paged.idp.send(new ListUsersInGroupCommand({ ...members, NextToken: some.NextToken }));
    expect([...some.Users!, ...rest.Users!].map(({ Username }) => Username)).toEqual(['x', 'y', 'z']);
    expect(some.Users![0]).toMatchObject({ Enabled: true, UserStatus: 'CONFIRMED' });
    await expect(
      paged.idp.send(new ListUsersInGroupCommand({ ...members, GroupName: 'b', NextToken: some.NextToken })),
    ).rejects.toMatchObject(refused('InvalidParameterException', 'Invalid pagination token given.'));
    await expect(paged.idp.send(new ListGroupsCommand({ ...pool, NextToken: some.NextToken }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('[UP-GROUP-8] of a user come strongest first, in pages', async () => {
    const ranked = await createApp(bench);
    await addUser(ranked, 'cid');
    for (const [name, Precedence] of [
      ['late', 9],
      ['none', undefined],
      ['top', 0],
    ] as const) {
      await create(ranked, name, Precedence === undefined ? {} : { Precedence });
      await join(ranked, 'cid', name);
    }
    expect(await groupsOf(ranked, 'cid')).toEqual(['top', 'late', 'none']);
    const page = { UserPoolId: ranked.userPoolId, Username: 'cid', Limit: 2 };
    const first = await ranked.idp.send(new AdminListGroupsForUserCommand(page));
    const rest = await ranked.idp.send(new AdminListGroupsForUserCommand({ ...page, NextToken: first.NextToken }));
    expect(rest.Groups!.map(({ GroupName }) => GroupName)).toEqual(['none']);
    expect(rest).not.toHaveProperty('NextToken');
  });
});

describe('tokens of members', () => {
  it('[TK-GROUP-1] carry groups, roles and the preferred role, [UP-GROUP-7] from the next ones on', async () => {
    const member = await createApp(bench);
    await addUser(member, 'dan');
    const before = await signIn(member, 'dan');
    expect(claimsOf(before.id)).not.toHaveProperty('cognito:groups');
    expect(claimsOf(before.access)).not.toHaveProperty('cognito:groups');
    await create(member, 'readers', { RoleArn: role('Reader'), Precedence: 5 });
    await create(member, 'writers', { RoleArn: role('Writer'), Precedence: 1 });
    await create(member, 'plain', { Precedence: 0 });
    for (const name of ['readers', 'writers', 'plain']) await join(member, 'dan', name);
    const { id, access } = await signIn(member, 'dan');
    expect(claimsOf(id)).toMatchObject({
      'cognito:groups': ['plain', 'writers', 'readers'],
      'cognito:roles': [role('Writer'), role('Reader')],
      'cognito:preferred_role': role('Writer'),
    });
    expect(claimsOf(access)).toMatchObject({ 'cognito:groups': ['plain', 'writers', 'readers'] });
    expect(claimsOf(access)).not.toHaveProperty('cognito:roles');
    await member.idp.send(
      new AdminRemoveUserFromGroupCommand({ UserPoolId: member.userPoolId, Username: 'dan', GroupName: 'writers' }),
    );
    expect(claimsOf((await signIn(member, 'dan')).id)).toMatchObject({ 'cognito:preferred_role': role('Reader') });
  });

  const group = (name: string, precedence?: number, roleArn?: string) => ({
    account: ACCOUNT,
    userPoolId: 'p',
    name,
    description: undefined,
    roleArn,
    precedence,
    createdAt: new Date(0),
    modifiedAt: new Date(0),
  });

  it.each([
    ['of nobody', [], undefined, []],
    ['of one group', [group('a', 1, 'A')], 'A', ['A']],
    ['of one group without precedence', [group('a', undefined, 'A')], 'A', ['A']],
    ['of equals with the same role', [group('a', 1, 'A'), group('b', 1, 'A')], 'A', ['A']],
    ['of equals with different roles', [group('a', 1, 'A'), group('b', 1, 'B')], undefined, ['A', 'B']],
    ['of equals without precedence', [group('a', undefined, 'A'), group('b', undefined, 'B')], undefined, ['A', 'B']],
    ['of a stronger one without a role', [group('a', 0), group('b', 1, 'B')], 'B', ['B']],
    ['of groups without roles', [group('a', 0), group('b', 1)], undefined, []],
  ])('[TK-GROUP-2] prefer the role %s', (_case, groups, preferred, roles) => {
    expect(groupFacts(groups)).toEqual({ groups: groups.map(({ name }) => name), roles, preferredRole: preferred });
  });
});
