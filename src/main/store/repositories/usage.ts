import type { Database } from '../database.ts';

/** The store's size from `at` on, and what size times seconds had summed up to by then. */
export interface StorageMark {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytes: number;
  readonly byteSeconds: number;
}

export interface UsageDay {
  /** `2026-11-21`, in UTC. */
  readonly day: string;
  readonly sessionTokens: number;
  readonly synchronizations: number;
}

const HOUR = 3_600_000;
const MARK = 'at, bytes, byte_seconds AS byteSeconds';

export class Usage {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      bytes: database.prepare<[string], number>('SELECT bytes FROM sync_accounts WHERE account = ?').pluck(),
      count: database.prepare<[string, string, number, number]>(
        `INSERT INTO usage_days (account, day, session_tokens, synchronizations) VALUES (?, ?, ?, ?)
           ON CONFLICT (account, day) DO UPDATE SET session_tokens = session_tokens + excluded.session_tokens,
             synchronizations = synchronizations + excluded.synchronizations`,
      ),
      days: database.prepare<[string, string], UsageDay>(
        `SELECT day, session_tokens AS sessionTokens, synchronizations FROM usage_days
           WHERE account = ? AND day LIKE ? ORDER BY day`,
      ),
      newestMark: database.prepare<[string], StorageMark>(
        `SELECT ${MARK} FROM usage_storage WHERE account = ? ORDER BY hour DESC LIMIT 1`,
      ),
      markBefore: database.prepare<[string, number, number], StorageMark>(
        `SELECT ${MARK} FROM usage_storage WHERE account = ? AND hour <= ? AND at <= ? ORDER BY hour DESC LIMIT 1`,
      ),
      putMark: database.prepare<[string, number, number, number, number]>(
        `INSERT INTO usage_storage (account, hour, at, bytes, byte_seconds) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (account, hour) DO UPDATE SET at = excluded.at, bytes = excluded.bytes,
             byte_seconds = excluded.byte_seconds`,
      ),
      seen: database.prepare<[string, string, string, string, number]>(
        `INSERT INTO usage_users (account, month, user_pool_id, username, first_seen) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO NOTHING`,
      ),
      users: database.prepare<[string, string], { userPoolId: string; users: number }>(
        `SELECT user_pool_id AS userPoolId, count(*) AS users FROM usage_users
           WHERE account = ? AND month = ? GROUP BY user_pool_id ORDER BY user_pool_id`,
      ),
      newUsers: database.prepare<[string, string], { day: string; users: number }>(
        `SELECT date(first_seen / 1000, 'unixepoch') AS day, count(*) AS users FROM usage_users
           WHERE account = ? AND month = ? GROUP BY day ORDER BY day`,
      ),
    };
  }

  /** What all datasets of an account hold now. */
  bytes(account: string): number {
    return this.#statements.bytes.get(account) ?? 0;
  }

  count(account: string, day: string, sessionTokens: number, synchronizations: number): void {
    this.#statements.count.run(account, day, sessionTokens, synchronizations);
  }

  /** The days of a month (`2026-11`) on which something was counted. */
  days(account: string, month: string): UsageDay[] {
    return this.#statements.days.all(account, `${month}-%`);
  }

  newestMark(account: string): StorageMark | undefined {
    return this.#statements.newestMark.get(account);
  }

  /** The last one at or before a full hour. */
  markBefore(account: string, at: number): StorageMark | undefined {
    return this.#statements.markBefore.get(account, Math.floor(at / HOUR), at);
  }

  putMark(account: string, mark: StorageMark): void {
    this.#statements.putMark.run(account, Math.floor(mark.at / HOUR), mark.at, mark.bytes, mark.byteSeconds);
  }

  /** Notes that a user was active in a month; the first time counts. */
  seen(account: string, month: string, userPoolId: string, username: string, at: number): void {
    this.#statements.seen.run(account, month, userPoolId, username, at);
  }

  activeUsers(account: string, month: string): { readonly userPoolId: string; readonly users: number }[] {
    return this.#statements.users.all(account, month);
  }

  newActiveUsers(account: string, month: string): { readonly day: string; readonly users: number }[] {
    return this.#statements.newUsers.all(account, month);
  }
}
