import userPools from './0001-user-pools.sql?raw';
import identityPools from './0002-identity-pools.sql?raw';
import sync from './0003-sync.sql?raw';
import bench from './0004-bench.sql?raw';
import access from './0005-access.sql?raw';
import functions from './0006-functions.sql?raw';
import people from './0007-people.sql?raw';
import factors from './0008-factors.sql?raw';
import syncWhole from './0009-sync-whole.sql?raw';
import poolResources from './0010-pool-resources.sql?raw';
import signInActivity from './0011-sign-in-activity.sql?raw';
import standIns from './0012-stand-ins.sql?raw';
import objects from './0013-objects.sql?raw';
import items from './0014-items.sql?raw';
import audit from './0015-audit.sql?raw';
import identityHistory from './0016-identity-history.sql?raw';

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
  { name: '0005-access', sql: access },
  { name: '0006-functions', sql: functions },
  { name: '0007-people', sql: people },
  { name: '0008-factors', sql: factors },
  { name: '0009-sync-whole', sql: syncWhole },
  { name: '0010-pool-resources', sql: poolResources },
  { name: '0011-sign-in-activity', sql: signInActivity },
  { name: '0012-stand-ins', sql: standIns },
  { name: '0013-objects', sql: objects },
  { name: '0014-items', sql: items },
  { name: '0015-audit', sql: audit },
  { name: '0016-identity-history', sql: identityHistory },
];
