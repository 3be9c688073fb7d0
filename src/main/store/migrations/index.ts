import userPools from './0001-user-pools.sql?raw';
import identityPools from './0002-identity-pools.sql?raw';
import sync from './0003-sync.sql?raw';
import bench from './0004-bench.sql?raw';

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** Numbered from 1 by their place; only ever added to. A test holds the hash of each shipped file. */
export const migrations: readonly Migration[] = [
  { name: '0001-user-pools', sql: userPools },
  { name: '0002-identity-pools', sql: identityPools },
  { name: '0003-sync', sql: sync },
  { name: '0004-bench', sql: bench },
];
