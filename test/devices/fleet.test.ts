import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { pushToken } from '../../src/main/devices/datasets.ts';
import { createFleet, type Fleet } from '../../src/main/devices/fleet.ts';
import { createBus, type Bus } from '../../src/main/kernel/bus.ts';
import { createClock } from '../../src/main/kernel/clock.ts';
import { createIds } from '../../src/main/kernel/ids.ts';
import { createLogger } from '../../src/main/kernel/log.ts';
import { createPowers } from '../../src/main/kernel/powers.ts';
import { seededRandom } from '../../src/main/kernel/random.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import type { BenchEvent } from '../../src/shared/events.ts';

const ACCOUNT = '111111111111';
const OTHER = '222222222222';
const log = createLogger('silent');

const folders: string[] = [];
const fleets: Fleet[] = [];
afterEach(async () => {
  for (const fleet of fleets.splice(0)) await fleet.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'poolbench-fleet-'));
  folders.push(folder);
  return join(folder, 'devices');
}

const nobody = (): never => {
  throw new Error('there is no provider');
};

/** A fleet with nobody to talk to: what is tested here happens on the devices themselves. */
function openFleet(folder?: string): { fleet: Fleet; bus: Bus; events: BenchEvent[] } {
  const bus = createBus(log);
  const events: BenchEvent[] = [];
  bus.onAny((event) => events.push(event));
  const fleet = createFleet({
    folder,
    url: () => 'http://127.0.0.1:9',
    clock: createClock(new Date('2026-01-01T00:00:00Z')),
    ids: createIds(seededRandom(7)),
    bus,
    log,
    powers: createPowers(),
    random: seededRandom(7),
    standIns: { view: nobody, issue: nobody },
  });
  fleets.push(fleet);
  return { fleet, bus, events };
}

const put = { do: 'put', dataset: 'prefs', key: 'volume', value: '11' } as const;

describe('the fleet', () => {
  it('[DV-FILE-1] finds devices as they were when it starts again on the same folder', async () => {
    const folder = temporaryFolder();
    const first = openFleet(folder);
    const phone = first.fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone', app: { identityPoolId: 'pool' } });
    await first.fleet.act(ACCOUNT, phone.id, put);
    await first.fleet.act(ACCOUNT, phone.id, { do: 'network', online: false, latencyMs: 20 });
    await expect(first.fleet.act(ACCOUNT, phone.id, { do: 'synchronize', dataset: 'prefs' })).rejects.toThrow(
      'offline',
    );
    const before = first.fleet.get(ACCOUNT, phone.id);
    await first.fleet.stop();

    const second = openFleet(folder);
    expect(second.fleet.list(ACCOUNT)).toEqual([before]);
    expect(before).toMatchObject({
      name: 'Phone A',
      app: { identityPoolId: 'pool', region: 'us-east-1' },
      network: { online: false, latencyMs: 20 },
      lastError: { action: 'synchronize', code: 'NetworkError' },
      datasets: [{ name: 'prefs', records: [{ key: 'volume', value: '11', dirty: true, syncCount: 0 }] }],
    });
    expect(second.fleet.nameOf(phone.id)).toBe('Phone A');
  });

  it('[DV-FILE-1] opens a file of the first schema', async () => {
    const folder = temporaryFolder();
    const first = openFleet(folder);
    const app = { region: 'eu-west-1', userPoolId: 'eu-west-1_Pool' };
    const { id } = first.fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone', app });
    await first.fleet.act(ACCOUNT, id, put);
    await first.fleet.stop();
    const database = openDatabase(join(folder, `${id}.sqlite`));
    database.exec('ALTER TABLE datasets DROP COLUMN settled; ALTER TABLE records DROP COLUMN base_value');
    database.prepare("UPDATE datasets SET waiting_resolver = 'last-writer'").run();
    database
      .prepare("INSERT INTO documents VALUES ('network', ?)")
      .run(JSON.stringify({ online: false, latencyMs: 20 }));
    const identity = { identityId: 'eu-west-1:alice', username: 'alice' };
    const document = database.prepare('INSERT INTO documents VALUES (?, ?)');
    document.run('identity', JSON.stringify(identity));
    document.run('usernames', JSON.stringify({ 'eu-west-1:alice': 'alice', 'eu-west-1:bob': 'bob' }));
    database.exec(
      "UPDATE datasets SET identity_id = 'eu-west-1:alice'; UPDATE records SET identity_id = 'eu-west-1:alice'",
    );
    database.pragma('user_version = 1');
    database.close();

    const { fleet } = openFleet(folder);
    expect(fleet.get(ACCOUNT, id)).toMatchObject({
      network: { online: false, latencyMs: 20, lossRate: 0, correctsClockSkew: true },
      datasets: [{ name: 'prefs', settled: [], records: [{ value: '11' }] }],
      identity: { identityId: 'eu-west-1:alice', guest: false },
      logins: [],
      profiles: [
        {
          owners: [
            {
              provider: 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool',
              kind: 'user-pool',
              subject: 'alice',
              person: 'alice',
            },
          ],
        },
      ],
    });
    await fleet.act(ACCOUNT, id, { ...put, value: '12' });
  });

  it('[DV-FILE-1] leaves a file alone that it cannot read, and lists the others', () => {
    const folder = temporaryFolder();
    const first = openFleet(folder);
    first.fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone' });
    writeFileSync(join(folder, 'broken-0000.sqlite'), 'no database');

    expect(openFleet(folder).fleet.list(ACCOUNT)).toMatchObject([{ name: 'Phone A' }]);
    expect(existsSync(join(folder, 'broken-0000.sqlite'))).toBe(true);
  });

  it('[DV-FILE-2] removes a device with its file, and says so', async () => {
    const folder = temporaryFolder();
    const { fleet, events } = openFleet(folder);
    const { id } = fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone' });
    await fleet.remove(ACCOUNT, id);
    expect(readdirSync(folder)).toEqual([]);
    expect(events.at(-1)).toEqual({ type: 'device.removed', data: { account: ACCOUNT, deviceId: id } });
    expect(() => fleet.get(ACCOUNT, id)).toThrow('There is no device');
  });

  it('[DV-FILE-2] keeps the devices of other accounts on a reset, and out of sight', async () => {
    const { fleet } = openFleet();
    const mine = fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone' });
    const theirs = fleet.create(OTHER, { name: 'Phone A', kind: 'phone' });
    expect(() => fleet.get(ACCOUNT, theirs.id)).toThrow('There is no device');
    await fleet.clear(ACCOUNT);
    expect(fleet.list(ACCOUNT)).toEqual([]);
    expect(fleet.list(OTHER).map(({ id }) => id)).toEqual([theirs.id]);
    expect(mine.id).not.toBe(theirs.id);
  });

  it('[DV-FILE-3] wipes everything but the configuration and the network switch', async () => {
    const { fleet } = openFleet();
    const { id } = fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone', app: { clientId: 'client' } });
    await fleet.act(ACCOUNT, id, put);
    await fleet.act(ACCOUNT, id, { do: 'network', online: false });
    const wiped = await fleet.act(ACCOUNT, id, { do: 'wipe' });
    expect(wiped).toMatchObject({ datasets: [], pushes: [], network: { online: false }, app: { clientId: 'client' } });
  });

  it('[DV-ACT-1] switches the network at once and does everything else in order', async () => {
    const { fleet } = openFleet();
    const { id } = fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone' });
    const done: string[] = [];
    const note = (what: string) => (): number => done.push(what);
    await Promise.all([
      fleet.act(ACCOUNT, id, { ...put, value: '1' }).then(note('first')),
      fleet.act(ACCOUNT, id, { ...put, value: '2' }).then(note('second')),
      fleet.act(ACCOUNT, id, { do: 'network', online: false }).then(note('network')),
    ]);
    expect(done).toEqual(['network', 'first', 'second']);
    expect(fleet.get(ACCOUNT, id).datasets[0]?.records[0]?.value).toBe('2');
  });

  it('[DV-ACT-2] keeps the failure of an action until the next one', async () => {
    const { fleet, events } = openFleet();
    const { id } = fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone' });
    await expect(fleet.act(ACCOUNT, id, { do: 'get-credentials' })).rejects.toMatchObject({
      code: 'NotConfigured',
      status: 409,
    });
    expect(fleet.get(ACCOUNT, id).lastError).toMatchObject({ action: 'get-credentials', code: 'NotConfigured' });
    expect(events.at(-1)).toMatchObject({
      type: 'device.changed',
      data: { device: { lastError: { code: 'NotConfigured' } } },
    });
    expect((await fleet.act(ACCOUNT, id, put)).lastError).toBeUndefined();
  });

  it('[DV-ACT-2] says so when the bench does not answer', async () => {
    const { fleet } = openFleet();
    const { id } = fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone', app: { identityPoolId: 'us-east-1:0' } });
    await expect(fleet.act(ACCOUNT, id, { do: 'get-credentials' })).rejects.toMatchObject({ code: 'NetworkError' });
  });

  it.each([
    [{ ...put, key: '' }, 'A key is'],
    [{ ...put, key: 'k'.repeat(129) }, 'A key is'],
    [{ ...put, dataset: 'no spaces' }, 'A dataset is named'],
    [{ do: 'remove', dataset: 'prefs', key: 'absent' } as const, 'There is no absent'],
  ])('[DV-SYNC-11] refuses %o', async (action, message) => {
    const { fleet } = openFleet();
    const { id } = fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone' });
    await expect(fleet.act(ACCOUNT, id, action)).rejects.toThrow(message);
    expect(fleet.get(ACCOUNT, id).datasets).toEqual([]);
  });

  it('[DV-PUSH-2] delivers a push once the device is back online', async () => {
    const { fleet, bus } = openFleet();
    const { id } = fleet.create(ACCOUNT, { name: 'Phone A', kind: 'phone' });
    await fleet.act(ACCOUNT, id, { do: 'network', online: false });
    const notification = {
      source: 'cognito-sync',
      identityPoolId: 'pool',
      identityId: 'us-east-1:1',
      datasetName: 'prefs',
      syncCount: 3,
    } as const;
    bus.publish('push.sent', { account: ACCOUNT, token: pushToken(id), platform: 'GCM', notification });
    bus.publish('push.sent', { account: OTHER, token: pushToken(id), platform: 'GCM', notification });
    expect(fleet.get(ACCOUNT, id).pushes).toEqual([]);
    const back = await fleet.act(ACCOUNT, id, { do: 'network', online: true });
    expect(back.pushes).toEqual([{ at: '2026-01-01T00:00:00.000Z', notification, handled: false }]);
  });
});
