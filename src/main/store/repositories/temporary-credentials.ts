import type { Database } from '../database.ts';

/** What a vended session is made of; the services know it as `TemporaryCredentials`. */
export interface TemporaryCredentialRecord {
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly arn: string;
  readonly identity?: {
    readonly identityPoolId: string;
    readonly identityId: string;
    readonly amr: readonly string[];
  };
  readonly sessionPolicies: readonly string[];
  readonly tags: { readonly [key: string]: string };
}

interface Row {
  access_key_id: string;
  account: string;
  secret_key: string;
  session_token: string;
  role_name: string;
  role_id: string;
  session_name: string;
  arn: string;
  identity: string | null;
  session_policies: string;
  tags: string;
  created_at: number;
  expires_at: number;
}

export class TemporaryCredentialRecords {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[Row]>(
        `INSERT INTO temporary_credentials (access_key_id, account, secret_key, session_token, role_name, role_id,
           session_name, arn, identity, session_policies, tags, created_at, expires_at)
         VALUES (@access_key_id, @account, @secret_key, @session_token, @role_name, @role_id,
           @session_name, @arn, @identity, @session_policies, @tags, @created_at, @expires_at)`,
      ),
      find: database.prepare<[string], Row>('SELECT * FROM temporary_credentials WHERE access_key_id = ?'),
      removeExpired: database.prepare<[number, number]>(
        `DELETE FROM temporary_credentials WHERE access_key_id IN (
           SELECT access_key_id FROM temporary_credentials WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`,
      ),
    };
  }

  insert(record: TemporaryCredentialRecord): void {
    this.#statements.insert.run({
      access_key_id: record.accessKeyId,
      account: record.account,
      secret_key: record.secretKey,
      session_token: record.sessionToken,
      role_name: record.roleName,
      role_id: record.roleId,
      session_name: record.sessionName,
      arn: record.arn,
      identity: record.identity ? JSON.stringify(record.identity) : null,
      session_policies: JSON.stringify(record.sessionPolicies),
      tags: JSON.stringify(record.tags),
      created_at: record.createdAt.getTime(),
      expires_at: record.expiresAt.getTime(),
    });
  }

  find(accessKeyId: string): TemporaryCredentialRecord | undefined {
    const row = this.#statements.find.get(accessKeyId);
    return row && fromRow(row);
  }

  /** Removes at most `limit` of those that expired before an instant, the oldest first. */
  removeExpired(before: Date, limit: number): void {
    this.#statements.removeExpired.run(before.getTime(), limit);
  }
}

function fromRow(row: Row): TemporaryCredentialRecord {
  return {
    account: row.account,
    accessKeyId: row.access_key_id,
    secretKey: row.secret_key,
    sessionToken: row.session_token,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    roleName: row.role_name,
    roleId: row.role_id,
    sessionName: row.session_name,
    arn: row.arn,
    ...(row.identity !== null && {
      identity: JSON.parse(row.identity) as NonNullable<TemporaryCredentialRecord['identity']>,
    }),
    sessionPolicies: JSON.parse(row.session_policies) as string[],
    tags: JSON.parse(row.tags) as TemporaryCredentialRecord['tags'],
  };
}
