import type { UserType } from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';
import { type SearchPosition, type UserSearch, UserSearchIndex } from './user-search.ts';

export type UserStatus = NonNullable<UserType['UserStatus']>;

export interface UserRecord {
  /** Counts up over all pools; the order in which users are listed. */
  readonly number: number;
  readonly account: string;
  readonly userPoolId: string;
  readonly username: string;
  readonly sub: string;
  readonly status: UserStatus;
  readonly enabled: boolean;
  /** Without `sub`; values are text, as on the wire. */
  readonly attributes: { readonly [name: string]: string };
  readonly password: PasswordVerifier | undefined;
  readonly passwordSetAt: Date | undefined;
  readonly failures: SignInFailures;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

/** What is kept of a password, both as hexadecimal text. */
export interface PasswordVerifier {
  readonly salt: string;
  readonly verifier: string;
}

export interface SignInFailures {
  readonly count: number;
  readonly lastAt: Date | undefined;
}

export interface Alias {
  readonly kind: string;
  /** The form that is compared. */
  readonly key: string;
}

/** How a new user is stored; `usernameKey` is the form of the name that is compared. */
export type NewUser = Omit<UserRecord, 'number' | 'failures' | 'modifiedAt'> & { readonly usernameKey: string };

export type UserChanges = Partial<
  Pick<UserRecord, 'status' | 'enabled' | 'attributes' | 'password' | 'passwordSetAt'>
> & {
  /** How many earlier passwords are remembered from now on, where the present one is replaced. */
  readonly passwordsRemembered?: number;
};

interface Row {
  number: number;
  account: string;
  user_pool_id: string;
  username: string;
  sub: string;
  status: string;
  enabled: number;
  attributes: string;
  salt: string | null;
  verifier: string | null;
  password_set_at: number | null;
  failed_sign_ins: number;
  last_failed_at: number | null;
  created_at: number;
  modified_at: number;
}

function date(millis: number | null): Date | undefined {
  return millis === null ? undefined : new Date(millis);
}

function record(row: Row): UserRecord {
  return {
    number: row.number,
    account: row.account,
    userPoolId: row.user_pool_id,
    username: row.username,
    sub: row.sub,
    status: row.status as UserStatus,
    enabled: row.enabled === 1,
    attributes: JSON.parse(row.attributes) as UserRecord['attributes'],
    password: row.salt !== null && row.verifier !== null ? { salt: row.salt, verifier: row.verifier } : undefined,
    passwordSetAt: date(row.password_set_at),
    failures: { count: row.failed_sign_ins, lastAt: date(row.last_failed_at) },
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
  };
}

// The most that a policy may ask to be remembered.
const PASSWORDS_REMEMBERED = 24;

export class Users {
  readonly #statements;
  readonly #index;

  constructor(database: Database) {
    this.#index = new UserSearchIndex(database);
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO users (account, user_pool_id, username, username_key, sub, status, enabled, attributes, salt,
           verifier, password_set_at, created_at, modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: database.prepare(
        `UPDATE users SET status = ?, enabled = ?, attributes = ?, salt = ?, verifier = ?, password_set_at = ?,
           modified_at = ? WHERE number = ?`,
      ),
      setFailures: database.prepare('UPDATE users SET failed_sign_ins = ?, last_failed_at = ? WHERE number = ?'),
      delete: database.prepare('DELETE FROM users WHERE number = ?'),
      byNumber: database.prepare<[number], Row>('SELECT * FROM users WHERE number = ?'),
      byUsername: database.prepare<[string, string], Row>(
        'SELECT * FROM users WHERE user_pool_id = ? AND username_key = ?',
      ),
      bySub: database.prepare<[string, string], Row>('SELECT * FROM users WHERE user_pool_id = ? AND sub = ?'),
      byAlias: database.prepare<[string, string], Row>(
        `SELECT u.* FROM user_aliases a JOIN users u ON u.number = a.user_number
         WHERE a.user_pool_id = ? AND a.alias_key = ? ORDER BY a.kind LIMIT 1`,
      ),
      aliasHolder: database.prepare<[string, string, string], { user_number: number }>(
        'SELECT user_number FROM user_aliases WHERE user_pool_id = ? AND alias_key = ? AND kind = ?',
      ),
      dropAliases: database.prepare('DELETE FROM user_aliases WHERE user_number = ?'),
      addAlias: database.prepare(
        'INSERT INTO user_aliases (account, user_pool_id, kind, alias_key, user_number) VALUES (?, ?, ?, ?, ?)',
      ),
      list: database.prepare<[string, number, number], Row>(
        'SELECT * FROM users WHERE user_pool_id = ? AND number > ? ORDER BY number LIMIT ?',
      ),
      rememberPassword: database.prepare(
        'INSERT INTO past_passwords (account, user_number, salt, verifier) VALUES (?, ?, ?, ?)',
      ),
      forgetPasswords: database.prepare(
        `DELETE FROM past_passwords WHERE user_number = @user AND number NOT IN
           (SELECT number FROM past_passwords WHERE user_number = @user ORDER BY number DESC LIMIT @kept)`,
      ),
      pastPasswords: database.prepare<[number, number], PasswordVerifier>(
        'SELECT salt, verifier FROM past_passwords WHERE user_number = ? ORDER BY number DESC LIMIT ?',
      ),
    };
  }

  insert(user: NewUser): UserRecord {
    const created = user.createdAt.getTime();
    const { lastInsertRowid } = this.#statements.insert.run(
      user.account,
      user.userPoolId,
      user.username,
      user.usernameKey,
      user.sub,
      user.status,
      user.enabled ? 1 : 0,
      JSON.stringify(user.attributes),
      user.password?.salt ?? null,
      user.password?.verifier ?? null,
      user.passwordSetAt?.getTime() ?? null,
      created,
      created,
    );
    const number = Number(lastInsertRowid);
    this.#index.update({ ...user, number }, {}, user.attributes);
    return this.#require(number);
  }

  update(user: UserRecord, changes: UserChanges, now: Date): UserRecord {
    const next = { ...user, ...changes };
    // `user` may be older than what is stored.
    const stored = this.#require(user.number);
    this.#index.update(user, stored.attributes, next.attributes);
    if (changes.passwordsRemembered !== undefined) this.#remember(stored, changes.passwordsRemembered);
    this.#statements.update.run(
      next.status,
      next.enabled ? 1 : 0,
      JSON.stringify(next.attributes),
      next.password?.salt ?? null,
      next.password?.verifier ?? null,
      next.passwordSetAt?.getTime() ?? null,
      now.getTime(),
      user.number,
    );
    return this.#require(user.number);
  }

  setFailures(user: UserRecord, failures: SignInFailures): void {
    this.#statements.setFailures.run(failures.count, failures.lastAt?.getTime() ?? null, user.number);
  }

  delete(user: UserRecord): void {
    this.#statements.delete.run(user.number);
  }

  find(number: number): UserRecord | undefined {
    return optional(this.#statements.byNumber.get(number));
  }

  findByUsername(userPoolId: string, usernameKey: string): UserRecord | undefined {
    return optional(this.#statements.byUsername.get(userPoolId, usernameKey));
  }

  findBySub(userPoolId: string, sub: string): UserRecord | undefined {
    return optional(this.#statements.bySub.get(userPoolId, sub));
  }

  findByAlias(userPoolId: string, aliasKey: string): UserRecord | undefined {
    return optional(this.#statements.byAlias.get(userPoolId, aliasKey));
  }

  /** Who may sign in under this alias. */
  aliasHolder(userPoolId: string, alias: Alias): UserRecord | undefined {
    const holder = this.#statements.aliasHolder.get(userPoolId, alias.key, alias.kind);
    return holder && this.find(holder.user_number);
  }

  /** The caller has made sure that nobody else holds any of them. */
  replaceAliases(user: UserRecord, aliases: readonly Alias[]): void {
    this.#statements.dropAliases.run(user.number);
    for (const { kind, key } of aliases) {
      this.#statements.addAlias.run(user.account, user.userPoolId, kind, key, user.number);
    }
  }

  /** Users after the one numbered `after`, in the order of their creation. */
  list(userPoolId: string, after: number, limit: number): UserRecord[] {
    return this.#statements.list.all(userPoolId, after, limit).map(record);
  }

  /** The users that match a search, each with its place in the field's order. */
  search(search: UserSearch): { readonly user: UserRecord; readonly position: SearchPosition }[] {
    return this.#index.find(search).flatMap((position) => {
      const user = this.find(position.number);
      return user ? [{ user, position }] : [];
    });
  }

  /** Passwords before the present one, the newest first. */
  pastPasswords(user: UserRecord, limit: number): PasswordVerifier[] {
    return this.#statements.pastPasswords.all(user.number, limit);
  }

  #remember(user: UserRecord, kept: number): void {
    if (user.password && kept > 0) {
      this.#statements.rememberPassword.run(user.account, user.number, user.password.salt, user.password.verifier);
    }
    this.#statements.forgetPasswords.run({ user: user.number, kept: Math.min(kept, PASSWORDS_REMEMBERED) });
  }

  #require(number: number): UserRecord {
    const user = this.find(number);
    if (!user) throw new Error(`user ${number} is gone in the middle of a write`);
    return user;
  }
}

function optional(row: Row | undefined): UserRecord | undefined {
  return row && record(row);
}
