import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import type { DeviceApp, DeviceState, LoginOwner } from '../../src/shared/device.ts';
import { REGION, startBench, type TestBench } from '../harness/bench.ts';
import { addDevice, addUser, makePools, PASSWORD, prefs, reaches, valuesOf, type TestDevice } from './scene.ts';

let bench: TestBench;
let app: DeviceApp;
beforeAll(async () => {
  bench = await startBench();
  app = await makePools(bench);
});
afterAll(() => bench.stop());

const put = (device: TestDevice, value: string): Promise<DeviceState> =>
  device.act({ do: 'put', dataset: 'prefs', key: 'volume', value });
const sync = (device: TestDevice): Promise<DeviceState> => device.act({ do: 'synchronize', dataset: 'prefs' });

async function signIn(device: TestDevice, username: string): Promise<DeviceState> {
  await device.act({ do: 'sign-in', username, password: PASSWORD });
  return device.act({ do: 'get-credentials' });
}

const user = (username: string): LoginOwner => ({
  provider: `cognito-idp.${REGION}.amazonaws.com/${app.userPoolId}`,
  kind: 'user-pool',
  subject: username,
  person: username,
});

/** A tablet on which two users have a value each: 3 is the first one's, and 9 the second one's, who is signed in. */
async function shared(name: string) {
  const users = [`${name}-1`, `${name}-2`] as const;
  for (const user of users) await addUser(bench, app, user);
  const tablet = await addDevice(bench, 'Tablet', app);
  const first = (await signIn(tablet, users[0])).identity!.identityId;
  await put(tablet, '3');
  await sync(tablet);
  await tablet.act({ do: 'sign-out' });
  const second = (await signIn(tablet, users[1])).identity!.identityId;
  await put(tablet, '9');
  return { tablet, users, first, second };
}

describe('several identities on one device', () => {
  it('[DV-FAMILY-1] each keep their own data, and all are listed', async () => {
    const { tablet, users, first, second } = await shared('lists');
    const state = await tablet.state();
    expect(state.profiles).toEqual(
      expect.arrayContaining([
        { identityId: first, owners: [user(users[0])], current: false, datasets: 1, records: 1, unsent: 0 },
        { identityId: second, owners: [user(users[1])], current: true, datasets: 1, records: 1, unsent: 1 },
      ]),
    );
    await tablet.act({ do: 'sign-out' });
    expect((await tablet.state()).profiles.find(({ current }) => current)).toMatchObject({ identityId: 'unknown' });
    expect(valuesOf(await signIn(tablet, users[0]))).toEqual({ volume: '3' });
    expect(valuesOf(await signIn(tablet, users[1]))).toEqual({ volume: '9' });
  });

  it('[DV-FAMILY-2] one is wiped, and the other stays', async () => {
    const { tablet, users, first, second } = await shared('wipe-one');
    const wiped = await tablet.act({ do: 'wipe', identityId: first });
    expect(wiped.profiles.map(({ identityId }) => identityId)).toEqual([second]);
    expect(wiped.signIn.status).toBe('signed-in');
    expect(valuesOf(wiped)).toEqual({ volume: '9' });
    const back = await signIn(tablet, users[0]);
    expect(back.datasets).toEqual([]);
    expect(valuesOf(await sync(tablet))).toEqual({ volume: '3' });
  });

  it('[DV-FAMILY-2] the one that is wiped while it is signed in is signed out', async () => {
    const { tablet, first, second } = await shared('wipe-current');
    const wiped = await tablet.act({ do: 'wipe', identityId: second });
    expect(wiped).toMatchObject({ signIn: { status: 'signed-out' }, datasets: [] });
    expect(wiped.identity).toBeUndefined();
    expect(wiped.profiles.map(({ identityId }) => identityId)).toEqual(expect.arrayContaining([first, 'unknown']));
    expect((await tablet.act({ do: 'wipe' })).profiles).toEqual([
      { identityId: 'unknown', owners: [], current: true, datasets: 0, records: 0, unsent: 0 },
    ]);
  });

  it('[DV-FAMILY-2] refuses to wipe an identity that is not there', async () => {
    const tablet = await addDevice(bench, 'Tablet', app);
    await expect(tablet.act({ do: 'wipe', identityId: 'us-east-1:nobody' })).rejects.toThrow('NoSuchIdentity');
  });

  it('[DV-NET-3] what one asked for offline is done when it is their turn again', async () => {
    const { tablet, users } = await shared('turns');
    await tablet.act({ do: 'network', online: false });
    await expect(sync(tablet)).rejects.toThrow('NetworkError');
    await tablet.act({ do: 'sign-out' });
    await tablet.act({ do: 'network', online: true });
    await signIn(tablet, users[0]);
    await tablet.act({ do: 'sign-out' });
    await signIn(tablet, users[1]);
    const state = await reaches(bench, tablet, (device) => device.datasets[0]?.records[0]?.dirty === false);
    expect(prefs(state)).toMatchObject({ lastSyncCount: 1, records: [{ value: '9' }] });
  });

  it('[DV-IDENT-8] an identity that was deleted is replaced, and its data follow', async () => {
    const tablet = await addDevice(bench, 'Guest', app);
    await put(tablet, '5');
    const before = (await sync(tablet)).identity!.identityId;
    await new CognitoIdentity(bench.sdk).deleteIdentities({ IdentityIdsToDelete: [before] });
    const after = await tablet.act({ do: 'get-credentials' });
    expect(after.identity?.identityId).not.toBe(before);
    expect(prefs(after).records).toMatchObject([{ value: '5', dirty: true, syncCount: 0 }]);
    expect(valuesOf(await sync(tablet))).toEqual({ volume: '5' });
  });
});

describe('a device’s clock', () => {
  /** The refusals of a device's signatures since. */
  const refusals = (): (() => string[]) => {
    const seen: string[] = [];
    bench.follow((event) => {
      if (event.type === 'trace.closed' && event.data.record.fault) seen.push(event.data.record.fault.message);
    });
    return () => seen.filter((message) => message.startsWith('Signature'));
  };

  it('[DV-CLOCK-1] dates its changes, so that a wrong clock wins or loses as last writer', async () => {
    await addUser(bench, app, 'skewed');
    const right = await addDevice(bench, 'Right', app);
    const wrong = await addDevice(bench, 'Wrong', app);
    for (const device of [right, wrong]) await signIn(device, 'skewed');
    await put(right, '1');
    await sync(right);
    await sync(wrong);

    await wrong.act({ do: 'network', clockSkewSeconds: -3_600 });
    const behind = await put(wrong, 'of the wrong one');
    const { now } = await bench.call<{ now: string }>('GET', '/clock');
    expect(prefs(behind).records[0]?.modifiedAt).toBe(new Date(Date.parse(now) - 3_600_000).toISOString());
    await put(right, 'of the right one');
    await sync(right);
    await bench.advance({ seconds: 60 });
    await put(wrong, 'written later, dated earlier');
    expect(valuesOf(await sync(wrong))).toEqual({ volume: 'of the right one' });
  });

  it.each([1_800, -3_600])(
    '[DV-CLOCK-2] wrong by %i s, its signatures are refused once and corrected',
    async (skew) => {
      const device = await addDevice(bench, 'Corrected', app);
      await device.act({ do: 'network', clockSkewSeconds: skew });
      await put(device, '1');
      const seen = refusals();
      await sync(device);
      await put(device, '2');
      expect(prefs(await sync(device)).records).toMatchObject([{ value: '2', dirty: false }]);
      expect(seen()).toHaveLength(1);
    },
  );

  it('[DV-CLOCK-2] is refused every time by an SDK that does not correct it', async () => {
    const device = await addDevice(bench, 'Stubborn', app);
    await device.act({ do: 'network', clockSkewSeconds: 3_600, correctsClockSkew: false });
    await put(device, '1');
    await expect(sync(device)).rejects.toThrow('Signature not yet current');
    await expect(sync(device)).rejects.toThrow('InvalidSignatureException');
    await device.act({ do: 'network', clockSkewSeconds: 0 });
    expect(prefs(await sync(device)).records).toMatchObject([{ dirty: false }]);
  });

  it('[DV-CLOCK-2] within five minutes nobody minds', async () => {
    const device = await addDevice(bench, 'Nearly right', app);
    await device.act({ do: 'network', clockSkewSeconds: 200, correctsClockSkew: false });
    await put(device, '1');
    const seen = refusals();
    expect(prefs(await sync(device)).records).toMatchObject([{ dirty: false }]);
    expect(seen()).toEqual([]);
  });
});
