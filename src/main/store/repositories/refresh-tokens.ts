import { createHash } from 'node:crypto';
import type { Database } from '../database.ts';

/** One sign-in: its refresh token, and what its access and ID tokens are traced back by. */
export interface SignInRecord {
  readonly id: string;
  readonly account: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly userNumber: number;
  /** Shared by all tokens of the sign-in; on the wire only where the client allows revocation. */
  readonly originJti: string;
  /** Shared by all tokens of the sign-in, and always on the wire. */
  readonly eventId: string;
  readonly authTime: Date;
  readonly expiresAt: Date;
  readonly revoked: boolean;
}

export interface NewSignIn extends Omit<SignInRecord, 'id' | 'revoked'> {
  readonly refreshToken: string;
  readonly issuedAt: Date;
}

interface Row {
  id: string;
  account: string;
  user_pool_id: string;
  client_id: string;
  user_number: number;
  origin_jti: string;
  event_id: string;
  auth_time: number;
  expires_at: number;
  revoked_at: number | null;
}

// An access token, at most a day old, may outlast the refresh token that it came from.
const KEPT_AFTER_EXPIRY = 24 * 60 * 60 * 1000;

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function record(row: Row): SignInRecord {
  return {
    id: row.id,
    account: row.account,
    userPoolId: row.user_pool_id,
    clientId: row.client_id,
    userNumber: row.user_number,
    originJti: row.origin_jti,
    eventId: row.event_id,
    authTime: new Date(row.auth_time),
    expiresAt: new Date(row.expires_at),
    revoked: row.revoked_at !== null,
  };
}

export class RefreshTokens {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      sweep: database.prepare('DELETE FROM refresh_tokens WHERE user_number = ? AND expires_at < ?'),
      insert: database.prepare(
        `INSERT INTO refresh_tokens (id, account, user_pool_id, client_id, user_number, origin_jti, event_id,
           auth_time, issued_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      find: database.prepare<[string], Row>('SELECT * FROM refresh_tokens WHERE id = ?'),
      isActive: database.prepare<[string, number], { active: number }>(
        'SELECT revoked_at IS NULL AS active FROM refresh_tokens WHERE event_id = ? AND user_number = ?',
      ),
      revoke: database.prepare('UPDATE refresh_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL'),
      revokeAll: database.prepare(
        'UPDATE refresh_tokens SET revoked_at = ? WHERE user_number = ? AND revoked_at IS NULL',
      ),
    };
  }

  insert(signIn: NewSignIn): void {
    this.#statements.sweep.run(signIn.userNumber, signIn.issuedAt.getTime() - KEPT_AFTER_EXPIRY);
    this.#statements.insert.run(
      hash(signIn.refreshToken),
      signIn.account,
      signIn.userPoolId,
      signIn.clientId,
      signIn.userNumber,
      signIn.originJti,
      signIn.eventId,
      signIn.authTime.getTime(),
      signIn.issuedAt.getTime(),
      signIn.expiresAt.getTime(),
    );
  }

  find(refreshToken: string): SignInRecord | undefined {
    const row = this.#statements.find.get(hash(refreshToken));
    return row && record(row);
  }

  /** Whether the tokens of this sign-in still hold: not revoked, and not forgotten. */
  isActive(eventId: string, userNumber: number): boolean {
    return this.#statements.isActive.get(eventId, userNumber)?.active === 1;
  }

  revoke(signIn: SignInRecord, now: Date): void {
    this.#statements.revoke.run(now.getTime(), signIn.id);
  }

  /** Every sign-in of a user, as a global sign-out does. */
  revokeAll(userNumber: number, now: Date): void {
    this.#statements.revokeAll.run(now.getTime(), userNumber);
  }
}
