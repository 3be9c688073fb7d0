import type { Database } from '../database.ts';

/** A user's own access key. A deleted one stays, so that its use is refused and not taken for a developer's. */
export interface IamAccessKeyRecord {
  readonly account: string;
  readonly accessKeyId: string;
  readonly userName: string;
  readonly secretKey: string;
  readonly status: 'Active' | 'Inactive' | 'Deleted';
  readonly createdAt: Date;
  readonly lastUsed?: { readonly at: Date; readonly service: string; readonly region: string };
}

interface Row {
  access_key_id: string;
  account: string;
  user_name: string;
  secret_key: string;
  status: IamAccessKeyRecord['status'];
  created_at: number;
  last_used_at: number | null;
  last_used_service: string | null;
  last_used_region: string | null;
}

export class IamAccessKeys {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[string, string, string, string, string, number]>(
        `INSERT INTO iam_access_keys (access_key_id, account, user_name, secret_key, status, created_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      ),
      find: database.prepare<[string], Row>('SELECT * FROM iam_access_keys WHERE access_key_id = ?'),
      list: database.prepare<[string, string], Row>(
        `SELECT * FROM iam_access_keys WHERE account = ? AND user_name = ? AND status <> 'Deleted'
         ORDER BY created_at, access_key_id`,
      ),
      setStatus: database.prepare<[string, string]>('UPDATE iam_access_keys SET status = ? WHERE access_key_id = ?'),
      bury: database.prepare<[string]>(
        `UPDATE iam_access_keys SET status = 'Deleted', secret_key = '' WHERE access_key_id = ?`,
      ),
      setLastUsed: database.prepare<[number, string, string, string]>(
        `UPDATE iam_access_keys SET last_used_at = ?, last_used_service = ?, last_used_region = ?
         WHERE access_key_id = ?`,
      ),
    };
  }

  insert(key: IamAccessKeyRecord): void {
    const { accessKeyId, account, userName, secretKey, status, createdAt } = key;
    this.#statements.insert.run(accessKeyId, account, userName, secretKey, status, createdAt.getTime());
  }

  /** Whoever asks; deleted keys too. */
  find(accessKeyId: string): IamAccessKeyRecord | undefined {
    const row = this.#statements.find.get(accessKeyId);
    return row && fromRow(row);
  }

  /** A user's keys, without those that were deleted. */
  list(account: string, userName: string): IamAccessKeyRecord[] {
    return this.#statements.list.all(account, userName).map(fromRow);
  }

  setStatus(accessKeyId: string, status: 'Active' | 'Inactive'): void {
    this.#statements.setStatus.run(status, accessKeyId);
  }

  /** Leaves nothing but the knowledge that there was such a key. */
  remove(accessKeyId: string): void {
    this.#statements.bury.run(accessKeyId);
  }

  setLastUsed(accessKeyId: string, { at, service, region }: NonNullable<IamAccessKeyRecord['lastUsed']>): void {
    this.#statements.setLastUsed.run(at.getTime(), service, region, accessKeyId);
  }
}

function fromRow(row: Row): IamAccessKeyRecord {
  return {
    account: row.account,
    accessKeyId: row.access_key_id,
    userName: row.user_name,
    secretKey: row.secret_key,
    status: row.status,
    createdAt: new Date(row.created_at),
    ...(row.last_used_at !== null && {
      lastUsed: {
        at: new Date(row.last_used_at),
        service: row.last_used_service ?? '',
        region: row.last_used_region ?? '',
      },
    }),
  };
}
