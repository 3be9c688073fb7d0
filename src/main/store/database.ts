import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

export type Database = Sqlite.Database;
export type Statement<Parameters extends unknown[] | object = unknown[], Result = unknown> = Sqlite.Statement<
  Parameters,
  Result
>;

/**
 * Opens a database file, or one in memory. The only file that imports better-sqlite3.
 *
 * `synchronous = FULL` with the write-ahead log: an answer that was sent is on disk, also when the power goes.
 */
export function openDatabase(path: string | ':memory:'): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new Sqlite(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 2000');
  return database;
}
