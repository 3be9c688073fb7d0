import type { Resolver } from '../../shared/device.ts';
import type { Database } from '../store/database.ts';
import {
  prepareStatements,
  readDataset,
  readRecord,
  readRemote,
  type CachedDataset,
  type CacheShare,
  type Place,
} from './cache-statements.ts';
import type { CachedRecord } from './sync-engine/changes.ts';
import { DELETED_HERE } from './sync-engine/checkpoint.ts';
import type { Conflict } from './sync-engine/conflicts.ts';
import type { SyncCache } from './sync-engine/engine.ts';

/** In the place of an identity id until the device has one, as in the mobile SDKs. */
export const UNKNOWN_IDENTITY = 'unknown';

/** A device's datasets and pending changes, for every identity that it ever had. */
export class LocalCache {
  readonly #database: Database;
  readonly #statements;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /** All of `work`, or nothing of it. */
  atOnce(work: () => void): void {
    this.#database.transaction(work)();
  }

  /** The cache as the sync engine sees it: one identity's part. */
  forIdentity(identityId: string, now: () => number): SyncCache {
    const sql = this.#statements;
    const store = (dataset: string, records: readonly CachedRecord[], lastSyncCount: number): void => {
      this.atOnce(() => {
        sql.ensureDataset.run(identityId, dataset);
        for (const record of records) this.#upsert(identityId, dataset, record);
        sql.setLastSyncCount.run(lastSyncCount, identityId, dataset);
      });
    };
    return {
      now,
      lastSyncCount: (dataset) => sql.dataset.get(identityId, dataset)?.last_sync_count ?? 0,
      records: (dataset) => this.records(identityId, dataset),
      record: (dataset, key) => this.record(identityId, dataset, key),
      store,
      setLastSyncCount: (dataset, count) => store(dataset, [], count),
      noteMerged: (dataset, names) => {
        sql.ensureDataset.run(identityId, dataset);
        sql.setMergedNames.run(JSON.stringify(names), identityId, dataset);
      },
      noteSettled: (dataset, settled) => {
        sql.ensureDataset.run(identityId, dataset);
        sql.setSettled.run(JSON.stringify(settled), identityId, dataset);
      },
      keepConflicts: (dataset, conflicts) => {
        this.atOnce(() => {
          sql.ensureDataset.run(identityId, dataset);
          sql.deleteConflicts.run(identityId, dataset);
          for (const { remote } of conflicts) this.#insertConflict(identityId, dataset, remote);
        });
      },
      forgetRemote: (dataset) => {
        this.atOnce(() => {
          sql.deleteUnmodified.run(identityId, dataset);
          sql.startAgain.run(identityId, dataset);
          sql.deleteConflicts.run(identityId, dataset);
          sql.setLastSyncCount.run(0, identityId, dataset);
        });
      },
      forgetMissing: (dataset, listed) => {
        const missing = this.records(identityId, dataset).filter(
          ({ key, syncCount }) => syncCount > 0 && !listed.has(key),
        );
        if (missing.length === 0) return;
        this.atOnce(() => {
          for (const { base: _base, ...record } of missing) {
            if (record.modified && record.value !== null) {
              this.#upsert(identityId, dataset, { ...record, syncCount: 0 });
            } else sql.deleteRecord.run(identityId, dataset, record.key);
          }
        });
      },
      purge: (dataset) => this.purge(identityId, dataset),
      noteSynchronised: (dataset) => sql.setLastSyncAt.run(now(), identityId, dataset),
    };
  }

  /** Every identity that has something here. */
  shares(): CacheShare[] {
    return this.#statements.shares.all();
  }

  datasets(identityId: string): CachedDataset[] {
    return this.#statements.datasets.all(identityId).map(readDataset);
  }

  dataset(identityId: string, dataset: string): CachedDataset | undefined {
    const row = this.#statements.dataset.get(identityId, dataset);
    return row && readDataset(row);
  }

  records(identityId: string, dataset: string): CachedRecord[] {
    return this.#statements.records.all(identityId, dataset).map(readRecord);
  }

  record(identityId: string, dataset: string, key: string): CachedRecord | undefined {
    const row = this.#statements.record.get(identityId, dataset, key);
    return row && readRecord(row);
  }

  /** Conflicts that wait for a choice, against the record as it is now. */
  conflicts(identityId: string, dataset: string): Conflict[] {
    return this.#statements.conflicts.all(identityId, dataset).flatMap((row) => {
      const local = this.record(identityId, dataset, row.key);
      return local ? [{ local, remote: readRemote(row) }] : [];
    });
  }

  /** A change made on this device: kept here only, until the next synchronise. */
  change(identityId: string, dataset: string, key: string, value: string | null, now: number): void {
    this.atOnce(() => {
      this.#statements.ensureDataset.run(identityId, dataset);
      const before = this.record(identityId, dataset, key);
      const base = before?.modified ? before.base : before?.value;
      const syncCount = before?.syncCount ?? 0;
      this.#upsert(identityId, dataset, {
        key,
        value,
        syncCount,
        modifiedAt: now,
        modified: true,
        ...(base === undefined ? {} : { base }),
      });
    });
  }

  /** Puts chosen records in the place of conflicts. */
  settle(identityId: string, dataset: string, records: readonly CachedRecord[]): void {
    this.atOnce(() => {
      for (const record of records) {
        this.#upsert(identityId, dataset, record);
        this.#statements.deleteConflict.run(identityId, dataset, record.key);
      }
    });
  }

  /** Takes back what {@link settle} did: the records as they were, and the conflicts again. */
  unsettle(identityId: string, dataset: string, conflicts: readonly Conflict[]): void {
    this.atOnce(() => {
      for (const { local, remote } of conflicts) {
        this.#upsert(identityId, dataset, local);
        this.#statements.deleteConflict.run(identityId, dataset, remote.key);
        this.#insertConflict(identityId, dataset, remote);
      }
    });
  }

  /** Empties a dataset and leaves the mark by which the next synchronise deletes it on the store. */
  markDeleted(identityId: string, dataset: string): void {
    this.atOnce(() => {
      this.#statements.ensureDataset.run(identityId, dataset);
      this.#statements.deleteRecords.run(identityId, dataset);
      this.#statements.deleteConflicts.run(identityId, dataset);
      this.#statements.setLastSyncCount.run(DELETED_HERE, identityId, dataset);
    });
  }

  purge(identityId: string, dataset: string): void {
    this.atOnce(() => {
      this.#statements.deleteRecords.run(identityId, dataset);
      this.#statements.deleteConflicts.run(identityId, dataset);
      this.#statements.deleteDataset.run(identityId, dataset);
    });
  }

  setSubscribed(identityId: string, dataset: string, isSubscribed: boolean): void {
    this.#statements.ensureDataset.run(identityId, dataset);
    const statement = isSubscribed ? this.#statements.subscribe : this.#statements.unsubscribe;
    statement.run(identityId, dataset);
  }

  /** Remembers a synchronise to be done once the device is online; the latest wish wins. */
  setWaiting(identityId: string, dataset: string, resolver: Resolver | undefined): void {
    this.#statements.ensureDataset.run(identityId, dataset);
    this.#statements.setWaiting.run(resolver === undefined ? null : JSON.stringify(resolver), identityId, dataset);
  }

  /**
   * The device's identity changed, and its data follows, as on Android (reference 6.6). [DV-IDENT-5] [DV-IDENT-6]
   *
   * What was kept before there was an identity is renamed to it. A former identity's datasets are copied as new
   * changes, where the new identity has no such record yet, and the originals stay as `dataset.<former id>` until
   * the app merges them. The store has them under that name at count 1, so no count of before holds. [DV-IDENT-7]
   */
  changeIdentity(from: string, to: string): void {
    this.atOnce(() => {
      for (const { name } of this.datasets(from)) {
        const isTaken = this.dataset(to, name) !== undefined;
        if (from === UNKNOWN_IDENTITY) {
          this.#move([from, name], [to, isTaken ? `${name}.${from}` : name]);
          continue;
        }
        this.#statements.ensureDataset.run(to, name);
        this.#statements.copyRecords.run(to, from, name);
        this.#move([from, name], [to, `${name}.${from}`]);
      }
    });
  }

  /** Everything, or one identity's part. */
  wipe(identityId?: string): void {
    this.atOnce(() => {
      for (const table of ['datasets', 'records', 'conflicts']) {
        if (identityId === undefined) this.#database.exec(`DELETE FROM ${table}`);
        else this.#database.prepare(`DELETE FROM ${table} WHERE identity_id = ?`).run(identityId);
      }
    });
  }

  #move(from: Place, to: Place): void {
    this.#statements.deleteConflicts.run(...from);
    this.#statements.unsubscribe.run(...from);
    this.#statements.moveDataset.run(...to, ...from);
    this.#statements.moveRecords.run(...to, ...from);
  }

  #upsert(identityId: string, dataset: string, record: CachedRecord): void {
    this.#statements.upsertRecord.run(
      identityId,
      dataset,
      record.key,
      record.value,
      record.syncCount,
      record.modifiedAt,
      record.modifiedBy ?? null,
      record.modified ? 1 : 0,
      record.base ?? null,
    );
  }

  #insertConflict(identityId: string, dataset: string, remote: Conflict['remote']): void {
    const { key, value, syncCount, modifiedAt, modifiedBy } = remote;
    this.#statements.insertConflict.run(identityId, dataset, key, value, syncCount, modifiedAt, modifiedBy ?? null);
  }
}
