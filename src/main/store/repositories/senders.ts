import type { Database } from '../database.ts';

export interface SenderRecord {
  /** An e-mail address, or a domain and with it every address of it; in lower case. */
  readonly identity: string;
  readonly addedAt: Date;
}

/** What an account may send e-mail from, as SES would have verified it. */
export class Senders {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      put: database.prepare(
        'INSERT INTO senders (account, identity, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      ),
      remove: database.prepare('DELETE FROM senders WHERE account = ? AND identity = ?'),
      list: database.prepare<[string], { identity: string; added_at: number }>(
        'SELECT identity, added_at FROM senders WHERE account = ? ORDER BY identity',
      ),
    };
  }

  put(account: string, { identity, addedAt }: SenderRecord): void {
    this.#statements.put.run(account, identity, addedAt.getTime());
  }

  /** False where there was none. */
  remove(account: string, identity: string): boolean {
    return this.#statements.remove.run(account, identity).changes === 1;
  }

  list(account: string): SenderRecord[] {
    return this.#statements.list
      .all(account)
      .map(({ identity, added_at: addedAt }) => ({ identity, addedAt: new Date(addedAt) }));
  }
}
