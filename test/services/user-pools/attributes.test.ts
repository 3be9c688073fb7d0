import {
  AddCustomAttributesCommand,
  AdminDeleteUserAttributesCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  type CodeDeliveryDetailsType,
  ConfirmSignUpCommand,
  type CreateUserPoolCommandInput,
  DeleteUserAttributesCommand,
  DescribeUserPoolCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, addUser, type App, attributeList, createApp, PASSWORD, refused, signIn } from './setup.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

type Attributes = { [name: string]: string };

interface Person {
  readonly app: App;
  readonly access: string;
  readonly username: string;
}

async function person(
  pool: Partial<CreateUserPoolCommandInput> = {},
  attributes: Attributes = {},
  username = 'ann',
  client: Parameters<typeof createApp>[2] = {},
): Promise<Person> {
  const app = await createApp(bench, pool, client);
  await addUser(app, username, attributes);
  const signInAs = pool.UsernameAttributes ? username : username;
  return { app, username, access: (await signIn(app, signInAs)).access };
}

async function update({ app, access }: Person, attributes: Attributes): Promise<CodeDeliveryDetailsType[] | undefined> {
  const { CodeDeliveryDetailsList } = await app.idp.send(
    new UpdateUserAttributesCommand({ AccessToken: access, UserAttributes: attributeList(attributes) }),
  );
  return CodeDeliveryDetailsList;
}

function adminUpdate({ app, username }: Pick<Person, 'app' | 'username'>, attributes: Attributes): Promise<unknown> {
  return app.idp.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId: app.userPoolId,
      Username: username,
      UserAttributes: attributeList(attributes),
    }),
  );
}

function remove({ app, access }: Person, ...names: string[]): Promise<unknown> {
  return app.idp.send(new DeleteUserAttributesCommand({ AccessToken: access, UserAttributeNames: names }));
}

function verify({ app, access }: Person, Code: string, AttributeName = 'email'): Promise<unknown> {
  return app.idp.send(new VerifyUserAttributeCommand({ AccessToken: access, AttributeName, Code }));
}

function askForCode({ app, access }: Person, AttributeName = 'email'): Promise<unknown> {
  return app.idp.send(new GetUserAttributeVerificationCodeCommand({ AccessToken: access, AttributeName }));
}

async function attributesOf({ app, username }: Pick<Person, 'app' | 'username'>): Promise<Attributes> {
  const user = await app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: username }));
  return Object.fromEntries(user.UserAttributes!.map(({ Name, Value }) => [Name, Value!])) as Attributes;
}

async function codeTo(address: string): Promise<string> {
  return (await bench.messageTo(address)).code!;
}

const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const UNAUTHORIZED = refused('NotAuthorizedException', 'A client attempted to write unauthorized attribute');
const LIMIT = refused('LimitExceededException', 'Attempt limit exceeded, please try after some time.');

describe('UpdateUserAttributes', () => {
  it('[UP-ATTR-2] changes attributes, and an empty value removes one', async () => {
    const ann = await person({}, { name: 'Ann', nickname: 'a' });
    expect(await update(ann, { name: 'Anna', nickname: '', locale: 'de' })).toBeUndefined();
    const after = await attributesOf(ann);
    expect(after).toMatchObject({ name: 'Anna', locale: 'de' });
    expect(after).not.toHaveProperty('nickname');
  });

  it('[UP-ATTR-3] takes a new address at once, unverified, and sends a code to it', async () => {
    const ann = await person({}, { email: 'ann1@example.com', email_verified: 'true' });
    const sent = await update(ann, { email: 'ann2@example.com' });
    expect(sent).toEqual([{ Destination: 'a***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' }]);
    expect(await attributesOf(ann)).toMatchObject({ email: 'ann2@example.com', email_verified: 'false' });
    expect(await bench.messageTo('ann2@example.com')).toMatchObject({ trigger: 'UpdateUserAttribute' });
    await expect(verify(ann, wrong(await codeTo('ann2@example.com')))).rejects.toMatchObject(
      refused('CodeMismatchException', 'Invalid verification code provided, please try again.'),
    );
    await verify(ann, await codeTo('ann2@example.com'));
    expect(await attributesOf(ann)).toMatchObject({ email: 'ann2@example.com', email_verified: 'true' });
    await expect(verify(ann, await codeTo('ann2@example.com'))).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('[UP-ATTR-3] sends nothing for the same address again, nor where it is not verified automatically', async () => {
    const ann = await person({}, { email: 'same@example.com', email_verified: 'true' });
    expect(await update(ann, { email: 'same@example.com' })).toBeUndefined();
    expect(await attributesOf(ann)).toMatchObject({ email_verified: 'true' });
    const quiet = await person({ AutoVerifiedAttributes: [] }, { email: 'q1@example.com', email_verified: 'true' });
    expect(await update(quiet, { email: 'q2@example.com' })).toBeUndefined();
    expect(await attributesOf(quiet)).toMatchObject({ email: 'q2@example.com', email_verified: 'false' });
  });

  it('[UP-ATTR-4] keeps the old address until the code is entered, where the pool asks for that', async () => {
    const ann = await person(
      {
        AliasAttributes: ['email'],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      },
      { email: 'before@example.com', email_verified: 'true' },
    );
    await update(ann, { email: 'after@example.com', name: 'Ann' });
    expect(await attributesOf(ann)).toMatchObject({ email: 'before@example.com', email_verified: 'true', name: 'Ann' });
    await signIn(ann.app, 'before@example.com');
    await expect(signIn(ann.app, 'after@example.com')).rejects.toMatchObject({ name: 'UserNotFoundException' });
    const first = await codeTo('after@example.com');
    // A code that is asked for again goes to the new address, and replaces the first.
    await askForCode(ann);
    const second = await codeTo('after@example.com');
    if (first !== second) await expect(verify(ann, first)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await verify(ann, second);
    expect(await attributesOf(ann)).toMatchObject({ email: 'after@example.com', email_verified: 'true' });
    await signIn(ann.app, 'after@example.com');
    await expect(signIn(ann.app, 'before@example.com')).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('[UP-ATTR-4] does not wait for an administrator who vouches for the address', async () => {
    const settings = { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email' as const] } };
    const ann = await person(settings, { email: 'v1@example.com', email_verified: 'true' });
    await adminUpdate(ann, { email: 'v2@example.com' });
    expect(await attributesOf(ann)).toMatchObject({ email: 'v1@example.com' });
    await adminUpdate(ann, { email: 'v3@example.com', email_verified: 'true' });
    expect(await attributesOf(ann)).toMatchObject({ email: 'v3@example.com', email_verified: 'true' });
    // The code that waited for v2 is void.
    await expect(verify(ann, await codeTo('v2@example.com'))).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it.each<[string, Attributes]>([
    ['a verified flag', { email_verified: 'true' }],
    ['sub', { sub: 'mine' }],
    ['what is not in the client’s list', { name: 'Ann' }],
    ['a developer’s attribute', { 'dev:custom:rank': '1' }],
  ])('[UP-SIGNUP-3] refuses %s', async (_what, attributes) => {
    const ann = await person(
      { Schema: [{ Name: 'rank', AttributeDataType: 'String', DeveloperOnlyAttribute: true }] },
      { nickname: 'a' },
      'ann',
      { WriteAttributes: ['nickname'] },
    );
    const before = await attributesOf(ann);
    await expect(update(ann, { nickname: 'b', ...attributes })).rejects.toMatchObject(UNAUTHORIZED);
    await expect(remove(ann, ...Object.keys(attributes))).rejects.toMatchObject(UNAUTHORIZED);
    expect(await attributesOf(ann)).toEqual(before);
  });

  it.each<[string, Attributes, string]>([
    ['an immutable one', { 'custom:fixed': 'b' }, 'user.custom:fixed: Attribute cannot be updated.'],
    [
      'an immutable one with the same value',
      { 'custom:fixed': 'a' },
      'user.custom:fixed: Attribute cannot be updated.',
    ],
    [
      'an unknown one',
      { 'custom:x': 'b' },
      'Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema.',
    ],
    [
      'a required one that would go',
      { name: '' },
      'Attributes did not conform to the schema: name: The attribute is required',
    ],
    ['a bad address', { email: 'nowhere' }, 'Invalid email address format.'],
    ['a bad number', { phone_number: '555' }, 'Invalid phone number format.'],
    [
      'one out of range',
      { 'custom:age': '200' },
      'Attributes did not conform to the schema: custom:age: The value must be at most 150',
    ],
    [
      'one of another type',
      { 'custom:age': 'old' },
      'Attributes did not conform to the schema: custom:age: The attribute must be a number',
    ],
  ])('[UP-ATTR-1] refuses %s', async (_what, attributes, message) => {
    const ann = await person(
      {
        Schema: [
          { Name: 'name', Required: true },
          { Name: 'fixed', AttributeDataType: 'String', Mutable: false },
          { Name: 'age', AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '0', MaxValue: '150' } },
        ],
      },
      { name: 'Ann', 'custom:fixed': 'a' },
    );
    const before = await attributesOf(ann);
    await expect(update(ann, { nickname: 'new', ...attributes })).rejects.toMatchObject(
      refused('InvalidParameterException', message),
    );
    await expect(adminUpdate(ann, { nickname: 'new', ...attributes })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(await attributesOf(ann)).toEqual(before);
  });

  it('[UP-ATTR-5] moves the name that people sign in by, unless somebody has it', async () => {
    const app = await createApp(bench, { UsernameAttributes: ['email'] });
    const username = await addUser(app, 'one@example.com');
    await addUser(app, 'two@example.com');
    const one: Person = { app, username, access: (await signIn(app, 'one@example.com')).access };
    const taken = refused('AliasExistsException', 'An account with the given email already exists.');
    await expect(update(one, { email: 'two@example.com' })).rejects.toMatchObject(taken);
    await expect(adminUpdate(one, { email: 'two@example.com' })).rejects.toMatchObject(taken);
    expect(await attributesOf(one)).toMatchObject({ email: 'one@example.com' });
    await update(one, { email: 'three@example.com' });
    await signIn(app, 'three@example.com');
    await expect(signIn(app, 'one@example.com')).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await expect(update(one, { email: '' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(remove(one, 'email')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-ATTR-5] takes preferred_username as an alias once it is free', async () => {
    const app = await createApp(bench, { AliasAttributes: ['preferred_username'] });
    await addUser(app, 'first', { preferred_username: 'star' });
    await addUser(app, 'second');
    const second: Person = { app, username: 'second', access: (await signIn(app, 'second')).access };
    await expect(update(second, { preferred_username: 'star' })).rejects.toMatchObject(
      refused('AliasExistsException', 'An account with the given preferred_username already exists.'),
    );
    await update(second, { preferred_username: 'moon' });
    await signIn(app, 'moon');
    await update(second, { preferred_username: '' });
    await expect(signIn(app, 'moon')).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('[UP-ATTR-3] voids a sign-up code that went to the address of before', async () => {
    const app = await createApp(bench);
    await app.idp.send(
      new SignUpCommand({
        ClientId: app.clientId,
        Username: 'early',
        Password: PASSWORD,
        UserAttributes: attributeList({ email: 'early1@example.com' }),
      }),
    );
    const code = await codeTo('early1@example.com');
    await adminUpdate({ app, username: 'early' }, { email: 'early2@example.com' });
    await expect(
      app.idp.send(new ConfirmSignUpCommand({ ClientId: app.clientId, Username: 'early', ConfirmationCode: code })),
    ).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });
});

describe('AdminUpdateUserAttributes', () => {
  it('[UP-ATTR-2] writes what clients may not, and sends a code unless it is told about verification', async () => {
    const ann = await person({
      Schema: [{ Name: 'rank', AttributeDataType: 'String', DeveloperOnlyAttribute: true }],
    });
    await adminUpdate(ann, { 'dev:custom:rank': 'captain', email: 'adm1@example.com' });
    expect(await attributesOf(ann)).toMatchObject({ 'dev:custom:rank': 'captain', email_verified: 'false' });
    expect((await bench.messageTo('adm1@example.com')).trigger).toBe('UpdateUserAttribute');
    await adminUpdate(ann, { email: 'adm2@example.com', email_verified: 'true' });
    await expect(bench.messageTo('adm2@example.com')).rejects.toThrow('no message');
    await adminUpdate(ann, { email: 'adm3@example.com', email_verified: 'false' });
    await expect(bench.messageTo('adm3@example.com')).rejects.toThrow('no message');
    expect(await attributesOf(ann)).toMatchObject({ email: 'adm3@example.com', email_verified: 'false' });
    const { UserAttributes } = await ann.app.idp.send(new GetUserCommand({ AccessToken: ann.access }));
    expect(UserAttributes!.map(({ Name }) => Name)).not.toContain('dev:custom:rank');
  });

  it('[UP-ATTR-1] verifies no address that is not there, and sub never changes', async () => {
    const ann = await person();
    await expect(adminUpdate(ann, { email_verified: 'true' })).rejects.toMatchObject(
      refused('InvalidParameterException', 'Email is required to verify/un-verify an email'),
    );
    await expect(adminUpdate(ann, { sub: 'x' })).rejects.toMatchObject(
      refused('InvalidParameterException', 'user.sub: Attribute cannot be updated.'),
    );
  });

  it('[UP-ADMIN-5] is told when there is no such user', async () => {
    const { app } = await person();
    await expect(adminUpdate({ app, username: 'nobody' }, { name: 'x' })).rejects.toMatchObject(
      refused('UserNotFoundException', 'User does not exist.'),
    );
  });
});

describe('deleting attributes', () => {
  it('[UP-ATTR-2] takes the verified flag along', async () => {
    const ann = await person({}, { email: 'del@example.com', email_verified: 'true', name: 'Ann', locale: 'de' });
    await remove(ann, 'email', 'name');
    expect(Object.keys(await attributesOf(ann)).sort()).toEqual(['locale', 'sub']);
    await ann.app.idp.send(
      new AdminDeleteUserAttributesCommand({
        UserPoolId: ann.app.userPoolId,
        Username: 'ann',
        UserAttributeNames: ['locale'],
      }),
    );
    expect(Object.keys(await attributesOf(ann))).toEqual(['sub']);
  });

  it('[UP-ATTR-7] refuses names that the schema does not have', async () => {
    const ann = await person();
    const message = 'Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n';
    await expect(remove(ann, 'custom:foo')).rejects.toMatchObject(refused('InvalidParameterException', message));
    await expect(
      ann.app.idp.send(
        new AdminDeleteUserAttributesCommand({
          UserPoolId: ann.app.userPoolId,
          Username: 'ann',
          UserAttributeNames: ['custom:foo'],
        }),
      ),
    ).rejects.toMatchObject(refused('InvalidParameterException', message));
  });
});

describe('verifying', () => {
  it('[UP-VERIFY-1] sends a code to an address at any time, [UP-VERIFY-3] which verifies it', async () => {
    const ann = await person({ AutoVerifiedAttributes: [] }, { phone_number: '+15550101234' });
    expect(await askForCode(ann, 'phone_number')).toMatchObject({
      CodeDeliveryDetails: { Destination: '+*******1234', DeliveryMedium: 'SMS', AttributeName: 'phone_number' },
    });
    const message = await bench.messageTo('+15550101234');
    expect(message).toMatchObject({ trigger: 'VerifyUserAttribute', medium: 'SMS' });
    await verify(ann, message.code!, 'phone_number');
    expect(await attributesOf(ann)).toMatchObject({ phone_number_verified: 'true' });
  });

  it('[UP-VERIFY-2] needs an address', async () => {
    const ann = await person();
    await expect(askForCode(ann)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(askForCode(ann, 'name')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(verify(ann, '123456', 'name')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(verify(ann, '123456')).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('[UP-CONFIRM-3] takes no code that is older than a day', async () => {
    const ann = await person({}, { email: 'late@example.com' }, 'ann', {
      AccessTokenValidity: 1,
      IdTokenValidity: 1,
      TokenValidityUnits: { AccessToken: 'days', IdToken: 'days' },
    });
    await askForCode(ann);
    const code = await codeTo('late@example.com');
    await bench.advance({ hours: 23, minutes: 59 });
    const again = { ...ann, access: (await signIn(ann.app, 'ann')).access };
    await bench.advance({ minutes: 1 });
    await expect(verify(again, code)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('[UP-ATTR-5] refuses an alias that somebody holds, and moves one’s own', async () => {
    const app = await createApp(bench, { AliasAttributes: ['email'] });
    await addUser(app, 'holder', { email: 'held@example.com', email_verified: 'true' });
    await addUser(app, 'mover', { email: 'mine@example.com', email_verified: 'true' });
    const mover: Person = { app, username: 'mover', access: (await signIn(app, 'mine@example.com')).access };
    await update(mover, { email: 'held@example.com' });
    await expect(verify(mover, await codeTo('held@example.com'))).rejects.toMatchObject(
      refused('AliasExistsException', 'An account with the given email already exists.'),
    );
    expect(await attributesOf(mover)).toMatchObject({ email_verified: 'false' });
    await expect(signIn(app, 'mine@example.com')).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await update(mover, { email: 'moved@example.com' });
    await verify(mover, await codeTo('moved@example.com'));
    await signIn(app, 'moved@example.com');
  });

  it('[UP-LIMIT-1] lets five codes be sent and fifteen be tried within an hour', async () => {
    const ann = await person({}, { email: 'often@example.com' });
    for (let count = 0; count < 5; count += 1) await askForCode(ann);
    await expect(askForCode(ann)).rejects.toMatchObject(LIMIT);
    const code = await codeTo('often@example.com');
    for (let count = 0; count < 15; count += 1) {
      await expect(verify(ann, wrong(code))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    await expect(verify(ann, code)).rejects.toMatchObject(LIMIT);
    await bench.advance({ minutes: 60 });
    const again = { ...ann, access: (await signIn(ann.app, 'ann')).access };
    await verify(again, code);
    await askForCode(again);
  });
});

describe('AddCustomAttributes', () => {
  function add(app: App, ...attributes: { Name: string; [member: string]: unknown }[]): Promise<unknown> {
    return app.idp.send(
      new AddCustomAttributesCommand({
        UserPoolId: app.userPoolId,
        CustomAttributes: attributes.map((attribute) => ({ AttributeDataType: 'String' as const, ...attribute })),
      }),
    );
  }

  it('[UP-ATTR-6] adds to the schema, and people can have them at once', async () => {
    const ann = await person();
    await add(ann.app, { Name: 'team' }, { Name: 'secret', DeveloperOnlyAttribute: true });
    const { UserPool } = await ann.app.idp.send(new DescribeUserPoolCommand({ UserPoolId: ann.app.userPoolId }));
    expect(UserPool!.SchemaAttributes!.slice(-2).map(({ Name }) => Name)).toEqual(['custom:team', 'dev:custom:secret']);
    await update(ann, { 'custom:team': 'red' });
    expect(await attributesOf(ann)).toMatchObject({ 'custom:team': 'red' });
  });

  it('[UP-SIGNUP-3] does not add them to a client’s lists', async () => {
    const ann = await person({}, {}, 'ann', { WriteAttributes: ['name'], ReadAttributes: ['name'] });
    await add(ann.app, { Name: 'team' });
    await expect(update(ann, { 'custom:team': 'red' })).rejects.toMatchObject(UNAUTHORIZED);
    await adminUpdate(ann, { 'custom:team': 'blue' });
    const { UserAttributes } = await ann.app.idp.send(new GetUserCommand({ AccessToken: ann.access }));
    expect(UserAttributes!.map(({ Name }) => Name)).toEqual(['sub']);
    const open = await addClient(ann.app.idp, ann.app.userPoolId);
    const { access } = await signIn({ ...ann.app, ...open }, 'ann');
    const all = await ann.app.idp.send(new GetUserCommand({ AccessToken: access }));
    expect(all.UserAttributes).toContainEqual({ Name: 'custom:team', Value: 'blue' });
  });

  it('[UP-ATTR-6] refuses names that are there, required ones, and more than the quota', async () => {
    const { app } = await person();
    await add(app, { Name: 'team' });
    const invalid = (message: string) => refused('InvalidParameterException', message);
    await expect(add(app, { Name: 'new' }, { Name: 'team' })).rejects.toMatchObject(
      invalid('custom:team: Existing attribute already has name custom:team.'),
    );
    await expect(add(app, { Name: 'must', Required: true })).rejects.toMatchObject(
      invalid('Required custom attributes are not supported currently.'),
    );
    await expect(add(app, { Name: 'x'.repeat(21) })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const { UserPool } = await app.idp.send(new DescribeUserPoolCommand({ UserPoolId: app.userPoolId }));
    expect(UserPool!.SchemaAttributes!.at(-1)!.Name).toBe('custom:team');
    await add(app, ...Array.from({ length: 24 }, (_, index) => ({ Name: `more${index}` })));
    await expect(add(app, { Name: 'last' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
