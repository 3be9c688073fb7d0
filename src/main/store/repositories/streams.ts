import type { Database } from '../database.ts';

/** A Kinesis stream; times are milliseconds since the epoch. */
export interface StreamRecord {
  /** Never given twice, also not after the stream is gone. */
  readonly id: number;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly shards: number;
  /** What a record may take at most, key and data. */
  readonly recordBytes: number;
  readonly createdAt: number;
}

const STREAM = `id, account, region, name, mode, shards, record_bytes AS recordBytes, created_at AS createdAt`;

export class Streams {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<Omit<StreamRecord, 'id'>, StreamRecord>(
        `INSERT INTO streams (account, region, name, mode, shards, record_bytes, created_at)
           VALUES (@account, @region, @name, @mode, @shards, @recordBytes, @createdAt) RETURNING ${STREAM}`,
      ),
      find: database.prepare<[string, string, string], StreamRecord>(
        `SELECT ${STREAM} FROM streams WHERE account = ? AND region = ? AND name = ?`,
      ),
      byId: database.prepare<[number, string], StreamRecord>(
        `SELECT ${STREAM} FROM streams WHERE id = ? AND account = ?`,
      ),
      list: database.prepare<[string, string, string, number], StreamRecord>(
        `SELECT ${STREAM} FROM streams WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?`,
      ),
      ofAccount: database.prepare<[string], StreamRecord>(
        `SELECT ${STREAM} FROM streams WHERE account = ? ORDER BY name, region`,
      ),
      shardSum: database
        .prepare<[string, string], number>(
          'SELECT coalesce(sum(shards), 0) FROM streams WHERE account = ? AND region = ?',
        )
        .pluck(),
      remove: database.prepare<[number]>('DELETE FROM streams WHERE id = ?'),
    };
  }

  create(stream: Omit<StreamRecord, 'id'>): StreamRecord {
    return this.#statements.insert.get(stream)!;
  }

  find(account: string, region: string, name: string): StreamRecord | undefined {
    return this.#statements.find.get(account, region, name);
  }

  byId(account: string, id: number): StreamRecord | undefined {
    return this.#statements.byId.get(id, account);
  }

  /** By name, after `after`. */
  list(account: string, region: string, after: string, limit: number): StreamRecord[] {
    return this.#statements.list.all(account, region, after, limit);
  }

  ofAccount(account: string): StreamRecord[] {
    return this.#statements.ofAccount.all(account);
  }

  shardSum(account: string, region: string): number {
    return this.#statements.shardSum.get(account, region) ?? 0;
  }

  /** Its records and their payloads go with it. */
  remove(id: number): void {
    this.#statements.remove.run(id);
  }
}
