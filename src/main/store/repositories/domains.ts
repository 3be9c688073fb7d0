import type { Database } from '../database.ts';

export interface DomainRecord {
  readonly name: string;
  readonly account: string;
  readonly userPoolId: string;
  readonly kind: 'prefix' | 'custom';
  readonly certificateArn: string | undefined;
  readonly managedLoginVersion: number;
  /** When it was last changed, as `yyyyMMddHHmmss`. */
  readonly version: string;
  readonly createdAt: Date;
}

interface Row {
  name: string;
  account: string;
  user_pool_id: string;
  kind: string;
  certificate_arn: string | null;
  managed_login_version: number;
  version: string;
  created_at: number;
}

function record(row: Row): DomainRecord {
  return {
    name: row.name,
    account: row.account,
    userPoolId: row.user_pool_id,
    kind: row.kind as DomainRecord['kind'],
    certificateArn: row.certificate_arn ?? undefined,
    managedLoginVersion: row.managed_login_version,
    version: row.version,
    createdAt: new Date(row.created_at),
  };
}

/** Domains of user pools; their names are taken once over the whole bench. */
export class Domains {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO domains (name, account, user_pool_id, kind, certificate_arn, managed_login_version, version, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: database.prepare(
        'UPDATE domains SET certificate_arn = ?, managed_login_version = ?, version = ? WHERE name = ?',
      ),
      delete: database.prepare('DELETE FROM domains WHERE name = ?'),
      find: database.prepare<[string], Row>('SELECT * FROM domains WHERE name = ?'),
      ofPool: database.prepare<[string], Row>('SELECT * FROM domains WHERE user_pool_id = ? ORDER BY kind DESC'),
      countCustom: database.prepare<[string], { count: number }>(
        "SELECT count(*) AS count FROM domains WHERE account = ? AND kind = 'custom'",
      ),
    };
  }

  insert(domain: DomainRecord): void {
    this.#statements.insert.run(
      domain.name,
      domain.account,
      domain.userPoolId,
      domain.kind,
      domain.certificateArn ?? null,
      domain.managedLoginVersion,
      domain.version,
      domain.createdAt.getTime(),
    );
  }

  update(domain: DomainRecord): void {
    this.#statements.update.run(domain.certificateArn ?? null, domain.managedLoginVersion, domain.version, domain.name);
  }

  delete(name: string): void {
    this.#statements.delete.run(name);
  }

  find(name: string): DomainRecord | undefined {
    const row = this.#statements.find.get(name);
    return row && record(row);
  }

  /** The prefix domain first, then the custom one; a pool has one of each at most. */
  ofPool(userPoolId: string): DomainRecord[] {
    return this.#statements.ofPool.all(userPoolId).map(record);
  }

  countCustom(account: string): number {
    return this.#statements.countCustom.get(account)?.count ?? 0;
  }
}
