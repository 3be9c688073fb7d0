import type { Database } from '../database.ts';

/** A Lambda function as the bench knows it: JavaScript text, a file, or a Lambda-compatible HTTP endpoint. */
export interface FunctionRecord {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  readonly kind: 'source' | 'file' | 'url';
  /** The text, the file's path, or the address. */
  readonly target: string;
  readonly createdAt: Date;
}

interface Row {
  account: string;
  name: string;
  arn: string;
  kind: FunctionRecord['kind'];
  target: string;
  created_at: number;
}

export class Functions {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      put: database.prepare<[string, string, string, string, string, number]>(
        `INSERT INTO functions (account, name, arn, kind, target, created_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (account, name) DO UPDATE SET kind = excluded.kind, target = excluded.target`,
      ),
      find: database.prepare<[string, string], Row>('SELECT * FROM functions WHERE account = ? AND name = ?'),
      list: database.prepare<[string], Row>('SELECT * FROM functions WHERE account = ? ORDER BY name'),
      remove: database.prepare<[string, string]>('DELETE FROM functions WHERE account = ? AND name = ?'),
    };
  }

  /** Adds it, or replaces what a name runs; its ARN stays. */
  put(record: FunctionRecord): void {
    this.#statements.put.run(
      record.account,
      record.name,
      record.arn,
      record.kind,
      record.target,
      record.createdAt.getTime(),
    );
  }

  find(account: string, name: string): FunctionRecord | undefined {
    const row = this.#statements.find.get(account, name);
    return row && fromRow(row);
  }

  list(account: string): FunctionRecord[] {
    return this.#statements.list.all(account).map(fromRow);
  }

  remove(account: string, name: string): boolean {
    return this.#statements.remove.run(account, name).changes > 0;
  }
}

function fromRow({ created_at, ...rest }: Row): FunctionRecord {
  return { ...rest, createdAt: new Date(created_at) };
}
