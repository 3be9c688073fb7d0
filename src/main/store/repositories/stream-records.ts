import type { Database } from '../database.ts';

/** One record of a stream; `number` counts through all streams and is never given twice. */
export interface StoredStreamRecord {
  readonly number: number;
  readonly shard: number;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
}

export interface NewStreamRecord extends Omit<StoredStreamRecord, 'number'> {
  readonly account: string;
  readonly streamId: number;
}

export interface HistoryRecord extends StoredStreamRecord {
  readonly streamId: number;
}

const RECORD = 'number, shard, partition_key AS partitionKey, data, arrived_at AS arrivedAt';

export class StreamRecords {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database
        .prepare<NewStreamRecord, number>(
          `INSERT INTO stream_records (account, stream_id, shard, partition_key, data, arrived_at)
             VALUES (@account, @streamId, @shard, @partitionKey, @data, @arrivedAt) RETURNING number`,
        )
        .pluck(),
      after: database.prepare<[number, number, number, number], StoredStreamRecord>(
        `SELECT ${RECORD} FROM stream_records
           WHERE stream_id = ? AND shard = ? AND number > ? AND arrived_at > ? ORDER BY number`,
      ),
      tail: database.prepare<[number, number, number], StoredStreamRecord>(
        `SELECT ${RECORD} FROM stream_records WHERE stream_id = ? AND number > ? ORDER BY number DESC LIMIT ?`,
      ),
      ofAccount: database.prepare<[string, number, number], HistoryRecord>(
        `SELECT ${RECORD}, stream_id AS streamId FROM stream_records
           WHERE account = ? AND number > ? ORDER BY number LIMIT ?`,
      ),
      newest: database.prepare<[], number | null>('SELECT max(number) FROM stream_records').pluck(),
      newestOfShard: database
        .prepare<[number, number], number | null>(
          'SELECT max(number) FROM stream_records WHERE stream_id = ? AND shard = ?',
        )
        .pluck(),
      lastBefore: database
        .prepare<[number, number, number], number | null>(
          `SELECT min(number) - 1 FROM stream_records WHERE stream_id = ? AND shard = ? AND arrived_at >= ?`,
        )
        .pluck(),
      count: database.prepare<[number], number>('SELECT count(*) FROM stream_records WHERE stream_id = ?').pluck(),
      historyStart: database
        .prepare<[string, number], number>(
          'SELECT number FROM stream_records WHERE account = ? ORDER BY number DESC LIMIT 1 OFFSET ?',
        )
        .pluck(),
      clear: database.prepare<[string, number]>('DELETE FROM stream_records WHERE account = ? AND arrived_at < ?'),
      clearPayloads: database.prepare<[string, number]>(
        'DELETE FROM stream_payloads WHERE account = ? AND arrived_at < ?',
      ),
      addPayload: database.prepare<[string, string, number, string, number, number]>(
        'INSERT INTO stream_payloads (key, account, stream_id, body, arrived_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      payload: database.prepare<[string], { body: string; expiresAt: number }>(
        'SELECT body, expires_at AS expiresAt FROM stream_payloads WHERE key = ?',
      ),
    };
  }

  /** @returns its number */
  add(record: NewStreamRecord): number {
    return this.#statements.insert.get(record)!;
  }

  /** In order, those that arrived after `since`; the caller stops reading where it has enough. */
  after(streamId: number, shard: number, number: number, since: number): IterableIterator<StoredStreamRecord> {
    return this.#statements.after.iterate(streamId, shard, number, since);
  }

  /** The newest of a stream after `number`, newest first. */
  tail(streamId: number, number: number, limit: number): StoredStreamRecord[] {
    return this.#statements.tail.all(streamId, number, limit);
  }

  /** What an account's streams hold, also what Kinesis would have forgotten. */
  ofAccount(account: string, after: number, limit: number): HistoryRecord[] {
    return this.#statements.ofAccount.all(account, after, limit);
  }

  /** The number given last, of any stream. */
  newest(): number {
    return this.#statements.newest.get() ?? 0;
  }

  newestOfShard(streamId: number, shard: number): number {
    return this.#statements.newestOfShard.get(streamId, shard) ?? 0;
  }

  /** The place just before the first record that arrived at `time` or later; none where all arrived before. */
  lastBefore(streamId: number, shard: number, time: number): number | undefined {
    return this.#statements.lastBefore.get(streamId, shard, time) ?? undefined;
  }

  count(streamId: number): number {
    return this.#statements.count.get(streamId) ?? 0;
  }

  /** The record before an account's newest `most`; 0 where there are no more. */
  historyStart(account: string, most: number): number {
    return this.#statements.historyStart.get(account, most) ?? 0;
  }

  /** Forgets what arrived before `before`. */
  clear(account: string, before: number): number {
    this.#statements.clearPayloads.run(account, before);
    return this.#statements.clear.run(account, before).changes;
  }

  /** Keeps an update that is too large for a record, for as long as its stream; its address expires earlier. */
  addPayload(payload: {
    readonly key: string;
    readonly account: string;
    readonly streamId: number;
    readonly body: string;
    readonly arrivedAt: number;
    readonly expiresAt: number;
  }): void {
    const { key, account, streamId, body, arrivedAt, expiresAt } = payload;
    this.#statements.addPayload.run(key, account, streamId, body, arrivedAt, expiresAt);
  }

  payload(key: string): { readonly body: string; readonly expiresAt: number } | undefined {
    return this.#statements.payload.get(key);
  }
}
