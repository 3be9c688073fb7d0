import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../harness/bench.ts';
import { addFunction } from '../services/triggers/setup.ts';
import { addPerson, challengeOf, makeSecureApp, type SecureApp, setUpAuthenticator, SMS, TOTP } from './mfa-scene.ts';
import { addDevice, PASSWORD } from './scene.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

describe('codes by message', () => {
  it('[DV-CHALLENGE-1] answers SMS MFA with the code from the inbox, after a wrong one', async () => {
    const app = await makeSecureApp(bench, { MfaConfiguration: 'ON', SmsMfaConfiguration: SMS });
    await addPerson(app, 'ann', { phone_number: '+15550100', phone_number_verified: 'true' });
    const phone = await addDevice(bench, 'SMS', app.pointedAt);
    await expect(phone.act({ do: 'answer', answer: '123456' })).rejects.toThrow('NoChallenge');
    const asked = await phone.act({ do: 'sign-in', username: 'ann', password: PASSWORD });
    expect(challengeOf(asked)).toMatchObject({
      challenge: 'SMS_MFA',
      destination: expect.stringMatching(/\*.*0100$/) as string,
      answersItself: false,
    });
    await expect(phone.act({ do: 'answer' })).rejects.toThrow('NoAnswer');
    await expect(phone.act({ do: 'answer', answer: '000000x' })).rejects.toThrow('CodeMismatchException');
    const { code } = await bench.messageTo('+15550100');
    expect((await phone.act({ do: 'answer', answer: code! })).signIn).toMatchObject({ status: 'signed-in' });
  });

  it('[DV-CHALLENGE-2] chooses between factors', async () => {
    const app = await makeSecureApp(bench, { ...TOTP, SmsMfaConfiguration: SMS });
    await addPerson(app, 'bob', { phone_number: '+15550101', phone_number_verified: 'true' });
    const phone = await addDevice(bench, 'Choice', app.pointedAt);
    await setUpAuthenticator(bench, phone, 'bob');
    await phone.act({ do: 'set-mfa-preference', softwareToken: 'on', sms: 'on' });
    const asked = await phone.act({ do: 'sign-in', username: 'bob', password: PASSWORD });
    expect(challengeOf(asked)).toMatchObject({
      challenge: 'SELECT_MFA_TYPE',
      choices: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'],
    });
    await expect(phone.act({ do: 'answer', answer: 'EMAIL_OTP' })).rejects.toThrow('InvalidParameter');
    expect(challengeOf(await phone.act({ do: 'answer', answer: 'SOFTWARE_TOKEN_MFA' })).answersItself).toBe(true);
    expect((await phone.act({ do: 'answer' })).signIn.status).toBe('signed-in');
  });

  it('[DV-CHALLENGE-4] is back at the beginning once the session is too old', async () => {
    const app = await makeSecureApp(bench, { MfaConfiguration: 'ON', SmsMfaConfiguration: SMS });
    await addPerson(app, 'old', { phone_number: '+15550102', phone_number_verified: 'true' });
    const phone = await addDevice(bench, 'Old', app.pointedAt);
    await phone.act({ do: 'sign-in', username: 'old', password: PASSWORD });
    const { code } = await bench.messageTo('+15550102');
    await bench.advance({ minutes: 30 });
    await expect(phone.act({ do: 'answer', answer: code! })).rejects.toThrow('NotAuthorizedException');
    expect((await phone.state()).signIn).toEqual({ status: 'signed-out' });
  });
});

describe('choosing how to begin', () => {
  let app: SecureApp;
  beforeAll(async () => {
    app = await makeSecureApp(
      bench,
      {
        MfaConfiguration: 'OFF',
        WebAuthnConfiguration: { RelyingPartyId: 'example.com', UserVerification: 'required' },
      },
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] } } },
    );
  });

  it('[DV-CHALLENGE-3] offers the pool’s choices, and answers each', async () => {
    await addPerson(app, 'cleo', {
      email: 'cleo@example.test',
      email_verified: 'true',
      phone_number: '+15550103',
      phone_number_verified: 'true',
    });
    const phone = await addDevice(bench, 'Begin', app.pointedAt);
    const begin = { do: 'sign-in', username: 'cleo', flow: 'USER_AUTH' } as const;
    for (const [choice, address] of [
      ['EMAIL_OTP', 'cleo@example.test'],
      ['SMS_OTP', '+15550103'],
    ] as const) {
      const asked = await phone.act(begin);
      expect(challengeOf(asked)).toMatchObject({ challenge: 'SELECT_CHALLENGE' });
      expect(challengeOf(asked).choices).toEqual(['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP']);
      expect(challengeOf(await phone.act({ do: 'answer', answer: choice })).challenge).toBe(choice);
      const { code } = await bench.messageTo(address);
      expect((await phone.act({ do: 'answer', answer: code! })).signIn.status).toBe('signed-in');
    }
    for (const choice of ['PASSWORD', 'PASSWORD_SRP'] as const) {
      await phone.act(begin);
      await expect(phone.act({ do: 'answer', answer: choice })).rejects.toThrow('NoAnswer');
      const answered = await phone.act({ do: 'answer', answer: choice, password: PASSWORD });
      expect(answered.signIn.status).toBe('signed-in');
      const direct = await phone.act({ ...begin, prefer: choice, password: PASSWORD });
      expect(direct.signIn.status).toBe('signed-in');
    }
    await expect(phone.act({ ...begin, prefer: 'PASSWORD' })).rejects.toThrow('NoPassword');
    expect(challengeOf(await phone.act({ ...begin, prefer: 'EMAIL_OTP' })).challenge).toBe('EMAIL_OTP');
  });

  it('[DV-PASSKEY-1] [DV-PASSKEY-2] makes a passkey, signs in with it as often as asked, and deletes it', async () => {
    await addPerson(app, 'dan');
    const phone = await addDevice(bench, 'Passkey', app.pointedAt);
    await phone.act({ do: 'sign-in', username: 'dan', password: PASSWORD });
    const { passkeys } = await phone.act({ do: 'create-passkey' });
    expect(passkeys).toEqual([
      {
        credentialId: expect.any(String) as string,
        username: 'dan',
        userPoolId: app.userPoolId,
        relyingPartyId: 'example.com',
      },
    ]);
    await expect(phone.act({ do: 'create-passkey' })).rejects.toThrow('InvalidStateError');
    const begin = { do: 'sign-in', username: 'dan', flow: 'USER_AUTH', prefer: 'WEB_AUTHN' } as const;
    for (const _ of [1, 2]) {
      await phone.act({ do: 'sign-out' });
      expect(challengeOf(await phone.act(begin))).toMatchObject({ challenge: 'WEB_AUTHN', answersItself: true });
      expect((await phone.act({ do: 'answer' })).signIn).toMatchObject({ status: 'signed-in', username: 'dan' });
    }
    const other = await addDevice(bench, 'No passkey', app.pointedAt);
    expect(challengeOf(await other.act(begin)).answersItself).toBe(false);
    await expect(other.act({ do: 'answer' })).rejects.toThrow('NotAllowedError');

    const [{ credentialId } = { credentialId: '' }] = passkeys;
    expect((await phone.act({ do: 'delete-passkey', credentialId })).passkeys).toEqual([]);
    expect(challengeOf(await phone.act(begin)).challenge).toBe('SELECT_CHALLENGE');
  });
});

describe('a challenge of the pool’s own making', () => {
  const DEFINE = `
    const last = event.request.session.at(-1);
    if (last?.challengeName === 'SRP_A') event.response.challengeName = 'PASSWORD_VERIFIER';
    else if (last?.challengeName === 'CUSTOM_CHALLENGE') {
      event.response.issueTokens = last.challengeResult;
      event.response.failAuthentication = !last.challengeResult;
    } else event.response.challengeName = 'CUSTOM_CHALLENGE';`;
  const CREATE = `
    event.response.publicChallengeParameters = { question: '2 + 3' };
    event.response.privateChallengeParameters = { answer: '5' };`;
  const VERIFY = `event.response.answerCorrect = event.request.challengeAnswer === '5';`;

  it('[DV-CHALLENGE-5] is shown and answered, with or without the password first', async () => {
    const [define, create, verify] = await Promise.all(
      [DEFINE, CREATE, VERIFY].map((body) => addFunction(bench, body)),
    );
    const LambdaConfig = {
      DefineAuthChallenge: define!.arn,
      CreateAuthChallenge: create!.arn,
      VerifyAuthChallengeResponse: verify!.arn,
    };
    const app = await makeSecureApp(bench, { MfaConfiguration: 'OFF' }, { LambdaConfig });
    await addPerson(app, 'eve');
    const phone = await addDevice(bench, 'Custom', app.pointedAt);
    for (const password of [{}, { password: PASSWORD }]) {
      const asked = await phone.act({ do: 'sign-in', username: 'eve', flow: 'CUSTOM_AUTH', ...password });
      expect(challengeOf(asked)).toMatchObject({
        challenge: 'CUSTOM_CHALLENGE',
        parameters: { question: '2 + 3' },
      });
      expect((await phone.act({ do: 'answer', answer: '5' })).signIn.status).toBe('signed-in');
    }
    await phone.act({ do: 'sign-in', username: 'eve', flow: 'CUSTOM_AUTH' });
    await expect(phone.act({ do: 'answer', answer: '6' })).rejects.toThrow('NotAuthorizedException');
    expect((await phone.state()).signIn).toEqual({ status: 'signed-out' });
  });
});

describe('passwords', () => {
  it('[DV-PASSWORD-1] are changed by whoever is signed in', async () => {
    const app = await makeSecureApp(bench);
    await addPerson(app, 'fay');
    const phone = await addDevice(bench, 'Change', app.pointedAt);
    const change = { do: 'change-password', previous: PASSWORD, proposed: 'Another-horse-8' } as const;
    await expect(phone.act(change)).rejects.toThrow('NotSignedIn');
    await phone.act({ do: 'sign-in', username: 'fay', password: PASSWORD });
    await expect(phone.act({ ...change, previous: 'Wrong-horse-9' })).rejects.toThrow('NotAuthorizedException');
    await phone.act(change);
    await phone.act({ do: 'sign-out' });
    await expect(phone.act({ do: 'sign-in', username: 'fay', password: PASSWORD })).rejects.toThrow('NotAuthorized');
    const back = await phone.act({ do: 'sign-in', username: 'fay', password: change.proposed });
    expect(back.signIn.status).toBe('signed-in');
  });

  it('[DV-PASSWORD-2] are reset with the code from the inbox', async () => {
    const app = await makeSecureApp(bench);
    await addPerson(app, 'gus', { email: 'gus@example.test', email_verified: 'true' });
    const phone = await addDevice(bench, 'Reset', app.pointedAt);
    const password = 'Another-horse-8';
    await expect(phone.act({ do: 'confirm-forgot-password', code: '123456', password })).rejects.toThrow('NoUsername');
    const { signIn } = await phone.act({ do: 'forgot-password', username: 'gus' });
    expect(signIn).toEqual({ status: 'resetting', username: 'gus', destination: 'g***@e***' });
    await expect(phone.act({ do: 'confirm-forgot-password', code: '000000x', password })).rejects.toThrow(
      'CodeMismatch',
    );
    const { code } = await bench.messageTo('gus@example.test');
    const reset = await phone.act({ do: 'confirm-forgot-password', code: code!, password });
    expect(reset.signIn).toEqual({ status: 'signed-out' });
    expect((await phone.act({ do: 'sign-in', username: 'gus', password })).signIn.status).toBe('signed-in');
  });

  it('[DV-PASSWORD-2] an administrator’s reset leads to the same place', async () => {
    const app = await makeSecureApp(bench);
    await addPerson(app, 'hal', { email: 'hal@example.test', email_verified: 'true' });
    await app.userPools.adminResetUserPassword({ UserPoolId: app.userPoolId, Username: 'hal' });
    const phone = await addDevice(bench, 'Must reset', app.pointedAt);
    await expect(phone.act({ do: 'sign-in', username: 'hal', password: PASSWORD })).rejects.toThrow('PasswordReset');
    expect((await phone.state()).signIn).toEqual({ status: 'resetting', username: 'hal' });
  });
});
