import {
  AdminForgetDeviceCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClockState } from '../../src/shared/bench-api.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

const PASSWORD = 'Correct-Horse-9';

/** The library as it is published, and what a browser would give it: a place to keep things, and a user agent. */
class Phone implements ICognitoStorage {
  readonly kept = new Map<string, string>();
  setItem(key: string, value: string): string {
    this.kept.set(key, value);
    return value;
  }
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
  clear(): void {
    this.kept.clear();
  }
}

interface World {
  readonly idp: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly clientId: string;
}

/** What a sign-in met on its way, in order. */
type Step =
  | { readonly met: 'signed-in'; readonly session: CognitoUserSession; readonly asksToRemember: boolean }
  | { readonly met: 'sms' | 'totp' | 'choice' | 'setup' };

/** Runs one call of the library until it calls back. */
function step(run: (callbacks: never) => unknown): Promise<Step> {
  return new Promise((resolve, reject) => {
    run({
      onSuccess: (session: CognitoUserSession, asksToRemember?: boolean) =>
        resolve({ met: 'signed-in', session, asksToRemember: asksToRemember ?? false }),
      onFailure: (error: Error) => reject(error),
      mfaRequired: () => resolve({ met: 'sms' }),
      totpRequired: () => resolve({ met: 'totp' }),
      selectMFAType: () => resolve({ met: 'choice' }),
      mfaSetup: () => resolve({ met: 'setup' }),
    } as never);
  });
}

function promised<Result>(run: (callback: (error: Error | null | undefined, result: Result) => void) => unknown) {
  return new Promise<Result>((resolve, reject) => {
    run((error, result) => (error ? reject(error) : resolve(result)));
  });
}

describe('an app with amazon-cognito-identity-js', () => {
  let bench: TestBench;
  let world: World;

  beforeAll(async () => {
    bench = await startBench({ clock: 'real' });
    const idp = new CognitoIdentityProviderClient(bench.sdk);
    const { UserPool } = await idp.send(
      new CreateUserPoolCommand({
        PoolName: 'journey',
        AutoVerifiedAttributes: ['email'],
        DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
      }),
    );
    const userPoolId = UserPool!.Id!;
    await idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: userPoolId,
        MfaConfiguration: 'OPTIONAL',
        SoftwareTokenMfaConfiguration: { Enabled: true },
        SmsMfaConfiguration: {
          SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms', ExternalId: 'x' },
        },
      }),
    );
    const { UserPoolClient } = await idp.send(
      new CreateUserPoolClientCommand({ UserPoolId: userPoolId, ClientName: 'web' }),
    );
    world = { idp, userPoolId, clientId: UserPoolClient!.ClientId! };
  });
  afterAll(() => bench.stop());

  function poolOn(phone: Phone): CognitoUserPool {
    return new CognitoUserPool({
      UserPoolId: world.userPoolId,
      ClientId: world.clientId,
      Storage: phone,
      endpoint: bench.url,
    });
  }

  const userOn = (phone: Phone, Username: string): CognitoUser =>
    new CognitoUser({ Username, Pool: poolOn(phone), Storage: phone });

  function authenticate(user: CognitoUser, Password = PASSWORD): Promise<Step> {
    const details = new AuthenticationDetails({ Username: user.getUsername(), Password });
    return step((callbacks) => user.authenticateUser(details, callbacks));
  }

  async function signUp(username: string, more: { [name: string]: string } = {}): Promise<Phone> {
    const phone = new Phone();
    const email = `${username}@example.test`;
    const attributes = Object.entries({ email, ...more }).map(
      ([Name, Value]) => new CognitoUserAttribute({ Name, Value }),
    );
    await promised((callback) => poolOn(phone).signUp(username, PASSWORD, attributes, [], callback));
    const { code } = await bench.messageTo(email);
    await promised((callback) => userOn(phone, username).confirmRegistration(code!, false, callback));
    return phone;
  }

  async function totp(secret: string, steps = 0): Promise<string> {
    const { now } = await bench.call<ClockState>('GET', '/clock');
    return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.parse(now) + steps * 30_000 });
  }

  /** Signs in, and has the phone remembered. */
  async function remember(user: CognitoUser, entered: Step): Promise<void> {
    expect(entered).toMatchObject({ met: 'signed-in', asksToRemember: true });
    await promised((callback) =>
      user.setDeviceStatusRemembered({
        onSuccess: (answer) => callback(null, answer),
        onFailure: (error) => callback(error as Error, ''),
      }),
    );
  }

  it('signs up, signs in by SRP, and is refused with a wrong password', async () => {
    const phone = await signUp('alice');
    await expect(authenticate(userOn(phone, 'alice'), 'Wrong-Horse-9')).rejects.toMatchObject({
      code: 'NotAuthorizedException',
    });
    const user = userOn(phone, 'alice');
    const entered = await authenticate(user);
    expect(entered.met).toBe('signed-in');
    const attributes = await promised<CognitoUserAttribute[] | undefined>((callback) =>
      user.getUserAttributes(callback),
    );
    expect(attributes!.find((attribute) => attribute.getName() === 'email_verified')?.getValue()).toBe('true');
  });

  it('sets up a software token and is asked for its code from then on', async () => {
    const phone = await signUp('bob');
    const user = userOn(phone, 'bob');
    await authenticate(user);
    const secret = await new Promise<string>((associateSecretCode, onFailure) => {
      user.associateSoftwareToken({ associateSecretCode, onFailure });
    });
    const verify = (code: string): Promise<unknown> =>
      new Promise((onSuccess, onFailure) => {
        user.verifySoftwareToken(code, 'my phone', { onSuccess, onFailure });
      });
    const code = await totp(secret);
    await expect(verify(code === '000000' ? '000001' : '000000')).rejects.toMatchObject({
      code: 'EnableSoftwareTokenMFAException',
    });
    await verify(code);
    await promised((callback) => user.setUserMfaPreference(null, { PreferredMfa: true, Enabled: true }, callback));

    const other = userOn(new Phone(), 'bob');
    expect((await authenticate(other)).met).toBe('totp');
    const answer = (entered: string): Promise<Step> =>
      step((callbacks) => other.sendMFACode(entered, callbacks, 'SOFTWARE_TOKEN_MFA'));
    await expect(answer(code)).rejects.toMatchObject({ code: 'ExpiredCodeException' });
    expect((await answer(await totp(secret, 1))).met).toBe('signed-in');
  });

  it('answers a code by SMS, is remembered, and is not asked again until it is forgotten', async () => {
    const phone = await signUp('cid', { phone_number: '+15550601' });
    const first = userOn(phone, 'cid');
    await authenticate(first);
    await promised((callback) => first.setUserMfaPreference({ PreferredMfa: true, Enabled: true }, null, callback));

    const enterWithSms = async (user: CognitoUser): Promise<Step> => {
      expect((await authenticate(user)).met).toBe('sms');
      const { code } = await bench.messageTo('+15550601');
      await expect(step((callbacks) => user.sendMFACode('0', callbacks))).rejects.toMatchObject({
        code: 'CodeMismatchException',
      });
      return step((callbacks) => user.sendMFACode(code!, callbacks));
    };
    const laptop = new Phone();
    const user = userOn(laptop, 'cid');
    await remember(user, await enterWithSms(user));
    const deviceKey = [...laptop.kept].find(([key]) => key.endsWith('.deviceKey'))![1];

    const again = userOn(laptop, 'cid');
    const entered = await authenticate(again);
    expect(entered.met).toBe('signed-in');
    const session = entered.met === 'signed-in' ? entered.session : undefined;
    expect(session!.getAccessToken().payload['device_key']).toBe(deviceKey);
    const refreshed = await promised<CognitoUserSession>((callback) =>
      again.refreshSession(session!.getRefreshToken(), callback),
    );
    expect(refreshed.getAccessToken().payload['device_key']).toBe(deviceKey);

    // Another phone has nothing to show for itself.
    expect((await authenticate(userOn(new Phone(), 'cid'))).met).toBe('sms');

    await world.idp.send(
      new AdminForgetDeviceCommand({ UserPoolId: world.userPoolId, Username: 'cid', DeviceKey: deviceKey }),
    );
    // The library is told that the device is gone, drops its key, and asks again by itself.
    expect((await authenticate(userOn(laptop, 'cid'))).met).toBe('sms');
  });

  it('lists and forgets its own device', async () => {
    const phone = await signUp('dan');
    const user = userOn(phone, 'dan');
    await remember(user, await authenticate(user));
    const list = (): Promise<{ Devices: { DeviceKey: string }[] }> =>
      new Promise((onSuccess, onFailure) => {
        user.listDevices(10, null, { onSuccess: onSuccess as never, onFailure });
      });
    expect((await list()).Devices).toHaveLength(1);
    await new Promise((onSuccess, onFailure) => {
      user.forgetDevice({ onSuccess, onFailure });
    });
    expect((await list()).Devices).toEqual([]);
  });

  it('chooses between two factors', async () => {
    const phone = await signUp('eve', { phone_number: '+15550602' });
    const user = userOn(phone, 'eve');
    await authenticate(user);
    const secret = await new Promise<string>((associateSecretCode, onFailure) => {
      user.associateSoftwareToken({ associateSecretCode, onFailure });
    });
    await new Promise<unknown>((onSuccess, onFailure) => {
      void totp(secret).then((code) => user.verifySoftwareToken(code, 'token', { onSuccess, onFailure }));
    });
    const on = { PreferredMfa: false, Enabled: true };
    await promised((callback) => user.setUserMfaPreference(on, on, callback));
    const other = userOn(new Phone(), 'eve');
    expect((await authenticate(other)).met).toBe('choice');
    expect((await step((callbacks) => other.sendMFASelectionAnswer('SOFTWARE_TOKEN_MFA', callbacks))).met).toBe('totp');
    const code = await totp(secret, 1);
    expect((await step((callbacks) => other.sendMFACode(code, callbacks, 'SOFTWARE_TOKEN_MFA'))).met).toBe('signed-in');
  });

  it('sets a factor up on the way in, where the pool requires one', async () => {
    const strict = await world.idp.send(
      new CreateUserPoolCommand({ PoolName: 'strict', AutoVerifiedAttributes: ['email'] }),
    );
    const UserPoolId = strict.UserPool!.Id!;
    await world.idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId,
        MfaConfiguration: 'ON',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    const { UserPoolClient } = await world.idp.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'web' }));
    const phone = new Phone();
    const pool = new CognitoUserPool({
      UserPoolId,
      ClientId: UserPoolClient!.ClientId!,
      Storage: phone,
      endpoint: bench.url,
    });
    const email = new CognitoUserAttribute({ Name: 'email', Value: 'fay@example.test' });
    await promised((callback) => pool.signUp('fay', PASSWORD, [email], [], callback));
    const user = new CognitoUser({ Username: 'fay', Pool: pool, Storage: phone });
    const { code } = await bench.messageTo('fay@example.test');
    await promised((callback) => user.confirmRegistration(code!, false, callback));
    expect((await authenticate(user)).met).toBe('setup');
    const secret = await new Promise<string>((associateSecretCode, onFailure) => {
      user.associateSoftwareToken({ associateSecretCode, onFailure });
    });
    const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) => {
      void totp(secret).then((entered) => user.verifySoftwareToken(entered, 'token', { onSuccess, onFailure }));
    });
    expect(session.getIdToken().payload['email']).toBe('fay@example.test');
    expect((await authenticate(new CognitoUser({ Username: 'fay', Pool: pool, Storage: new Phone() }))).met).toBe(
      'totp',
    );
  });

  it('chooses a new password with a code', async () => {
    const phone = await signUp('gil');
    const user = userOn(phone, 'gil');
    await new Promise((onSuccess, onFailure) => {
      user.forgotPassword({ onSuccess, onFailure });
    });
    const { code } = await bench.messageTo('gil@example.test');
    await new Promise<unknown>((onSuccess, onFailure) => {
      user.confirmPassword(code!, 'Better-Horse-10', { onSuccess, onFailure });
    });
    await expect(authenticate(userOn(phone, 'gil'))).rejects.toMatchObject({ code: 'NotAuthorizedException' });
    expect((await authenticate(userOn(phone, 'gil'), 'Better-Horse-10')).met).toBe('signed-in');
  });
});
