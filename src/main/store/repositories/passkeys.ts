import type { Database } from '../database.ts';

export interface PasskeyRecord {
  /** URL-safe Base64, as browsers write it. */
  readonly credentialId: string;
  readonly account: string;
  readonly userNumber: number;
  readonly userPoolId: string;
  readonly name: string;
  readonly relyingParty: string;
  /** COSE. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** How often the authenticator says that it signed; zero where it does not count. */
  readonly counter: number;
  readonly attachment: string | undefined;
  readonly transports: readonly string[];
  readonly createdAt: Date;
}

export interface PasskeyChallenge {
  readonly clientId: string;
  readonly challenge: string;
  readonly expiresAt: Date;
}

interface Row {
  credential_id: string;
  account: string;
  user_number: number;
  user_pool_id: string;
  name: string;
  relying_party: string;
  public_key: Buffer;
  counter: number;
  attachment: string | null;
  transports: string;
  created_at: number;
}

function record(row: Row): PasskeyRecord {
  return {
    credentialId: row.credential_id,
    account: row.account,
    userNumber: row.user_number,
    userPoolId: row.user_pool_id,
    name: row.name,
    relyingParty: row.relying_party,
    publicKey: new Uint8Array(row.public_key),
    counter: row.counter,
    attachment: row.attachment ?? undefined,
    transports: JSON.parse(row.transports) as string[],
    createdAt: new Date(row.created_at),
  };
}

/** Passkeys of users, and what users were last asked to sign to add one. */
export class Passkeys {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO passkeys (credential_id, account, user_number, user_pool_id, name, relying_party, public_key,
           counter, attachment, transports, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      // Authenticators that do not count stay at zero.
      count: database.prepare(
        `UPDATE passkeys SET counter = @counter WHERE user_pool_id = @pool AND credential_id = @id
           AND (counter < @counter OR @counter = 0 AND counter = 0)`,
      ),
      delete: database.prepare('DELETE FROM passkeys WHERE user_pool_id = ? AND credential_id = ?'),
      find: database.prepare<[string, string], Row>(
        'SELECT * FROM passkeys WHERE user_pool_id = ? AND credential_id = ?',
      ),
      list: database.prepare<[number], Row>(
        'SELECT * FROM passkeys WHERE user_number = ? ORDER BY created_at, credential_id',
      ),
      ask: database.prepare(
        `INSERT INTO passkey_challenges (user_number, account, client_id, challenge, expires_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (user_number) DO UPDATE SET client_id = excluded.client_id, challenge = excluded.challenge,
           expires_at = excluded.expires_at`,
      ),
      asked: database.prepare<[number], { client_id: string; challenge: string; expires_at: number }>(
        'SELECT client_id, challenge, expires_at FROM passkey_challenges WHERE user_number = ?',
      ),
      answered: database.prepare('DELETE FROM passkey_challenges WHERE user_number = ? AND challenge = ?'),
    };
  }

  insert(passkey: PasskeyRecord): void {
    this.#statements.insert.run(
      passkey.credentialId,
      passkey.account,
      passkey.userNumber,
      passkey.userPoolId,
      passkey.name,
      passkey.relyingParty,
      Buffer.from(passkey.publicKey),
      passkey.counter,
      passkey.attachment ?? null,
      JSON.stringify(passkey.transports),
      passkey.createdAt.getTime(),
    );
  }

  /** False where another use has counted as far already. */
  count(passkey: PasskeyRecord, counter: number): boolean {
    const values = { counter, pool: passkey.userPoolId, id: passkey.credentialId };
    return this.#statements.count.run(values).changes === 1;
  }

  delete(passkey: PasskeyRecord): void {
    this.#statements.delete.run(passkey.userPoolId, passkey.credentialId);
  }

  find(userPoolId: string, credentialId: string): PasskeyRecord | undefined {
    const row = this.#statements.find.get(userPoolId, credentialId);
    return row && record(row);
  }

  /** Oldest first; a user has twenty at most. */
  list(user: { readonly number: number }): PasskeyRecord[] {
    return this.#statements.list.all(user.number).map(record);
  }

  /** What the user is to sign for a new passkey, in place of an older request. */
  ask(user: { readonly number: number; readonly account: string }, asked: PasskeyChallenge): void {
    this.#statements.ask.run(user.number, user.account, asked.clientId, asked.challenge, asked.expiresAt.getTime());
  }

  asked(user: { readonly number: number }): PasskeyChallenge | undefined {
    const row = this.#statements.asked.get(user.number);
    return row && { clientId: row.client_id, challenge: row.challenge, expiresAt: new Date(row.expires_at) };
  }

  /** False where the request was answered or replaced meanwhile. */
  answered(user: { readonly number: number }, challenge: string): boolean {
    return this.#statements.answered.run(user.number, challenge).changes === 1;
  }
}
