import type { Database } from '../database.ts';

export interface UserPoolReplicaRecord {
  readonly account: string;
  readonly userPoolId: string;
  readonly region: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly tags: { readonly [key: string]: string };
}

interface Row {
  account: string;
  user_pool_id: string;
  region: string;
  status: string;
  tags: string;
}

function record(row: Row): UserPoolReplicaRecord {
  return {
    account: row.account,
    userPoolId: row.user_pool_id,
    region: row.region,
    status: row.status as UserPoolReplicaRecord['status'],
    tags: JSON.parse(row.tags) as UserPoolReplicaRecord['tags'],
  };
}

/** The other regions that a pool is in. */
export class UserPoolReplicas {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        'INSERT INTO user_pool_replicas (account, user_pool_id, region, status, tags) VALUES (?, ?, ?, ?, ?)',
      ),
      setStatus: database.prepare('UPDATE user_pool_replicas SET status = ? WHERE user_pool_id = ? AND region = ?'),
      delete: database.prepare('DELETE FROM user_pool_replicas WHERE user_pool_id = ? AND region = ?'),
      find: database.prepare<[string, string], Row>(
        'SELECT * FROM user_pool_replicas WHERE user_pool_id = ? AND region = ?',
      ),
      list: database.prepare<[string], Row>('SELECT * FROM user_pool_replicas WHERE user_pool_id = ? ORDER BY region'),
    };
  }

  insert(replica: UserPoolReplicaRecord): void {
    this.#statements.insert.run(
      replica.account,
      replica.userPoolId,
      replica.region,
      replica.status,
      JSON.stringify(replica.tags),
    );
  }

  setStatus(replica: UserPoolReplicaRecord, status: UserPoolReplicaRecord['status']): void {
    this.#statements.setStatus.run(status, replica.userPoolId, replica.region);
  }

  delete(replica: UserPoolReplicaRecord): void {
    this.#statements.delete.run(replica.userPoolId, replica.region);
  }

  find(userPoolId: string, region: string): UserPoolReplicaRecord | undefined {
    const row = this.#statements.find.get(userPoolId, region);
    return row && record(row);
  }

  list(userPoolId: string): UserPoolReplicaRecord[] {
    return this.#statements.list.all(userPoolId).map(record);
  }
}
