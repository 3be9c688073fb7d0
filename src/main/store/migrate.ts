import { BenchError } from '../kernel/fault.ts';
import type { Database } from './database.ts';
import { migrations, type Migration } from './migrations/index.ts';

/** Brings a database to the newest schema, or refuses one that a newer version wrote. */
export function migrate(database: Database, at: Date, list: readonly Migration[] = migrations): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)',
  );
  const applied =
    database.prepare<[], { number: number | null }>('SELECT max(number) AS number FROM migrations').get()?.number ?? 0;
  if (applied > list.length) {
    throw new BenchError(
      'NewerData',
      `The data folder was written by a newer version of Poolbench (schema ${applied}, this one knows ${list.length}); start that version, or choose another folder with --data.`,
    );
  }
  const record = database.prepare('INSERT INTO migrations (number, name, applied_at) VALUES (?, ?, ?)');
  for (const [index, migration] of list.entries()) {
    const number = index + 1;
    if (number <= applied) continue;
    database.transaction(() => {
      database.exec(migration.sql);
      record.run(number, migration.name, at.toISOString());
    })();
  }
}
