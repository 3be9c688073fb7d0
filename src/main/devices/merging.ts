import type { ConflictChoice } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import type { CachedDataset } from './cache-statements.ts';
import type { LocalCache } from './local-cache.ts';
import { cleanCopy, type CachedRecord } from './sync-engine/changes.ts';
import { DELETED_HERE } from './sync-engine/checkpoint.ts';
import {
  deleteOnStore,
  pullAll,
  synchronize,
  type SettleConflicts,
  type SyncCache,
  type SyncTransport,
} from './sync-engine/engine.ts';

/** One identity's datasets, here and on the store. */
export interface OpenStore {
  readonly identityId: string;
  /** The cache as the engine sees it, and as the app does. */
  readonly cache: SyncCache;
  readonly local: LocalCache;
  readonly transport: SyncTransport;
}

/**
 * Guest datasets that wait to be merged into `dataset`: those in the cache by their name, and those that the store
 * reported, as long as they were not deleted here.
 */
export function mergedNames(
  local: LocalCache,
  identityId: string,
  dataset: string,
  filter: (merged: Pick<CachedDataset, 'name' | 'lastSyncCount'>) => boolean = ({ lastSyncCount }) =>
    lastSyncCount !== DELETED_HERE,
): string[] {
  const cached = local.datasets(identityId);
  const here = cached.filter(({ name }) => isMergedName(name, dataset));
  const known = new Set(here.map(({ name }) => name));
  const reported = (cached.find(({ name }) => name === dataset)?.mergedNames ?? [])
    .filter((name) => !known.has(name))
    .map((name) => ({ name, lastSyncCount: 0 }));
  return [...here, ...reported].filter(filter).map(({ name }) => name);
}

/** `dataset.<identity id>`, or `dataset.unknown` for what was kept before there was an identity. */
function isMergedName(name: string, dataset: string): boolean {
  if (!name.startsWith(`${dataset}.`)) return false;
  return /^(unknown|[\w-]+:[0-9a-f-]+)$/.test(name.slice(dataset.length + 1));
}

/** Merged guest data that was combined while the network was away still waits for its deletion on the store. */
export async function deleteMerged(dataset: string, store: OpenStore): Promise<void> {
  const { identityId, local } = store;
  const deleted = mergedNames(local, identityId, dataset, ({ lastSyncCount }) => lastSyncCount === DELETED_HERE);
  for (const name of deleted) await deleteGuest(dataset, name, store);
}

async function deleteGuest(dataset: string, name: string, store: OpenStore): Promise<void> {
  const { identityId, local, cache, transport } = store;
  await deleteOnStore(name, transport);
  local.atOnce(() => {
    cache.purge(name);
    const reported = local.dataset(identityId, dataset)?.mergedNames ?? [];
    cache.noteMerged(
      dataset,
      reported.filter((other) => other !== name),
    );
  });
}

/**
 * Combines a guest's dataset into `dataset` and deletes it, here and on the store: what Cognito asks of an app
 * whose guest became a known user. [DV-MERGE-2]
 */
export async function mergeGuest(
  { dataset, from, keep }: { readonly dataset: string; readonly from: string; readonly keep: ConflictChoice },
  store: OpenStore,
): Promise<void> {
  const { identityId, cache, local } = store;
  if (!mergedNames(local, identityId, dataset).includes(from)) {
    throw new BenchError('NotMerged', `${from} is not waiting to be merged into ${dataset}`, 409);
  }
  const guestRecords = await everythingOf(from, store);
  const combined = guestRecords.flatMap((guest) => combine(guest, cache.record(dataset, guest.key), keep));
  local.atOnce(() => {
    for (const { key, value, modifiedAt } of combined) local.change(identityId, dataset, key, value, modifiedAt);
    local.markDeleted(identityId, from);
  });
  await synchronize(dataset, settleByWish(guestRecords, keep), store);
  await deleteGuest(dataset, from, store);
}

/** A guest's dataset as the store has it, under what this device changed in it and never sent. */
async function everythingOf(name: string, { cache, transport }: OpenStore): Promise<CachedRecord[]> {
  const { records } = await pullAll(name, 0, transport);
  const byKey = new Map(records.map((record) => [record.key, cleanCopy(record)]));
  for (const record of cache.records(name)) {
    if (record.modified || !byKey.has(record.key)) byKey.set(record.key, record);
  }
  return [...byKey.values()];
}

/** The guest's record where it should replace the user's: `local` keeps the dataset, `remote` takes the guest's. */
function combine(guest: CachedRecord, own: CachedRecord | undefined, keep: ConflictChoice): CachedRecord[] {
  if (guest.value === null || guest.value === own?.value) return [];
  const isFree = own === undefined || own.value === null;
  const guestWins = keep === 'remote' || (keep === 'last-writer' && guest.modifiedAt > (own?.modifiedAt ?? 0));
  return isFree || guestWins ? [guest] : [];
}

/**
 * The guest's values lie in the cache as changes of this device by now, and may meet the user's on the store for
 * the first time: then the wish decides, too. [DV-MERGE-3]
 */
function settleByWish(guestRecords: readonly CachedRecord[], keep: ConflictChoice): SettleConflicts {
  const guest = new Map(guestRecords.map(({ key, value }) => [key, value]));
  const wished = { local: 'remote', remote: 'local', 'last-writer': 'last-writer' } as const;
  return async (conflicts) =>
    conflicts.map(({ local }) => (guest.get(local.key) === local.value ? wished[keep] : 'last-writer'));
}
