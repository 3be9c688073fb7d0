import type { Database } from '../database.ts';

export interface BucketRecord {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  readonly createdAt: Date;
}

interface Row {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  readonly created_at: number;
}

/** S3 buckets. */
export class Buckets {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[string, string, string, number]>(
        'INSERT INTO buckets (account, name, region, created_at) VALUES (?, ?, ?, ?)',
      ),
      find: database.prepare<[string, string], Row>('SELECT * FROM buckets WHERE account = ? AND name = ?'),
      list: database.prepare<[string, string, string | Buffer, number], Row>(
        'SELECT * FROM buckets WHERE account = ? AND name >= ? AND name < ? ORDER BY name LIMIT ?',
      ),
      remove: database.prepare<[string, string]>('DELETE FROM buckets WHERE account = ? AND name = ?'),
      anything: database.prepare<{ account: string; name: string }, { one: 1 }>(
        `SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM objects WHERE account = @account AND bucket = @name)`,
      ),
    };
  }

  insert({ account, name, region, createdAt }: BucketRecord): void {
    this.#statements.insert.run(account, name, region, createdAt.getTime());
  }

  find(account: string, name: string): BucketRecord | undefined {
    const row = this.#statements.find.get(account, name);
    return row && fromRow(row);
  }

  /** By name, from the first one that is not before `from`, up to `until`; every text is before an empty blob. */
  list(account: string, from: string, until: string | undefined, limit: number): BucketRecord[] {
    return this.#statements.list.all(account, from, until ?? NO_END, limit).map(fromRow);
  }

  isEmpty(account: string, name: string): boolean {
    return this.#statements.anything.get({ account, name }) === undefined;
  }

  remove(account: string, name: string): void {
    this.#statements.remove.run(account, name);
  }
}

/** In SQLite's order every blob comes after every text. */
const NO_END = Buffer.alloc(0);

function fromRow({ account, name, region, created_at }: Row): BucketRecord {
  return { account, name, region, createdAt: new Date(created_at) };
}
