import type { Resolver, SettledConflict } from '../../shared/device.ts';
import type { Database } from '../store/database.ts';
import type { CachedRecord } from './sync-engine/changes.ts';
import type { Conflict } from './sync-engine/conflicts.ts';

/* The SQL of a device's cache, and how its rows read. */

export interface CachedDataset {
  readonly name: string;
  readonly lastSyncCount: number;
  /** Milliseconds. */
  readonly lastSyncAt?: number;
  readonly isSubscribed: boolean;
  readonly waitingResolver?: Resolver;
  /** As the store reported them. */
  readonly mergedNames: readonly string[];
  /** What the last synchronise settled by itself. */
  readonly settled: readonly SettledConflict[];
}

/** What an identity keeps on the device. */
export interface CacheShare {
  readonly identityId: string;
  readonly datasets: number;
  readonly records: number;
  readonly unsent: number;
}

interface DatasetRow {
  readonly dataset_name: string;
  readonly last_sync_count: number;
  readonly last_sync_timestamp: number | null;
  readonly is_subscribed: number;
  readonly waiting_resolver: string | null;
  readonly merged_names: string;
  readonly settled: string;
}

interface RecordRow {
  readonly key: string;
  readonly value: string | null;
  readonly sync_count: number;
  readonly last_modified_timestamp: number;
  readonly last_modified_by: string | null;
  readonly modified: number;
  readonly base_value: string | null;
}

type ConflictRow = Omit<RecordRow, 'modified' | 'base_value'>;
export type Place = [identityId: string, dataset: string];

type FullRecord = [...Place, key: string, value: string | null, syncCount: number, at: number, by: string | null];

export function prepareStatements(database: Database) {
  const here = 'WHERE identity_id = ? AND dataset_name = ?';
  return {
    ensureDataset: database.prepare<Place>('INSERT OR IGNORE INTO datasets (identity_id, dataset_name) VALUES (?, ?)'),
    shares: database.prepare<[], CacheShare>(
      `SELECT identity_id AS identityId, count(*) AS datasets,
         (SELECT count(*) FROM records r WHERE r.identity_id = d.identity_id AND value IS NOT NULL) AS records,
         (SELECT count(*) FROM records r WHERE r.identity_id = d.identity_id AND modified = 1) AS unsent
       FROM datasets d GROUP BY identity_id ORDER BY identity_id`,
    ),
    datasets: database.prepare<[string], DatasetRow>(
      'SELECT * FROM datasets WHERE identity_id = ? ORDER BY dataset_name',
    ),
    dataset: database.prepare<Place, DatasetRow>(`SELECT * FROM datasets ${here}`),
    deleteDataset: database.prepare<Place>(`DELETE FROM datasets ${here}`),
    moveDataset: database.prepare<[...Place, ...Place]>(
      `UPDATE datasets SET identity_id = ?, dataset_name = ?, waiting_resolver = NULL,
         last_sync_count = min(last_sync_count, 0) ${here}`,
    ),
    setLastSyncCount: database.prepare<[number, ...Place]>(`UPDATE datasets SET last_sync_count = ? ${here}`),
    setLastSyncAt: database.prepare<[number, ...Place]>(`UPDATE datasets SET last_sync_timestamp = ? ${here}`),
    setMergedNames: database.prepare<[string, ...Place]>(`UPDATE datasets SET merged_names = ? ${here}`),
    setSettled: database.prepare<[string, ...Place]>(`UPDATE datasets SET settled = ? ${here}`),
    setWaiting: database.prepare<[string | null, ...Place]>(`UPDATE datasets SET waiting_resolver = ? ${here}`),
    subscribe: database.prepare<Place>(`UPDATE datasets SET is_subscribed = 1 ${here}`),
    unsubscribe: database.prepare<Place>(`UPDATE datasets SET is_subscribed = 0 ${here}`),
    records: database.prepare<Place, RecordRow>(`SELECT * FROM records ${here} ORDER BY key`),
    record: database.prepare<[...Place, string], RecordRow>(`SELECT * FROM records ${here} AND key = ?`),
    upsertRecord: database.prepare<[...FullRecord, modified: number, base: string | null]>(
      `INSERT INTO records (identity_id, dataset_name, key, value, sync_count, last_modified_timestamp,
         last_modified_by, modified, base_value)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (identity_id, dataset_name, key) DO UPDATE SET
         value = excluded.value, sync_count = excluded.sync_count,
         last_modified_timestamp = excluded.last_modified_timestamp,
         last_modified_by = excluded.last_modified_by, modified = excluded.modified,
         base_value = excluded.base_value`,
    ),
    deleteRecords: database.prepare<Place>(`DELETE FROM records ${here}`),
    deleteRecord: database.prepare<[...Place, string]>(`DELETE FROM records ${here} AND key = ?`),
    deleteUnmodified: database.prepare<Place>(`DELETE FROM records ${here} AND (modified = 0 OR value IS NULL)`),
    startAgain: database.prepare<Place>(`UPDATE records SET sync_count = 0 ${here}`),
    moveRecords: database.prepare<[...Place, ...Place]>(
      `UPDATE records SET identity_id = ?, dataset_name = ?, sync_count = min(sync_count, 1) ${here}`,
    ),
    copyRecords: database.prepare<[string, ...Place]>(
      `INSERT OR IGNORE INTO records (identity_id, dataset_name, key, value, sync_count, last_modified_timestamp,
         last_modified_by, modified)
       SELECT ?, dataset_name, key, value, 0, last_modified_timestamp, last_modified_by, 1
         FROM records ${here} AND value IS NOT NULL`,
    ),
    conflicts: database.prepare<Place, ConflictRow>(`SELECT * FROM conflicts ${here} ORDER BY key`),
    insertConflict: database.prepare<FullRecord>('INSERT INTO conflicts VALUES (?, ?, ?, ?, ?, ?, ?)'),
    deleteConflict: database.prepare<[...Place, string]>(`DELETE FROM conflicts ${here} AND key = ?`),
    deleteConflicts: database.prepare<Place>(`DELETE FROM conflicts ${here}`),
  };
}

export function readDataset(row: DatasetRow): CachedDataset {
  return {
    name: row.dataset_name,
    lastSyncCount: row.last_sync_count,
    ...(row.last_sync_timestamp === null ? {} : { lastSyncAt: row.last_sync_timestamp }),
    isSubscribed: row.is_subscribed === 1,
    ...(row.waiting_resolver === null ? {} : { waitingResolver: readResolver(row.waiting_resolver) }),
    mergedNames: JSON.parse(row.merged_names) as string[],
    settled: JSON.parse(row.settled) as SettledConflict[],
  };
}

/** Device files of the first schema have a resolver's bare name here. */
function readResolver(text: string): Resolver {
  return (/^["{]/.test(text) ? JSON.parse(text) : text) as Resolver;
}

export function readRemote(row: ConflictRow): Conflict['remote'] {
  return {
    key: row.key,
    value: row.value,
    syncCount: row.sync_count,
    modifiedAt: row.last_modified_timestamp,
    ...(row.last_modified_by === null ? {} : { modifiedBy: row.last_modified_by }),
  };
}

export function readRecord(row: RecordRow): CachedRecord {
  const modified = row.modified === 1;
  // Without a count of the store there is nothing that it was changed from.
  return { ...readRemote(row), modified, ...(modified && row.sync_count > 0 ? { base: row.base_value } : {}) };
}
