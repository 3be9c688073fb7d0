import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceApp } from '../../src/shared/device.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { startBench, type TestBench } from '../harness/bench.ts';
import { addDevice, addSignedIn, addUser, makePools, PASSWORD, prefs } from './scene.ts';

let bench: TestBench;
let app: DeviceApp;
beforeAll(async () => {
  bench = await startBench();
  app = await makePools(bench);
});
afterAll(() => bench.stop());

describe('a device’s session', () => {
  it('[DV-SESSION-1] signs up with the code from the inbox and signs in without sending the password', async () => {
    const phone = await addDevice(bench, 'Sign-up', app);
    const records: TraceRecord[] = [];
    const stop = bench.follow(({ type, data }) => {
      if (type === 'trace.closed') records.push(data.record);
    });
    const signedUp = await phone.act({ do: 'sign-up', username: 'ann', password: PASSWORD, email: 'ann@example.test' });
    expect(signedUp.signIn).toMatchObject({ status: 'unconfirmed', username: 'ann' });

    await expect(phone.act({ do: 'sign-in', username: 'ann', password: PASSWORD })).rejects.toThrow('UserNotConfirmed');
    await expect(phone.act({ do: 'confirm-sign-up', code: '000000x' })).rejects.toThrow('CodeMismatchException');

    const { code } = await bench.messageTo('ann@example.test');
    expect((await phone.act({ do: 'confirm-sign-up', code: code! })).signIn).toEqual({ status: 'signed-out' });
    records.length = 0;
    const { signIn } = await phone.act({ do: 'sign-in', username: 'ann', password: PASSWORD });
    stop();

    expect(signIn).toMatchObject({ status: 'signed-in', username: 'ann' });
    expect(records.map(({ operation }) => operation)).toEqual(['InitiateAuth', 'RespondToAuthChallenge']);
    expect(JSON.stringify(records)).not.toContain(PASSWORD);
    expect(records[0]?.lane).toMatchObject({ kind: 'device', id: phone.id });
  });

  it('[DV-SESSION-5] waits for the code after a sign-in that came too early', async () => {
    const phone = await addDevice(bench, 'Early', app);
    await phone.act({ do: 'sign-up', username: 'early', password: PASSWORD, email: 'early@example.test' });
    await phone.act({ do: 'wipe' });
    await expect(phone.act({ do: 'sign-in', username: 'early', password: PASSWORD })).rejects.toThrow(
      'UserNotConfirmed',
    );
    expect((await phone.state()).signIn).toEqual({ status: 'unconfirmed', username: 'early' });

    const { signIn } = await phone.act({ do: 'resend-code' });
    expect(signIn).toMatchObject({ status: 'unconfirmed', destination: expect.stringContaining('@') as string });
  });

  it.each(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] as const)('[DV-ACT-2] shows a wrong password by %s', async (flow) => {
    const username = `wrong-${flow.toLowerCase()}`;
    await addUser(bench, app, username);
    const phone = await addDevice(bench, 'Wrong', app);
    await expect(phone.act({ do: 'sign-in', username, password: 'Not-the-one-9', flow })).rejects.toThrow('422');
    expect((await phone.state()).lastError).toEqual({
      action: 'sign-in',
      code: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
    expect((await phone.act({ do: 'sign-in', username, password: PASSWORD, flow })).signIn.status).toBe('signed-in');
  });

  it('[DV-SESSION-6] answers a temporary password with a new one', async () => {
    const userPools = new CognitoIdentityProvider(bench.sdk);
    await userPools.adminCreateUser({
      UserPoolId: app.userPoolId,
      Username: 'invited',
      TemporaryPassword: 'Temporary-1',
      MessageAction: 'SUPPRESS',
    });
    const phone = await addDevice(bench, 'Invited', app);
    await expect(phone.act({ do: 'new-password', password: PASSWORD })).rejects.toThrow('NoChallenge');

    const { signIn } = await phone.act({ do: 'sign-in', username: 'invited', password: 'Temporary-1' });
    expect(signIn).toMatchObject({ status: 'challenged', challenge: 'NEW_PASSWORD_REQUIRED' });
    const answered = await phone.act({ do: 'new-password', password: PASSWORD });
    expect(answered.signIn).toMatchObject({ status: 'signed-in', username: 'invited' });
  });

  it('[DV-SESSION-3] is signed out when the pool refuses the refresh', async () => {
    await addUser(bench, app, 'everywhere');
    const here = await addSignedIn(bench, 'Here', app, 'everywhere');
    const there = await addSignedIn(bench, 'There', app, 'everywhere');
    expect((await there.act({ do: 'refresh-tokens' })).signIn.status).toBe('signed-in');

    expect((await here.act({ do: 'sign-out', everywhere: true })).signIn).toEqual({ status: 'signed-out' });
    await expect(there.act({ do: 'refresh-tokens' })).rejects.toThrow('NotAuthorizedException');
    expect((await there.state()).signIn).toEqual({ status: 'signed-out' });
  });

  it('[DV-SESSION-4] keeps the cache for the user who signs out and comes back', async () => {
    await addUser(bench, app, 'back');
    const phone = await addSignedIn(bench, 'Back', app, 'back');
    await phone.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '5' });
    await phone.act({ do: 'synchronize', dataset: 'prefs' });
    const out = await phone.act({ do: 'sign-out' });
    expect(out).toMatchObject({ signIn: { status: 'signed-out' }, datasets: [] });
    expect(out.identity).toBeUndefined();

    await phone.act({ do: 'sign-in', username: 'back', password: PASSWORD });
    expect(prefs(await phone.act({ do: 'get-credentials' })).records).toMatchObject([{ key: 'volume', value: '5' }]);
  });

  it('[DV-SESSION-2] [DV-IDENT-3] renews tokens and credentials by the bench’s clock', async () => {
    await using own = await startBench();
    const pools = await makePools(own);
    await addUser(own, pools, 'late');
    const phone = await addSignedIn(own, 'Late', pools, 'late');
    await phone.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '5' });
    const before = await phone.act({ do: 'synchronize', dataset: 'prefs' });

    await own.advance({ minutes: 10 });
    const soon = await phone.act({ do: 'synchronize', dataset: 'prefs' });
    expect(soon.identity?.accessKeyId).toBe(before.identity?.accessKeyId);

    await own.advance({ minutes: 43 });
    const nearlyExpired = await phone.act({ do: 'synchronize', dataset: 'prefs' });
    expect(nearlyExpired.identity?.accessKeyId).not.toBe(before.identity?.accessKeyId);
    expect(nearlyExpired.signIn).toEqual(before.signIn);

    await own.advance({ hours: 3 });
    const after = await phone.act({ do: 'synchronize', dataset: 'prefs' });
    expect(after.signIn).toMatchObject({ status: 'signed-in', username: 'late' });
    expect(after.signIn).not.toEqual(before.signIn);
    expect(after.identity?.identityId).toBe(before.identity?.identityId);
  });
});
