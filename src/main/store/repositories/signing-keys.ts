import type { Database } from '../database.ts';

export interface SigningKeyRecord {
  readonly owner: string;
  /** Empty for keys that all accounts share. */
  readonly account: string;
  readonly userPoolId: string | undefined;
  readonly kid: string;
  readonly algorithm: string;
  /** JSON text of the private JWK. */
  readonly privateJwk: string;
  readonly createdAt: Date;
}

interface Row {
  owner: string;
  account: string;
  user_pool_id: string | null;
  kid: string;
  algorithm: string;
  private_jwk: string;
  created_at: number;
}

export class SigningKeyRecords {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO signing_keys (owner, account, user_pool_id, kid, algorithm, private_jwk, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ),
      find: database.prepare<[string], Row>('SELECT * FROM signing_keys WHERE owner = ?'),
    };
  }

  insert(key: SigningKeyRecord): void {
    this.#statements.insert.run(
      key.owner,
      key.account,
      key.userPoolId ?? null,
      key.kid,
      key.algorithm,
      key.privateJwk,
      key.createdAt.getTime(),
    );
  }

  find(owner: string): SigningKeyRecord | undefined {
    const row = this.#statements.find.get(owner);
    return (
      row && {
        owner: row.owner,
        account: row.account,
        userPoolId: row.user_pool_id ?? undefined,
        kid: row.kid,
        algorithm: row.algorithm,
        privateJwk: row.private_jwk,
        createdAt: new Date(row.created_at),
      }
    );
  }
}
