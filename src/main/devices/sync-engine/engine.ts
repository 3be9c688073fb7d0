import type { ConflictChoice, SettledConflict, Settlement } from '../../../shared/device.ts';
import { afterWrite, cleanCopy, patchesOf, type CachedRecord, type Patch, type RemoteRecord } from './changes.ts';
import { afterPull, afterPush, afterRefusal, DELETED_HERE, wasDeleted, type DatasetStanding } from './checkpoint.ts';
import { settle, viewConflict, weigh, type Conflict } from './conflicts.ts';

/*
 * How a phone synchronises a dataset: pull, settle conflicts, push, and again when somebody was faster. It follows
 * the algorithm that the mobile SDKs share (reference 6.1), in Android's reading of it, and knows the world only
 * through its ports.
 */

export interface RecordsPage extends DatasetStanding {
  readonly records: readonly RemoteRecord[];
  readonly mergedDatasetNames: readonly string[];
  readonly sessionToken: string;
  readonly nextToken?: string;
}

/** The sync store. Its errors carry AWS's names. */
export interface SyncTransport {
  listRecords(
    dataset: string,
    from: { readonly lastSyncCount: number; readonly sessionToken?: string; readonly nextToken?: string },
  ): Promise<RecordsPage>;
  updateRecords(dataset: string, patches: readonly Patch[], sessionToken: string): Promise<RemoteRecord[]>;
  deleteDataset(dataset: string): Promise<void>;
}

/** What the engine asks of the device's cache. Each call is one transaction. */
export interface SyncCache {
  /** Milliseconds, by the device's clock. */
  now(): number;
  lastSyncCount(dataset: string): number;
  records(dataset: string): CachedRecord[];
  record(dataset: string, key: string): CachedRecord | undefined;
  store(dataset: string, records: readonly CachedRecord[], lastSyncCount: number): void;
  setLastSyncCount(dataset: string, lastSyncCount: number): void;
  noteMerged(dataset: string, names: readonly string[]): void;
  /** What this synchronise has settled so far, in the place of what the one before settled. */
  noteSettled(dataset: string, settled: readonly SettledConflict[]): void;
  /** Replaces the conflicts that wait for a choice. */
  keepConflicts(dataset: string, conflicts: readonly Conflict[]): void;
  /** Forgets what came from the store; changes made here stay, as new records. */
  forgetRemote(dataset: string): void;
  /** Forgets what came from the store and is not among these keys; changes made here stay, as new records. */
  forgetMissing(dataset: string, listed: ReadonlySet<string>): void;
  purge(dataset: string): void;
  noteSynchronised(dataset: string): void;
}

export type SyncOutcome =
  | { readonly status: 'synchronised'; readonly pulled: number; readonly pushed: number }
  | { readonly status: 'conflicts'; readonly conflicts: readonly Conflict[] }
  | { readonly status: 'deleted' };

/** What becomes of each conflict, in their order. */
export type SettleConflicts = (conflicts: readonly Conflict[]) => Promise<readonly Settlement[]>;

const RETRIES = 3;

export class RetriesExhausted extends Error {
  override readonly name = 'RetriesExhausted';

  constructor() {
    super('Synchronize failed because it exceeded the maximum retries');
  }
}

export async function synchronize(
  dataset: string,
  resolver: ConflictChoice | 'ask' | SettleConflicts,
  ports: { readonly transport: SyncTransport; readonly cache: SyncCache },
): Promise<SyncOutcome> {
  const { transport, cache } = ports;
  const settledSoFar: SettledConflict[] = [];

  for (let retries = RETRIES; retries >= 0; retries -= 1) {
    const since = cache.lastSyncCount(dataset);
    if (since === DELETED_HERE) {
      await deleteOnStore(dataset, transport);
      if (cache.records(dataset).length === 0) {
        cache.purge(dataset);
        return { status: 'deleted' };
      }
      // Written to again since it was deleted: the new life starts from nothing.
      cache.setLastSyncCount(dataset, 0);
      continue;
    }

    const pull = await pullAll(dataset, since, transport);
    cache.noteMerged(dataset, pull.mergedDatasetNames);
    if (wasDeleted(pull, since)) {
      cache.forgetRemote(dataset);
      continue;
    }
    // Tombstones are listed too, so what a whole listing lacks went with a deletion nobody told of. [DV-SYNC-13]
    if (since === 0) cache.forgetMissing(dataset, new Set(pull.records.map(({ key }) => key)));

    const { accepted, conflicts } = weigh(pull.records, (key) => cache.record(dataset, key));
    if (conflicts.length > 0 && resolver === 'ask') {
      cache.keepConflicts(dataset, conflicts);
      return { status: 'conflicts', conflicts };
    }
    const settled = resolver === 'ask' ? [] : await settleAll(conflicts, resolver, cache.now());
    conflicts.forEach((conflict, index) => {
      settledSoFar.push({ ...viewConflict(conflict), kept: settled[index]!.value });
    });
    cache.noteSettled(dataset, settledSoFar);
    const lastSyncCount = afterPull(pull);
    cache.store(dataset, [...accepted.map(cleanCopy), ...settled], lastSyncCount);
    cache.keepConflicts(dataset, []);

    const patches = patchesOf(cache.records(dataset));
    if (patches.length > 0) {
      let written;
      try {
        written = await transport.updateRecords(dataset, patches, pull.sessionToken);
      } catch (error) {
        if (!isNamed(error, 'ResourceConflictException')) throw error;
        cache.setLastSyncCount(dataset, afterRefusal(lastSyncCount, patches));
        continue;
      }
      const kept = afterWrite(written, patches, (key) => cache.record(dataset, key));
      cache.store(dataset, kept, afterPush(pull, written));
    }
    cache.noteSynchronised(dataset);
    return { status: 'synchronised', pulled: pull.records.length, pushed: patches.length };
  }
  throw new RetriesExhausted();
}

async function settleAll(
  conflicts: readonly Conflict[],
  resolver: ConflictChoice | SettleConflicts,
  now: number,
): Promise<CachedRecord[]> {
  if (conflicts.length === 0) return [];
  const settlements = typeof resolver === 'function' ? await resolver(conflicts) : conflicts.map(() => resolver);
  return conflicts.map((conflict, index) => settle(conflict, settlements[index]!, now));
}

/** Every page of what changed, under one session token. */
export async function pullAll(dataset: string, lastSyncCount: number, transport: SyncTransport): Promise<RecordsPage> {
  let page = await transport.listRecords(dataset, { lastSyncCount });
  const records = [...page.records];
  while (page.nextToken !== undefined) {
    page = await transport.listRecords(dataset, {
      lastSyncCount,
      sessionToken: page.sessionToken,
      nextToken: page.nextToken,
    });
    records.push(...page.records);
  }
  return { ...page, records };
}

export async function deleteOnStore(dataset: string, transport: SyncTransport): Promise<void> {
  try {
    await transport.deleteDataset(dataset);
  } catch (error) {
    // Already gone, or never written there: that is what was wanted.
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
  }
}

export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
