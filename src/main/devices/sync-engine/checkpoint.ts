import type { Patch, RemoteRecord } from './changes.ts';

/** In the place of a dataset's last sync count: it was deleted on this device, and the store does not know yet. */
export const DELETED_HERE = -1;

/** What a pull said of the dataset as a whole. */
export interface DatasetStanding {
  readonly datasetSyncCount: number;
  readonly exists: boolean;
  readonly deletedSince: boolean;
}

/**
 * Whether the dataset was deleted elsewhere since `lastSyncCount`. A device that has seen nothing of it (count 0)
 * has nothing to lose, whatever the flag says. [DV-SYNC-5]
 */
export function wasDeleted(standing: DatasetStanding, lastSyncCount: number): boolean {
  return lastSyncCount > 0 && (!standing.exists || standing.deletedSince);
}

export function afterPull(standing: DatasetStanding): number {
  return standing.exists ? standing.datasetSyncCount : 0;
}

/**
 * Advances only when nobody else wrote in between; else the next pull fetches what others wrote. A dataset that does
 * not exist may have a count from the life before, and the write that makes it anew counts on. [DV-SYNC-6]
 */
export function afterPush(standing: DatasetStanding, written: readonly RemoteRecord[]): number {
  const newest = Math.max(0, ...written.map(({ syncCount }) => syncCount));
  return newest === standing.datasetSyncCount + 1 ? newest : afterPull(standing);
}

/** Far enough back that the record which the store refused is listed again. [DV-SYNC-4] */
export function afterRefusal(lastSyncCount: number, patches: readonly Patch[]): number {
  return Math.min(lastSyncCount, ...patches.map(({ syncCount }) => syncCount));
}
