import type { Database, Statement } from '../database.ts';

/** Rows of an index behind a place in it: those with the same key, and those with a larger one. */
interface Walk {
  readonly same: Statement<[scope: string, key: Key, number: number, limit: number], Row>;
  readonly beyond: Statement<[scope: string, key: Key, to: Key, limit: number], Row>;
}

type Key = string | number;

interface Row {
  readonly key: Key;
  readonly number: number;
}

/** Attributes that have rows of their own to search by. */
const SEARCHED_ATTRIBUTES = [
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
] as const;

/** What users are searched by. `enabled` is compared as `1` or `0`, all others as text. */
export type SearchField = (typeof SEARCHED_ATTRIBUTES)[number] | 'username' | 'sub' | 'status' | 'enabled';

export interface UserSearch {
  readonly userPoolId: string;
  readonly field: SearchField;
  /** The smallest and the largest value that match; the same one for an exact search. */
  readonly from: string;
  readonly to: string;
  /** The last user of the page before. */
  readonly after: SearchPosition | undefined;
  readonly limit: number;
}

export interface SearchPosition {
  readonly key: string;
  readonly number: number;
}

/** The form in which attribute values are compared. */
export function searchKey(value: string): string {
  return value.toLowerCase();
}

/**
 * Finds users by what ListUsers can filter by. Each query walks an index from where the last page ended, so its cost
 * is that of the page and not that of the pool.
 */
export class UserSearchIndex {
  readonly #statements;
  readonly #columns: { readonly [Field in SearchField]?: Walk };
  readonly #attributes: { readonly [name: string]: Walk };

  constructor(database: Database) {
    // Two queries rather than one comparison of rows: SQLite would read all rows of the same key again.
    const walk = (table: string, scope: string, key: string, number: string): Walk => ({
      same: database.prepare(
        `SELECT ${key} AS key, ${number} AS number FROM ${table}
         WHERE ${scope} AND ${key} = ? AND ${number} > ? ORDER BY ${number} LIMIT ?`,
      ),
      beyond: database.prepare(
        `SELECT ${key} AS key, ${number} AS number FROM ${table}
         WHERE ${scope} AND ${key} > ? AND ${key} <= ? ORDER BY ${key}, ${number} LIMIT ?`,
      ),
    });
    const column = (key: string): Walk => walk('users', 'user_pool_id = ?', key, 'number');
    this.#columns = {
      username: column('username_key'),
      sub: column('sub'),
      status: column('status'),
      enabled: column('enabled'),
    };
    this.#attributes = Object.fromEntries(
      SEARCHED_ATTRIBUTES.map((name) => [
        name,
        walk('user_search', `user_pool_id = ? AND attribute = '${name}'`, 'value_key', 'user_number'),
      ]),
    );
    this.#statements = {
      add: database.prepare(
        'INSERT INTO user_search (account, user_pool_id, attribute, value_key, user_number) VALUES (?, ?, ?, ?, ?)',
      ),
      drop: database.prepare('DELETE FROM user_search WHERE user_number = ?'),
    };
  }

  /** Where the users stand that match, in the order of the field. */
  find({ userPoolId, field, from, to, after, limit }: UserSearch): SearchPosition[] {
    const walk = this.#columns[field] ?? this.#attributes[field]!;
    const stored = (text: string): Key => (field === 'enabled' ? Number(text) : text);
    const start = stored(after?.key ?? from);
    const found = walk.same.all(userPoolId, start, after?.number ?? -1, limit);
    if (found.length < limit && from !== to) {
      found.push(...walk.beyond.all(userPoolId, start, stored(to), limit - found.length));
    }
    return found.map(({ key, number }) => ({ key: String(key), number }));
  }

  /** Keeps a user's rows in step with the attributes; `before` is what the rows were made of. */
  update(
    user: { readonly account: string; readonly userPoolId: string; readonly number: number },
    before: { readonly [name: string]: string },
    attributes: { readonly [name: string]: string },
  ): void {
    if (SEARCHED_ATTRIBUTES.every((name) => before[name] === attributes[name])) return;
    this.#statements.drop.run(user.number);
    for (const name of SEARCHED_ATTRIBUTES) {
      const value = attributes[name];
      if (value) this.#statements.add.run(user.account, user.userPoolId, name, searchKey(value), user.number);
    }
  }
}
