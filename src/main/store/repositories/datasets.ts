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
  /** Why the service itself switched streaming off. */
  readonly streamsDisabledReason?: string;
}

/** What happens on a write besides the write. */
export interface SyncHooks {
  /** ARN of the function that sees each write first. */
  readonly syncTrigger?: string;
  readonly streams?: CognitoStreams;
}

/** A pool's last bulk publish; times are milliseconds since the epoch. */
export interface BulkPublishRecord {
  readonly status: 'IN_PROGRESS' | 'FAILED' | 'SUCCEEDED';
  readonly startedAt: number;
  readonly completedAt?: number;
  readonly failureMessage?: string;
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

/** One write that touched a key, or the deletion of its dataset. */
export interface KeyChangeRow {
  readonly syncCount: number;
  readonly operation: 'replace' | 'remove';
  readonly modifiedAt: number;
  readonly modifiedBy: string;
  readonly value: string | null;
}

interface PoolRow {
  readonly pushSync: string | null;
  readonly streams: string | null;
  readonly streamsDisabledReason: string | null;
  readonly events: string | null;
  readonly bulkPublish: string | null;
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

/** How many writes of a dataset its keys' history goes back. */
const KEPT_CHANGES = 100;
const TRIM_EVERY = 16;
/** Writes of whole datasets push each other out sooner. */
const KEPT_CHARACTERS = 4_000_000;
const LARGE_CHANGE = 100_000;

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
        `SELECT push_sync AS pushSync, streams, streams_disabled_reason AS streamsDisabledReason, events,
           bulk_publish AS bulkPublish, bytes, finished_sessions AS finishedSessions, modified_at AS modifiedAt
           FROM sync_pools WHERE identity_pool_id = ?`,
      ),
      hooks: database.prepare<[string], { streams: string | null; events: string | null }>(
        'SELECT streams, events FROM sync_pools WHERE identity_pool_id = ?',
      ),
      putSettings: database.prepare<[string, string, string | null, string | null, string | null]>(
        `INSERT INTO sync_pools (identity_pool_id, account, push_sync, streams, streams_disabled_reason)
           VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (identity_pool_id) DO UPDATE SET push_sync = excluded.push_sync, streams = excluded.streams,
             streams_disabled_reason = excluded.streams_disabled_reason`,
      ),
      putEvents: database.prepare<[string, string, string]>(
        `INSERT INTO sync_pools (identity_pool_id, account, events) VALUES (?, ?, ?)
           ON CONFLICT (identity_pool_id) DO UPDATE SET events = excluded.events`,
      ),
      putBulkPublish: database.prepare<[string, string, string]>(
        `INSERT INTO sync_pools (identity_pool_id, account, bulk_publish) VALUES (?, ?, ?)
           ON CONFLICT (identity_pool_id) DO UPDATE SET bulk_publish = excluded.bulk_publish`,
      ),
      bulkPublishing: database.prepare<[], { account: string; identityPoolId: string }>(
        `SELECT account, identity_pool_id AS identityPoolId FROM sync_pools
           WHERE json_extract(bulk_publish, '$.status') = 'IN_PROGRESS'`,
      ),
      streamingTo: database.prepare<[string], { identityPoolId: string; streams: string }>(
        `SELECT identity_pool_id AS identityPoolId, streams FROM sync_pools
           WHERE account = ? AND json_extract(streams, '$.StreamingStatus') = 'ENABLED' ORDER BY identity_pool_id`,
      ),
      ofPool: database.prepare<[string, number, number], DatasetRow>(
        `SELECT ${DATASET} FROM datasets
           WHERE identity_pool_id = ? AND id > ? AND is_present = 1 ORDER BY id LIMIT ?`,
      ),
      addChange: database.prepare<[string, number, number, number, string, string]>(
        `INSERT INTO dataset_changes (account, dataset_id, sync_count, operation, modified_at, modified_by, records)
           VALUES (?, ?, ?, 'replace', ?, ?, ?)`,
      ),
      addRemoval: database.prepare<[number]>(
        `INSERT INTO dataset_changes (account, dataset_id, sync_count, operation, modified_at, modified_by, records)
           SELECT account, id, sync_count, 'remove', modified_at, modified_by, '{}' FROM datasets WHERE id = ?`,
      ),
      trimChanges: database.prepare<[number, number]>(
        'DELETE FROM dataset_changes WHERE dataset_id = ? AND sync_count <= ?',
      ),
      trimLargeChanges: database.prepare<[number, number, number]>(
        `DELETE FROM dataset_changes WHERE dataset_id = ? AND sync_count <= (
           SELECT max(sync_count) FROM (
             SELECT sync_count, sum(length(records)) OVER (ORDER BY sync_count DESC) AS characters
               FROM dataset_changes WHERE dataset_id = ?)
             WHERE characters > ?)`,
      ),
      keyHistory: database.prepare<[string, number, number], KeyChangeRow>(
        `SELECT sync_count AS syncCount, operation, modified_at AS modifiedAt, modified_by AS modifiedBy,
           entry.value AS value
           FROM dataset_changes LEFT JOIN json_each(records) AS entry ON entry.key = ?
           WHERE dataset_id = ? AND (operation = 'remove' OR entry.key IS NOT NULL)
           ORDER BY sync_count DESC LIMIT ?`,
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
    const said = JSON.stringify(Object.fromEntries(change.records.map(({ key, value }) => [key, value])));
    this.#statements.addChange.run(account, id, change.syncCount, change.modifiedAt, change.modifiedBy, said);
    if (said.length > LARGE_CHANGE) this.#statements.trimLargeChanges.run(id, id, KEPT_CHARACTERS);
    if (change.syncCount % TRIM_EVERY === 0) {
      this.#statements.trimChanges.run(id, change.syncCount - KEPT_CHANGES);
    }
  }

  /** Removes its records for good and counts the removal. */
  remove(id: number, now: number, by: string): void {
    this.#statements.removeRecords.run(id);
    this.#statements.remove.run(now, by, id);
    this.#statements.addRemoval.run(id);
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
    // Its counts start over, and those of its past would be mistaken for them.
    this.#statements.trimChanges.run(id, Number.MAX_SAFE_INTEGER);
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

  /** The last changes of a key, newest first. */
  keyHistory(datasetId: number, key: string, limit: number): KeyChangeRow[] {
    return this.#statements.keyHistory.all(key, datasetId, limit);
  }

  /** The datasets that a pool's identities have, in the order in which they were made. */
  ofPool(identityPoolId: string, afterId: number, limit: number): DatasetRecord[] {
    return this.#statements.ofPool.all(identityPoolId, afterId, limit).map(fromRow);
  }

  settings(identityPoolId: string): SyncSettings {
    const row = this.#statements.pool.get(identityPoolId);
    return {
      ...(row?.pushSync ? { pushSync: JSON.parse(row.pushSync) as PushSync } : {}),
      ...(row?.streams ? { streams: JSON.parse(row.streams) as CognitoStreams } : {}),
      ...(row?.streamsDisabledReason ? { streamsDisabledReason: row.streamsDisabledReason } : {}),
    };
  }

  putSettings(account: string, identityPoolId: string, settings: SyncSettings): void {
    this.#statements.putSettings.run(
      identityPoolId,
      account,
      settings.pushSync ? JSON.stringify(settings.pushSync) : null,
      settings.streams ? JSON.stringify(settings.streams) : null,
      settings.streamsDisabledReason ?? null,
    );
  }

  /** The functions of a pool's events, by the event's name. */
  events(identityPoolId: string): { readonly [event: string]: string } {
    const events = this.#statements.pool.get(identityPoolId)?.events;
    return events ? (JSON.parse(events) as { [event: string]: string }) : {};
  }

  putEvents(account: string, identityPoolId: string, events: { readonly [event: string]: string }): void {
    this.#statements.putEvents.run(identityPoolId, account, JSON.stringify(events));
  }

  hooks(identityPoolId: string): SyncHooks {
    const row = this.#statements.hooks.get(identityPoolId);
    const streams = row?.streams ? (JSON.parse(row.streams) as CognitoStreams) : undefined;
    const syncTrigger = row?.events ? (JSON.parse(row.events) as { SyncTrigger?: string }).SyncTrigger : undefined;
    return {
      ...(syncTrigger ? { syncTrigger } : {}),
      ...(streams?.StreamingStatus === 'ENABLED' ? { streams } : {}),
    };
  }

  /** Pools whose changes go to a stream. */
  streaming(account: string): { readonly identityPoolId: string; readonly streams: CognitoStreams }[] {
    return this.#statements.streamingTo
      .all(account)
      .map(({ identityPoolId, streams }) => ({ identityPoolId, streams: JSON.parse(streams) as CognitoStreams }));
  }

  bulkPublish(identityPoolId: string): BulkPublishRecord | undefined {
    const record = this.#statements.pool.get(identityPoolId)?.bulkPublish;
    return record ? (JSON.parse(record) as BulkPublishRecord) : undefined;
  }

  putBulkPublish(account: string, identityPoolId: string, record: BulkPublishRecord): void {
    this.#statements.putBulkPublish.run(identityPoolId, account, JSON.stringify(record));
  }

  /** Pools whose bulk publish is under way, of every account. */
  bulkPublishing(): { readonly account: string; readonly identityPoolId: string }[] {
    return this.#statements.bulkPublishing.all();
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
