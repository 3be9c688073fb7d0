import type { ConflictChoice, DevicePreview, PreviewOutcome, Settlement } from '../../shared/device.ts';
import { openDatabase } from '../store/database.ts';
import { LocalCache } from './local-cache.ts';
import { settleByScript } from './resolvers/settle-by-script.ts';
import type { ScriptResolvers } from './resolvers/script-resolver.ts';
import schema from './schema.sql?raw';
import type { RemoteRecord } from './sync-engine/changes.ts';
import { synchronize, type SettleConflicts } from './sync-engine/engine.ts';
import { MemoryStore } from './sync-engine/memory-store.ts';

/** A device that takes part in the look ahead. */
export interface PreviewSubject {
  readonly id: string;
  readonly name: string;
  readonly identityId: string;
  readonly cache: LocalCache;
  readonly now: () => number;
}

/** What the conflicts of the first device might be settled by. */
export interface PreviewWish {
  readonly dataset: string;
  readonly choices?: { readonly [key: string]: Settlement };
  readonly javascript?: string;
}

const CHOICES: readonly ConflictChoice[] = ['last-writer', 'local', 'remote'];

/**
 * Plays the next synchronise of every device on copies of their caches, against a store that holds what these
 * devices know of it: once for the wish, and once for each resolver to compare it with. [DV-PREVIEW-1]
 */
export async function previewOutcomes(
  wish: PreviewWish,
  subjects: readonly PreviewSubject[],
  scripts: ScriptResolvers,
): Promise<PreviewOutcome[]> {
  const { dataset, choices, javascript } = wish;
  const ways: [
    PreviewOutcome['by'],
    (subject: PreviewSubject, isFirst: boolean) => Parameters<typeof synchronize>[1],
  ][] = CHOICES.map((choice) => [choice, () => choice]);
  if (javascript !== undefined) {
    ways.unshift(['javascript', ({ id, name }) => settleByScript(scripts, javascript, dataset, { id, name })]);
  }
  if (choices !== undefined) {
    // Others never see these choices; they settle what is theirs by the resolver that apps begin with.
    ways.unshift(['choices', (_subject, isFirst) => (isFirst ? settleByChoices(choices) : 'last-writer')]);
  }
  const outcomes: PreviewOutcome[] = [];
  for (const [by, resolverOf] of ways) outcomes.push(await play(by, dataset, subjects, resolverOf));
  return outcomes;
}

function settleByChoices(choices: { readonly [key: string]: Settlement }): SettleConflicts {
  return async (conflicts) =>
    conflicts.map(({ local: { key } }) => (Object.hasOwn(choices, key) ? choices[key]! : 'last-writer'));
}

async function play(
  by: PreviewOutcome['by'],
  dataset: string,
  subjects: readonly PreviewSubject[],
  resolverOf: (subject: PreviewSubject, isFirst: boolean) => Parameters<typeof synchronize>[1],
): Promise<PreviewOutcome> {
  const store = knownStore(dataset, subjects);
  const devices: DevicePreview[] = [];
  for (const [index, subject] of subjects.entries()) {
    const { id, name, identityId, now } = subject;
    const copy = copyOf(subject, dataset);
    const cache = copy.forIdentity(identityId, now);
    try {
      await synchronize(dataset, resolverOf(subject, index === 0), {
        cache,
        transport: store.transport(identityId, id),
      });
    } catch (error) {
      return { by, devices: [], error: (error as Error).message };
    }
    devices.push({
      deviceId: id,
      name,
      values: Object.fromEntries(cache.records(dataset).map(({ key, value }) => [key, value])),
      conflicts: (copy.dataset(identityId, dataset)?.settled ?? []).map(({ key }) => key),
    });
  }
  return { by, devices };
}

function copyOf({ cache, identityId }: PreviewSubject, dataset: string): LocalCache {
  const database = openDatabase(':memory:');
  database.exec(schema);
  const copy = new LocalCache(database);
  const lastSyncCount = cache.dataset(identityId, dataset)?.lastSyncCount ?? 0;
  copy.forIdentity(identityId, () => 0).store(dataset, cache.records(identityId, dataset), lastSyncCount);
  return copy;
}

/** The newest that any of the devices has seen of each record, and the conflicts that it was shown. */
function knownStore(dataset: string, subjects: readonly PreviewSubject[]): MemoryStore {
  const newest = new Map<string, RemoteRecord>();
  const learn = (record: RemoteRecord): void => {
    if (record.syncCount > (newest.get(record.key)?.syncCount ?? 0)) newest.set(record.key, record);
  };
  let syncCount = 0;
  for (const { cache, identityId } of subjects) {
    for (const { modified, base, ...record } of cache.records(identityId, dataset)) {
      learn(modified ? { ...record, value: base ?? null } : record);
    }
    for (const { remote } of cache.conflicts(identityId, dataset)) learn(remote);
    syncCount = Math.max(syncCount, cache.dataset(identityId, dataset)?.lastSyncCount ?? 0);
  }
  const records = [...newest.values()];
  const store = new MemoryStore(subjects[0]!.now);
  const identityId = subjects[0]!.identityId;
  store.fill(identityId, dataset, records, Math.max(syncCount, ...records.map((record) => record.syncCount)));
  return store;
}
