import type { Json } from '../../../shared/json.ts';
import type { Spoil, StandInClient, StandInKind, StandInPerson, StandInSpoil } from '../../../shared/stand-ins.ts';
import type { Database } from '../database.ts';

export interface StandInRecord {
  readonly account: string;
  readonly name: string;
  readonly kind: StandInKind;
  readonly spoil: StandInSpoil;
  readonly createdAt: Date;
}

export interface StandInKeyRecord {
  readonly kid: string;
  /** JSON text of the private JWK. */
  readonly privateJwk: string;
  readonly createdAt: Date;
  /** Of a key that signs no more. */
  readonly publishedUntil: Date | undefined;
}

interface Row {
  account: string;
  name: string;
  kind: string;
  spoil: string;
  spoil_once: number;
  created_at: number;
}

interface PersonRow {
  subject: string;
  name: string;
  email: string | null;
  claims: string;
}

interface ClientRow {
  id: string;
  secret: string | null;
  redirect_uris: string;
}

interface KeyRow {
  kid: string;
  private_jwk: string;
  created_at: number;
  published_until: number | null;
}

/** Names a stand-in: account and name. */
export type StandInPlace = Pick<StandInRecord, 'account' | 'name'>;

/** The stand-ins of an account with their people, their clients and their keys. */
export class StandInRecords {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      find: database.prepare<[string, string], Row>('SELECT * FROM stand_ins WHERE account = ? AND name = ?'),
      list: database.prepare<[string], Row>('SELECT * FROM stand_ins WHERE account = ? ORDER BY rowid'),
      insert: database.prepare(
        'INSERT INTO stand_ins (account, name, kind, spoil, spoil_once, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      spoil: database.prepare('UPDATE stand_ins SET spoil = ?, spoil_once = ? WHERE account = ? AND name = ?'),
      remove: database.prepare('DELETE FROM stand_ins WHERE account = ? AND name = ?'),

      person: database.prepare<[string, string, string], PersonRow>(
        'SELECT * FROM stand_in_people WHERE account = ? AND stand_in = ? AND subject = ?',
      ),
      people: database.prepare<[string, string], PersonRow>(
        'SELECT * FROM stand_in_people WHERE account = ? AND stand_in = ? ORDER BY rowid',
      ),
      putPerson: database.prepare(
        `INSERT INTO stand_in_people (account, stand_in, subject, name, email, claims) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET name = excluded.name, email = excluded.email, claims = excluded.claims`,
      ),
      removePerson: database.prepare('DELETE FROM stand_in_people WHERE account = ? AND stand_in = ? AND subject = ?'),

      client: database.prepare<[string, string, string], ClientRow>(
        'SELECT * FROM stand_in_clients WHERE account = ? AND stand_in = ? AND id = ?',
      ),
      clients: database.prepare<[string, string], ClientRow>(
        'SELECT * FROM stand_in_clients WHERE account = ? AND stand_in = ? ORDER BY rowid',
      ),
      putClient: database.prepare(
        `INSERT INTO stand_in_clients (account, stand_in, id, secret, redirect_uris) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET secret = excluded.secret, redirect_uris = excluded.redirect_uris`,
      ),
      removeClient: database.prepare('DELETE FROM stand_in_clients WHERE account = ? AND stand_in = ? AND id = ?'),

      keys: database.prepare<[string, string, number], KeyRow>(
        `SELECT * FROM stand_in_keys WHERE account = ? AND stand_in = ?
         AND (published_until IS NULL OR published_until > ?)
         ORDER BY published_until IS NOT NULL, created_at DESC, rowid DESC`,
      ),
      insertKey: database.prepare(
        `INSERT INTO stand_in_keys (account, stand_in, kid, private_jwk, created_at, published_until)
         VALUES (?, ?, ?, ?, ?, NULL)`,
      ),
      retireKey: database.prepare(
        `UPDATE stand_in_keys SET published_until = ? WHERE account = ? AND stand_in = ? AND published_until IS NULL`,
      ),
      removeKeys: database.prepare('DELETE FROM stand_in_keys WHERE account = ? AND stand_in = ?'),
      removeKey: database.prepare(
        'DELETE FROM stand_in_keys WHERE account = ? AND stand_in = ? AND kid = ? AND published_until IS NOT NULL',
      ),
    };
  }

  find(account: string, name: string): StandInRecord | undefined {
    const row = this.#statements.find.get(account, name);
    return row && fromRow(row);
  }

  list(account: string): StandInRecord[] {
    return this.#statements.list.all(account).map(fromRow);
  }

  insert({ account, name, kind, spoil, createdAt }: StandInRecord): void {
    this.#statements.insert.run(account, name, kind, spoil.what, spoil.once ? 1 : 0, createdAt.getTime());
  }

  spoil({ account, name }: StandInPlace, { what, once }: StandInSpoil): void {
    this.#statements.spoil.run(what, once ? 1 : 0, account, name);
  }

  remove({ account, name }: StandInPlace): void {
    this.#statements.remove.run(account, name);
  }

  person({ account, name }: StandInPlace, subject: string): StandInPerson | undefined {
    const row = this.#statements.person.get(account, name, subject);
    return row && personFromRow(row);
  }

  people({ account, name }: StandInPlace): StandInPerson[] {
    return this.#statements.people.all(account, name).map(personFromRow);
  }

  putPerson({ account, name }: StandInPlace, person: StandInPerson): void {
    const { subject, email = null, claims } = person;
    this.#statements.putPerson.run(account, name, subject, person.name, email, JSON.stringify(claims));
  }

  /** False where there was none. */
  removePerson({ account, name }: StandInPlace, subject: string): boolean {
    return this.#statements.removePerson.run(account, name, subject).changes === 1;
  }

  client({ account, name }: StandInPlace, id: string): StandInClient | undefined {
    const row = this.#statements.client.get(account, name, id);
    return row && clientFromRow(row);
  }

  clients({ account, name }: StandInPlace): StandInClient[] {
    return this.#statements.clients.all(account, name).map(clientFromRow);
  }

  putClient({ account, name }: StandInPlace, { id, secret, redirectUris }: StandInClient): void {
    this.#statements.putClient.run(account, name, id, secret ?? null, JSON.stringify(redirectUris));
  }

  /** False where there was none. */
  removeClient({ account, name }: StandInPlace, id: string): boolean {
    return this.#statements.removeClient.run(account, name, id).changes === 1;
  }

  /** Those that are published, the one that signs first. */
  keys({ account, name }: StandInPlace, now: Date): StandInKeyRecord[] {
    return this.#statements.keys.all(account, name, now.getTime()).map((row) => ({
      kid: row.kid,
      privateJwk: row.private_jwk,
      createdAt: new Date(row.created_at),
      publishedUntil: row.published_until === null ? undefined : new Date(row.published_until),
    }));
  }

  /** From now on this one signs, and the one before stays published; without `until` every other is gone. */
  putKey(place: StandInPlace, key: Omit<StandInKeyRecord, 'publishedUntil'>, until: Date | undefined): void {
    const { account, name } = place;
    if (until) this.#statements.retireKey.run(until.getTime(), account, name);
    else this.#statements.removeKeys.run(account, name);
    const { kid, privateJwk, createdAt } = key;
    this.#statements.insertKey.run(account, name, kid, privateJwk, createdAt.getTime());
  }

  /** False where there is no such key, or it still signs. */
  removeKey({ account, name }: StandInPlace, kid: string): boolean {
    return this.#statements.removeKey.run(account, name, kid).changes === 1;
  }
}

function fromRow({ account, name, kind, spoil, spoil_once: once, created_at: createdAt }: Row): StandInRecord {
  return {
    account,
    name,
    kind: kind as StandInKind,
    spoil: { what: spoil as Spoil, once: once === 1 },
    createdAt: new Date(createdAt),
  };
}

function personFromRow({ subject, name, email, claims }: PersonRow): StandInPerson {
  return {
    subject,
    name,
    ...(email !== null && { email }),
    claims: JSON.parse(claims) as { [name: string]: Json },
  };
}

function clientFromRow({ id, secret, redirect_uris: redirectUris }: ClientRow): StandInClient {
  return { id, ...(secret !== null && { secret }), redirectUris: JSON.parse(redirectUris) as string[] };
}
