import type { FunctionConfiguration } from '../../../shared/aws/lambda.ts';
import type { Database } from '../database.ts';

/** A statement of a function's resource policy, as AddPermission writes it. */
export interface PermissionStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly Service?: string; readonly AWS?: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string } };
}

/** What Lambda was told about a function, in its wire shape; empty for functions that the bench's own call made. */
export type FunctionSettings = Pick<
  FunctionConfiguration,
  | 'Runtime'
  | 'Role'
  | 'Handler'
  | 'Description'
  | 'Timeout'
  | 'MemorySize'
  | 'Architectures'
  | 'CodeSha256'
  | 'CodeSize'
> & {
  readonly Variables?: { readonly [name: string]: string };
  readonly Tags?: { readonly [key: string]: string };
};

/** A Lambda function as the bench knows it: JavaScript text, a file, an archive, or a Lambda-compatible endpoint. */
export interface FunctionRecord {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly kind: 'source' | 'file' | 'url' | 'zip';
  /** The text, the file's path, or the address; empty for an archive. */
  readonly target: string;
  readonly settings: FunctionSettings;
  readonly policy: readonly PermissionStatement[];
  /** Changes with the code. */
  readonly revision: string;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

interface Row {
  account: string;
  region: string;
  name: string;
  arn: string;
  kind: FunctionRecord['kind'];
  target: string;
  settings: string;
  policy: string;
  revision: string;
  created_at: number;
  modified_at: number;
}

const COLUMNS = 'account, region, name, arn, kind, target, settings, policy, revision, created_at, modified_at';

export class Functions {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      put: database.prepare(
        `INSERT INTO functions (${COLUMNS}, archive) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (account, region, name) DO UPDATE SET kind = excluded.kind, target = excluded.target,
           settings = excluded.settings, revision = excluded.revision, modified_at = excluded.modified_at,
           archive = excluded.archive`,
      ),
      setPolicy: database.prepare('UPDATE functions SET policy = ? WHERE account = ? AND region = ? AND name = ?'),
      find: database.prepare<[string, string, string], Row>(
        `SELECT ${COLUMNS} FROM functions WHERE account = ? AND region = ? AND name = ?`,
      ),
      archive: database.prepare<[string, string, string], { archive: Buffer | null }>(
        'SELECT archive FROM functions WHERE account = ? AND region = ? AND name = ?',
      ),
      list: database.prepare<[string], Row>(`SELECT ${COLUMNS} FROM functions WHERE account = ? ORDER BY name, region`),
      page: database.prepare<[string, string, string, number], Row>(
        `SELECT ${COLUMNS} FROM functions WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?`,
      ),
      remove: database.prepare('DELETE FROM functions WHERE account = ? AND region = ? AND name = ?'),
    };
  }

  /** Adds it, or replaces what a name runs; its ARN, its policy and its age stay. */
  put(record: FunctionRecord, archive?: Uint8Array): void {
    this.#statements.put.run(
      record.account,
      record.region,
      record.name,
      record.arn,
      record.kind,
      record.target,
      JSON.stringify(record.settings),
      JSON.stringify(record.policy),
      record.revision,
      record.createdAt.getTime(),
      record.modifiedAt.getTime(),
      archive ?? null,
    );
  }

  setPolicy({ account, region, name }: FunctionRecord, policy: readonly PermissionStatement[]): void {
    this.#statements.setPolicy.run(JSON.stringify(policy), account, region, name);
  }

  find(account: string, region: string, name: string): FunctionRecord | undefined {
    const row = this.#statements.find.get(account, region, name);
    return row && fromRow(row);
  }

  /** The bytes of the archive that the function was made from. */
  archive({ account, region, name }: FunctionRecord): Buffer | undefined {
    return this.#statements.archive.get(account, region, name)?.archive ?? undefined;
  }

  /** Those of every region. */
  list(account: string): FunctionRecord[] {
    return this.#statements.list.all(account).map(fromRow);
  }

  /** Functions of one region after the name `after`. */
  page(account: string, region: string, after: string, limit: number): FunctionRecord[] {
    return this.#statements.page.all(account, region, after, limit).map(fromRow);
  }

  remove({ account, region, name }: Pick<FunctionRecord, 'account' | 'region' | 'name'>): boolean {
    return this.#statements.remove.run(account, region, name).changes > 0;
  }
}

function fromRow({ created_at, modified_at, settings, policy, ...rest }: Row): FunctionRecord {
  return {
    ...rest,
    settings: JSON.parse(settings) as FunctionSettings,
    policy: JSON.parse(policy) as PermissionStatement[],
    createdAt: new Date(created_at),
    modifiedAt: new Date(modified_at),
  };
}
