import {
  AdminCreateUserCommand,
  AdminDeleteUserAttributesCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  ConfirmSignUpCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSrpSession, signSrpSession } from 'cognito-srp-helper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  answer,
  choose,
  createMfaApp,
  INVALID_SESSION,
  otherThan,
  prefer,
  SMS,
  USED_SESSION,
  WRONG_CODE,
} from './factors.ts';
import {
  addClient,
  addUser,
  ALL_FLOWS,
  type App,
  attributeList,
  claimsOf,
  createApp,
  INCORRECT,
  PASSWORD,
  refused,
} from './setup.ts';

let bench: TestBench;
let app: App;

const FACTORS = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } },
} as const;
const WITH_CHOICE = { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH' as const] };

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench, structuredClone(FACTORS) as never, WITH_CHOICE);
});
afterAll(() => bench.stop());

function srpAnswer(
  asked: { ChallengeParameters?: { [name: string]: string } | undefined },
  session: ReturnType<typeof createSrpSession>,
): { [name: string]: string } {
  const signed = signSrpSession(session, asked);
  return {
    PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
    PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
    TIMESTAMP: signed.timestamp,
  };
}

describe('choosing how to begin', () => {
  it('[UP-CHOICE-1] is for clients that enable it', async () => {
    const narrow = { ...app, ...(await addClient(app.idp, app.userPoolId)) };
    await expect(choose(narrow, 'ann')).rejects.toMatchObject(
      refused('InvalidParameterException', 'USER_AUTH is not enabled for the client.'),
    );
    await expect(choose(app, '')).rejects.toMatchObject(
      refused('InvalidParameterException', 'Missing required parameter USERNAME'),
    );
  });

  it('[UP-CHOICE-1] password must be among the factors', async () => {
    await expect(
      createApp(bench, { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['EMAIL_OTP'] } } }),
    ).rejects.toMatchObject(
      refused('InvalidParameterException', 'Password should be configured as one of the allowed first auth factors.'),
    );
  });

  it('[UP-CHOICE-3] offers what pool and user have together', async () => {
    await addUser(app, 'ann', { email: 'ann@example.com' });
    expect(await choose(app, 'ann')).toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
      AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'],
      ChallengeParameters: {},
    });
    const plain = await createApp(bench, {}, WITH_CHOICE);
    await addUser(plain, 'ann', { email: 'ann@example.com' });
    expect(await choose(plain, 'ann')).toMatchObject({ AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD'] });
  });

  it('[UP-CHOICE-2] begins with what the app prefers, and offers the choice where that is not open', async () => {
    await addUser(app, 'bob', { email: 'bob@example.com' });
    const direct = await choose(app, 'bob', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD });
    expect(direct.AuthenticationResult?.AccessToken).toBeTruthy();
    await expect(
      choose(app, 'bob', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Wr0ngWr0ng!' }),
    ).rejects.toMatchObject(INCORRECT);
    for (const wanted of ['SMS_OTP', 'WEB_AUTHN', 'TELEPATHY']) {
      expect(await choose(app, 'bob', { PREFERRED_CHALLENGE: wanted })).toMatchObject({
        ChallengeName: 'SELECT_CHALLENGE',
        AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'],
      });
    }
  });

  it('[UP-CHOICE-2] PASSWORD_SRP with SRP_A asks for the proof', async () => {
    await addUser(app, 'cid');
    const session = createSrpSession('cid', PASSWORD, app.userPoolId, false);
    const asked = await choose(app, 'cid', { PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: session.largeA });
    expect(asked.ChallengeName).toBe('PASSWORD_VERIFIER');
    const done = await answer(app, asked, 'cid', srpAnswer(asked, session));
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
  });

  it('[UP-CHOICE-5] PASSWORD and PASSWORD_SRP ask for what did not come along', async () => {
    await addUser(app, 'dan');
    const asked = await choose(app, 'dan', { PREFERRED_CHALLENGE: 'PASSWORD' });
    expect(asked).toMatchObject({ ChallengeName: 'PASSWORD' });
    await expect(answer(app, asked, 'dan')).rejects.toMatchObject(
      refused('InvalidParameterException', 'Missing required parameter PASSWORD'),
    );
    await expect(answer(app, asked, 'dan', { PASSWORD: 'Wr0ngWr0ng!' })).rejects.toMatchObject(INCORRECT);
    expect((await answer(app, asked, 'dan', { PASSWORD })).AuthenticationResult).toBeDefined();
    await expect(answer(app, asked, 'dan', { PASSWORD })).rejects.toMatchObject(USED_SESSION);

    const session = createSrpSession('dan', PASSWORD, app.userPoolId, false);
    const bySrp = await choose(app, 'dan', { PREFERRED_CHALLENGE: 'PASSWORD_SRP' });
    expect(bySrp).toMatchObject({ ChallengeName: 'PASSWORD_SRP' });
    const next = await answer(app, bySrp, 'dan', { SRP_A: session.largeA });
    expect(next.ChallengeName).toBe('PASSWORD_VERIFIER');
    const done = await answer(app, next, 'dan', srpAnswer(next, session));
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
  });

  it('[UP-CHOICE-4] SELECT_CHALLENGE takes an offered challenge with its data, and no other', async () => {
    await addUser(app, 'eve', { email: 'eve@example.com' });
    const asked = await choose(app, 'eve');
    for (const ANSWER of ['SMS_OTP', 'SMS_MFA', 'nonsense']) {
      await expect(answer(app, asked, 'eve', { ANSWER })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    await expect(answer(app, asked, 'eve', { ANSWER: 'PASSWORD', PASSWORD: 'Wr0ngWr0ng!' })).rejects.toMatchObject(
      INCORRECT,
    );
    const done = await answer(app, asked, 'eve', { ANSWER: 'PASSWORD', PASSWORD });
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();

    const session = createSrpSession('eve', PASSWORD, app.userPoolId, false);
    const bySrp = await answer(app, await choose(app, 'eve'), 'eve', { ANSWER: 'PASSWORD_SRP', SRP_A: session.largeA });
    expect(bySrp).toMatchObject({
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeParameters: { USER_ID_FOR_SRP: 'eve' },
    });
    expect((await answer(app, bySrp, 'eve', srpAnswer(bySrp, session))).AuthenticationResult).toBeDefined();
  });

  it('[UP-CHOICE-2] offers passwords alone to whoever has a temporary one', async () => {
    await app.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: app.userPoolId,
        Username: 'fay',
        TemporaryPassword: 'Temp0rary!',
        MessageAction: 'SUPPRESS',
        UserAttributes: attributeList({ email: 'fay@example.com' }),
      }),
    );
    expect(await choose(app, 'fay', { PREFERRED_CHALLENGE: 'EMAIL_OTP' })).toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
      AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD'],
    });
    expect(await choose(app, 'fay', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Temp0rary!' })).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
    });
  });

  it('[UP-CHOICE-2] refuses disabled users, and whoever has nothing to begin with', async () => {
    await addUser(app, 'gil');
    await app.idp.send(new AdminDisableUserCommand({ UserPoolId: app.userPoolId, Username: 'gil' }));
    await expect(choose(app, 'gil')).rejects.toMatchObject(refused('NotAuthorizedException', 'User is disabled.'));
    const gus = { UserPoolId: app.userPoolId, Username: 'gus' };
    const phone = attributeList({ phone_number: '+15550310' });
    await app.idp.send(new AdminCreateUserCommand({ ...gus, UserAttributes: phone }));
    await app.idp.send(new AdminDeleteUserAttributesCommand({ ...gus, UserAttributeNames: ['phone_number'] }));
    await expect(choose(app, 'gus')).rejects.toMatchObject(INCORRECT);
  });

  it('[UP-CHOICE-1] works for administrators', async () => {
    await addUser(app, 'hal', { email: 'hal@example.com' });
    const asked = await app.idp.send(
      new AdminInitiateAuthCommand({
        UserPoolId: app.userPoolId,
        ClientId: app.clientId,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME: 'hal', PREFERRED_CHALLENGE: 'EMAIL_OTP' },
      }),
    );
    expect(asked).toMatchObject({ ChallengeName: 'EMAIL_OTP' });
    const { code } = await bench.messageTo('hal@example.com');
    const done = await answer(app, asked, 'hal', { EMAIL_OTP_CODE: code! });
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
  });
});

describe('a code in place of a password', () => {
  it('[UP-CHOICE-5] comes by e-mail with eight digits, by SMS with six, and verifies the address', async () => {
    await addUser(app, 'ida', { email: 'ida@example.com', phone_number: '+15550301' });
    const mail = await choose(app, 'ida', { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    expect(mail).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP'],
      ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL', CODE_DELIVERY_DESTINATION: 'i***@e***' },
    });
    const { code } = await bench.messageTo('ida@example.com');
    expect(code).toMatch(/^\d{8}$/);
    for (let wrong = 0; wrong < 6; wrong += 1) {
      await expect(answer(app, mail, 'ida', { EMAIL_OTP_CODE: otherThan(code!) })).rejects.toMatchObject(WRONG_CODE);
    }
    const done = await answer(app, mail, 'ida', { EMAIL_OTP_CODE: code! });
    expect(claimsOf(done.AuthenticationResult!.IdToken!)['email_verified']).toBe(true);

    const sms = await answer(app, await choose(app, 'ida'), 'ida', { ANSWER: 'SMS_OTP' });
    expect(sms).toMatchObject({
      ChallengeName: 'SMS_OTP',
      ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS' },
    });
    const { code: digits } = await bench.messageTo('+15550301');
    expect(digits).toMatch(/^\d{6}$/);
    await expect(answer(app, sms, 'ida', { SMS_OTP_CODE: otherThan(digits!) })).rejects.toMatchObject(WRONG_CODE);
    const bySms = await answer(app, sms, 'ida', { SMS_OTP_CODE: digits! });
    expect(claimsOf(bySms.AuthenticationResult!.IdToken!)['phone_number_verified']).toBe(true);
  });

  it('[UP-CHOICE-6] lets people sign up without a password, and confirms them', async () => {
    const { UserConfirmed } = await app.idp.send(
      new SignUpCommand({
        ClientId: app.clientId,
        Username: 'jan',
        UserAttributes: attributeList({ email: 'jan@example.com' }),
      }),
    );
    expect(UserConfirmed).toBe(false);
    const asked = await choose(app, 'jan', { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    expect(asked).toMatchObject({ ChallengeName: 'EMAIL_OTP', AvailableChallenges: ['EMAIL_OTP'] });
    const { code } = await bench.messageTo('jan@example.com');
    const done = await answer(app, asked, 'jan', { EMAIL_OTP_CODE: code! });
    expect(claimsOf(done.AuthenticationResult!.IdToken!)['email_verified']).toBe(true);
    expect(await app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'jan' }))).toMatchObject({
      UserStatus: 'CONFIRMED',
    });
  });

  it('[UP-CHOICE-6] needs an address to take the password’s place', async () => {
    const withoutPassword = (own: App, attributes: { [name: string]: string }): Promise<unknown> =>
      own.idp.send(
        new SignUpCommand({ ClientId: own.clientId, Username: 'kim', UserAttributes: attributeList(attributes) }),
      );
    await expect(withoutPassword(app, {})).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const plain = await createApp(bench);
    await expect(withoutPassword(plain, { email: 'kim@example.com' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('[UP-CHOICE-6] lets administrators create people without a password', async () => {
    const { User } = await app.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: app.userPoolId,
        Username: 'lou',
        UserAttributes: attributeList({ phone_number: '+15550302' }),
      }),
    );
    expect(User!.UserStatus).toBe('CONFIRMED');
    const asked = await choose(app, 'lou');
    expect(asked.AvailableChallenges).toEqual(['SMS_OTP']);
    await expect(choose(app, 'lou', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })).resolves.toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
    });
    await app.idp.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: app.userPoolId,
        Username: 'lou',
        Password: PASSWORD,
        Permanent: true,
      }),
    );
    expect((await choose(app, 'lou')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD', 'SMS_OTP']);
  });

  it('[UP-CHOICE-9] is no way round a second factor', async () => {
    const own = await createMfaApp(
      bench,
      'OPTIONAL',
      { SmsMfaConfiguration: { SmsConfiguration: SMS } },
      structuredClone(FACTORS) as never,
    );
    await addUser(own, 'mia', { email: 'mia@example.com', phone_number: '+15550303' });
    expect((await choose(own, 'mia')).AvailableChallenges).toContain('EMAIL_OTP');
    await prefer(own, 'mia', { SMSMfaSettings: { Enabled: true } });
    expect((await choose(own, 'mia')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD']);
    expect(await choose(own, 'mia', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })).toMatchObject({
      ChallengeName: 'SMS_MFA',
    });
  });

  it('[UP-CHOICE-9] asks for the second factor that was switched on while the code was on its way', async () => {
    const own = await createMfaApp(
      bench,
      'OPTIONAL',
      { SmsMfaConfiguration: { SmsConfiguration: SMS } },
      structuredClone(FACTORS) as never,
    );
    await addUser(own, 'nia', { email: 'nia@example.com', phone_number: '+15550304' });
    const asked = await choose(own, 'nia', { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    await prefer(own, 'nia', { SMSMfaSettings: { Enabled: true } });
    const { code } = await bench.messageTo('nia@example.com');
    const next = await answer(own, asked, 'nia', { EMAIL_OTP_CODE: code! });
    expect(next.ChallengeName).toBe('SMS_MFA');
    expect(next.AuthenticationResult).toBeUndefined();
  });
});

describe('users who do not exist', () => {
  it('[UP-CHOICE-7] are named where the client does not hide them', async () => {
    await expect(choose(app, 'ghost')).rejects.toMatchObject(refused('UserNotFoundException', 'User does not exist.'));
  });

  it('[UP-CHOICE-7] are asked like anybody else where it does, and never get in', async () => {
    const discreet = {
      ...app,
      ...(await addClient(app.idp, app.userPoolId, { ...WITH_CHOICE, PreventUserExistenceErrors: 'ENABLED' })),
    };
    expect(await choose(discreet, 'ghost')).toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
      AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP'],
    });
    const asked = await choose(discreet, 'ghost', { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    expect(asked).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: { CODE_DELIVERY_DESTINATION: 'g***@e***' },
    });
    await expect(answer(discreet, asked, 'ghost', { EMAIL_OTP_CODE: '12345678' })).rejects.toMatchObject(WRONG_CODE);
    const byChoice = await answer(discreet, await choose(discreet, 'ghost'), 'ghost', { ANSWER: 'SMS_OTP' });
    await expect(answer(discreet, byChoice, 'ghost', { SMS_OTP_CODE: '123456' })).rejects.toMatchObject(WRONG_CODE);
    await expect(choose(discreet, 'ghost', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })).rejects.toMatchObject(
      INCORRECT,
    );
    const session = createSrpSession('ghost', PASSWORD, app.userPoolId, false);
    const bySrp = await choose(discreet, 'ghost', { PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: session.largeA });
    expect(bySrp.ChallengeName).toBe('PASSWORD_VERIFIER');
    await expect(answer(discreet, bySrp, 'ghost', srpAnswer(bySrp, session))).rejects.toMatchObject(INCORRECT);
  });
});

describe('signing in right after signing up', () => {
  async function signUp(own: App, username: string): Promise<{ session: string | undefined; code: string }> {
    const email = `${username}@example.com`;
    const { Session: session } = await own.idp.send(
      new SignUpCommand({
        ClientId: own.clientId,
        Username: username,
        Password: PASSWORD,
        UserAttributes: attributeList({ email }),
      }),
    );
    const { code } = await bench.messageTo(email);
    return { session, code: code! };
  }

  function confirm(
    own: App,
    username: string,
    code: string,
    Session?: string,
  ): Promise<{ Session?: string | undefined }> {
    return own.idp.send(
      new ConfirmSignUpCommand({ ClientId: own.clientId, Username: username, ConfirmationCode: code, Session }),
    );
  }

  it('[UP-CHOICE-8] takes the session of SignUp to ConfirmSignUp, and that one to the tokens, once', async () => {
    const { session, code } = await signUp(app, 'ole');
    expect(session).toMatch(/^AYABe/);
    const confirmed = await confirm(app, 'ole', code, session);
    expect(confirmed.Session).toMatch(/^AYABe/);
    const done = await choose(app, 'ole', {}, confirmed.Session);
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
    await expect(choose(app, 'ole', {}, confirmed.Session)).rejects.toMatchObject(USED_SESSION);
    await expect(choose(app, 'ole', {}, session)).rejects.toMatchObject(INVALID_SESSION);
  });

  it('[UP-CHOICE-8] opens nothing for anybody else, too late, or where the code came without the session', async () => {
    const { session, code } = await signUp(app, 'pam');
    const confirmed = await confirm(app, 'pam', code, session);
    await expect(choose(app, 'ann', {}, confirmed.Session)).rejects.toMatchObject(INVALID_SESSION);
    const other = { ...app, ...(await addClient(app.idp, app.userPoolId, WITH_CHOICE)) };
    await expect(choose(other, 'pam', {}, confirmed.Session)).rejects.toMatchObject(INVALID_SESSION);
    await bench.advance({ minutes: 4 });
    await expect(choose(app, 'pam', {}, confirmed.Session)).rejects.toMatchObject({ name: 'NotAuthorizedException' });

    const second = await signUp(app, 'quo');
    expect(await confirm(app, 'quo', second.code, session)).not.toHaveProperty('Session');
    const plain = await createApp(bench);
    expect((await signUp(plain, 'ray')).session).toBeUndefined();
  });

  it('[UP-CHOICE-8] does not spare a second factor', async () => {
    const strict = await createMfaApp(bench, 'ON', { SoftwareTokenMfaConfiguration: { Enabled: true } });
    const { session, code } = await signUp(strict, 'sam');
    const confirmed = await confirm(strict, 'sam', code, session);
    expect(await choose(strict, 'sam', {}, confirmed.Session)).toMatchObject({ ChallengeName: 'MFA_SETUP' });
  });
});
