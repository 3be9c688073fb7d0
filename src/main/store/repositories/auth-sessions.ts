import { createHash } from 'node:crypto';
import type { Json } from '../../../shared/json.ts';
import type { Database } from '../database.ts';

/** An authentication under way: which challenge was asked of whom, through which client. */
export interface AuthSessionRecord {
  readonly id: string;
  readonly account: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Absent where the user does not exist and the answers are simulated. */
  readonly userNumber: number | undefined;
  readonly username: string;
  readonly challenge: string;
  readonly state: Json;
  readonly expiresAt: Date;
  readonly used: boolean;
}

export interface NewAuthSession extends Omit<AuthSessionRecord, 'id' | 'used'> {
  /** The text that the client holds; only its hash is kept. */
  readonly session: string;
  readonly secretBlock?: string;
  readonly issuedAt: Date;
}

interface Row {
  id: string;
  account: string;
  user_pool_id: string;
  client_id: string;
  user_number: number | null;
  username: string;
  challenge: string;
  state: string;
  expires_at: number;
  used_at: number | null;
}

// Long enough to tell an expired session from an unknown one.
const KEPT_AFTER_EXPIRY = 24 * 60 * 60 * 1000;

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function record(row: Row): AuthSessionRecord {
  return {
    id: row.id,
    account: row.account,
    userPoolId: row.user_pool_id,
    clientId: row.client_id,
    userNumber: row.user_number ?? undefined,
    username: row.username,
    challenge: row.challenge,
    state: JSON.parse(row.state) as Json,
    expiresAt: new Date(row.expires_at),
    used: row.used_at !== null,
  };
}

export class AuthSessions {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      sweep: database.prepare('DELETE FROM auth_sessions WHERE expires_at < ?'),
      insert: database.prepare(
        `INSERT INTO auth_sessions (id, account, user_pool_id, client_id, user_number, username, challenge,
           secret_block_id, state, issued_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      find: database.prepare<[string], Row>('SELECT * FROM auth_sessions WHERE id = ?'),
      findBySecretBlock: database.prepare<[string], Row>('SELECT * FROM auth_sessions WHERE secret_block_id = ?'),
      use: database.prepare('UPDATE auth_sessions SET used_at = ? WHERE id = ? AND used_at IS NULL'),
    };
  }

  insert(session: NewAuthSession): void {
    this.#statements.sweep.run(session.issuedAt.getTime() - KEPT_AFTER_EXPIRY);
    this.#statements.insert.run(
      hash(session.session),
      session.account,
      session.userPoolId,
      session.clientId,
      session.userNumber ?? null,
      session.username,
      session.challenge,
      session.secretBlock === undefined ? null : hash(session.secretBlock),
      JSON.stringify(session.state),
      session.issuedAt.getTime(),
      session.expiresAt.getTime(),
    );
  }

  find(session: string): AuthSessionRecord | undefined {
    const row = this.#statements.find.get(hash(session));
    return row && record(row);
  }

  findBySecretBlock(secretBlock: string): AuthSessionRecord | undefined {
    const row = this.#statements.findBySecretBlock.get(hash(secretBlock));
    return row && record(row);
  }

  /** False when somebody else used it first. */
  use(id: string, now: Date): boolean {
    return this.#statements.use.run(now.getTime(), id).changes === 1;
  }
}
