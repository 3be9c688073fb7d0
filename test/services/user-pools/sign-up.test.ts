import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  ConfirmSignUpCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  type SignUpCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSecretHash } from 'cognito-srp-helper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, addUser, type App, attributeList, createApp, PASSWORD, refused, signIn } from './setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
});
afterAll(() => bench.stop());

function signUp(
  { clientId }: Pick<App, 'clientId'>,
  username: string,
  attributes: { [name: string]: string } = {},
  more: Partial<SignUpCommandInput> = {},
): SignUpCommand {
  return new SignUpCommand({
    ClientId: clientId,
    Username: username,
    Password: PASSWORD,
    UserAttributes: attributeList(attributes),
    ...more,
  });
}

function confirm(
  { clientId }: Pick<App, 'clientId'>,
  username: string,
  code: string,
  force?: boolean,
): ConfirmSignUpCommand {
  return new ConfirmSignUpCommand({
    ClientId: clientId,
    Username: username,
    ConfirmationCode: code,
    ...(force === undefined ? {} : { ForceAliasCreation: force }),
  });
}

async function userOf({ idp, userPoolId }: App, username: string): Promise<{ [name: string]: unknown }> {
  const user = await idp.send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }));
  const attributes: { [name: string]: unknown } = {};
  for (const { Name, Value } of user.UserAttributes ?? []) attributes[Name!] = Value;
  return { status: user.UserStatus, username: user.Username, ...attributes };
}

/** A code of six digits that is not this one. */
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('SignUp', () => {
  it('[UP-SIGNUP-6] stores an unconfirmed user, [UP-SIGNUP-7] sends a code, [UP-MSG-2] shows where it went masked', async () => {
    const answer = await app.idp.send(signUp(app, 'ann', { email: 'ann@example.com' }));
    expect(answer).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: { Destination: 'a***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' },
    });
    expect(await userOf(app, 'ann')).toMatchObject({
      status: 'UNCONFIRMED',
      sub: answer.UserSub,
      email: 'ann@example.com',
    });
    const message = await bench.messageTo('ann@example.com');
    expect(message).toMatchObject({
      from: 'no-reply@verificationemail.com',
      subject: 'Your verification code',
      body: `Your verification code is ${message.code}. `,
      trigger: 'SignUp',
      username: 'ann',
    });
    expect(message.code).toMatch(/^[0-9]{6}$/);
  });

  it('[UP-SIGNUP-7] prefers the phone, and sends nothing where nothing is verified automatically', async () => {
    const both = await createApp(bench, { AutoVerifiedAttributes: ['email', 'phone_number'] });
    const answer = await both.idp.send(signUp(both, 'bob', { email: 'bob@example.com', phone_number: '+15550009934' }));
    expect(answer.CodeDeliveryDetails).toEqual({
      Destination: '+*******9934',
      DeliveryMedium: 'SMS',
      AttributeName: 'phone_number',
    });
    const silent = await createApp(bench, { AutoVerifiedAttributes: [] });
    const quiet = await silent.idp.send(signUp(silent, 'bob', { email: 'quiet@example.com' }));
    expect(quiet).not.toHaveProperty('CodeDeliveryDetails');
    await expect(bench.messageTo('quiet@example.com')).rejects.toThrow('no message');
  });

  it('[UP-MSG-1] words the message as the pool’s template and sender say', async () => {
    const worded = await createApp(bench, {
      VerificationMessageTemplate: { EmailSubject: 'Hello', EmailMessage: 'Type {####} now' },
      EmailConfiguration: { From: 'shop@example.org' },
    });
    await worded.idp.send(signUp(worded, 'cid', { email: 'cid@example.com' }));
    const { code, ...message } = await bench.messageTo('cid@example.com');
    expect(message).toMatchObject({ from: 'shop@example.org', subject: 'Hello', body: `Type ${code} now` });
  });

  it('[UP-SIGNUP-1] is refused where only administrators create users', async () => {
    const closed = await createApp(bench, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
    await expect(closed.idp.send(signUp(closed, 'dan'))).rejects.toMatchObject(
      refused('NotAuthorizedException', 'SignUp is not permitted for this user pool'),
    );
  });

  it.each([
    [{ UsernameAttributes: ['email' as const] }, 'dan', 'Username should be an email.'],
    [{ UsernameAttributes: ['phone_number' as const] }, 'dan@example.com', 'Username should be a phone number.'],
    [
      { UsernameAttributes: ['email' as const, 'phone_number' as const] },
      'dan',
      'Username should be either an email or a phone number.',
    ],
    [
      { AliasAttributes: ['email' as const] },
      'dan@example.com',
      'Username cannot be of email format, since user pool is configured for email alias.',
    ],
  ])('[UP-SIGNUP-2] refuses names of the wrong form in %j', async (settings, username, message) => {
    const shaped = await createApp(bench, settings);
    await expect(shaped.idp.send(signUp(shaped, username))).rejects.toMatchObject(
      refused('InvalidParameterException', message),
    );
  });

  it('[UP-SIGNUP-3] refuses attributes that the client may not write', async () => {
    const unauthorized = refused('NotAuthorizedException', 'A client attempted to write unauthorized attribute');
    const narrow = await addClient(app.idp, app.userPoolId, { WriteAttributes: ['email'] });
    await expect(app.idp.send(signUp(narrow, 'eve', { name: 'Eve' }))).rejects.toMatchObject(unauthorized);
    await expect(
      app.idp.send(signUp(app, 'eve', { email: 'eve@example.com', email_verified: 'true' })),
    ).rejects.toMatchObject(unauthorized);
    await expect(app.idp.send(signUp(app, 'eve', { sub: 'mine' }))).rejects.toMatchObject(unauthorized);
  });

  it('[UP-SIGNUP-4] refuses attributes that the schema does not allow', async () => {
    const strict = await createApp(bench, {
      Schema: [
        { Name: 'email', Required: true },
        { Name: 'name', Required: true },
        { Name: 'age', AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '18' } },
      ],
    });
    const attempt = (attributes: { [name: string]: string }): Promise<unknown> =>
      strict.idp.send(signUp(strict, 'fay', attributes));
    const nonconforming = (text: string): object =>
      refused('InvalidParameterException', `Attributes did not conform to the schema: ${text}`);
    await expect(attempt({ name: 'Fay' })).rejects.toMatchObject(nonconforming('email: The attribute is required'));
    await expect(attempt({})).rejects.toMatchObject(
      nonconforming('name.formatted: The attribute is required\nemail: The attribute is required\n'),
    );
    const good = { name: 'Fay', email: 'fay@example.com' };
    await expect(attempt({ ...good, 'custom:none': 'x' })).rejects.toMatchObject(
      nonconforming('custom:none: Attribute does not exist in the schema.'),
    );
    await expect(attempt({ ...good, 'custom:age': '17' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(attempt({ ...good, birthdate: '1999' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(attempt({ ...good, email: 'nowhere' })).rejects.toMatchObject(
      refused('InvalidParameterException', 'Invalid email address format.'),
    );
    await expect(attempt({ ...good, phone_number: '555-1234' })).rejects.toMatchObject(
      refused('InvalidParameterException', 'Invalid phone number format.'),
    );
    await expect(attempt({ ...good, 'custom:age': '18' })).resolves.toMatchObject({ UserConfirmed: false });
  });

  it('[UP-PASSWORD-1] refuses passwords that break the policy', async () => {
    await expect(app.idp.send(signUp(app, 'gil', {}, { Password: 'passw0rd!' }))).rejects.toMatchObject(
      refused(
        'InvalidPasswordException',
        'Password did not conform with policy: Password must have uppercase characters',
      ),
    );
    await expect(app.idp.send(signUp(app, 'gil', {}, { Password: 'Aa1!' }))).rejects.toMatchObject(
      refused(
        'InvalidParameterException',
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6",
      ),
    );
  });

  it('[UP-SIGNUP-5] refuses a name that is taken, also to clients that hide existence', async () => {
    const discreet = await addClient(app.idp, app.userPoolId, { PreventUserExistenceErrors: 'ENABLED' });
    await app.idp.send(signUp(app, 'hal'));
    const taken = refused('UsernameExistsException', 'User already exists');
    await expect(app.idp.send(signUp(app, 'hal'))).rejects.toMatchObject(taken);
    await expect(app.idp.send(signUp(discreet, 'hal'))).rejects.toMatchObject(taken);
    await expect(app.idp.send(signUp(app, 'HAL'))).resolves.toMatchObject({ UserConfirmed: false });
  });

  it('[UP-SIGNUP-5] lets only one of two simultaneous sign-ups have the name', async () => {
    const results = await Promise.allSettled([app.idp.send(signUp(app, 'ida')), app.idp.send(signUp(app, 'ida'))]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('[UP-SIGNUP-6] names people by attribute with the sub behind it', async () => {
    const byMail = await createApp(bench, {
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
    });
    const { UserSub } = await byMail.idp.send(signUp(byMail, 'Jo@example.com'));
    expect(await userOf(byMail, 'jo@EXAMPLE.com')).toMatchObject({
      username: UserSub,
      sub: UserSub,
      email: 'Jo@example.com',
    });
    await expect(byMail.idp.send(signUp(byMail, 'jo@example.com'))).rejects.toMatchObject(
      refused('UsernameExistsException', 'An account with the given email already exists.'),
    );
  });

  it('[UP-SIGNUP-6] stores names in lower case where the pool does not tell cases apart', async () => {
    const insensitive = await createApp(bench, { UsernameConfiguration: { CaseSensitive: false } });
    await insensitive.idp.send(signUp(insensitive, 'Kim'));
    expect(await userOf(insensitive, 'KIM')).toMatchObject({ username: 'kim' });
    await expect(insensitive.idp.send(signUp(insensitive, 'kIM'))).rejects.toMatchObject({
      name: 'UsernameExistsException',
    });
  });

  it('[UP-CLIENT-8] asks a client with a secret for its hash', async () => {
    const secretive = await addClient(app.idp, app.userPoolId, { GenerateSecret: true });
    const { clientId, clientSecret } = secretive;
    await expect(app.idp.send(signUp(secretive, 'lea'))).rejects.toMatchObject(
      refused('NotAuthorizedException', `Client ${clientId} is configured for secret but secret was not received`),
    );
    await expect(app.idp.send(signUp(secretive, 'lea', {}, { SecretHash: 'bm9wZQ==' }))).rejects.toMatchObject(
      refused('NotAuthorizedException', `Unable to verify secret hash for client ${clientId}`),
    );
    const hash = createSecretHash('lea', clientId, clientSecret!);
    await expect(app.idp.send(signUp(secretive, 'lea', {}, { SecretHash: hash }))).resolves.toMatchObject({
      UserConfirmed: false,
    });
  });
});

describe('ConfirmSignUp', () => {
  it('[UP-CONFIRM-1] confirms and verifies, and [UP-CONFIRM-4] works once', async () => {
    await app.idp.send(signUp(app, 'mia', { email: 'mia@example.com' }));
    const { code } = await bench.messageTo('mia@example.com');
    await app.idp.send(confirm(app, 'mia', code!));
    expect(await userOf(app, 'mia')).toMatchObject({ status: 'CONFIRMED', email_verified: 'true' });
    await expect(app.idp.send(confirm(app, 'mia', code!))).rejects.toMatchObject(
      refused('NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED'),
    );
  });

  it('[UP-CONFIRM-2] refuses a wrong code and goes on taking the right one', async () => {
    await app.idp.send(signUp(app, 'ned', { email: 'ned@example.com' }));
    const { code } = await bench.messageTo('ned@example.com');
    await expect(app.idp.send(confirm(app, 'ned', wrong(code!)))).rejects.toMatchObject(
      refused('CodeMismatchException', 'Invalid verification code provided, please try again.'),
    );
    await expect(app.idp.send(confirm(app, 'ned', code!))).resolves.toBeDefined();
  });

  it('[UP-CONFIRM-3] refuses codes that are old, replaced, or were never sent', async () => {
    const expired = refused('ExpiredCodeException', 'Invalid code provided, please request a code again.');
    await app.idp.send(signUp(app, 'oda', { email: 'oda@example.com' }));
    const { code: first } = await bench.messageTo('oda@example.com');
    await app.idp.send(new ResendConfirmationCodeCommand({ ClientId: app.clientId, Username: 'oda' }));
    const { code: second } = await bench.messageTo('oda@example.com');
    if (first !== second) await expect(app.idp.send(confirm(app, 'oda', first!))).rejects.toMatchObject(expired);
    await bench.advance({ hours: 24 });
    await expect(app.idp.send(confirm(app, 'oda', second!))).rejects.toMatchObject(expired);

    await app.idp.send(signUp(app, 'pam'));
    await expect(app.idp.send(confirm(app, 'pam', '123456'))).rejects.toMatchObject(expired);
  });

  it('[UP-CONFIRM-5] refuses an alias that somebody holds, unless it is forced', async () => {
    const aliased = await createApp(bench, { AliasAttributes: ['email'] });
    await addUser(aliased, 'first', { email: 'shared@example.com', email_verified: 'true' });
    await aliased.idp.send(signUp(aliased, 'second', { email: 'shared@example.com' }));
    const { code } = await bench.messageTo('shared@example.com');
    await expect(aliased.idp.send(confirm(aliased, 'second', code!))).rejects.toMatchObject(
      refused('AliasExistsException', 'An account with the email already exists.'),
    );
    expect(await userOf(aliased, 'second')).toMatchObject({ status: 'UNCONFIRMED' });
    await aliased.idp.send(confirm(aliased, 'second', code!, true));
    expect(await userOf(aliased, 'shared@example.com')).toMatchObject({ username: 'second', email_verified: 'true' });
    expect(await userOf(aliased, 'first')).toMatchObject({ email_verified: 'false' });
  });

  it('[UP-CONFIRM-6] answers about unknown users as the client asks', async () => {
    const discreet = await addClient(app.idp, app.userPoolId, { PreventUserExistenceErrors: 'ENABLED' });
    await expect(app.idp.send(confirm(app, 'ghost', '123456'))).rejects.toMatchObject(
      refused('UserNotFoundException', 'Username/client id combination not found.'),
    );
    await expect(app.idp.send(confirm(discreet, 'ghost', '123456'))).rejects.toMatchObject(
      refused('ExpiredCodeException', 'Invalid code provided, please request a code again.'),
    );
  });

  it('[UP-LIMIT-1] is refused after fifteen attempts, until an hour has passed', async () => {
    await app.idp.send(signUp(app, 'quinn', { email: 'quinn@example.com' }));
    const { code } = await bench.messageTo('quinn@example.com');
    for (let attempt = 0; attempt < 15; attempt += 1) {
      await expect(app.idp.send(confirm(app, 'quinn', wrong(code!)))).rejects.toMatchObject({
        name: 'CodeMismatchException',
      });
    }
    await expect(app.idp.send(confirm(app, 'quinn', code!))).rejects.toMatchObject(
      refused('LimitExceededException', 'Attempt limit exceeded, please try after some time.'),
    );
    await bench.advance({ minutes: 60 });
    await expect(app.idp.send(confirm(app, 'quinn', code!))).resolves.toBeDefined();
  });

  it('[UP-CONFIRM-7] by an administrator verifies nothing', async () => {
    await app.idp.send(signUp(app, 'rob', { email: 'rob@example.com' }));
    const byAdmin = new AdminConfirmSignUpCommand({ UserPoolId: app.userPoolId, Username: 'rob' });
    await app.idp.send(byAdmin);
    const rob = await userOf(app, 'rob');
    expect(rob).toMatchObject({ status: 'CONFIRMED' });
    expect(rob).not.toHaveProperty('email_verified');
    expect((await signIn(app, 'rob')).access).toBeTruthy();
    await expect(app.idp.send(byAdmin)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});

describe('ResendConfirmationCode', () => {
  const resend = ({ clientId }: Pick<App, 'clientId'>, username: string): ResendConfirmationCodeCommand =>
    new ResendConfirmationCodeCommand({ ClientId: clientId, Username: username });

  it('[UP-RESEND-1] sends another code, which works', async () => {
    await app.idp.send(signUp(app, 'sue', { email: 'sue@example.com' }));
    const { CodeDeliveryDetails } = await app.idp.send(resend(app, 'sue'));
    expect(CodeDeliveryDetails).toMatchObject({ Destination: 's***@e***' });
    const message = await bench.messageTo('sue@example.com');
    expect(message.trigger).toBe('ResendCode');
    await expect(app.idp.send(confirm(app, 'sue', message.code!))).resolves.toBeDefined();
  });

  it('[UP-RESEND-2] is refused to somebody who is confirmed', async () => {
    await addUser(app, 'tom', { email: 'tom@example.com' });
    await expect(app.idp.send(resend(app, 'tom'))).rejects.toMatchObject(
      refused('InvalidParameterException', 'User is already confirmed.'),
    );
  });

  it('[UP-RESEND-3] answers about unknown users as the client asks', async () => {
    const discreet = await addClient(app.idp, app.userPoolId, { PreventUserExistenceErrors: 'ENABLED' });
    await expect(app.idp.send(resend(app, 'ghost@example.com'))).rejects.toMatchObject(
      refused('UserNotFoundException', 'Username/client id combination not found.'),
    );
    const { CodeDeliveryDetails } = await app.idp.send(resend(discreet, 'ghost@example.com'));
    expect(CodeDeliveryDetails).toEqual({
      Destination: 'g***@e***',
      DeliveryMedium: 'EMAIL',
      AttributeName: 'email',
    });
  });

  it('[UP-RESEND-4] is refused where nothing is verified automatically', async () => {
    await app.idp.send(signUp(app, 'una'));
    await expect(app.idp.send(resend(app, 'una'))).rejects.toMatchObject(
      refused('InvalidParameterException', 'Cannot resend codes. Auto verification not turned on.'),
    );
  });

  it('[UP-LIMIT-1] is refused after five codes within an hour', async () => {
    await app.idp.send(signUp(app, 'vic', { email: 'vic@example.com' }));
    for (let sent = 0; sent < 5; sent += 1) await app.idp.send(resend(app, 'vic'));
    await expect(app.idp.send(resend(app, 'vic'))).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});
