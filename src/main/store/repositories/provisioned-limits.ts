import type { Database } from '../database.ts';

/** The rates that an account has bought; what it never changed has no row. */
export class ProvisionedLimits {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      set: database.prepare(
        `INSERT INTO provisioned_limits (account, region, category, value) VALUES (?, ?, ?, ?)
         ON CONFLICT (account, region, category) DO UPDATE SET value = excluded.value`,
      ),
      find: database.prepare<[string, string, string], { value: number }>(
        'SELECT value FROM provisioned_limits WHERE account = ? AND region = ? AND category = ?',
      ),
    };
  }

  set(account: string, region: string, category: string, value: number): void {
    this.#statements.set.run(account, region, category, value);
  }

  find(account: string, region: string, category: string): number | undefined {
    return this.#statements.find.get(account, region, category)?.value;
  }
}
