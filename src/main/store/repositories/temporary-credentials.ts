import type { Database } from '../database.ts';

/** Temporary credentials as the store keeps them. */
export interface TemporaryCredentials {
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  /** `arn:aws:sts::A:assumed-role/ROLE/SESSION` */
  readonly arn: string;
  /** Where the session came from an identity pool. */
  readonly identity?: {
    readonly identityPoolId: string;
    readonly identityId: string;
    /** `authenticated` or `unauthenticated`, then providers. */
    readonly amr: readonly string[];
  };
  /** Policy documents (JSON text) that narrow the role's. */
  readonly sessionPolicies: readonly string[];
  readonly tags: { readonly [key: string]: string };
  /** Who acts, where no role was assumed: name and id of the role are empty then. */
  readonly holder?: SessionHolder;
  /** Condition keys that the session carries for its life. */
  readonly keys?: { readonly [key: string]: string | readonly string[] };
  /** Tags that the next role of a chain gets too. */
  readonly transitiveTagKeys?: readonly string[];
}

/** The long-term principal behind a session of GetSessionToken or GetFederationToken. */
export interface SessionHolder {
  readonly kind: 'root' | 'user';
  readonly name: string;
  readonly id: string;
  /** A federated user has only what its session policies leave. */
  readonly federated: boolean;
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
  holder: string | null;
  keys: string;
  transitive_tag_keys: string;
  created_at: number;
  expires_at: number;
}

export class TemporaryCredentialRecords {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[Row]>(
        `INSERT INTO temporary_credentials (access_key_id, account, secret_key, session_token, role_name, role_id,
           session_name, arn, identity, session_policies, tags, holder, keys, transitive_tag_keys, created_at,
           expires_at)
         VALUES (@access_key_id, @account, @secret_key, @session_token, @role_name, @role_id,
           @session_name, @arn, @identity, @session_policies, @tags, @holder, @keys, @transitive_tag_keys, @created_at,
           @expires_at)`,
      ),
      find: database.prepare<[string], Row>('SELECT * FROM temporary_credentials WHERE access_key_id = ?'),
      findByArn: database.prepare<[string, string], Row>(
        'SELECT * FROM temporary_credentials WHERE account = ? AND arn = ? ORDER BY created_at DESC LIMIT 1',
      ),
      removeExpired: database.prepare<[number, number]>(
        `DELETE FROM temporary_credentials WHERE access_key_id IN (
           SELECT access_key_id FROM temporary_credentials WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`,
      ),
    };
  }

  insert(record: TemporaryCredentials): void {
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
      holder: record.holder ? JSON.stringify(record.holder) : null,
      keys: JSON.stringify(record.keys ?? {}),
      transitive_tag_keys: JSON.stringify(record.transitiveTagKeys ?? []),
      created_at: record.createdAt.getTime(),
      expires_at: record.expiresAt.getTime(),
    });
  }

  find(accessKeyId: string): TemporaryCredentials | undefined {
    const row = this.#statements.find.get(accessKeyId);
    return row && fromRow(row);
  }

  /** The newest session of this ARN. */
  findByArn(account: string, arn: string): TemporaryCredentials | undefined {
    const row = this.#statements.findByArn.get(account, arn);
    return row && fromRow(row);
  }

  /** Removes at most `limit` of those that expired before an instant, the oldest first. */
  removeExpired(before: Date, limit: number): void {
    this.#statements.removeExpired.run(before.getTime(), limit);
  }
}

function fromRow(row: Row): TemporaryCredentials {
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
      identity: JSON.parse(row.identity) as NonNullable<TemporaryCredentials['identity']>,
    }),
    sessionPolicies: JSON.parse(row.session_policies) as string[],
    tags: JSON.parse(row.tags) as TemporaryCredentials['tags'],
    ...(row.holder !== null && {
      holder: JSON.parse(row.holder) as NonNullable<TemporaryCredentials['holder']>,
    }),
    keys: JSON.parse(row.keys) as NonNullable<TemporaryCredentials['keys']>,
    transitiveTagKeys: JSON.parse(row.transitive_tag_keys) as string[],
  };
}
