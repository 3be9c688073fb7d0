import { AdminDisableUserCommand, ListUsersCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseListFilter, searchRange } from '../../../src/main/services/user-pools/policies/list-filter.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addUser, type App, attributeList, createApp, PASSWORD, refused } from './setup.ts';

let bench: TestBench;
let app: App;
let sub: string;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
  await addUser(app, 'ann', {
    email: 'Ann@Example.com',
    phone_number: '+15550000001',
    name: 'Ann Émile',
    given_name: 'Ann',
    family_name: 'O"Neil\\x',
    preferred_username: 'annie',
  });
  await addUser(app, 'anna', { email: 'anna@example.com', name: 'Anna' });
  await addUser(app, 'bob', { email: 'bob@example.org', phone_number: '+15550000002', name: 'bob%_' });
  await app.idp.send(
    new SignUpCommand({
      ClientId: app.clientId,
      Username: 'Carl',
      Password: PASSWORD,
      UserAttributes: attributeList({ email: 'carl@example.com' }),
    }),
  );
  await app.idp.send(new AdminDisableUserCommand({ UserPoolId: app.userPoolId, Username: 'bob' }));
  const { Users } = await app.idp.send(
    new ListUsersCommand({ UserPoolId: app.userPoolId, Filter: 'username = "ann"' }),
  );
  sub = Users![0]!.Attributes!.find(({ Name }) => Name === 'sub')!.Value!;
});
afterAll(() => bench.stop());

async function search(Filter: string): Promise<(string | undefined)[]> {
  const { Users } = await app.idp.send(new ListUsersCommand({ UserPoolId: app.userPoolId, Filter }));
  return Users!.map(({ Username }) => Username);
}

describe('ListUsers with a filter', () => {
  it.each([
    ['username = "ann"', ['ann']],
    ['username = "Ann"', []],
    ['username = "Carl"', ['Carl']],
    ['username ^= "an"', ['ann', 'anna']],
    ['email = "ann@example.com"', ['ann']],
    ['email="ANN@EXAMPLE.COM"', ['ann']],
    ['email ^= "ANN"', ['ann', 'anna']],
    ['email^="ann@"', ['ann']],
    ['phone_number = "+15550000002"', ['bob']],
    ['phone_number ^= "+1555"', ['ann', 'bob']],
    ['name = "ann émile"', ['ann']],
    ['name ^= "ANN É"', ['ann']],
    ['name ^= "bob%"', ['bob']],
    ['name ^= "%"', []],
    ['given_name = "ann"', ['ann']],
    ['family_name = "o\\"neil\\\\x"', ['ann']],
    ['preferred_username ^= "ann"', ['ann']],
    ['cognito:user_status = "CONFIRMED"', ['ann', 'anna', 'bob']],
    ['cognito:user_status = "unconfirmed"', ['Carl']],
    ['cognito:user_status ^= "conf"', ['ann', 'anna', 'bob']],
    ['status = "Enabled"', ['ann', 'anna', 'Carl']],
    ['status = "Disabled"', ['bob']],
    ['status = "disabled"', []],
    ['status ^= "Dis"', ['bob']],
    ['  email   =   "bob@example.org"  ', ['bob']],
    ['email = "nobody@example.com"', []],
  ])('[UP-LIST-2] finds by %s', async (filter, usernames) => {
    expect(await search(filter)).toEqual(usernames);
  });

  it('[UP-LIST-2] finds by sub, whole or in part', async () => {
    expect(await search(`sub = "${sub}"`)).toEqual(['ann']);
    expect(await search(`sub ^= "${sub.slice(0, 13).toUpperCase()}"`)).toEqual(['ann']);
    expect((await search('sub ^= ""')).length).toBe(4);
  });

  it('[UP-LIST-2] lists everybody for an empty filter', async () => {
    expect(await search('')).toHaveLength(4);
  });

  it.each([
    'email = bob@example.org',
    "email = 'bob@example.org'",
    'email "bob@example.org"',
    'email == "bob@example.org"',
    'email != "bob@example.org"',
    'email *= "bob"',
    'email = "bob" and name = "bob"',
    'email = "bob" email = "bob"',
    'email = "unclosed',
    'email = "inner "quote""',
    '= "bob"',
    '"bob"',
    'email =',
    '   ',
    'bob',
  ])('[UP-LIST-4] refuses %j, never ignores it', async (filter) => {
    await expect(search(filter)).rejects.toMatchObject(
      refused('InvalidParameterException', 'Error while parsing filter'),
    );
  });

  it.each(['custom:foo', 'Email', 'birthdate', 'user_status', 'constructor', 'email_verified'])(
    '[UP-LIST-4] refuses to search by %s',
    async (attribute) => {
      await expect(search(`${attribute} = "x"`)).rejects.toMatchObject(
        refused('InvalidParameterException', `Invalid search attribute: ${attribute}`),
      );
    },
  );

  it('refuses a filter that is too long', async () => {
    await expect(search(`email = "${'x'.repeat(300)}"`)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-LIST-2] follows attributes that change, and users that go', async () => {
    const moving = await createApp(bench);
    await addUser(moving, 'dot', { email: 'old@example.com' });
    const { AdminUpdateUserAttributesCommand, AdminDeleteUserCommand } =
      await import('@aws-sdk/client-cognito-identity-provider');
    const find = async (email: string): Promise<number> => {
      const answer = await moving.idp.send(
        new ListUsersCommand({ UserPoolId: moving.userPoolId, Filter: `email = "${email}"` }),
      );
      return answer.Users!.length;
    };
    const user = { UserPoolId: moving.userPoolId, Username: 'dot' };
    await moving.idp.send(
      new AdminUpdateUserAttributesCommand({ ...user, UserAttributes: attributeList({ email: 'new@example.com' }) }),
    );
    expect([await find('old@example.com'), await find('new@example.com')]).toEqual([0, 1]);
    await moving.idp.send(new AdminDeleteUserCommand(user));
    expect(await find('new@example.com')).toBe(0);
  });
});

describe('pages of a search', () => {
  it('[UP-LIST-1] come in the order of the attribute, with every user once', async () => {
    const paged = await createApp(bench);
    const names = ['d', 'b', 'b', 'a', 'c', 'b'];
    for (const [index, name] of names.entries()) await addUser(paged, `user${index}`, { name });
    const question = { UserPoolId: paged.userPoolId, Filter: 'name ^= ""', Limit: 2 };
    const seen: (string | undefined)[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const answer = await paged.idp.send(new ListUsersCommand({ ...question, PaginationToken: token }));
      seen.push(...answer.Users!.map(({ Username }) => Username));
      token = answer.PaginationToken;
      pages += 1;
    } while (token !== undefined);
    expect(seen).toEqual(['user3', 'user1', 'user2', 'user5', 'user4', 'user0']);
    expect(pages).toBe(3);
  });

  it('[UP-LIST-1] go on with the same question only, [UP-LIST-5] for an hour', async () => {
    const question = { UserPoolId: app.userPoolId, Filter: 'email ^= ""', Limit: 1 };
    const { PaginationToken } = await app.idp.send(new ListUsersCommand(question));
    const bad = refused('InvalidParameterException', 'Invalid pagination token given.');
    for (const other of [{ Filter: 'name ^= ""' }, { Filter: undefined }, { AttributesToGet: ['email'] }]) {
      await expect(
        app.idp.send(new ListUsersCommand({ ...question, ...other, PaginationToken })),
      ).rejects.toMatchObject(bad);
    }
    await bench.advance({ minutes: 59 });
    await app.idp.send(new ListUsersCommand({ ...question, PaginationToken }));
    await bench.advance({ minutes: 1 });
    await expect(app.idp.send(new ListUsersCommand({ ...question, PaginationToken }))).rejects.toMatchObject(bad);
    await expect(app.idp.send(new ListUsersCommand({ ...question, PaginationToken: 'made-up' }))).rejects.toMatchObject(
      bad,
    );
  });
});

it.each([
  ['email = "A\\"b\\\\c"', { field: 'email', isPrefix: false, value: 'a"b\\c' }],
  ['email = "a\\qb"', { field: 'email', isPrefix: false, value: 'a\\qb' }],
  ['status ^= ""', { field: 'enabled', isPrefix: true, value: '' }],
])('[UP-LIST-2] reads %s', (text, filter) => {
  expect(parseListFilter(text)).toEqual(filter);
});

it('[UP-LIST-2] searches a range of an index', () => {
  expect(searchRange({ field: 'enabled', isPrefix: true, value: '' })).toEqual({
    field: 'enabled',
    from: '0',
    to: '1',
  });
  expect(searchRange({ field: 'enabled', isPrefix: false, value: 'off' })).toBeUndefined();
  expect(searchRange({ field: 'email', isPrefix: false, value: 'a' })).toEqual({ field: 'email', from: 'a', to: 'a' });
});
