import type { ResourceServerScopeType } from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';

export interface ResourceServerRecord {
  readonly account: string;
  readonly userPoolId: string;
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly ResourceServerScopeType[];
}

interface Row {
  account: string;
  user_pool_id: string;
  identifier: string;
  name: string;
  scopes: string;
}

function record(row: Row): ResourceServerRecord {
  return {
    account: row.account,
    userPoolId: row.user_pool_id,
    identifier: row.identifier,
    name: row.name,
    scopes: JSON.parse(row.scopes) as ResourceServerScopeType[],
  };
}

export class ResourceServers {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        'INSERT INTO resource_servers (account, user_pool_id, identifier, name, scopes) VALUES (?, ?, ?, ?, ?)',
      ),
      update: database.prepare(
        'UPDATE resource_servers SET name = ?, scopes = ? WHERE user_pool_id = ? AND identifier = ?',
      ),
      delete: database.prepare('DELETE FROM resource_servers WHERE user_pool_id = ? AND identifier = ?'),
      find: database.prepare<[string, string], Row>(
        'SELECT * FROM resource_servers WHERE user_pool_id = ? AND identifier = ?',
      ),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM resource_servers WHERE user_pool_id = ? AND identifier > ? ORDER BY identifier LIMIT ?',
      ),
      count: database.prepare<[string], { count: number }>(
        'SELECT count(*) AS count FROM resource_servers WHERE user_pool_id = ?',
      ),
      scopes: database.prepare<[string], { scope: string }>(
        `SELECT r.identifier || '/' || (s.value ->> 'ScopeName') AS scope
         FROM resource_servers r, json_each(r.scopes) s WHERE r.user_pool_id = ?`,
      ),
    };
  }

  insert(server: ResourceServerRecord): void {
    this.#statements.insert.run(
      server.account,
      server.userPoolId,
      server.identifier,
      server.name,
      JSON.stringify(server.scopes),
    );
  }

  update(server: ResourceServerRecord): void {
    this.#statements.update.run(server.name, JSON.stringify(server.scopes), server.userPoolId, server.identifier);
  }

  delete(server: ResourceServerRecord): void {
    this.#statements.delete.run(server.userPoolId, server.identifier);
  }

  find(userPoolId: string, identifier: string): ResourceServerRecord | undefined {
    const row = this.#statements.find.get(userPoolId, identifier);
    return row && record(row);
  }

  /** Servers after the identifier `after`, in the order of their identifiers. */
  list(userPoolId: string, after: string, limit: number): ResourceServerRecord[] {
    return this.#statements.list.all(userPoolId, after, limit).map(record);
  }

  count(userPoolId: string): number {
    return this.#statements.count.get(userPoolId)?.count ?? 0;
  }

  /** Every scope of the pool by its full name, `<identifier>/<scope>`. */
  scopesOf(userPoolId: string): string[] {
    return this.#statements.scopes.all(userPoolId).map(({ scope }) => scope);
  }
}
