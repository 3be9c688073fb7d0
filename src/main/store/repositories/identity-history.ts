import type { Json } from '../../../shared/json.ts';
import type { Database } from '../database.ts';

export type IdentityEventKind =
  | 'created'
  | 'login-added'
  | 'merged'
  | 'login-unlinked'
  | 'disabled'
  | 'deleted'
  | 'credentials';

/** One thing that happened to an identity. Of the people behind it only the names of their providers are kept. */
export interface IdentityEventRecord {
  /** Counts up over all identities, so that what happened in one instant has an order. */
  readonly id: number;
  readonly identityId: string;
  readonly kind: IdentityEventKind;
  /** The survivor of a merge. */
  readonly otherId?: string;
  readonly details: { readonly [name: string]: Json };
  /** Of credentials: how many the identity has had, this one included. */
  readonly number?: number;
  readonly at: Date;
}

interface Owner {
  readonly account: string;
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly at: Date;
}

interface Row {
  id: number;
  identity_id: string;
  kind: IdentityEventKind;
  other_id: string | null;
  details: string;
  number: number | null;
  at: number;
}

/** So many credentials of one identity are remembered; a busy app fetches them without end. */
export const MOST_CREDENTIALS = 50;

export class IdentityHistory {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[string, string, string, IdentityEventKind, string | null, string, number]>(
        `INSERT INTO identity_events (account, identity_pool_id, identity_id, kind, other_id, details, at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ),
      insertCredentials: database.prepare<[string, string, string, string, number, number]>(
        `INSERT INTO identity_events (account, identity_pool_id, identity_id, kind, details, number, at)
         VALUES (?, ?, ?, 'credentials', ?, ?, ?)`,
      ),
      credentials: database
        .prepare<[string], number | null>(
          'SELECT max(number) FROM identity_events WHERE identity_id = ? AND number IS NOT NULL',
        )
        .pluck(),
      dropCredentials: database.prepare<[string, number]>(
        'DELETE FROM identity_events WHERE identity_id = ? AND number IS NOT NULL AND number <= ?',
      ),
      of: database.prepare<[string, string, number], Row>(
        'SELECT * FROM identity_events WHERE identity_pool_id = ? AND identity_id = ? ORDER BY id DESC LIMIT ?',
      ),
      // Left to itself it would read every merge of the pool, by the index of survivors.
      survivors: database
        .prepare<[string, string, number], string>(
          `SELECT other_id FROM identity_events INDEXED BY identity_events_by_identity
             WHERE identity_pool_id = ? AND identity_id = ? AND other_id IS NOT NULL LIMIT ?`,
        )
        .pluck(),
      absorbed: database
        .prepare<[string, string, number], string>(
          'SELECT identity_id FROM identity_events WHERE identity_pool_id = ? AND other_id = ? LIMIT ?',
        )
        .pluck(),
    };
  }

  /** Inside the transaction of the change. */
  add(
    { account, identityPoolId, identityId, at }: Owner,
    kind: Exclude<IdentityEventKind, 'credentials'>,
    details: IdentityEventRecord['details'] = {},
    otherId: string | null = null,
  ): void {
    const text = JSON.stringify(details);
    this.#statements.insert.run(account, identityPoolId, identityId, kind, otherId, text, at.getTime());
  }

  /** The same for credentials, of which only the last are kept. */
  addCredentials({ account, identityPoolId, identityId, at }: Owner, details: IdentityEventRecord['details']): void {
    const number = this.credentials(identityId) + 1;
    const text = JSON.stringify(details);
    this.#statements.insertCredentials.run(account, identityPoolId, identityId, text, number, at.getTime());
    if (number > MOST_CREDENTIALS) this.#statements.dropCredentials.run(identityId, number - MOST_CREDENTIALS);
  }

  /** How often the identity has had credentials. */
  credentials(identityId: string): number {
    return this.#statements.credentials.get(identityId) ?? 0;
  }

  /** What happened to one identity, the oldest first; the last `most` of it. */
  of(identityPoolId: string, identityId: string, most: number): IdentityEventRecord[] {
    return this.#statements.of
      .all(identityPoolId, identityId, most)
      .toReversed()
      .map((row) => ({
        id: row.id,
        identityId: row.identity_id,
        kind: row.kind,
        ...(row.other_id !== null && { otherId: row.other_id }),
        details: JSON.parse(row.details) as IdentityEventRecord['details'],
        ...(row.number !== null && { number: row.number }),
        at: new Date(row.at),
      }));
  }

  /**
   * An identity and all that merges tie to it, itself first; `most` of them. In steps that end there: a query that walks
   * by itself reads every merge of a large family before it stops.
   */
  family(identityPoolId: string, identityId: string, most: number): string[] {
    const { survivors, absorbed } = this.#statements;
    const found = new Set([identityId]);
    // A set goes on to what was added on the way.
    for (const id of found) {
      for (const ties of [survivors, absorbed]) {
        for (const other of ties.all(identityPoolId, id, most)) if (found.size < most) found.add(other);
      }
    }
    return [...found];
  }
}
