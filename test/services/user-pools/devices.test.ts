import {
  AdminForgetDeviceCommand,
  AdminGetDeviceCommand,
  AdminListDevicesCommand,
  AdminUpdateDeviceStatusCommand,
  ConfirmDeviceCommand,
  type DeviceType,
  ForgetDeviceCommand,
  GetDeviceCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  ListDevicesCommand,
  UpdateDeviceStatusCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { ALL_FACTORS, answer, createMfaApp, INVALID_SESSION, prefer, start } from './factors.ts';
import { KnownDevice } from './known-device.ts';
import { addUser, type App, claimsOf, createApp, INCORRECT, refused, signIn } from './setup.ts';
import { SrpExchange } from './srp.ts';

let bench: TestBench;
let app: App;

const ALWAYS = { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false };
const NO_DEVICE = refused('ResourceNotFoundException', 'Device does not exist.');
const INVALID_REFRESH = refused('NotAuthorizedException', 'Invalid Refresh Token');

beforeAll(async () => {
  bench = await startBench();
  app = await createMfaApp(bench, 'OPTIONAL', ALL_FACTORS, { DeviceConfiguration: ALWAYS });
});
afterAll(() => bench.stop());

async function withSms(own: App, username: string, phone: string): Promise<void> {
  await addUser(own, username, { phone_number: phone });
  await prefer(own, username, { SMSMfaSettings: { Enabled: true } });
}

/** Signs in with an SMS code and confirms the device that the pool announces. */
async function registerWithSms(own: App, username: string, phone: string): Promise<KnownDevice> {
  const asked = await start(own, username);
  const { code } = await bench.messageTo(phone);
  const device = KnownDevice.of(own, username, await answer(own, asked, username, { SMS_MFA_CODE: code! }));
  await device.confirm();
  return device;
}

function attributesOf({ DeviceAttributes }: DeviceType): { [name: string]: string | undefined } {
  return Object.fromEntries(DeviceAttributes!.map(({ Name, Value }) => [Name!, Value]));
}

function refresh(own: App, token: string, more: { [name: string]: string } = {}): InitiateAuthCommand {
  return new InitiateAuthCommand({
    ClientId: own.clientId,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: token, ...more },
  });
}

describe('a new device', () => {
  it('[UP-DEVICE-1] is nothing where the pool does not track devices', async () => {
    const plain = await createApp(bench);
    await addUser(plain, 'ann');
    const { AuthenticationResult } = await start(plain, 'ann', { DEVICE_KEY: 'us-east-1_never-seen' });
    expect(AuthenticationResult).not.toHaveProperty('NewDeviceMetadata');
    expect(claimsOf(AuthenticationResult!.AccessToken!)).not.toHaveProperty('device_key');
    await expect(
      plain.idp.send(new ListDevicesCommand({ AccessToken: AuthenticationResult!.AccessToken! })),
    ).rejects.toMatchObject({ name: 'InvalidUserPoolConfigurationException' });
  });

  it('[UP-DEVICE-2] gets keys, and the access token names it', async () => {
    await addUser(app, 'ann');
    const { AuthenticationResult } = await start(app, 'ann');
    const metadata = AuthenticationResult!.NewDeviceMetadata!;
    expect(metadata.DeviceKey).toMatch(/^us-east-1_[0-9a-f-]{36}$/);
    expect(metadata.DeviceGroupKey).toMatch(/^-[0-9A-Za-z]{8}$/);
    expect(claimsOf(AuthenticationResult!.AccessToken!)['device_key']).toBe(metadata.DeviceKey);
    // Not confirmed, so nobody knows it yet.
    const AccessToken = AuthenticationResult!.AccessToken!;
    expect((await app.idp.send(new ListDevicesCommand({ AccessToken }))).Devices).toEqual([]);
    await expect(
      app.idp.send(new GetDeviceCommand({ AccessToken, DeviceKey: metadata.DeviceKey! })),
    ).rejects.toMatchObject(NO_DEVICE);
  });

  it('[UP-DEVICE-3] is confirmed once, with its verifier, by the token of its own sign-in', async () => {
    await addUser(app, 'bob');
    const device = KnownDevice.of(app, 'bob', await start(app, 'bob'));
    const other = KnownDevice.of(app, 'bob', await start(app, 'bob'));
    const confirm = (bent: Partial<ConfirmDeviceCommand['input']>): Promise<unknown> =>
      app.idp.send(
        new ConfirmDeviceCommand({
          AccessToken: device.access,
          DeviceKey: device.key,
          DeviceSecretVerifierConfig: device.secretVerifierConfig,
          ...bent,
        }),
      );
    const invalidKey = refused('InvalidParameterException', 'Invalid device key given.');
    await expect(confirm({ DeviceKey: other.key })).rejects.toMatchObject(invalidKey);
    await expect(confirm({ DeviceKey: `us-east-1_${crypto.randomUUID()}` })).rejects.toMatchObject(invalidKey);
    const invalid = { name: 'InvalidParameterException' };
    await expect(confirm({ DeviceSecretVerifierConfig: undefined })).rejects.toMatchObject(invalid);
    await expect(
      confirm({ DeviceSecretVerifierConfig: { Salt: '!!', PasswordVerifier: 'AAAA' } }),
    ).rejects.toMatchObject(invalid);
    await expect(
      confirm({ DeviceSecretVerifierConfig: { Salt: 'AAAA', PasswordVerifier: 'AA==' } }),
    ).rejects.toMatchObject(invalid);
    await expect(
      confirm({
        DeviceSecretVerifierConfig: { Salt: 'AAAA', PasswordVerifier: Buffer.alloc(385, 0xff).toString('base64') },
      }),
    ).rejects.toMatchObject(invalid);
    expect(await confirm({})).toMatchObject({ UserConfirmationNecessary: false });
    await expect(confirm({})).rejects.toMatchObject({ name: 'DeviceKeyExistsException' });
  });

  it('[UP-DEVICE-3] waits for its user where the pool asks the user', async () => {
    const opt = await createApp(bench, {
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
    });
    await addUser(opt, 'cid');
    const device = KnownDevice.of(opt, 'cid', await start(opt, 'cid'));
    expect(await device.confirm()).toBe(true);
    const get = async (): Promise<string | undefined> => {
      const { Device } = await opt.idp.send(
        new GetDeviceCommand({ AccessToken: device.access, DeviceKey: device.key }),
      );
      return attributesOf(Device!)['dev:device_remembered_status'];
    };
    expect(await get()).toBe('not_remembered');
    await opt.idp.send(
      new UpdateDeviceStatusCommand({
        AccessToken: device.access,
        DeviceKey: device.key,
        DeviceRememberedStatus: 'remembered',
      }),
    );
    expect(await get()).toBe('remembered');
  });
});

describe('a device that comes back', () => {
  it('[UP-DEVICE-6] shows its own password, and [UP-DEVICE-7] the user gets tokens without a new key', async () => {
    await addUser(app, 'dan');
    const device = await KnownDevice.register(app, 'dan');
    const asked = await device.start();
    expect(asked).toMatchObject({ ChallengeName: 'DEVICE_SRP_AUTH' });
    expect(asked.AuthenticationResult).toBeUndefined();
    const { AuthenticationResult } = await device.prove(asked);
    expect(AuthenticationResult).not.toHaveProperty('NewDeviceMetadata');
    expect(claimsOf(AuthenticationResult!.AccessToken!)['device_key']).toBe(device.key);
  });

  it('[UP-DEVICE-7] is refused with a wrong password or a bent proof, and the session survives that', async () => {
    await addUser(app, 'eve');
    const device = await KnownDevice.register(app, 'eve');
    await expect(device.prove(await device.start(), 'not the password')).rejects.toMatchObject(INCORRECT);
    const { asked, responses } = await device.begin(await device.start());
    await expect(answer(app, asked, 'eve', { ...responses, PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).rejects.toMatchObject(
      INCORRECT,
    );
    await expect(
      answer(app, asked, 'eve', { ...responses, TIMESTAMP: 'Tue Sep 01 01:02:03 UTC 2026' }),
    ).rejects.toMatchObject(INCORRECT);
    await expect(answer(app, asked, 'eve', { ...responses, DEVICE_KEY: 'us-east-1_0' })).rejects.toMatchObject(
      NO_DEVICE,
    );
    expect((await answer(app, asked, 'eve', responses)).AuthenticationResult?.AccessToken).toBeTruthy();
  });

  it('[UP-DEVICE-4] spares its user the second factor where the pool is told so', async () => {
    await withSms(app, 'fay', '+15550201');
    const device = await registerWithSms(app, 'fay', '+15550201');
    const { AuthenticationResult } = await device.prove(await device.start());
    expect(AuthenticationResult?.AccessToken).toBeTruthy();
    // Somewhere else the code is asked for as ever.
    expect(await start(app, 'fay')).toMatchObject({ ChallengeName: 'SMS_MFA' });
  });

  it('[UP-DEVICE-4] spares nothing while it is not remembered', async () => {
    await withSms(app, 'gil', '+15550202');
    const device = await registerWithSms(app, 'gil', '+15550202');
    await app.idp.send(
      new AdminUpdateDeviceStatusCommand({
        UserPoolId: app.userPoolId,
        Username: 'gil',
        DeviceKey: device.key,
        DeviceRememberedStatus: 'not_remembered',
      }),
    );
    const asked = await device.start();
    expect(asked.ChallengeName).toBe('SMS_MFA');
    const { code } = await bench.messageTo('+15550202');
    const next = await answer(app, asked, 'gil', { SMS_MFA_CODE: code!, DEVICE_KEY: device.key });
    expect(next.ChallengeName).toBe('DEVICE_SRP_AUTH');
    expect((await device.prove(next)).AuthenticationResult?.AccessToken).toBeTruthy();
  });

  it('[UP-DEVICE-4] spares nothing where the pool challenges every device', async () => {
    const every = await createMfaApp(bench, 'OPTIONAL', ALL_FACTORS, {
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: false },
    });
    await withSms(every, 'hal', '+15550203');
    const device = await registerWithSms(every, 'hal', '+15550203');
    expect(await device.start()).toMatchObject({ ChallengeName: 'SMS_MFA' });
  });

  it('[UP-DEVICE-4] cannot be forgotten between its proof’s beginning and end', async () => {
    await withSms(app, 'ida', '+15550204');
    const device = await registerWithSms(app, 'ida', '+15550204');
    const { asked, responses } = await device.begin(await device.start());
    await app.idp.send(new ForgetDeviceCommand({ AccessToken: device.access, DeviceKey: device.key }));
    await expect(answer(app, asked, 'ida', responses)).rejects.toMatchObject(NO_DEVICE);
  });

  it('[UP-DEVICE-4] asks for the code after all when it is not remembered any more', async () => {
    await withSms(app, 'jan', '+15550205');
    const device = await registerWithSms(app, 'jan', '+15550205');
    const { asked, responses } = await device.begin(await device.start());
    await app.idp.send(
      new UpdateDeviceStatusCommand({
        AccessToken: device.access,
        DeviceKey: device.key,
        DeviceRememberedStatus: 'not_remembered',
      }),
    );
    const next = await answer(app, asked, 'jan', responses);
    expect(next.ChallengeName).toBe('SMS_MFA');
    expect(next.AuthenticationResult).toBeUndefined();
  });

  it('[UP-DEVICE-5] does not exist for a stranger, before it is confirmed, or once it is forgotten', async () => {
    await addUser(app, 'kim');
    await addUser(app, 'lou');
    const device = await KnownDevice.register(app, 'kim');
    await expect(start(app, 'lou', { DEVICE_KEY: device.key })).rejects.toMatchObject(NO_DEVICE);
    const unconfirmed = KnownDevice.of(app, 'lou', await start(app, 'lou'));
    await expect(unconfirmed.start()).rejects.toMatchObject(NO_DEVICE);
    await app.idp.send(new ForgetDeviceCommand({ AccessToken: device.access, DeviceKey: device.key }));
    await expect(device.start()).rejects.toMatchObject(NO_DEVICE);
  });

  it('[UP-DEVICE-5] may be dropped by a client that is told so, in the session that it has', async () => {
    await addUser(app, 'mia');
    const exchange = new SrpExchange(app, 'mia');
    const unknown = { DEVICE_KEY: `us-east-1_${crypto.randomUUID()}` };
    await exchange.start(unknown);
    await expect(exchange.respond(unknown)).rejects.toMatchObject(NO_DEVICE);
    expect((await exchange.respond()).AuthenticationResult?.NewDeviceMetadata).toBeDefined();
  });

  it('[UP-DEVICE-5] another device than the one that was asked for does not open the session', async () => {
    await withSms(app, 'nia', '+15550206');
    const one = await registerWithSms(app, 'nia', '+15550206');
    const other = await registerWithSms(app, 'nia', '+15550206');
    await expect(other.begin(await one.start())).rejects.toMatchObject(NO_DEVICE);
    await expect(
      answer(app, { ...(await one.start()), ChallengeName: 'DEVICE_PASSWORD_VERIFIER' }, 'nia', {
        DEVICE_KEY: one.key,
      }),
    ).rejects.toMatchObject(INVALID_SESSION);
  });
});

describe('keeping devices', () => {
  it('[UP-DEVICE-8] shows a device to its user and to administrators', async () => {
    await addUser(app, 'ole');
    const device = await KnownDevice.register(app, 'ole', 'the blue one');
    const AccessToken = device.access;
    const admin = { UserPoolId: app.userPoolId, Username: 'ole' };
    const { Device } = await app.idp.send(new GetDeviceCommand({ AccessToken, DeviceKey: device.key }));
    expect(Device).toMatchObject({ DeviceKey: device.key });
    expect(attributesOf(Device!)).toMatchObject({
      device_status: 'valid',
      device_name: 'the blue one',
      'dev:device_arn': `arn:aws:cognito-idp:us-east-1:000000000000:owner/ole.${app.userPoolId}/device/${device.key}`,
      'dev:device_owner': `ole.${app.userPoolId}`,
      'dev:device_remembered_status': 'remembered',
      last_ip_used: expect.stringMatching(/^[0-9a-f.:]+$/) as string,
    });
    expect(Device!.DeviceLastAuthenticatedDate!.getMilliseconds()).toBe(0);
    expect((await app.idp.send(new AdminGetDeviceCommand({ ...admin, DeviceKey: device.key }))).Device).toEqual(Device);
    expect((await app.idp.send(new ListDevicesCommand({ AccessToken }))).Devices).toEqual([Device]);
    expect((await app.idp.send(new AdminListDevicesCommand(admin))).Devices).toEqual([Device]);
  });

  it('[UP-DEVICE-8] lists in pages, and refuses another listing’s token', async () => {
    await addUser(app, 'pam');
    const keys: string[] = [];
    for (let count = 0; count < 3; count += 1) keys.push((await KnownDevice.register(app, 'pam')).key);
    const { access: AccessToken } = await signIn(app, 'pam');
    const first = await app.idp.send(new ListDevicesCommand({ AccessToken, Limit: 2 }));
    const rest = await app.idp.send(
      new ListDevicesCommand({ AccessToken, Limit: 2, PaginationToken: first.PaginationToken }),
    );
    expect([...first.Devices!, ...rest.Devices!].map(({ DeviceKey }) => DeviceKey)).toEqual(keys.toSorted());
    expect(rest.PaginationToken).toBeUndefined();
    await expect(
      app.idp.send(
        new AdminListDevicesCommand({
          UserPoolId: app.userPoolId,
          Username: 'ann',
          PaginationToken: first.PaginationToken,
        }),
      ),
    ).rejects.toMatchObject(refused('InvalidParameterException', 'Invalid pagination token given.'));
  });

  it('[UP-DEVICE-8] forgets devices, for the user and for administrators, and not a stranger’s', async () => {
    await addUser(app, 'quo');
    await addUser(app, 'ray');
    const mine = await KnownDevice.register(app, 'quo');
    const other = await KnownDevice.register(app, 'quo');
    const foreign = await KnownDevice.register(app, 'ray');
    const admin = { UserPoolId: app.userPoolId, Username: 'quo' };
    for (const command of [
      new GetDeviceCommand({ AccessToken: mine.access, DeviceKey: foreign.key }),
      new AdminGetDeviceCommand({ ...admin, DeviceKey: foreign.key }),
    ]) {
      await expect(app.idp.send(command as GetDeviceCommand)).rejects.toMatchObject(NO_DEVICE);
    }
    const status = { DeviceRememberedStatus: 'remembered' as const, DeviceKey: foreign.key };
    await expect(
      app.idp.send(new UpdateDeviceStatusCommand({ AccessToken: mine.access, ...status })),
    ).rejects.toMatchObject(NO_DEVICE);
    await expect(app.idp.send(new AdminUpdateDeviceStatusCommand({ ...admin, ...status }))).rejects.toMatchObject(
      NO_DEVICE,
    );
    await expect(
      app.idp.send(new ForgetDeviceCommand({ AccessToken: mine.access, DeviceKey: foreign.key })),
    ).rejects.toMatchObject(NO_DEVICE);
    await app.idp.send(new ForgetDeviceCommand({ AccessToken: mine.access, DeviceKey: mine.key }));
    await app.idp.send(new AdminForgetDeviceCommand({ ...admin, DeviceKey: other.key }));
    await expect(app.idp.send(new AdminForgetDeviceCommand({ ...admin, DeviceKey: other.key }))).rejects.toMatchObject(
      NO_DEVICE,
    );
    expect((await app.idp.send(new AdminListDevicesCommand(admin))).Devices).toEqual([]);
    expect((await foreign.start()).ChallengeName).toBe('DEVICE_SRP_AUTH');
  });

  it('[UP-DEVICE-8] asks for a token, and for a user who is there', async () => {
    await expect(app.idp.send(new GetDeviceCommand({ DeviceKey: 'us-east-1_0' }))).rejects.toMatchObject(
      refused('InvalidParameterException', 'Missing required parameter AccessToken'),
    );
    const ghost = { UserPoolId: app.userPoolId, Username: 'ghost' };
    await expect(
      app.idp.send(new AdminForgetDeviceCommand({ ...ghost, DeviceKey: 'us-east-1_0' })),
    ).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await expect(app.idp.send(new AdminListDevicesCommand(ghost))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      app.idp.send(
        new AdminGetDeviceCommand({ ...ghost, UserPoolId: 'us-east-1_Nowhere12', DeviceKey: 'us-east-1_0' }),
      ),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('refreshing where devices are tracked', () => {
  it('[UP-DEVICE-9] works on the device that the token was given to, once it is confirmed', async () => {
    await addUser(app, 'sam');
    const device = KnownDevice.of(app, 'sam', await start(app, 'sam'));
    const named = { DEVICE_KEY: device.key };
    await expect(app.idp.send(refresh(app, device.refresh, named))).rejects.toMatchObject(INVALID_REFRESH);
    await device.confirm();
    await expect(app.idp.send(refresh(app, device.refresh))).rejects.toMatchObject(INVALID_REFRESH);
    await expect(
      app.idp.send(refresh(app, device.refresh, { DEVICE_KEY: `us-east-1_${crypto.randomUUID()}` })),
    ).rejects.toMatchObject(INVALID_REFRESH);
    const { AuthenticationResult } = await app.idp.send(refresh(app, device.refresh, named));
    expect(claimsOf(AuthenticationResult!.AccessToken!)['device_key']).toBe(device.key);
    const get = (DeviceKey?: string): Promise<unknown> =>
      app.idp.send(
        new GetTokensFromRefreshTokenCommand({ ClientId: app.clientId, RefreshToken: device.refresh, DeviceKey }),
      );
    await expect(get()).rejects.toMatchObject(INVALID_REFRESH);
    expect(await get(device.key)).toHaveProperty('AuthenticationResult.AccessToken');
  });

  it('[UP-DEVICE-9] ends with the device', async () => {
    await addUser(app, 'tom');
    const device = await KnownDevice.register(app, 'tom');
    const { AuthenticationResult } = await device.prove(await device.start());
    await app.idp.send(
      new AdminForgetDeviceCommand({ UserPoolId: app.userPoolId, Username: 'tom', DeviceKey: device.key }),
    );
    for (const token of [device.refresh, AuthenticationResult!.RefreshToken!]) {
      await expect(app.idp.send(refresh(app, token, { DEVICE_KEY: device.key }))).rejects.toMatchObject(
        INVALID_REFRESH,
      );
    }
  });

  it('[UP-DEVICE-9] asks for no device once the pool tracks none', async () => {
    const own = await createApp(bench, { DeviceConfiguration: ALWAYS });
    await addUser(own, 'una');
    const { refresh: token } = await signIn(own, 'una');
    await expect(own.idp.send(refresh(own, token))).rejects.toMatchObject(INVALID_REFRESH);
    await own.idp.send(new UpdateUserPoolCommand({ UserPoolId: own.userPoolId }));
    expect(await own.idp.send(refresh(own, token))).toHaveProperty('AuthenticationResult.AccessToken');
  });
});
