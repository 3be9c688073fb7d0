import type { Database } from '../database.ts';

export type CodePurpose = 'sign-up' | 'forgot-password' | 'verify-email' | 'verify-phone_number';

export interface CodeRecord {
  readonly code: string;
  /** The attribute whose address got the code. */
  readonly attribute: string;
  /** What the attribute becomes when the code is entered, where it waits for that. */
  readonly pendingValue: string | undefined;
  readonly expiresAt: Date;
  /** Only the newest code of a purpose counts. */
  readonly newest: boolean;
}

/** What is counted against an hourly limit, named as the operation. */
export type LimitedAction =
  | 'ChangePassword'
  | 'ConfirmForgotPassword'
  | 'ConfirmSignUp'
  | 'ForgotPassword'
  | 'GetUserAttributeVerificationCode'
  | 'ResendConfirmationCode'
  | 'VerifyUserAttribute';

interface Row {
  code: string;
  attribute: string;
  pending_value: string | null;
  expires_at: number;
}

/** Confirmation codes, and the attempts that are counted against hourly limits. */
export class Codes {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO codes (account, user_number, purpose, code, attribute, pending_value, issued_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      list: database.prepare<[number, string], Row>(
        `SELECT code, attribute, pending_value, expires_at FROM codes WHERE user_number = ? AND purpose = ?
         ORDER BY number DESC`,
      ),
      clear: database.prepare('DELETE FROM codes WHERE user_number = ? AND purpose = ?'),
      attempts: database.prepare<[number, string], { window_started_at: number; count: number }>(
        'SELECT window_started_at, count FROM attempts WHERE user_number = ? AND action = ?',
      ),
      setAttempts: database.prepare(
        `INSERT INTO attempts (account, user_number, action, window_started_at, count) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (user_number, action) DO UPDATE SET window_started_at = excluded.window_started_at,
           count = excluded.count`,
      ),
    };
  }

  insert(code: {
    readonly account: string;
    readonly userNumber: number;
    readonly purpose: CodePurpose;
    readonly code: string;
    readonly attribute: string;
    readonly pendingValue?: string | undefined;
    readonly issuedAt: Date;
    readonly expiresAt: Date;
  }): void {
    this.#statements.insert.run(
      code.account,
      code.userNumber,
      code.purpose,
      code.code,
      code.attribute,
      code.pendingValue ?? null,
      code.issuedAt.getTime(),
      code.expiresAt.getTime(),
    );
  }

  /** Newest first; older ones are kept to tell a replaced code from a wrong one. */
  list(userNumber: number, purpose: CodePurpose): CodeRecord[] {
    return this.#statements.list.all(userNumber, purpose).map((row, index) => ({
      code: row.code,
      attribute: row.attribute,
      pendingValue: row.pending_value ?? undefined,
      expiresAt: new Date(row.expires_at),
      newest: index === 0,
    }));
  }

  clear(userNumber: number, purpose: CodePurpose): void {
    this.#statements.clear.run(userNumber, purpose);
  }

  /** Counts one attempt and returns how many fall into the current hour, this one included. */
  countAttempt(user: { account: string; number: number }, action: LimitedAction, now: Date): number {
    const hour = 60 * 60 * 1000;
    const seen = this.#statements.attempts.get(user.number, action);
    const inWindow = seen !== undefined && now.getTime() - seen.window_started_at < hour;
    const started = inWindow ? seen.window_started_at : now.getTime();
    const count = (inWindow ? seen.count : 0) + 1;
    this.#statements.setAttempts.run(user.account, user.number, action, started, count);
    return count;
  }
}
