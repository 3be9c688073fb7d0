import type { NetworkState } from '../../../shared/device.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { LocalCache } from '../local-cache.ts';
import { deleteMerged, mergedNames, mergeGuest, type OpenStore } from '../merging.ts';
import { GOOD_NETWORK, NetworkError } from '../network.ts';
import schema from '../schema.sql?raw';
import { settle, viewConflict } from '../sync-engine/conflicts.ts';
import { isNamed, synchronize, type SettleConflicts, type SyncTransport } from '../sync-engine/engine.ts';
import { MemoryStore } from '../sync-engine/memory-store.ts';
import { nameOf } from './storyteller.ts';
import { STORY_DATASET, type Glimpse, type World } from './world.ts';

const USER = 'us-east-1:00000000-0000-4000-8000-000000000000';
const guestId = (device: number): string => `us-east-1:00000000-0000-4000-8000-00000000000${device + 1}`;

const START = Date.UTC(2026, 0, 1);

interface Actor {
  readonly cache: LocalCache;
  identityId: string;
  network: NetworkState;
  /** Asked for while offline. */
  isWaiting: boolean;
  late: (() => Promise<unknown>)[];
  /** What somebody else does before the next push arrives. */
  beforePush?: () => Promise<void>;
}

/** How the devices settle conflicts; `device` is its name. */
export type SettleOn = (device: string) => 'ask' | SettleConflicts;

/**
 * Devices with the cache and the engine that simulated devices have, and between them a store of a few maps and a
 * network that loses what a story says. No wire, no clock but its own: thousands of stories in a minute.
 */
export class MemoryWorlds {
  /** Opening one costs more than playing a story on it, so they are used again. */
  readonly #files: { readonly database: Database; readonly cache: LocalCache }[] = [];

  create(guests: readonly boolean[], settleOn: SettleOn): World {
    return new MemoryWorld(
      guests.map((_guest, device) => this.#freshCache(device)),
      guests,
      settleOn,
    );
  }

  close(): void {
    for (const { database } of this.#files.splice(0)) database.close();
  }

  #freshCache(device: number): LocalCache {
    const known = this.#files[device];
    if (known) {
      known.cache.wipe();
      return known.cache;
    }
    const database = openDatabase(':memory:');
    database.exec(schema);
    const file = { database, cache: new LocalCache(database) };
    this.#files[device] = file;
    return file.cache;
  }
}

class MemoryWorld implements World {
  readonly #actors: readonly Actor[];
  readonly #settleOn: SettleOn;
  readonly #store: MemoryStore;
  #now = START;
  #deleted: string[] = [];

  constructor(caches: readonly LocalCache[], guests: readonly boolean[], settleOn: SettleOn) {
    this.#settleOn = settleOn;
    this.#store = new MemoryStore(() => this.#now);
    this.#actors = caches.map((cache, device) => ({
      cache,
      identityId: device > 0 && guests[device] ? guestId(device) : USER,
      network: GOOD_NETWORK,
      isWaiting: false,
      late: [],
    }));
  }

  isGuest(device: number): boolean {
    return this.#actor(device).identityId !== USER;
  }

  glimpse(device: number): Glimpse {
    const { cache, identityId } = this.#actor(device);
    const records = cache.records(identityId, STORY_DATASET);
    return {
      values: new Map(records.map(({ key, value }) => [key, value])),
      unsent: records.filter(({ modified }) => modified).length,
      conflicts: cache.conflicts(identityId, STORY_DATASET).map(viewConflict),
      settled: cache.dataset(identityId, STORY_DATASET)?.settled ?? [],
      merged: mergedNames(cache, identityId, STORY_DATASET),
    };
  }

  async put(device: number, key: string, value: string): Promise<void> {
    const { cache, identityId } = this.#actor(device);
    cache.change(identityId, STORY_DATASET, key, value, this.#clock(device));
  }

  async remove(device: number, key: string): Promise<void> {
    const { cache, identityId } = this.#actor(device);
    cache.change(identityId, STORY_DATASET, key, null, this.#clock(device));
  }

  async synchronise(device: number): Promise<void> {
    const actor = this.#actor(device);
    const store = this.#open(device);
    actor.isWaiting = false;
    store.cache.noteSettled(STORY_DATASET, []);
    try {
      await synchronize(STORY_DATASET, this.#settleOn(nameOf(device)), store);
      await deleteMerged(STORY_DATASET, store);
    } catch (error) {
      if (isNamed(error, 'NetworkError')) actor.isWaiting = true;
      throw error;
    }
  }

  async race(device: number, second: number): Promise<void> {
    this.#actor(device).beforePush = async () => {
      try {
        await this.synchronise(second);
      } catch (error) {
        if (!isNamed(error, 'NetworkError')) throw error;
      }
    };
    await this.synchronise(device).finally(() => delete this.#actor(device).beforePush);
  }

  async settle(device: number, choices: Parameters<World['settle']>[1]): Promise<void> {
    const { cache, identityId } = this.#actor(device);
    const conflicts = cache.conflicts(identityId, STORY_DATASET);
    const chosen = conflicts.filter(({ local }) => Object.hasOwn(choices, local.key));
    const settled = chosen.map((conflict) => settle(conflict, choices[conflict.local.key]!, this.#clock(device)));
    cache.settle(identityId, STORY_DATASET, settled);
    if (chosen.length === conflicts.length) await this.synchronise(device);
  }

  async signIn(device: number): Promise<void> {
    const actor = this.#actor(device);
    if (!actor.network.online) throw new NetworkError();
    const guest = actor.identityId;
    this.#store.adopt(guest, USER);
    actor.cache.changeIdentity(guest, USER);
    actor.identityId = USER;
  }

  async merge(device: number, from: string, keep: Parameters<World['merge']>[2]): Promise<void> {
    await mergeGuest({ dataset: STORY_DATASET, from, keep }, this.#open(device));
  }

  async deleteDataset(device: number): Promise<void> {
    const { cache, identityId } = this.#actor(device);
    cache.markDeleted(identityId, STORY_DATASET);
    await this.synchronise(device);
  }

  async network(device: number, change: Partial<NetworkState>): Promise<void> {
    const actor = this.#actor(device);
    const isBack = !actor.network.online && change.online === true;
    actor.network = { ...actor.network, ...change };
    if (isBack && actor.isWaiting) await this.synchronise(device);
  }

  /** Everything that an app keeps is in its file; only what was in the air is gone. */
  async restart(device: number): Promise<void> {
    this.#actor(device).late = [];
  }

  async advance(seconds: number): Promise<void> {
    this.#now += seconds * 1000;
  }

  async stored(): Promise<ReadonlyMap<string, string>> {
    return this.#store.values(USER, STORY_DATASET);
  }

  deletedValues(): readonly string[] {
    return this.#deleted.splice(0);
  }

  #actor(device: number): Actor {
    return this.#actors[device]!;
  }

  #clock(device: number): number {
    return this.#now + this.#actor(device).network.clockSkewSeconds * 1000;
  }

  #open(device: number): OpenStore {
    const { cache: local, identityId } = this.#actor(device);
    return {
      identityId,
      local,
      cache: local.forIdentity(identityId, () => this.#clock(device)),
      transport: this.#overTheAir(device, identityId),
    };
  }

  #overTheAir(device: number, identityId: string): SyncTransport {
    const transport = this.#store.transport(identityId, nameOf(device));
    const carry = <Answer>(send: () => Promise<Answer>) => this.#carry(this.#actor(device), send);
    return {
      listRecords: (dataset, from) => carry(() => transport.listRecords(dataset, from)),
      updateRecords: async (dataset, patches, token) => {
        const actor = this.#actor(device);
        const { beforePush } = actor;
        delete actor.beforePush;
        await beforePush?.();
        return carry(() => transport.updateRecords(dataset, patches, token));
      },
      deleteDataset: (dataset) =>
        carry(async () => {
          const values = dataset === STORY_DATASET ? [...this.#store.values(identityId, dataset).values()] : [];
          await transport.deleteDataset(dataset);
          this.#deleted.push(...values);
        }),
    };
  }

  async #carry<Answer>(actor: Actor, send: () => Promise<Answer>): Promise<Answer> {
    if (!actor.network.online) throw new NetworkError();
    if (spend(actor, 'loseNext')) throw new NetworkError('the request was lost');
    if (spend(actor, 'reorderNext')) {
      actor.late.push(send);
      throw new NetworkError('the request is still on its way');
    }
    const unanswered = spend(actor, 'loseNextAnswers');
    const twice = spend(actor, 'duplicateNext');
    try {
      return await send();
    } finally {
      for (const late of actor.late.splice(0)) await late().catch(() => undefined);
      if (twice) await send().catch(() => undefined);
      // oxlint-disable-next-line no-unsafe-finally -- an answer that never arrives replaces whatever it said
      if (unanswered) throw new NetworkError('the answer was lost');
    }
  }
}

function spend(actor: Actor, count: 'loseNext' | 'loseNextAnswers' | 'duplicateNext' | 'reorderNext'): boolean {
  if (actor.network[count] === 0) return false;
  actor.network = { ...actor.network, [count]: actor.network[count] - 1 };
  return true;
}
