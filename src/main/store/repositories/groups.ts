import type { Database } from '../database.ts';

export interface GroupRecord {
  readonly account: string;
  readonly userPoolId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  /** 0 is the strongest; groups without one are weaker than all that have one. */
  readonly precedence: number | undefined;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

interface Row {
  account: string;
  user_pool_id: string;
  name: string;
  description: string | null;
  role_arn: string | null;
  precedence: number | null;
  created_at: number;
  modified_at: number;
}

function record(row: Row): GroupRecord {
  return {
    account: row.account,
    userPoolId: row.user_pool_id,
    name: row.name,
    description: row.description ?? undefined,
    roleArn: row.role_arn ?? undefined,
    precedence: row.precedence ?? undefined,
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
  };
}

/** Groups of user pools, and who is in them. */
export class Groups {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO groups (account, user_pool_id, name, description, role_arn, precedence, created_at, modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: database.prepare(
        `UPDATE groups SET description = ?, role_arn = ?, precedence = ?, modified_at = ?
         WHERE user_pool_id = ? AND name = ?`,
      ),
      delete: database.prepare('DELETE FROM groups WHERE user_pool_id = ? AND name = ?'),
      find: database.prepare<[string, string], Row>('SELECT * FROM groups WHERE user_pool_id = ? AND name = ?'),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM groups WHERE user_pool_id = ? AND name > ? ORDER BY name LIMIT ?',
      ),
      count: database.prepare<[string], { count: number }>(
        'SELECT count(*) AS count FROM groups WHERE user_pool_id = ?',
      ),
      add: database.prepare(
        `INSERT INTO group_members (account, user_pool_id, group_name, user_number) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
      ),
      remove: database.prepare(
        'DELETE FROM group_members WHERE user_pool_id = ? AND group_name = ? AND user_number = ?',
      ),
      ofUser: database.prepare<[number], Row>(
        `SELECT g.* FROM group_members m JOIN groups g ON g.user_pool_id = m.user_pool_id AND g.name = m.group_name
         WHERE m.user_number = ? ORDER BY g.precedence IS NULL, g.precedence, g.name`,
      ),
      members: database.prepare<[string, string, number, number], { user_number: number }>(
        `SELECT user_number FROM group_members WHERE user_pool_id = ? AND group_name = ? AND user_number > ?
         ORDER BY user_number LIMIT ?`,
      ),
    };
  }

  insert(group: GroupRecord): void {
    this.#statements.insert.run(
      group.account,
      group.userPoolId,
      group.name,
      group.description ?? null,
      group.roleArn ?? null,
      group.precedence ?? null,
      group.createdAt.getTime(),
      group.modifiedAt.getTime(),
    );
  }

  update(group: GroupRecord): void {
    this.#statements.update.run(
      group.description ?? null,
      group.roleArn ?? null,
      group.precedence ?? null,
      group.modifiedAt.getTime(),
      group.userPoolId,
      group.name,
    );
  }

  /** Its members stay, without it. */
  delete(group: GroupRecord): void {
    this.#statements.delete.run(group.userPoolId, group.name);
  }

  find(userPoolId: string, name: string): GroupRecord | undefined {
    const row = this.#statements.find.get(userPoolId, name);
    return row && record(row);
  }

  /** Groups after the name `after`, in the order of their names. */
  list(userPoolId: string, after: string, limit: number): GroupRecord[] {
    return this.#statements.list.all(userPoolId, after, limit).map(record);
  }

  count(userPoolId: string): number {
    return this.#statements.count.get(userPoolId)?.count ?? 0;
  }

  /** Being in it already changes nothing. */
  add(group: GroupRecord, userNumber: number): void {
    this.#statements.add.run(group.account, group.userPoolId, group.name, userNumber);
  }

  remove(group: GroupRecord, userNumber: number): void {
    this.#statements.remove.run(group.userPoolId, group.name, userNumber);
  }

  /** A user's groups, the strongest first; equals in the order of their names. */
  ofUser(userNumber: number): GroupRecord[] {
    return this.#statements.ofUser.all(userNumber).map(record);
  }

  /** Numbers of the members after the one numbered `after`. */
  members(group: GroupRecord, after: number, limit: number): number[] {
    return this.#statements.members
      .all(group.userPoolId, group.name, after, limit)
      .map(({ user_number: number }) => number);
  }
}
