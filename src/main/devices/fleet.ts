import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NewDevice } from '../../shared/bench-api.ts';
import type { DeviceAction, DeviceState, PreviewOutcome } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { Gate } from '../kernel/gate.ts';
import { deviceOfToken } from './datasets.ts';
import { Device, type DeviceSurroundings } from './device.ts';
import { DeviceFile, type DeviceProfile } from './device-file.ts';
import { previewOutcomes, type PreviewWish } from './preview.ts';
import { createScriptResolvers, type ScriptResolvers } from './resolvers/script-resolver.ts';

/*
 * The simulated devices of a bench. Each is a file; a bench that starts again on the same folder finds them as they
 * were, signed in and with their caches. They speak to the bench as any client does, over HTTP: this folder knows
 * nothing of its services. The devices that Cognito remembers are services/user-pools/devices.ts.
 */

export interface FleetOptions extends Omit<DeviceSurroundings, 'gate' | 'scripts'> {
  /** Where the devices' files are; `undefined` keeps them in memory. */
  readonly folder: string | undefined;
  readonly gate?: Gate;
  /** For devices that name none. */
  readonly region?: string;
}

export interface Fleet {
  /** Holds packets between the devices and the bench. */
  readonly gate: Gate;
  /** Runs the resolvers that users wrote. */
  readonly scripts: ScriptResolvers;
  /** @param madeBy the scenario that may take the device away again */
  create(account: string, device: NewDevice, madeBy?: string): DeviceState;
  list(account: string): DeviceState[];
  /** @throws BenchError `NoSuchDevice` */
  get(account: string, id: string): DeviceState;
  /** The devices that a scenario made. */
  madeBy(account: string, scenario: string): DeviceState[];
  /** The name of a device's lane, for whoever sees only its id in a user agent. */
  nameOf(id: string): string | undefined;
  remove(account: string, id: string): Promise<void>;
  act(account: string, id: string, action: DeviceAction): Promise<DeviceState>;
  /** What every device of the identity would see after its next synchronise; nothing is changed. */
  preview(account: string, id: string, wish: PreviewWish): Promise<PreviewOutcome[]>;
  /** Resolves once the device has nothing under way, also nothing that a push set off. */
  settled(account: string, id: string): Promise<DeviceState>;
  /** Removes every device of an account, or of all. */
  clear(account?: string): Promise<void>;
  /** Closes the files; the devices are there again on the next start. */
  stop(): Promise<void>;
}

const SUFFIX = '.sqlite';

export function createFleet(options: FleetOptions): Fleet {
  const { folder, bus, log, ids } = options;
  const gate = options.gate ?? new Gate();
  const scripts = createScriptResolvers();
  const surroundings: DeviceSurroundings = { ...options, gate, scripts };
  // A device that was found on disk is opened when somebody asks for it, so that a start costs one directory read.
  const devices = new Map<string, Device | undefined>(found(folder).map((id) => [id, undefined]));

  const pathOf = (id: string): string => (folder === undefined ? ':memory:' : join(folder, `${id}${SUFFIX}`));

  const open = (id: string): Device | undefined => {
    if (!devices.has(id)) return undefined;
    const known = devices.get(id);
    if (known) return known;
    try {
      const file = new DeviceFile(pathOf(id));
      if (!file.isEmpty) {
        const device = new Device(file, surroundings);
        devices.set(id, device);
        return device;
      }
      // A crash between the making of the file and its first entry.
      file.close();
      erase(pathOf(id));
    } catch (error) {
      // A file that cannot be read is left alone, and hides no other device.
      log.error({ err: error, device: id }, 'a device could not be opened');
    }
    devices.delete(id);
    return undefined;
  };

  const require = (account: string, id: string): Device => {
    const device = open(id);
    if (device?.profile.account === account) return device;
    throw new BenchError('NoSuchDevice', `There is no device ${id} in account ${account}`, 404);
  };

  const ofAccount = (account: string | undefined): Device[] =>
    [...devices.keys()]
      .map(open)
      .filter((device): device is Device => device !== undefined)
      .filter(({ profile }) => account === undefined || profile.account === account)
      .sort((a, b) => order(a.profile, b.profile));

  const remove = async (device: Device): Promise<void> => {
    const { id, account } = device.profile;
    devices.delete(id);
    await device.close();
    if (folder !== undefined) erase(pathOf(id));
    bus.publish('device.removed', { account, deviceId: id });
  };

  const clear = async (account?: string): Promise<void> => {
    await Promise.all(ofAccount(account).map(remove));
  };

  const clearAfterReset = (account?: string): void => {
    clear(account).catch((error: unknown) => log.error({ err: error }, 'devices could not be removed'));
  };

  const listening = [
    bus.on('push.sent', ({ account, token, notification }) => {
      const id = deviceOfToken(token);
      const device = id === undefined ? undefined : open(id);
      if (device?.profile.account === account) device.receive(notification);
    }),
    bus.on('account.reset', ({ account }) => clearAfterReset(account)),
    bus.on('bench.reset', () => clearAfterReset()),
  ];

  return {
    gate,
    scripts,
    create(account, { name, kind, app }, madeBy) {
      const id = newId(name, ids, (candidate) => devices.has(candidate));
      const profile: DeviceProfile = {
        id,
        name,
        kind,
        account,
        app: { ...app, region: app?.region ?? options.region ?? 'us-east-1' },
        createdAt: options.clock.now().toISOString(),
        ...(madeBy === undefined ? {} : { madeBy }),
      };
      const file = new DeviceFile(pathOf(id));
      file.set('profile', profile);
      const device = new Device(file, surroundings);
      devices.set(id, device);
      const state = device.state();
      bus.publish('device.changed', { account, device: state });
      return state;
    },
    list: (account) => ofAccount(account).map((device) => device.state()),
    get: (account, id) => require(account, id).state(),
    madeBy: (account, scenario) =>
      ofAccount(account)
        .filter(({ profile }) => profile.madeBy === scenario)
        .map((device) => device.state()),
    nameOf: (id) => open(id)?.profile.name,
    remove: async (account, id) => remove(require(account, id)),
    act: async (account, id, action) => require(account, id).act(action),
    async preview(account, id, wish) {
      const device = require(account, id);
      const subject = device.previewSubject(wish.dataset);
      if (!subject) {
        throw new BenchError('NoSuchDataset', `There is no dataset ${wish.dataset} on ${device.profile.name}`, 404);
      }
      const others = ofAccount(account)
        .filter((other) => other !== device)
        .flatMap((other) => other.previewSubject(wish.dataset, subject.identityId) ?? []);
      return previewOutcomes(wish, [subject, ...others], scripts);
    },
    settled: async (account, id) => require(account, id).settled(),
    clear,
    async stop() {
      for (const stopListening of listening) stopListening();
      const opened = [...devices.values()].filter((device) => device !== undefined);
      devices.clear();
      await Promise.all(opened.map((device) => device.close()));
      await scripts.stop();
    },
  };
}

function found(folder: string | undefined): string[] {
  if (folder === undefined || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length));
}

/** The name and four digits: readable in a timeline, and short enough for the SDK's app id (50 characters). */
function newId(name: string, ids: FleetOptions['ids'], isTaken: (id: string) => boolean): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20)
    .replace(/^-+|-+$/g, '');
  for (;;) {
    const id = `${slug || 'device'}-${ids.code(4)}`;
    if (!isTaken(id)) return id;
  }
}

function order(a: DeviceProfile, b: DeviceProfile): number {
  return a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
}

function erase(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
}
