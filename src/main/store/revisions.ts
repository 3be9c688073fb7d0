import type { Database } from './database.ts';

/**
 * Counts the writes to some tables, account by account, so that what was worked out from their rows can be told from
 * what still holds. A write counts at once, and whether it is committed or not.
 */
export class Revisions {
  readonly #database: Database;
  readonly #counts = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** `undefined` while a write is open: what it shows may yet be taken back. */
  of(account: string): number | undefined {
    return this.#database.inTransaction ? undefined : (this.#counts.get(account) ?? 0);
  }

  raise(account: string): void {
    this.#counts.set(account, (this.#counts.get(account) ?? 0) + 1);
  }
}
