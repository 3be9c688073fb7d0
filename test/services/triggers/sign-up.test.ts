import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  type SignUpCommandInput,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addUser, type App, attributeList, PASSWORD, refused, signIn } from '../user-pools/setup.ts';
import { addFunction, createTriggeredApp, envelope, KEY } from './setup.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const METADATA = { from: 'test' };

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

async function userOf({ idp, userPoolId }: App, username: string): Promise<{ [name: string]: unknown }> {
  const user = await idp.send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }));
  const attributes = Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name!, Value]));
  return { status: user.UserStatus, ...attributes };
}

describe('PreSignUp', () => {
  it('[FN-EVENT-1] is asked about what was submitted, with the metadata that was sent', async () => {
    const fn = await addFunction(bench);
    const app = await createTriggeredApp(bench, { PreSignUp: fn.arn });
    await app.idp.send(
      signUp(
        app,
        'Ann',
        { email: 'ann@example.com' },
        {
          ValidationData: [{ Name: 'captcha', Value: 'abc' }],
          ClientMetadata: METADATA,
        },
      ),
    );
    const event = await fn.event();
    expect(event).toEqual({
      ...envelope(app, 'Ann', 'PreSignUp_SignUp'),
      request: {
        userAttributes: { email: 'ann@example.com' },
        validationData: { captcha: 'abc' },
        clientMetadata: METADATA,
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    });
    expect(Object.keys(event)).toEqual([
      'version',
      'region',
      'userPoolId',
      'userName',
      'callerContext',
      'triggerSource',
      'request',
      'response',
    ]);
    await app.idp.send(signUp(app, 'bob'));
    expect((await fn.asked())[1]!.payload).toMatchObject({ request: { userAttributes: {}, validationData: null } });
    expect((await fn.asked())[1]!.payload).not.toHaveProperty('request.clientMetadata');
  });

  it('[FN-SIGNUP-1] may confirm somebody at once: no code, and PostConfirmation hears of it', async () => {
    const pre = await addFunction(
      bench,
      'event.response.autoConfirmUser = true; event.response.autoVerifyEmail = true;',
    );
    const post = await addFunction(bench);
    const app = await createTriggeredApp(bench, { PreSignUp: pre.arn, PostConfirmation: post.arn });
    const answer = await app.idp.send(signUp(app, 'cid', { email: 'cid@example.com' }, { ClientMetadata: METADATA }));
    expect(answer).toMatchObject({ UserConfirmed: true, UserSub: expect.any(String) as string });
    expect(answer).not.toHaveProperty('CodeDeliveryDetails');
    expect(await userOf(app, 'cid')).toMatchObject({ status: 'CONFIRMED', email_verified: 'true' });
    await expect(bench.messageTo('cid@example.com')).rejects.toThrow('no message');
    expect(await post.event()).toEqual({
      ...envelope(app, 'cid', 'PostConfirmation_ConfirmSignUp'),
      request: {
        userAttributes: {
          sub: answer.UserSub,
          'cognito:user_status': 'CONFIRMED',
          email: 'cid@example.com',
          email_verified: 'true',
        },
        clientMetadata: METADATA,
      },
      response: {},
    });
    await signIn(app, 'cid');
  });

  it('[FN-SIGNUP-2] moves an alias that it vouches for, and needs the attribute', async () => {
    const pre = await addFunction(
      bench,
      'if (event.request.userAttributes.email || event.userName === "none") event.response.autoVerifyEmail = true;',
    );
    const app = await createTriggeredApp(
      bench,
      { PreSignUp: pre.arn },
      { AliasAttributes: ['email'], AutoVerifiedAttributes: [] },
    );
    await app.idp.send(signUp(app, 'first', { email: 'same@example.com' }));
    await app.idp.send(signUp(app, 'second', { email: 'same@example.com' }));
    expect(await userOf(app, 'first')).toMatchObject({ email_verified: 'false' });
    expect(await userOf(app, 'same@example.com')).toEqual(await userOf(app, 'second'));
    await expect(app.idp.send(signUp(app, 'none'))).rejects.toMatchObject({ name: 'InvalidLambdaResponseException' });
    await expect(userOf(app, 'none')).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('[FN-SIGNUP-3] is asked about users of administrators, whose state it does not decide', async () => {
    const pre = await addFunction(
      bench,
      'event.response.autoConfirmUser = true; event.response.autoVerifyEmail = true;',
    );
    const app = await createTriggeredApp(bench, { PreSignUp: pre.arn });
    await app.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: app.userPoolId,
        Username: 'dan',
        UserAttributes: attributeList({ email: 'dan@example.com' }),
        ValidationData: attributeList({ by: 'hand' }),
        ClientMetadata: METADATA,
      }),
    );
    expect(await pre.event()).toEqual({
      ...envelope({ userPoolId: app.userPoolId }, 'dan', 'PreSignUp_AdminCreateUser'),
      request: {
        userAttributes: { email: 'dan@example.com' },
        validationData: { by: 'hand' },
        clientMetadata: METADATA,
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    });
    const user = await userOf(app, 'dan');
    expect(user).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' });
    expect(user).not.toHaveProperty('email_verified');
  });

  it('[FN-TRIGGER-3] refuses somebody with the function’s own words, and nothing is stored', async () => {
    const pre = await addFunction(bench, 'throw new Error("no " + event.userName);');
    const app = await createTriggeredApp(bench, { PreSignUp: pre.arn });
    await expect(app.idp.send(signUp(app, 'eve'))).rejects.toMatchObject({
      ...refused('UserLambdaValidationException', 'PreSignUp failed with error no eve.'),
      $metadata: { httpStatusCode: 400 },
    });
    await expect(userOf(app, 'eve')).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('[UP-SIGNUP-5] gives a name once, also when two come while the function runs', async () => {
    const pre = await addFunction(bench, 'await new Promise((resolve) => setTimeout(resolve, 50));');
    const app = await createTriggeredApp(bench, { PreSignUp: pre.arn });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => app.idp.send(signUp(app, 'twin'))));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as Error).name] : [])),
    ).toEqual(['UsernameExistsException', 'UsernameExistsException']);
    expect(await pre.asked()).toHaveLength(3);
  });
});

describe('PostConfirmation', () => {
  it('[FN-CONFIRM-1] hears of a confirmed sign-up, whoever confirmed it', async () => {
    const post = await addFunction(bench);
    const app = await createTriggeredApp(bench, { PostConfirmation: post.arn });
    await app.idp.send(signUp(app, 'fay', { email: 'fay@example.com' }));
    const { code } = await bench.messageTo('fay@example.com');
    await app.idp.send(
      new ConfirmSignUpCommand({
        ClientId: app.clientId,
        Username: 'fay',
        ConfirmationCode: code!,
        ClientMetadata: METADATA,
      }),
    );
    const { sub } = await userOf(app, 'fay');
    expect(await post.event()).toEqual({
      ...envelope(app, 'fay', 'PostConfirmation_ConfirmSignUp'),
      request: {
        userAttributes: {
          sub,
          'cognito:user_status': 'CONFIRMED',
          email: 'fay@example.com',
          email_verified: 'true',
        },
        clientMetadata: METADATA,
      },
      response: {},
    });
    await app.idp.send(signUp(app, 'gil'));
    await app.idp.send(new AdminConfirmSignUpCommand({ UserPoolId: app.userPoolId, Username: 'gil' }));
    expect((await post.asked())[1]!.payload).toMatchObject({
      ...envelope({ userPoolId: app.userPoolId }, 'gil', 'PostConfirmation_ConfirmSignUp'),
    });
  });

  it('[FN-CONFIRM-2] comes too late to refuse: the caller sees the error, the user stays confirmed', async () => {
    const post = await addFunction(bench, 'throw new Error("too late");');
    const app = await createTriggeredApp(bench, { PostConfirmation: post.arn });
    await app.idp.send(signUp(app, 'hal'));
    await expect(
      app.idp.send(new AdminConfirmSignUpCommand({ UserPoolId: app.userPoolId, Username: 'hal' })),
    ).rejects.toMatchObject(refused('UserLambdaValidationException', 'PostConfirmation failed with error too late.'));
    expect(await userOf(app, 'hal')).toMatchObject({ status: 'CONFIRMED' });
  });

  it('[FN-CONFIRM-1] hears of a password that was reset by a code', async () => {
    const post = await addFunction(bench);
    const message = await addFunction(bench, 'event.response.emailMessage = "Reset with {####}";');
    const app = await createTriggeredApp(bench, { PostConfirmation: post.arn, CustomMessage: message.arn });
    await addUser(app, 'ida', { email: 'ida@example.com', email_verified: 'true' });
    await app.idp.send(
      new ForgotPasswordCommand({ ClientId: app.clientId, Username: 'ida', ClientMetadata: METADATA }),
    );
    expect(await message.event()).toMatchObject({
      ...envelope(app, 'ida', 'CustomMessage_ForgotPassword'),
      request: { clientMetadata: METADATA },
    });
    const { code, body } = await bench.messageTo('ida@example.com');
    expect(body).toBe(`Reset with ${code}`);
    await app.idp.send(
      new ConfirmForgotPasswordCommand({
        ClientId: app.clientId,
        Username: 'ida',
        ConfirmationCode: code!,
        Password: 'An0ther-one!',
      }),
    );
    expect(await post.event()).toMatchObject(envelope(app, 'ida', 'PostConfirmation_ConfirmForgotPassword'));
  });
});

describe('CustomMessage', () => {
  it('[FN-MESSAGE-1] words a code, for a user who is stored already', async () => {
    const message = await addFunction(
      bench,
      `event.response.emailSubject = 'Hello ' + event.userName; event.response.emailMessage = 'Your code: {####} ($&)';`,
    );
    const app = await createTriggeredApp(bench, { CustomMessage: message.arn });
    const { UserSub: sub } = await app.idp.send(
      signUp(app, 'jan', { email: 'jan@example.com' }, { ClientMetadata: METADATA }),
    );
    expect(await message.event()).toEqual({
      ...envelope(app, 'jan', 'CustomMessage_SignUp'),
      request: {
        userAttributes: {
          sub,
          'cognito:user_status': 'UNCONFIRMED',
          email: 'jan@example.com',
          email_verified: 'false',
        },
        codeParameter: '{####}',
        linkParameter: '{##Click Here##}',
        usernameParameter: null,
        clientMetadata: METADATA,
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    });
    const { code, body, subject } = await bench.messageTo('jan@example.com');
    expect({ body, subject }).toEqual({ body: `Your code: ${code} ($&)`, subject: 'Hello jan' });
    await app.idp.send(new ResendConfirmationCodeCommand({ ClientId: app.clientId, Username: 'jan' }));
    expect((await message.asked())[1]!.payload).toMatchObject(envelope(app, 'jan', 'CustomMessage_ResendCode'));
  });

  it('[FN-MESSAGE-1] words invitations with name and password, by SMS too', async () => {
    const message = await addFunction(
      bench,
      `event.response.smsMessage = '{username} {####}'; event.response.emailMessage = 'Mail for {username}: {####}';`,
    );
    const app = await createTriggeredApp(bench, { CustomMessage: message.arn });
    await app.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: app.userPoolId,
        Username: 'kay',
        TemporaryPassword: 'Temp-1$&x',
        DesiredDeliveryMediums: ['EMAIL', 'SMS'],
        UserAttributes: attributeList({ email: 'kay@example.com', phone_number: '+15550000001' }),
      }),
    );
    expect(await message.event()).toMatchObject({
      ...envelope({ userPoolId: app.userPoolId }, 'kay', 'CustomMessage_AdminCreateUser'),
      request: { codeParameter: '{####}', usernameParameter: '{username}' },
    });
    expect((await bench.messageTo('kay@example.com')).body).toBe('Mail for kay: Temp-1$&x');
    expect((await bench.messageTo('+15550000001')).body).toBe('kay Temp-1$&x');
  });

  it('[FN-MESSAGE-2] leaves the pool’s own text where the code has no place, [FN-MESSAGE-3] and takes no text that is too long', async () => {
    const message = await addFunction(
      bench,
      `event.response.emailMessage = event.userName === 'long' ? '{####}' + 'x'.repeat(20000) : 'no code in here';`,
    );
    const app = await createTriggeredApp(bench, { CustomMessage: message.arn });
    await app.idp.send(signUp(app, 'lea', { email: 'lea@example.com' }));
    const { body, code } = await bench.messageTo('lea@example.com');
    expect(body).toBe(`Your verification code is ${code}. `);
    await expect(app.idp.send(signUp(app, 'long', { email: 'long@example.com' }))).rejects.toMatchObject({
      name: 'InvalidLambdaResponseException',
    });
  });

  it('[FN-MESSAGE-4] fails a sign-up whose user is stored already', async () => {
    const message = await addFunction(bench, 'throw new Error("no words");');
    const app = await createTriggeredApp(bench, { CustomMessage: message.arn });
    await expect(app.idp.send(signUp(app, 'mia', { email: 'mia@example.com' }))).rejects.toMatchObject(
      refused('UserLambdaValidationException', 'CustomMessage failed with error no words.'),
    );
    expect(await userOf(app, 'mia')).toMatchObject({ status: 'UNCONFIRMED' });
    await expect(bench.messageTo('mia@example.com')).rejects.toThrow('no message');
  });

  it('[FN-MESSAGE-5] puts a link where the pool confirms by link', async () => {
    const message = await addFunction(bench, `event.response.emailMessage = 'Please {##Click Here##}';`);
    const app = await createTriggeredApp(
      bench,
      { CustomMessage: message.arn },
      { VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' } },
    );
    await app.idp.send(signUp(app, 'ned', { email: 'ned@example.com' }));
    const { body, link } = await bench.messageTo('ned@example.com');
    expect(body).toBe(`Please <a href="${link!.replaceAll('&', '&amp;')}">Click Here</a>`);
  });

  it('[FN-MESSAGE-1] words the codes of changed attributes and of resets', async () => {
    const message = await addFunction(bench);
    const app = await createTriggeredApp(bench, { CustomMessage: message.arn });
    await addUser(app, 'oda', { email: 'oda@example.com', email_verified: 'true' });
    const { access } = await signIn(app, 'oda');
    const change = attributeList({ email: 'oda2@example.com' });
    await app.idp.send(
      new UpdateUserAttributesCommand({ AccessToken: access, UserAttributes: change, ClientMetadata: METADATA }),
    );
    await app.idp.send(new GetUserAttributeVerificationCodeCommand({ AccessToken: access, AttributeName: 'email' }));
    await app.idp.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: app.userPoolId,
        Username: 'oda',
        UserAttributes: attributeList({ email: 'oda3@example.com', email_verified: 'true' }),
      }),
    );
    await app.idp.send(new AdminResetUserPasswordCommand({ UserPoolId: app.userPoolId, Username: 'oda' }));
    const asked = (await message.asked()).map(({ payload }) => payload as { [member: string]: unknown });
    expect(asked.map(({ triggerSource, callerContext }) => [triggerSource, callerContext])).toEqual([
      ['CustomMessage_UpdateUserAttribute', envelope(app, '', '')['callerContext']],
      ['CustomMessage_VerifyUserAttribute', envelope(app, '', '')['callerContext']],
      ['CustomMessage_ForgotPassword', envelope({ userPoolId: '' }, '', '')['callerContext']],
    ]);
    expect(asked[0]).toMatchObject({ request: { clientMetadata: METADATA } });
  });
});

describe('custom senders', () => {
  it('[FN-SENDER-1] get the code in the place of the inbox, [FN-SENDER-2] as the Base64 of its text', async () => {
    const sender = await addFunction(bench);
    const message = await addFunction(bench);
    const app = await createTriggeredApp(bench, {
      CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: sender.arn },
      CustomMessage: message.arn,
      KMSKeyID: KEY,
    });
    const { UserSub: sub } = await app.idp.send(
      signUp(app, 'pia', { email: 'pia@example.com' }, { ClientMetadata: METADATA }),
    );
    const event = (await sender.event()) as { request: { code: string } };
    expect(event).toEqual({
      ...envelope(app, 'pia', 'CustomEmailSender_SignUp'),
      request: {
        type: 'customEmailSenderRequestV1',
        code: expect.any(String) as string,
        clientMetadata: METADATA,
        userAttributes: {
          sub,
          'cognito:user_status': 'UNCONFIRMED',
          email: 'pia@example.com',
          email_verified: 'false',
        },
      },
    });
    await expect(bench.messageTo('pia@example.com')).rejects.toThrow('no message');
    expect(await message.asked()).toEqual([]);
    const code = Buffer.from(event.request.code, 'base64').toString();
    await app.idp.send(new ConfirmSignUpCommand({ ClientId: app.clientId, Username: 'pia', ConfirmationCode: code }));
    expect((await sender.asked())[0]!.secrets).toEqual(['request.code']);
  });

  it('[FN-SENDER-1] take one medium and leave the other, [FN-SENDER-2] with brackets of a password escaped', async () => {
    const sender = await addFunction(bench);
    const app = await createTriggeredApp(bench, {
      CustomSMSSender: { LambdaVersion: 'V1_0', LambdaArn: sender.arn },
      KMSKeyID: KEY,
    });
    await app.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: app.userPoolId,
        Username: 'rob',
        TemporaryPassword: 'Temp<1>x',
        DesiredDeliveryMediums: ['EMAIL', 'SMS'],
        UserAttributes: attributeList({ email: 'rob@example.com', phone_number: '+15550000002' }),
      }),
    );
    const event = (await sender.event()) as { triggerSource: string; request: { type: string; code: string } };
    expect(event.triggerSource).toBe('CustomSMSSender_AdminCreateUser');
    expect(event.request.type).toBe('customSMSSenderRequestV1');
    expect(Buffer.from(event.request.code, 'base64').toString()).toBe('Temp&lt;1&gt;x');
    expect((await bench.messageTo('rob@example.com')).body).toContain('Temp<1>x');
    await expect(bench.messageTo('+15550000002')).rejects.toThrow('no message');
  });

  it('[FN-SENDER-3] fail without anybody noticing', async () => {
    const sender = await addFunction(bench, 'throw new Error("cannot send");');
    const app = await createTriggeredApp(bench, {
      CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: sender.arn },
      KMSKeyID: KEY,
    });
    expect(await app.idp.send(signUp(app, 'sam', { email: 'sam@example.com' }))).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' },
    });
    expect((await sender.asked())[0]).toMatchObject({ outcome: 'failed' });
  });
});
