import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from '../kernel/fault.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';

/** Opens the bench's database in its data folder, or refuses with a sentence that tells what to do. */
export function openBenchDatabase(data: string | undefined, now: Date): Database {
  const database = data === undefined ? openDatabase(':memory:') : openInFolder(data);
  try {
    migrate(database, now);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function openInFolder(folder: string): Database {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new BenchError('DataFolder', `The data folder ${folder} cannot be written (${(error as Error).message}).`);
  }
  try {
    return openDatabase(join(folder, 'bench.sqlite'), { exclusive: true });
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    if (code.startsWith('SQLITE_BUSY')) {
      throw new BenchError(
        'DataFolderInUse',
        `Another bench is running on the data folder ${folder}; stop it, or choose another folder with --data.`,
      );
    }
    throw new BenchError('DataFolder', `The data folder ${folder} cannot be used (${message}).`);
  }
}
