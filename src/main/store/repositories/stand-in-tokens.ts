import type { Database } from '../database.ts';
import type { StandInPlace } from './stand-ins.ts';

export interface StandInTokenRecord {
  /** The token itself is not kept. */
  readonly digest: string;
  readonly account: string;
  readonly standIn: string;
  readonly use: 'code' | 'access' | 'refresh';
  readonly appId: string;
  readonly subject: string;
  /** JSON text: what a code or a refresh token leads to. */
  readonly request: string | undefined;
  /** Digest of the code that it came from. */
  readonly fromCode: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When it was revoked, or a code was used. */
  readonly endedAt: Date | undefined;
}

interface Row {
  digest: string;
  account: string;
  stand_in: string;
  use: string;
  app_id: string;
  subject: string;
  request: string | null;
  from_code: string | null;
  created_at: number;
  expires_at: number;
  ended_at: number | null;
}

/** Codes and tokens that only the stand-in that made them can read. */
export class StandInTokens {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      find: database.prepare<[string], Row>('SELECT * FROM stand_in_tokens WHERE digest = ?'),
      insert: database.prepare(
        `INSERT INTO stand_in_tokens
           (digest, account, stand_in, use, app_id, subject, request, from_code, created_at, expires_at, ended_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      end: database.prepare('UPDATE stand_in_tokens SET ended_at = ? WHERE digest = ? AND ended_at IS NULL'),
      endFrom: database.prepare('UPDATE stand_in_tokens SET ended_at = ? WHERE from_code = ? AND ended_at IS NULL'),
      removeOld: database.prepare('DELETE FROM stand_in_tokens WHERE account = ? AND stand_in = ? AND expires_at < ?'),
    };
  }

  find({ account, name }: StandInPlace, digest: string): StandInTokenRecord | undefined {
    const row = this.#statements.find.get(digest);
    if (!row || row.account !== account || row.stand_in !== name) return undefined;
    return {
      digest: row.digest,
      account: row.account,
      standIn: row.stand_in,
      use: row.use as StandInTokenRecord['use'],
      appId: row.app_id,
      subject: row.subject,
      request: row.request ?? undefined,
      fromCode: row.from_code ?? undefined,
      createdAt: new Date(row.created_at),
      expiresAt: new Date(row.expires_at),
      endedAt: row.ended_at === null ? undefined : new Date(row.ended_at),
    };
  }

  insert(token: StandInTokenRecord): void {
    this.#statements.insert.run(
      token.digest,
      token.account,
      token.standIn,
      token.use,
      token.appId,
      token.subject,
      token.request ?? null,
      token.fromCode ?? null,
      token.createdAt.getTime(),
      token.expiresAt.getTime(),
      token.endedAt?.getTime() ?? null,
    );
  }

  /** False where it had ended before. */
  end(digest: string, now: Date): boolean {
    return this.#statements.end.run(now.getTime(), digest).changes === 1;
  }

  /** Ends all that came from a code. */
  endFrom(codeDigest: string, now: Date): void {
    this.#statements.endFrom.run(now.getTime(), codeDigest);
  }

  removeOld({ account, name }: StandInPlace, before: Date): void {
    this.#statements.removeOld.run(account, name, before.getTime());
  }
}
