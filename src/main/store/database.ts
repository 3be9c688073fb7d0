import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

export type Database = Sqlite.Database;
export type Statement<Parameters extends unknown[] | object = unknown[], Result = unknown> = Sqlite.Statement<
  Parameters,
  Result
>;

export interface OpenOptions {
  /** Keeps every other process out for as long as this one lives; the lock dies with the process. */
  readonly exclusive?: boolean;
}

/**
 * Opens a database file, or one in memory. The only file that imports better-sqlite3.
 *
 * `synchronous = FULL` with the write-ahead log: an answer that was sent is on disk, also when the power goes.
 *
 * @throws an error with code `SQLITE_BUSY` when another process holds an exclusive lock on the file
 */
export function openDatabase(path: string, { exclusive = false }: OpenOptions = {}): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new Sqlite(path, { timeout: exclusive ? 0 : 2000 });
  try {
    if (exclusive) database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // The lock is taken with the first access, not with the pragma.
    if (exclusive) database.exec('BEGIN EXCLUSIVE; COMMIT');
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}
