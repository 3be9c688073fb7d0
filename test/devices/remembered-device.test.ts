import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../harness/bench.ts';
import { addPerson, makeSecureApp, setUpAuthenticator, TOTP } from './mfa-scene.ts';
import { addDevice, deviceOf, PASSWORD } from './scene.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const ALWAYS = {
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
};
const OPT_IN = {
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
};

describe('a device that the pool remembers', () => {
  it('[DV-REMEMBER-1] [DV-REMEMBER-2] confirms itself, and its word is enough the next time', async () => {
    const app = await makeSecureApp(bench, TOTP, ALWAYS);
    await addPerson(app, 'ann');
    const phone = await addDevice(bench, 'Ann’s phone', app.pointedAt);
    expect((await phone.state()).remembered).toEqual({ status: 'none' });
    await setUpAuthenticator(bench, phone, 'ann');
    const { remembered } = await phone.state();
    expect(remembered).toEqual({ status: 'remembered', deviceKey: expect.stringMatching(/^us-east-1_/) as string });
    const { Devices } = await app.userPools.adminListDevices({ UserPoolId: app.userPoolId, Username: 'ann' });
    expect(Devices).toMatchObject([{ DeviceKey: remembered.deviceKey }]);
    expect(JSON.stringify(Devices)).toContain('Ann’s phone');

    for (const flow of ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] as const) {
      await phone.act({ do: 'sign-out' });
      const back = await phone.act({ do: 'sign-in', username: 'ann', password: PASSWORD, flow });
      expect(back.signIn.status).toBe('signed-in');
      expect(back.remembered).toEqual(remembered);
    }
    const other = await addDevice(bench, 'Other', app.pointedAt);
    const asked = await other.act({ do: 'sign-in', username: 'ann', password: PASSWORD });
    expect(asked.signIn).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA', answersItself: false });
  });

  it('[DV-REMEMBER-3] is only known until its user says so, and again after', async () => {
    const app = await makeSecureApp(bench, TOTP, OPT_IN);
    await addPerson(app, 'bob');
    const phone = await addDevice(bench, 'Opt-in', app.pointedAt);
    await expect(phone.act({ do: 'remember-device', remembered: true })).rejects.toThrow('NotSignedIn');
    await setUpAuthenticator(bench, phone, 'bob');
    expect((await phone.state()).remembered.status).toBe('tracked');
    const signIn = { do: 'sign-in', username: 'bob', password: PASSWORD } as const;
    expect((await phone.act(signIn)).signIn).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
    const signedIn = await phone.act({ do: 'answer' });
    expect(signedIn).toMatchObject({ signIn: { status: 'signed-in' }, remembered: { status: 'tracked' } });

    expect((await phone.act({ do: 'remember-device', remembered: true })).remembered.status).toBe('remembered');
    expect((await phone.act(signIn)).signIn.status).toBe('signed-in');
    expect((await phone.act({ do: 'remember-device', remembered: false })).remembered.status).toBe('tracked');
    expect((await phone.act(signIn)).signIn.status).toBe('challenged');
  });

  it('[DV-REMEMBER-4] refreshes its tokens by its key, until it is forgotten', async () => {
    const app = await makeSecureApp(bench, TOTP, ALWAYS);
    await addPerson(app, 'cleo');
    const phone = await addDevice(bench, 'Forgotten', app.pointedAt);
    await setUpAuthenticator(bench, phone, 'cleo');
    expect((await phone.act({ do: 'refresh-tokens' })).signIn.status).toBe('signed-in');

    const forgotten = await phone.act({ do: 'forget-device' });
    expect(forgotten.remembered).toEqual({ status: 'none' });
    await expect(phone.act({ do: 'forget-device' })).rejects.toThrow('NoDeviceKey');
    await expect(phone.act({ do: 'refresh-tokens' })).rejects.toThrow('Invalid Refresh Token');
    expect((await phone.state()).signIn).toEqual({ status: 'signed-out' });

    const asked = await phone.act({ do: 'sign-in', username: 'cleo', password: PASSWORD });
    expect(asked.signIn).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
    expect((await phone.act({ do: 'answer' })).remembered.status).toBe('remembered');
  });

  it.each(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] as const)(
    '[DV-REMEMBER-5] goes on as a new device by %s when the pool has forgotten it',
    async (flow) => {
      const app = await makeSecureApp(bench, TOTP, ALWAYS);
      await addPerson(app, 'dan');
      const phone = await addDevice(bench, 'Dropped', app.pointedAt);
      await setUpAuthenticator(bench, phone, 'dan');
      const { deviceKey } = (await phone.state()).remembered;
      await app.userPools.adminForgetDevice({ UserPoolId: app.userPoolId, Username: 'dan', DeviceKey: deviceKey });
      const asked = await phone.act({ do: 'sign-in', username: 'dan', password: PASSWORD, flow });
      expect(asked.signIn).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
      const { remembered } = await phone.act({ do: 'answer' });
      expect(remembered.status).toBe('remembered');
      expect(remembered.deviceKey).not.toBe(deviceKey);
    },
  );

  it('[DV-FILE-1] keeps key and password over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'poolbench-remembered-'));
    try {
      const first = await startBench({ data: folder });
      const app = await makeSecureApp(first, TOTP, ALWAYS);
      await addPerson(app, 'eve');
      const phone = await addDevice(first, 'Kept', app.pointedAt);
      await setUpAuthenticator(first, phone, 'eve');
      const { remembered } = await phone.act({ do: 'sign-out' }).then(() => phone.state());
      expect(remembered.status).toBe('none');
      await first.stop();

      await using again = await startBench({ data: folder });
      const back = await deviceOf(again, phone.id).act({ do: 'sign-in', username: 'eve', password: PASSWORD });
      expect(back).toMatchObject({ signIn: { status: 'signed-in' }, remembered: { status: 'remembered' } });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
