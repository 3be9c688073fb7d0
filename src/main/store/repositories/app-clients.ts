import type { UserPoolClientType } from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';

/** An app client's configuration in AWS's wire shape; members that were never set stay absent. */
export type AppClientSettings = Omit<
  UserPoolClientType,
  'UserPoolId' | 'ClientName' | 'ClientId' | 'ClientSecret' | 'LastModifiedDate' | 'CreationDate'
>;

export interface ClientSecret {
  readonly id: string;
  readonly value: string;
  readonly createdAt: Date;
}

export interface AppClientRecord {
  readonly id: string;
  readonly account: string;
  readonly userPoolId: string;
  readonly name: string;
  /** Oldest first; any of them proves the client. None: the client has nothing to prove. */
  readonly secrets: readonly ClientSecret[];
  readonly settings: AppClientSettings;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

interface Row {
  id: string;
  account: string;
  user_pool_id: string;
  name: string;
  secrets: string;
  settings: string;
  created_at: number;
  modified_at: number;
}

interface SecretRow {
  id: string;
  value: string;
  createdAt: number;
}

function secretRows(secrets: readonly ClientSecret[]): string {
  return JSON.stringify(secrets.map((secret) => ({ ...secret, createdAt: secret.createdAt.getTime() })));
}

function record(row: Row): AppClientRecord {
  return {
    id: row.id,
    account: row.account,
    userPoolId: row.user_pool_id,
    name: row.name,
    secrets: (JSON.parse(row.secrets) as SecretRow[]).map((secret) => ({
      ...secret,
      createdAt: new Date(secret.createdAt),
    })),
    settings: JSON.parse(row.settings) as AppClientSettings,
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
  };
}

export class AppClients {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO app_clients (id, account, user_pool_id, name, secrets, settings, created_at, modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: database.prepare('UPDATE app_clients SET name = ?, settings = ?, modified_at = ? WHERE id = ?'),
      setSecrets: database.prepare('UPDATE app_clients SET secrets = ?, modified_at = ? WHERE id = ?'),
      delete: database.prepare('DELETE FROM app_clients WHERE id = ?'),
      find: database.prepare<[string], Row>('SELECT * FROM app_clients WHERE id = ?'),
      place: database.prepare<[string], { account: string; region: string; userPoolId: string }>(
        `SELECT p.account, p.region, p.id AS userPoolId
         FROM app_clients c JOIN user_pools p ON p.id = c.user_pool_id WHERE c.id = ?`,
      ),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM app_clients WHERE user_pool_id = ? AND id > ? ORDER BY id LIMIT ?',
      ),
      count: database.prepare<[string], { count: number }>(
        'SELECT count(*) AS count FROM app_clients WHERE user_pool_id = ?',
      ),
    };
  }

  insert(client: AppClientRecord): void {
    this.#statements.insert.run(
      client.id,
      client.account,
      client.userPoolId,
      client.name,
      secretRows(client.secrets),
      JSON.stringify(client.settings),
      client.createdAt.getTime(),
      client.modifiedAt.getTime(),
    );
  }

  update(client: Pick<AppClientRecord, 'id' | 'name' | 'settings' | 'modifiedAt'>): void {
    this.#statements.update.run(client.name, JSON.stringify(client.settings), client.modifiedAt.getTime(), client.id);
  }

  setSecrets(id: string, secrets: readonly ClientSecret[], now: Date): void {
    this.#statements.setSecrets.run(secretRows(secrets), now.getTime(), id);
  }

  delete(id: string): void {
    this.#statements.delete.run(id);
  }

  find(id: string): AppClientRecord | undefined {
    const row = this.#statements.find.get(id);
    return row && record(row);
  }

  /** Where the client's pool lives, for calls that only name the client. */
  place(id: string): { readonly account: string; readonly region: string; readonly userPoolId: string } | undefined {
    return this.#statements.place.get(id);
  }

  /** Clients after the id `after`, in the order of their ids. */
  list(userPoolId: string, after: string, limit: number): AppClientRecord[] {
    return this.#statements.list.all(userPoolId, after, limit).map(record);
  }

  count(userPoolId: string): number {
    return this.#statements.count.get(userPoolId)?.count ?? 0;
  }
}
