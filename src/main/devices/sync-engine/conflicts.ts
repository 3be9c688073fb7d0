import type { ConflictChoice } from '../../../shared/device.ts';
import { cleanCopy, type CachedRecord, type RemoteRecord } from './changes.ts';

export interface Conflict {
  readonly local: CachedRecord;
  readonly remote: RemoteRecord;
}

/**
 * Parts what was pulled into records to take over and conflicts. As on Android, a conflict needs all three: the
 * record was modified here, the sync counts differ, and so do the values. [DV-SYNC-2]
 */
export function weigh(
  pulled: readonly RemoteRecord[],
  localRecord: (key: string) => CachedRecord | undefined,
): { accepted: RemoteRecord[]; conflicts: Conflict[] } {
  const accepted: RemoteRecord[] = [];
  const conflicts: Conflict[] = [];
  for (const remote of pulled) {
    const local = localRecord(remote.key);
    if (local === undefined || !local.modified || local.value === remote.value) accepted.push(remote);
    else if (local.syncCount !== remote.syncCount) conflicts.push({ local, remote });
    // Else the change was made on top of what the store has: it stays, and is pushed next.
  }
  return { accepted, conflicts };
}

/** The record that the cache keeps once a choice is made. [DV-SYNC-3] */
export function settle({ local, remote }: Conflict, choice: ConflictChoice): CachedRecord {
  if (choice === 'remote') return cleanCopy(remote);
  // On a tie this device wins, as in Android's SyncConflict.
  if (choice === 'last-writer' && remote.modifiedAt > local.modifiedAt) return cleanCopy(remote);
  return { ...local, syncCount: remote.syncCount, modified: true };
}
