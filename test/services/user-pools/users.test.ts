import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  GetUserCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  addClient,
  addUser,
  type App,
  attributeList,
  createApp,
  passwordAuth,
  PASSWORD,
  refused,
  signIn,
} from './setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
});
afterAll(() => bench.stop());

function create(
  username: string,
  attributes: { [name: string]: string } = {},
  more: Partial<AdminCreateUserCommandInput> = {},
): AdminCreateUserCommand {
  return new AdminCreateUserCommand({
    UserPoolId: app.userPoolId,
    Username: username,
    UserAttributes: attributeList(attributes),
    ...more,
  });
}

describe('AdminCreateUser', () => {
  it('[UP-ADMIN-1] invites the user with a temporary password that works', async () => {
    const { User } = await app.idp.send(
      create('ann', { email: 'ann@example.com' }, { DesiredDeliveryMediums: ['EMAIL'] }),
    );
    expect(User).toMatchObject({ Username: 'ann', Enabled: true, UserStatus: 'FORCE_CHANGE_PASSWORD' });
    const message = await bench.messageTo('ann@example.com');
    expect(message).toMatchObject({
      subject: 'Your temporary password',
      body: `Your username is ann and temporary password is ${message.code}. `,
      trigger: 'AdminCreateUser',
    });
    const { ChallengeName } = await app.idp.send(passwordAuth(app, 'ann', message.code!));
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });

  it('[UP-ADMIN-1] takes the password it is given, and suppresses the message', async () => {
    await app.idp.send(
      create('bob', { email: 'bob@example.com' }, { TemporaryPassword: 'Temp0rary!', MessageAction: 'SUPPRESS' }),
    );
    await expect(bench.messageTo('bob@example.com')).rejects.toThrow('no message');
    const { ChallengeName } = await app.idp.send(passwordAuth(app, 'bob', 'Temp0rary!'));
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });

  it('[UP-ADMIN-2] needs an address for the medium it is asked for', async () => {
    await expect(app.idp.send(create('cid', {}, { DesiredDeliveryMediums: ['EMAIL'] }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await app.idp.send(create('cid', { phone_number: '+15550001111', email: 'cid@example.com' }));
    expect((await bench.messageTo('+15550001111')).medium).toBe('SMS');
    await expect(bench.messageTo('cid@example.com')).rejects.toThrow('no message');
  });

  it('[UP-ADMIN-3] invites again only those who have not changed the password', async () => {
    await app.idp.send(create('dan', { email: 'dan@example.com' }));
    const first = await bench.messageTo('dan@example.com');
    await app.idp.send(create('dan', {}, { MessageAction: 'RESEND' }));
    const second = await bench.messageTo('dan@example.com');
    expect(second.code).not.toBe(first.code);
    await expect(app.idp.send(passwordAuth(app, 'dan', first.code!))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await addUser(app, 'done');
    await expect(app.idp.send(create('done', {}, { MessageAction: 'RESEND' }))).rejects.toMatchObject(
      refused('UnsupportedUserStateException', 'Resend not possible. CONFIRMED User status'),
    );
  });

  it('[UP-SIGNUP-5] refuses a name that is taken, in its own words', async () => {
    await app.idp.send(create('eve'));
    await expect(app.idp.send(create('eve'))).rejects.toMatchObject(
      refused('UsernameExistsException', 'User account already exists'),
    );
  });

  it('[UP-PASSWORD-1] says password policy where others say policy', async () => {
    await expect(app.idp.send(create('fay', {}, { TemporaryPassword: 'Password!' }))).rejects.toMatchObject(
      refused(
        'InvalidPasswordException',
        'Password did not conform with password policy: Password must have numeric characters',
      ),
    );
  });

  it('[UP-ADMIN-8] refuses a verified alias that somebody holds, unless it is forced', async () => {
    const aliased = await createApp(bench, { AliasAttributes: ['email'] });
    await addUser(aliased, 'first', { email: 'x@example.com', email_verified: 'true' });
    const second = (force: boolean): AdminCreateUserCommand =>
      create(
        'second',
        { email: 'x@example.com', email_verified: 'true' },
        { UserPoolId: aliased.userPoolId, ForceAliasCreation: force, MessageAction: 'SUPPRESS' },
      );
    await expect(aliased.idp.send(second(false))).rejects.toMatchObject(
      refused('UsernameExistsException', 'An account with the given email already exists.'),
    );
    await aliased.idp.send(second(true));
    const holder = await aliased.idp.send(
      new AdminGetUserCommand({ UserPoolId: aliased.userPoolId, Username: 'x@example.com' }),
    );
    expect(holder.Username).toBe('second');
  });
});

describe('administrators', () => {
  it('[UP-ADMIN-4] set passwords for good or for once', async () => {
    await addUser(app, 'gil');
    const set = (Password: string, Permanent: boolean): Promise<unknown> =>
      app.idp.send(
        new AdminSetUserPasswordCommand({ UserPoolId: app.userPoolId, Username: 'gil', Password, Permanent }),
      );
    const status = async (): Promise<string | undefined> =>
      (await app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'gil' }))).UserStatus;
    await set('0nlyOnce!', false);
    expect(await status()).toBe('FORCE_CHANGE_PASSWORD');
    await set('ForG00d!!', true);
    expect(await status()).toBe('CONFIRMED');
    expect((await signIn(app, 'gil', 'ForG00d!!')).access).toBeTruthy();
    await expect(set('short', true)).rejects.toMatchObject({ name: 'InvalidPasswordException' });
  });

  it('[UP-ADMIN-5] find users by name, sub and alias, and nobody else', async () => {
    const aliased = await createApp(bench, { AliasAttributes: ['email', 'preferred_username'] });
    const get = (Username: string): Promise<{ Username?: string | undefined }> =>
      aliased.idp.send(new AdminGetUserCommand({ UserPoolId: aliased.userPoolId, Username }));
    await addUser(aliased, 'hal', { email: 'hal@example.com', email_verified: 'true', preferred_username: 'hally' });
    await addUser(aliased, 'ida', { email: 'ida@example.com' });
    const { sub } = bench.services.users.findByUsername(aliased.userPoolId, 'hal')!;
    for (const name of ['hal', sub, 'hal@example.com', 'hally']) expect((await get(name)).Username).toBe('hal');
    const missing = refused('UserNotFoundException', 'User does not exist.');
    await expect(get('ida@example.com')).rejects.toMatchObject(missing);
    await expect(get('nobody')).rejects.toMatchObject(missing);
  });

  it('[UP-ADMIN-6] disable users, whose tokens stay revoked after they are enabled again', async () => {
    await addUser(app, 'jo');
    const { access } = await signIn(app, 'jo');
    const who = { UserPoolId: app.userPoolId, Username: 'jo' };
    await app.idp.send(new AdminDisableUserCommand(who));
    const revoked = refused('NotAuthorizedException', 'Access Token has been revoked');
    await expect(app.idp.send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject(revoked);
    await expect(app.idp.send(passwordAuth(app, 'jo'))).rejects.toMatchObject(
      refused('NotAuthorizedException', 'User is disabled.'),
    );
    await app.idp.send(new AdminEnableUserCommand(who));
    await expect(app.idp.send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject(revoked);
    expect((await signIn(app, 'jo')).access).toBeTruthy();
  });

  it('[UP-ADMIN-7] delete users, whose names are free again', async () => {
    await addUser(app, 'kim');
    const { access } = await signIn(app, 'kim');
    await app.idp.send(new AdminDeleteUserCommand({ UserPoolId: app.userPoolId, Username: 'kim' }));
    await expect(app.idp.send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject(
      refused('UserNotFoundException', 'User does not exist.'),
    );
    await expect(app.idp.send(passwordAuth(app, 'kim', PASSWORD))).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    expect(await addUser(app, 'kim')).toBe('kim');
  });
});

describe('ListUsers', () => {
  it('[UP-LIST-1] pages through everybody once', async () => {
    const many = await createApp(bench);
    for (const name of ['c', 'a', 'b']) await addUser(many, name);
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = await many.idp.send(
        new ListUsersCommand({ UserPoolId: many.userPoolId, Limit: 2, PaginationToken: token }),
      );
      names.push(...page.Users!.map(({ Username }) => Username!));
      token = page.PaginationToken;
    } while (token !== undefined);
    expect(names).toEqual(['c', 'a', 'b']);
    await expect(
      many.idp.send(new ListUsersCommand({ UserPoolId: many.userPoolId, PaginationToken: 'made-up' })),
    ).rejects.toMatchObject(refused('InvalidParameterException', 'Invalid pagination token given.'));
  });

  it('[UP-LIST-3] shows the attributes that were asked for', async () => {
    const few = await createApp(bench);
    await addUser(few, 'lea', { email: 'lea@example.com', name: 'Lea' });
    const { Users } = await few.idp.send(
      new ListUsersCommand({ UserPoolId: few.userPoolId, AttributesToGet: ['email'] }),
    );
    expect(Users![0]!.Attributes).toEqual([{ Name: 'email', Value: 'lea@example.com' }]);
    await expect(
      few.idp.send(new ListUsersCommand({ UserPoolId: few.userPoolId, AttributesToGet: ['custom:none'] })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('GetUser', () => {
  it('[UP-USER-1] shows what the client may read', async () => {
    await addUser(app, 'mia', { email: 'mia@example.com', name: 'Mia' });
    const narrow = await addClient(app.idp, app.userPoolId, { ReadAttributes: ['name'] });
    const { access } = await signIn({ ...app, ...narrow }, 'mia');
    const user = await app.idp.send(new GetUserCommand({ AccessToken: access }));
    expect(user.Username).toBe('mia');
    expect(user.UserAttributes!.map(({ Name }) => Name)).toEqual(['sub', 'name']);
    const wide = await signIn(app, 'mia');
    const all = await app.idp.send(new GetUserCommand({ AccessToken: wide.access }));
    expect(all.UserAttributes).toContainEqual({ Name: 'email', Value: 'mia@example.com' });
  });
});
