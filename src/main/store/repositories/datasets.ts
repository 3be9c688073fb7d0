import type { CognitoStreams, PushSync } from '../../../shared/aws/cognito-sync.ts';
import type { Database } from '../database.ts';

/** A dataset of an identity; times are milliseconds since the epoch. It outlives its deletion, for its count. */
export interface DatasetRecord {
  readonly id: number;
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly name: string;
  readonly isPresent: boolean;
  readonly syncCount: number;
  /** The count that the last deletion got; 0 when there was none. */
  readonly deletedAtCount: number;
  /** Records that have a value. */
  readonly recordCount: number;
  /** Keys and values of those, in UTF-8. */
  readonly bytes: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

/** A record as it is stored; without a value it is a tombstone. */
export interface StoredRecord {
  readonly key: string;
  readonly value: string | null;
  readonly syncCount: number;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
  readonly deviceModifiedAt: number | null;
}

export interface Usage {
  readonly datasets: number;
  readonly bytes: number;
  readonly modifiedAt: number | undefined;
}

export interface PoolUsage {
  readonly bytes: number;
  readonly finishedSessions: number;
  readonly modifiedAt: number | undefined;
}

export interface SyncSettings {
  readonly pushSync?: PushSync;
  readonly streams?: CognitoStreams;
}

export interface NewDataset {
  readonly account: string;
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly name: string;
}

/** What one accepted write leaves of a dataset. */
export interface DatasetChange {
  readonly syncCount: number;
  readonly recordCount: number;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
  readonly records: readonly StoredRecord[];
}

type DatasetRow = Omit<DatasetRecord, 'isPresent'> & { readonly isPresent: 0 | 1 };

interface PoolRow {
  readonly pushSync: string | null;
  readonly streams: string | null;
  readonly bytes: number;
  readonly finishedSessions: number;
  readonly modifiedAt: number | null;
}

// Columns come out under the domain's names, so that a row of the hot path is already the record.
const DATASET = `id, identity_pool_id AS identityPoolId, identity_id AS identityId, name, is_present AS isPresent,
  sync_count AS syncCount, deleted_at_count AS deletedAtCount, record_count AS recordCount, bytes,
  created_at AS createdAt, modified_at AS modifiedAt, modified_by AS modifiedBy`;
const RECORD = `key, value, sync_count AS syncCount, modified_at AS modifiedAt, modified_by AS modifiedBy,
  device_modified_at AS deviceModifiedAt`;

/**
 * Parameters of the queries on the hot path that sort or limit. SQLite looks at bare parameters while it plans such
 * a query, so it plans again at every call, which takes three times as long as the query; it looks at no cast.
 */
const TEXT = 'CAST(? AS TEXT)';
const INTEGER = 'CAST(? AS INTEGER)';

export class Datasets {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      find: database.prepare<[string, string], DatasetRow>(
        `SELECT ${DATASET} FROM datasets WHERE identity_id = ? AND name = ?`,
      ),
      list: database.prepare<[string, string, number], DatasetRow>(
        `SELECT ${DATASET} FROM datasets WHERE identity_id = ? AND name > ? AND is_present = 1 ORDER BY name LIMIT ?`,
      ),
      mergedNames: database
        .prepare<[string, string], string>(
          `SELECT name FROM datasets WHERE identity_id = ${TEXT} AND merged_into = ${TEXT} ORDER BY name`,
        )
        .pluck(),
      usage: database.prepare<[string], { datasets: number; bytes: number | null; modifiedAt: number | null }>(
        `SELECT count(*) AS datasets, sum(bytes) AS bytes, max(modified_at) AS modifiedAt
           FROM datasets WHERE identity_id = ? AND is_present = 1`,
      ),
      create: database.prepare<[string, string, string, string, number, number, string], DatasetRow>(
        `INSERT INTO datasets (account, identity_pool_id, identity_id, name, is_present, sync_count, record_count, bytes,
             created_at, modified_at, modified_by)
           VALUES (?, ?, ?, ?, 1, 0, 0, 0, ?, ?, ?)
           ON CONFLICT (identity_id, name) DO UPDATE SET is_present = 1, created_at = excluded.created_at
           RETURNING ${DATASET}`,
      ),
      change: database.prepare<[number, number, number, number, string, number]>(
        `UPDATE datasets SET sync_count = ?, record_count = ?, bytes = ?, modified_at = ?, modified_by = ? WHERE id = ?`,
      ),
      remove: database.prepare<[number, string, number]>(
        `UPDATE datasets SET is_present = 0, sync_count = sync_count + 1, deleted_at_count = sync_count + 1,
           record_count = 0, bytes = 0, merged_into = NULL, modified_at = ?, modified_by = ? WHERE id = ?`,
      ),
      forget: database.prepare<[string, string]>(
        'DELETE FROM datasets WHERE identity_id = ? AND name = ? AND is_present = 0',
      ),
      adoptable: database.prepare<[string], { id: number; name: string; reportedAs: string }>(
        `SELECT id, name, coalesce(merged_into, name) AS reportedAs FROM datasets
           WHERE identity_id = ? AND is_present = 1 ORDER BY name`,
      ),
      move: database.prepare<[string, string, string, number]>(
        `UPDATE datasets SET identity_id = ?, name = ?, merged_into = ?, sync_count = 1, deleted_at_count = 0
           WHERE id = ?`,
      ),
      record: database.prepare<[number, string], StoredRecord>(
        `SELECT ${RECORD} FROM sync_records WHERE dataset_id = ? AND key = ?`,
      ),
      changedSince: database.prepare<[number, number, string, number], StoredRecord>(
        `SELECT ${RECORD} FROM sync_records
           WHERE dataset_id = ${INTEGER} AND (sync_count, key) > (${INTEGER}, ${TEXT})
           ORDER BY sync_count, key LIMIT ${INTEGER}`,
      ),
      putRecord: database.prepare<[string, number, string, string | null, number, number, string, number | null]>(
        `INSERT INTO sync_records (account, dataset_id, key, value, sync_count, modified_at, modified_by,
             device_modified_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (dataset_id, key) DO UPDATE SET value = excluded.value, sync_count = excluded.sync_count,
             modified_at = excluded.modified_at, modified_by = excluded.modified_by,
             device_modified_at = excluded.device_modified_at`,
      ),
      removeRecords: database.prepare<[number]>('DELETE FROM sync_records WHERE dataset_id = ?'),
      removeTombstones: database.prepare<[number]>('DELETE FROM sync_records WHERE dataset_id = ? AND value IS NULL'),
      restartRecords: database.prepare<[number]>('UPDATE sync_records SET sync_count = 1 WHERE dataset_id = ?'),
      pool: database.prepare<[string], PoolRow>(
        `SELECT push_sync AS pushSync, streams, bytes, finished_sessions AS finishedSessions,
           modified_at AS modifiedAt FROM sync_pools WHERE identity_pool_id = ?`,
      ),
      putSettings: database.prepare<[string, string, string | null, string | null]>(
        `INSERT INTO sync_pools (identity_pool_id, account, push_sync, streams) VALUES (?, ?, ?, ?)
           ON CONFLICT (identity_pool_id) DO UPDATE SET push_sync = excluded.push_sync, streams = excluded.streams`,
      ),
      countSession: database.prepare<[string]>(
        'UPDATE sync_pools SET finished_sessions = finished_sessions + 1 WHERE identity_pool_id = ?',
      ),
      sessionKey: database.prepare<[string], Buffer>('SELECT key FROM sync_session_keys WHERE account = ?').pluck(),
      putSessionKey: database.prepare<[string, Buffer]>('INSERT INTO sync_session_keys (account, key) VALUES (?, ?)'),
      isSpent: database.prepare<[string], 1>('SELECT 1 FROM spent_sync_sessions WHERE session_id = ?').pluck(),
      spend: database.prepare<[string, string, number]>(
        'INSERT INTO spent_sync_sessions (session_id, account, expires_at) VALUES (?, ?, ?)',
      ),
      forgetSpent: database.prepare<[number]>('DELETE FROM spent_sync_sessions WHERE expires_at < ?'),
    };
  }

  /** Also one that was deleted. */
  find(identityId: string, name: string): DatasetRecord | undefined {
    const row = this.#statements.find.get(identityId, name);
    return row && fromRow(row);
  }

  /** By name, after `after`. */
  list(identityId: string, after: string, limit: number): DatasetRecord[] {
    return this.#statements.list.all(identityId, after, limit).map(fromRow);
  }

  /** The datasets of merged guests that are to be reported under a name. */
  mergedNames(identityId: string, name: string): string[] {
    return this.#statements.mergedNames.all(identityId, name);
  }

  /** What an identity keeps; the sizes of its datasets are counters, so this reads no records. */
  usage(identityId: string): Usage {
    const row = this.#statements.usage.get(identityId)!;
    return { datasets: row.datasets, bytes: row.bytes ?? 0, modifiedAt: row.modifiedAt ?? undefined };
  }

  poolUsage(identityPoolId: string): PoolUsage {
    const row = this.#statements.pool.get(identityPoolId);
    return {
      bytes: row?.bytes ?? 0,
      finishedSessions: row?.finishedSessions ?? 0,
      modifiedAt: row?.modifiedAt ?? undefined,
    };
  }

  /** Makes a dataset, or brings a deleted one back under its old count. */
  create(dataset: NewDataset, now: number, by: string): DatasetRecord {
    const { account, identityPoolId, identityId, name } = dataset;
    return fromRow(this.#statements.create.get(account, identityPoolId, identityId, name, now, now, by)!);
  }

  change(account: string, id: number, change: DatasetChange): void {
    for (const record of change.records) {
      this.#statements.putRecord.run(
        account,
        id,
        record.key,
        record.value,
        record.syncCount,
        record.modifiedAt,
        record.modifiedBy,
        record.deviceModifiedAt,
      );
    }
    this.#statements.change.run(
      change.syncCount,
      change.recordCount,
      change.bytes,
      change.modifiedAt,
      change.modifiedBy,
      id,
    );
  }

  /** Removes its records for good and counts the removal. */
  remove(id: number, now: number, by: string): void {
    this.#statements.removeRecords.run(id);
    this.#statements.remove.run(now, by, id);
  }

  adoptable(identityId: string): { readonly id: number; readonly name: string; readonly reportedAs: string }[] {
    return this.#statements.adoptable.all(identityId);
  }

  /** Gives a dataset to another identity, where it starts over at count 1. */
  move(id: number, identityId: string, name: string, reportedAs: string): void {
    this.#statements.forget.run(identityId, name);
    this.#statements.move.run(identityId, name, reportedAs, id);
    this.#statements.removeTombstones.run(id);
    this.#statements.restartRecords.run(id);
  }

  record(datasetId: number, key: string): StoredRecord | undefined {
    return this.#statements.record.get(datasetId, key);
  }

  /**
   * Records in the order of their changes, after the place that `syncCount` and `key` name. A record that changes
   * while a client pages moves to the end, so it is seen again and never missed.
   */
  changedSince(datasetId: number, syncCount: number, key: string, limit: number | undefined): StoredRecord[] {
    return this.#statements.changedSince.all(datasetId, syncCount, key, limit ?? -1);
  }

  settings(identityPoolId: string): SyncSettings {
    const row = this.#statements.pool.get(identityPoolId);
    return {
      ...(row?.pushSync ? { pushSync: JSON.parse(row.pushSync) as PushSync } : {}),
      ...(row?.streams ? { streams: JSON.parse(row.streams) as CognitoStreams } : {}),
    };
  }

  putSettings(account: string, identityPoolId: string, settings: SyncSettings): void {
    this.#statements.putSettings.run(
      identityPoolId,
      account,
      settings.pushSync ? JSON.stringify(settings.pushSync) : null,
      settings.streams ? JSON.stringify(settings.streams) : null,
    );
  }

  /** The account's key for session tokens. */
  sessionKey(account: string): Buffer | undefined {
    return this.#statements.sessionKey.get(account);
  }

  putSessionKey(account: string, key: Buffer): void {
    this.#statements.putSessionKey.run(account, key);
  }

  isSpent(sessionId: string): boolean {
    return this.#statements.isSpent.get(sessionId) !== undefined;
  }

  /** Marks a session as used up, and forgets those that ended before `forgetBefore`. */
  spend(account: string, identityPoolId: string, sessionId: string, expiresAt: number, forgetBefore: number): void {
    this.#statements.spend.run(sessionId, account, expiresAt);
    this.#statements.countSession.run(identityPoolId);
    this.#statements.forgetSpent.run(forgetBefore);
  }
}

function fromRow(row: DatasetRow): DatasetRecord {
  return { ...row, isPresent: row.isPresent === 1 };
}
