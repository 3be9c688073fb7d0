import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoSync } from '@aws-sdk/client-cognito-sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceApp, DeviceState, Resolver } from '../../src/shared/device.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { startBench, type TestBench } from '../harness/bench.ts';
import {
  addDevice,
  addSignedIn,
  addUser,
  deviceOf,
  makePools,
  PASSWORD,
  prefs,
  reaches,
  valuesOf,
  type TestDevice,
} from './scene.ts';

let bench: TestBench;
let app: DeviceApp;
beforeAll(async () => {
  bench = await startBench();
  app = await makePools(bench);
});
afterAll(() => bench.stop());

const put = (device: TestDevice, key: string, value: string): Promise<DeviceState> =>
  device.act({ do: 'put', dataset: 'prefs', key, value });
const sync = (device: TestDevice, resolver: Resolver = 'last-writer'): Promise<DeviceState> =>
  device.act({ do: 'synchronize', dataset: 'prefs', resolver });
const network = (device: TestDevice, online: boolean): Promise<DeviceState> => device.act({ do: 'network', online });

/** Two devices of one user who agree on volume = 11. */
async function pair(username: string): Promise<[TestDevice, TestDevice]> {
  await addUser(bench, app, username);
  const phone = await addSignedIn(bench, 'Phone A', app, username);
  const tablet = await addSignedIn(bench, 'Tablet B', app, username);
  await put(phone, 'volume', '11');
  await sync(phone);
  await sync(tablet);
  return [phone, tablet];
}

describe('guests and users', () => {
  it('[DV-IDENT-1] [DV-IDENT-5] makes a guest, who takes over what was kept before', async () => {
    const phone = await addDevice(bench, 'Guest', app);
    await put(phone, 'volume', '11');
    const guest = await phone.act({ do: 'get-credentials' });
    expect(guest.identity).toMatchObject({ guest: true, accessKeyId: expect.stringMatching(/^ASIA/) as string });
    expect((await sync(phone)).identity?.identityId).toBe(guest.identity?.identityId);
    expect(prefs(await phone.state())).toMatchObject({ lastSyncCount: 1, records: [{ value: '11', dirty: false }] });
  });

  it('[DV-IDENT-2] keeps the identity and its data when a guest becomes a new user', async () => {
    await addUser(bench, app, 'new-user');
    const phone = await addDevice(bench, 'Guest', app);
    await put(phone, 'volume', '11');
    const guest = await sync(phone);
    await phone.act({ do: 'sign-in', username: 'new-user', password: PASSWORD });
    const user = await sync(phone);
    expect(user.identity).toMatchObject({ guest: false, identityId: guest.identity!.identityId });
    expect(user.identity?.accessKeyId).not.toBe(guest.identity?.accessKeyId);
    expect(valuesOf(user)).toEqual({ volume: '11' });
  });

  it('[DV-IDENT-4] leaves a former user’s identity behind', async () => {
    await addUser(bench, app, 'former');
    await addUser(bench, app, 'next');
    const phone = await addSignedIn(bench, 'Shared', app, 'former');
    await put(phone, 'volume', '11');
    const former = await sync(phone);
    await phone.act({ do: 'sign-in', username: 'next', password: PASSWORD });
    const next = await sync(phone);
    expect(next.identity?.identityId).not.toBe(former.identity?.identityId);
    expect(prefs(next).records).toEqual([]);
  });

  it('[DV-IDENT-6] [DV-MERGE-1] [DV-MERGE-2] merges a guest into a user who is known elsewhere', async () => {
    const [phone] = await pair('merger');
    const tablet = await addDevice(bench, 'Tablet C', app);
    await put(tablet, 'theme', 'dark');
    const guest = await sync(tablet);
    await tablet.act({ do: 'sign-in', username: 'merger', password: PASSWORD });
    const user = await tablet.act({ do: 'get-credentials' });
    const name = `prefs.${guest.identity!.identityId}`;
    expect(user.identity?.identityId).toBe((await phone.state()).identity?.identityId);
    expect(prefs(user)).toMatchObject({
      mergedDatasetNames: [name],
      records: [{ key: 'theme', value: 'dark', dirty: true, syncCount: 0 }],
    });

    expect(prefs(await sync(tablet))).toMatchObject({ mergedDatasetNames: [name] });
    expect(prefs(await sync(phone))).toMatchObject({ mergedDatasetNames: [name] });
    await expect(tablet.act({ do: 'merge', dataset: 'prefs', from: 'prefs.other', keep: 'local' })).rejects.toThrow(
      'NotMerged',
    );

    const merged = await tablet.act({ do: 'merge', dataset: 'prefs', from: name, keep: 'local' });
    expect(valuesOf(merged)).toEqual({ theme: 'dark', volume: '11' });
    expect(merged.datasets.map((dataset) => dataset.name)).toEqual(['prefs']);
    expect(prefs(await sync(phone))).toMatchObject({ mergedDatasetNames: [] });
    expect(valuesOf(await phone.state())).toEqual(valuesOf(merged));
  });

  it('[DV-MERGE-2] merges a guest’s dataset that only the store has, keeping either side', async () => {
    const [phone] = await pair('remote-merger');
    const tablet = await addDevice(bench, 'Tablet C', app);
    await put(tablet, 'volume', '3');
    const guest = await sync(tablet);
    await tablet.act({ do: 'sign-in', username: 'remote-merger', password: PASSWORD });
    await tablet.act({ do: 'get-credentials' });
    const name = `prefs.${guest.identity!.identityId}`;

    expect(prefs(await sync(phone))).toMatchObject({ mergedDatasetNames: [name] });
    const merged = await phone.act({ do: 'merge', dataset: 'prefs', from: name, keep: 'remote' });
    expect(valuesOf(merged)).toEqual({ volume: '3' });
    expect(prefs(merged).mergedDatasetNames).toEqual([]);
  });
});

describe('a merge before the first synchronise', () => {
  it.each([
    ['local', '11'],
    ['remote', '3'],
    ['last-writer', '3'],
  ] as const)('[DV-MERGE-3] keeps the %s side of what both have', async (keep, expected) => {
    const [phone] = await pair(`early-${keep}`);
    await bench.advance({ seconds: 5 });
    const tablet = await addDevice(bench, 'Tablet C', app);
    await put(tablet, 'volume', '3');
    const guest = await sync(tablet);
    await tablet.act({ do: 'sign-in', username: `early-${keep}`, password: PASSWORD });
    await tablet.act({ do: 'get-credentials' });

    const from = `prefs.${guest.identity!.identityId}`;
    const merged = await tablet.act({ do: 'merge', dataset: 'prefs', from, keep });
    expect(valuesOf(merged)).toEqual({ volume: expected });
    expect(merged.datasets.map(({ name }) => name)).toEqual(['prefs']);
    expect(valuesOf(await sync(phone))).toEqual({ volume: expected });
  });
});

describe('two devices and one dataset', () => {
  it.each([
    ['local', '7'],
    ['remote', '9'],
    ['last-writer', '7'],
  ] as const)('[DV-SYNC-3] settle a conflict by %s, and both end with %s', async (resolver, expected) => {
    const [phone, tablet] = await pair(`by-${resolver}`);
    await put(phone, 'volume', '9');
    await sync(phone);
    await bench.advance({ seconds: 5 });
    await put(tablet, 'volume', '7');
    expect(valuesOf(await sync(tablet, resolver))).toEqual({ volume: expected });
    const last = await sync(phone);
    expect(valuesOf(last)).toEqual({ volume: expected });
    expect(prefs(last)).toEqual({ ...prefs(await sync(tablet)), lastSyncAt: expect.any(String) as string });
  });

  it('[DV-SYNC-3] take the store’s value when the other wrote later', async () => {
    const [phone, tablet] = await pair('later');
    await put(tablet, 'volume', '7');
    await bench.advance({ seconds: 5 });
    await put(phone, 'volume', '9');
    await sync(phone);
    expect(valuesOf(await sync(tablet, 'last-writer'))).toEqual({ volume: '9' });
  });

  it('[DV-SYNC-3] stop to ask, and go on with the choice of each key', async () => {
    const [phone, tablet] = await pair('asked');
    await put(phone, 'volume', '9');
    await put(phone, 'theme', 'light');
    await sync(phone);
    await put(tablet, 'volume', '7');
    await put(tablet, 'theme', 'dark');
    const asked = await sync(tablet, 'ask');
    expect(prefs(asked).conflicts).toMatchObject([
      { key: 'theme', local: { value: 'dark' }, remote: { value: 'light', syncCount: 2 } },
      { key: 'volume', local: { value: '7' }, remote: { value: '9', syncCount: 2 } },
    ]);

    const half = await tablet.act({ do: 'resolve', dataset: 'prefs', choices: { theme: 'remote' } });
    expect(prefs(half).conflicts).toMatchObject([{ key: 'volume' }]);
    await expect(tablet.act({ do: 'resolve', dataset: 'prefs', choices: { theme: 'local' } })).rejects.toThrow(
      'NoSuchConflict',
    );
    const settled = await tablet.act({ do: 'resolve', dataset: 'prefs', choices: { volume: 'local' } });
    expect(prefs(settled).conflicts).toEqual([]);
    expect(valuesOf(settled)).toEqual({ theme: 'light', volume: '7' });
    expect(valuesOf(await sync(phone))).toEqual({ theme: 'light', volume: '7' });
  });

  it('[DV-SYNC-9] pass on removals and empty strings', async () => {
    const [phone, tablet] = await pair('removals');
    await put(phone, 'name', '');
    await phone.act({ do: 'remove', dataset: 'prefs', key: 'volume' });
    await sync(phone);
    expect(valuesOf(await sync(tablet))).toEqual({ name: '', volume: null });
    await put(tablet, 'volume', '1');
    await sync(tablet);
    expect(valuesOf(await sync(phone))).toEqual({ name: '', volume: '1' });
  });

  it('[DV-SYNC-8] [DV-SYNC-5] follow each other’s deletions', async () => {
    const [phone, tablet] = await pair('deleters');
    expect((await phone.act({ do: 'delete-dataset', dataset: 'prefs' })).datasets).toEqual([]);
    await put(tablet, 'theme', 'dark');
    expect(valuesOf(await sync(tablet))).toEqual({ theme: 'dark' });
    expect(valuesOf(await sync(phone))).toEqual({ theme: 'dark' });
  });

  it('[DV-SYNC-1] agree with an app that writes with the AWS SDK', async () => {
    const [phone] = await pair('outside');
    const { identity } = await phone.state();
    const client = new CognitoSync(bench.sdk);
    const place = { IdentityPoolId: app.identityPoolId, IdentityId: identity!.identityId, DatasetName: 'prefs' };
    const { SyncSessionToken } = await client.listRecords(place);
    await client.updateRecords({
      ...place,
      SyncSessionToken,
      RecordPatches: [{ Op: 'replace', Key: 'volume', Value: '5', SyncCount: 1 }],
    });
    expect(valuesOf(await sync(phone))).toEqual({ volume: '5' });
  });
});

describe('offline', () => {
  it('[DV-NET-1] a device goes on with its cache, and its calls fail at once', async () => {
    const [phone] = await pair('offline');
    await network(phone, false);
    const seen = calls(bench);
    expect(valuesOf(await put(phone, 'volume', '5'))).toEqual({ volume: '5' });
    await expect(phone.act({ do: 'get-credentials' })).rejects.toThrow('NetworkError');
    await expect(phone.act({ do: 'refresh-tokens' })).rejects.toThrow('NetworkError');
    expect(seen()).toEqual([]);
  });

  it('[DV-NET-3] a synchronise is remembered and done when the switch goes on', async () => {
    const [phone, tablet] = await pair('remembered');
    await network(phone, false);
    await put(phone, 'volume', '5');
    await expect(sync(phone)).rejects.toThrow('NetworkError');
    await network(phone, true);
    const state = await reaches(bench, phone, (device) => prefs(device).records[0]?.dirty === false);
    expect(state.lastError).toBeUndefined();
    expect(valuesOf(await sync(tablet))).toEqual({ volume: '5' });
  });

  it('[DV-NET-2] a write whose answer is lost does not become a conflict', async () => {
    const [phone, tablet] = await pair('lost');
    await put(phone, 'volume', '5');
    // The store has written, and the answer is on its slow way.
    await phone.act({ do: 'network', latencyMs: 150 });
    let switched: Promise<unknown> | undefined;
    const stop = bench.follow(({ type }) => {
      if (type === 'dataset.synchronised') switched ??= network(phone, false);
    });
    await expect(sync(phone, 'ask')).rejects.toThrow('NetworkError');
    stop();
    await switched;
    expect(prefs(await phone.state()).records).toMatchObject([{ value: '5', dirty: true, syncCount: 1 }]);

    await phone.act({ do: 'network', online: true, latencyMs: 0 });
    const state = await reaches(bench, phone, (device) => prefs(device).records[0]?.dirty === false);
    expect(prefs(state)).toMatchObject({ conflicts: [], records: [{ value: '5', syncCount: 2 }] });
    expect(valuesOf(await sync(tablet))).toEqual({ volume: '5' });
  });
});

describe('push', () => {
  it('[DV-PUSH-1] [DV-PUSH-3] [DV-PUSH-4] tells the other devices, which synchronise at once', async () => {
    const [phone, tablet] = await pair('pushed');
    const seen = calls(bench);
    expect(prefs(await phone.act({ do: 'subscribe', dataset: 'prefs' })).subscribed).toBe(true);
    await tablet.act({ do: 'subscribe', dataset: 'prefs' });
    await phone.act({ do: 'subscribe', dataset: 'prefs' });
    expect(seen().filter((operation) => operation === 'RegisterDevice')).toHaveLength(2);

    await put(tablet, 'volume', '5');
    await sync(tablet);
    const state = await reaches(bench, phone, (device) => device.pushes[0]?.handled === true);
    expect(valuesOf(state)).toEqual({ volume: '5' });
    expect(state.pushes).toMatchObject([
      { notification: { source: 'cognito-sync', datasetName: 'prefs', syncCount: 2 } },
    ]);
    expect((await tablet.state()).pushes).toEqual([]);

    await phone.act({ do: 'unsubscribe', dataset: 'prefs' });
    await put(tablet, 'volume', '6');
    await sync(tablet);
    expect((await phone.state()).pushes).toHaveLength(1);
  });

  it('[DV-PUSH-3] only shows a push where changes of its own wait', async () => {
    const [phone, tablet] = await pair('waiting');
    await phone.act({ do: 'subscribe', dataset: 'prefs' });
    await put(phone, 'volume', '9');
    await put(tablet, 'volume', '5');
    await sync(tablet);
    const state = await reaches(bench, phone, (device) => device.pushes.length === 1);
    expect(state.pushes[0]?.handled).toBe(false);
    expect(valuesOf(state)).toEqual({ volume: '9' });
    expect((await sync(phone)).pushes[0]?.handled).toBe(true);
  });

  it('[DV-PUSH-1] shows the refusal of a pool without a platform application', async () => {
    const phone = await addDevice(bench, 'No push', app);
    await put(phone, 'volume', '1');
    await expect(phone.act({ do: 'subscribe', dataset: 'prefs' })).rejects.toThrow('ResourceNotFoundException');
    await expect(phone.act({ do: 'unsubscribe', dataset: 'absent' })).resolves.toBeDefined();
  });
});

describe('a bench that starts again', () => {
  it('[DV-FILE-1] finds its devices signed in, with cache, subscription and pushes', async () => {
    const data = mkdtempSync(join(tmpdir(), 'poolbench-devices-'));
    try {
      const first = await startBench({ data });
      const pools = await makePools(first);
      await addUser(first, pools, 'alice');
      const phone = await addSignedIn(first, 'Phone A', pools, 'alice');
      const tablet = await addSignedIn(first, 'Tablet B', pools, 'alice');
      await put(phone, 'volume', '11');
      await sync(phone);
      await phone.act({ do: 'subscribe', dataset: 'prefs' });
      await sync(tablet);
      await put(tablet, 'volume', '5');
      const before = [await phone.state(), await tablet.state()];
      await first.stop();

      await using second = await startBench({ data });
      expect(await second.call('GET', '/devices')).toEqual(expect.arrayContaining(before));
      const phoneAgain = deviceOf(second, phone.id);
      const signedIn = await sync(deviceOf(second, tablet.id));
      expect(signedIn.signIn).toEqual(before[1]!.signIn);
      const state = await reaches(second, phoneAgain, (device) => device.pushes[0]?.handled === true);
      expect(valuesOf(state)).toEqual({ volume: '5' });
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});

/** The operations that the bench has seen since. */
function calls(of: TestBench): () => string[] {
  const records: TraceRecord[] = [];
  of.follow((event) => {
    if (event.type === 'trace.closed') records.push(event.data.record);
  });
  return () => records.map(({ operation }) => operation ?? '');
}
