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
  /** Set where rotation has replaced the token that the sign-in was found by: until then it still works. */
  readonly usableUntil: Date | undefined;
  /** Where the pool tracks devices: the one that the sign-in was made on. */
  readonly deviceKey?: string;
  /** `tkn` and 25 letters and digits: how the user and administrators name it. */
  readonly sessionId: string;
  readonly lastActive: SignInActivity;
}

/** From where, and with what, a sign-in or a refresh came. */
export interface SignInActivity {
  readonly at: Date;
  readonly ipAddress: string;
  readonly userAgent: string;
}

/** Where a listing of sign-ins stands. */
export interface SignInPosition {
  readonly authTime: number;
  readonly eventId: string;
}

export interface NewSignIn extends Omit<SignInRecord, 'id' | 'revoked' | 'usableUntil' | 'sessionId'> {
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
  usable_until: number | null;
  device_key: string | null;
  last_active_at: number;
  last_ip: string;
  user_agent: string;
}

// An access token, at most a day old, may outlast the refresh token that it came from.
const KEPT_AFTER_EXPIRY = 24 * 60 * 60 * 1000;

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Random as the UUID is, so it needs no column of its own. */
function sessionId(eventId: string): string {
  return `tkn${eventId.replaceAll('-', '').slice(0, 25)}`;
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
    usableUntil: row.usable_until === null ? undefined : new Date(row.usable_until),
    ...(row.device_key === null ? {} : { deviceKey: row.device_key }),
    sessionId: sessionId(row.event_id),
    lastActive: { at: new Date(row.last_active_at), ipAddress: row.last_ip, userAgent: row.user_agent },
  };
}

export class RefreshTokens {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      sweep: database.prepare('DELETE FROM refresh_tokens WHERE user_number = ? AND expires_at < ?'),
      insert: database.prepare(
        `INSERT INTO refresh_tokens (id, account, user_pool_id, client_id, user_number, origin_jti, event_id,
           auth_time, issued_at, expires_at, device_key, last_active_at, last_ip, user_agent)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      find: database.prepare<[string], Row>(
        `SELECT s.*, r.usable_until FROM refresh_tokens s LEFT JOIN rotated_refresh_tokens r ON r.id = s.id
         WHERE s.id = ?`,
      ),
      findRotated: database.prepare<[string], Row>(
        `SELECT s.*, r.usable_until FROM rotated_refresh_tokens r JOIN refresh_tokens s ON s.event_id = r.event_id
         WHERE r.id = ?`,
      ),
      addRotated: database.prepare(
        'INSERT INTO rotated_refresh_tokens (id, account, event_id, usable_until) VALUES (?, ?, ?, NULL)',
      ),
      // A retry within the grace period does not make it longer.
      replace: database.prepare(
        `INSERT INTO rotated_refresh_tokens (id, account, event_id, usable_until) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET usable_until = coalesce(usable_until, excluded.usable_until)`,
      ),
      isActive: database.prepare<[string, number], { active: number }>(
        'SELECT revoked_at IS NULL AS active FROM refresh_tokens WHERE event_id = ? AND user_number = ?',
      ),
      active: database.prepare<[number, number, number, string, number], Row>(
        `SELECT *, NULL AS usable_until FROM refresh_tokens
         WHERE user_number = ? AND revoked_at IS NULL AND expires_at > ? AND (auth_time, event_id) < (?, ?)
         ORDER BY auth_time DESC, event_id DESC LIMIT ?`,
      ),
      findSession: database.prepare<[number, number, string], Row>(
        `SELECT *, NULL AS usable_until FROM refresh_tokens
         WHERE user_number = ? AND revoked_at IS NULL AND expires_at > ?
           AND 'tkn' || substr(replace(event_id, '-', ''), 1, 25) = ?`,
      ),
      evict: database.prepare(
        `UPDATE refresh_tokens SET revoked_at = ? WHERE rowid IN (
           SELECT rowid FROM refresh_tokens WHERE user_number = ? AND revoked_at IS NULL AND expires_at > ?
           ORDER BY last_active_at DESC, rowid DESC LIMIT -1 OFFSET ?)`,
      ),
      touch: database.prepare(
        'UPDATE refresh_tokens SET last_active_at = ?, last_ip = ?, user_agent = ? WHERE event_id = ?',
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
      signIn.deviceKey ?? null,
      signIn.lastActive.at.getTime(),
      signIn.lastActive.ipAddress,
      signIn.lastActive.userAgent,
    );
  }

  find(refreshToken: string): SignInRecord | undefined {
    const id = hash(refreshToken);
    const row = this.#statements.find.get(id) ?? this.#statements.findRotated.get(id);
    return row && record(row);
  }

  /** Puts `next` in the place of `previous`, which works until `usableUntil`; a sign-in may have several at work. */
  rotate(signIn: SignInRecord, previous: string, next: string, usableUntil: Date): void {
    this.#statements.replace.run(hash(previous), signIn.account, signIn.eventId, usableUntil.getTime());
    this.#statements.addRotated.run(hash(next), signIn.account, signIn.eventId);
  }

  /** Whether the tokens of this sign-in still hold: not revoked, and not forgotten. */
  isActive(eventId: string, userNumber: number): boolean {
    return this.#statements.isActive.get(eventId, userNumber)?.active === 1;
  }

  /** A user's sign-ins that still hold, newest first, older than `before`. */
  active(userNumber: number, now: Date, before: SignInPosition, limit: number): SignInRecord[] {
    return this.#statements.active.all(userNumber, now.getTime(), before.authTime, before.eventId, limit).map(record);
  }

  /** One of a user's sign-ins that still hold. */
  findSession(userNumber: number, now: Date, session: string): SignInRecord | undefined {
    const row = this.#statements.findSession.get(userNumber, now.getTime(), session);
    return row && record(row);
  }

  /** Ends all but the `keep` sign-ins of a user that were used last; returns how many it ended. */
  evict(userNumber: number, now: Date, keep: number): number {
    return this.#statements.evict.run(now.getTime(), userNumber, now.getTime(), keep).changes;
  }

  /** Notes a refresh. */
  touch(signIn: SignInRecord, { at, ipAddress, userAgent }: SignInActivity): void {
    this.#statements.touch.run(at.getTime(), ipAddress, userAgent, signIn.eventId);
  }

  revoke(signIn: SignInRecord, now: Date): void {
    this.#statements.revoke.run(now.getTime(), signIn.id);
  }

  /** Every sign-in of a user, as a global sign-out does. */
  revokeAll(userNumber: number, now: Date): void {
    this.#statements.revokeAll.run(now.getTime(), userNumber);
  }
}
