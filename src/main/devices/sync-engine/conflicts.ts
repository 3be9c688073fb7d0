import type { DeviceConflict, Settlement } from '../../../shared/device.ts';
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

/**
 * The record that the cache keeps once a choice is made: the store's, this device's on top of the store's count, or
 * a third value on top of it. [DV-SYNC-3] [DV-SYNC-12]
 */
export function settle({ local, remote }: Conflict, settlement: Settlement, now: number): CachedRecord {
  const onTop = { syncCount: remote.syncCount, modified: true, base: remote.value };
  if (typeof settlement === 'object') {
    // One side's own value is that side's record, with its date.
    if (settlement.value === remote.value) return cleanCopy(remote);
    if (settlement.value !== local.value) return { key: local.key, value: settlement.value, modifiedAt: now, ...onTop };
  }
  if (settlement === 'remote') return cleanCopy(remote);
  // On a tie this device wins, as in Android's SyncConflict.
  if (settlement === 'last-writer' && remote.modifiedAt > local.modifiedAt) return cleanCopy(remote);
  return { ...local, ...onTop };
}

export function viewConflict({ local, remote }: Conflict): DeviceConflict {
  return {
    key: local.key,
    ...(local.base === undefined ? {} : { base: { value: local.base, syncCount: local.syncCount } }),
    local: { value: local.value, modifiedAt: new Date(local.modifiedAt).toISOString() },
    remote: {
      value: remote.value,
      modifiedAt: new Date(remote.modifiedAt).toISOString(),
      syncCount: remote.syncCount,
      ...(remote.modifiedBy === undefined ? {} : { modifiedBy: remote.modifiedBy }),
    },
  };
}
