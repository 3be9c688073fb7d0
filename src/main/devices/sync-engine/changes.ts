/**
 * The engine's words: what a device keeps of a record, what the store says of it, and the patch that carries a
 * change from one to the other. The device plays the customer, so nothing here is shared with the server.
 */

/** A record in the device's cache; `value: null` is a removed one. */
export interface CachedRecord {
  readonly key: string;
  readonly value: string | null;
  /** The store's count for this record when it was last seen; 0 for one the store has not seen. */
  readonly syncCount: number;
  /** Milliseconds. */
  readonly modifiedAt: number;
  readonly modifiedBy?: string;
  /** Changed here and not yet written to the store. */
  readonly modified: boolean;
  /** What a modified record was changed from: the store's value at `syncCount`. */
  readonly base?: string | null;
}

/** A record as the store lists it; `value: null` is a tombstone. */
export interface RemoteRecord {
  readonly key: string;
  readonly value: string | null;
  readonly syncCount: number;
  readonly modifiedAt: number;
  readonly modifiedBy?: string;
}

export interface Patch {
  readonly op: 'replace' | 'remove';
  readonly key: string;
  /** Absent with `remove`. The empty string is a value like any other. */
  readonly value?: string;
  readonly syncCount: number;
  readonly modifiedAt: number;
}

export function patchesOf(records: readonly CachedRecord[]): Patch[] {
  return records
    .filter((record) => record.modified)
    .map(({ key, value, syncCount, modifiedAt }) =>
      value === null
        ? { op: 'remove', key, syncCount, modifiedAt }
        : { op: 'replace', key, value, syncCount, modifiedAt },
    );
}

export function cleanCopy(remote: RemoteRecord): CachedRecord {
  return { ...remote, modified: false };
}

/**
 * What the cache keeps after a write. A record that was changed again while the write was under way keeps its
 * newer value, now counted from what the store has. [DV-SYNC-7]
 */
export function afterWrite(
  written: readonly RemoteRecord[],
  sent: readonly Patch[],
  current: (key: string) => CachedRecord | undefined,
): CachedRecord[] {
  const patches = new Map(sent.map((patch) => [patch.key, patch]));
  return written.map((remote) => {
    const local = current(remote.key);
    const patch = patches.get(remote.key);
    const isUntouched =
      local === undefined ||
      !local.modified ||
      (patch !== undefined && (patch.value ?? null) === local.value && patch.modifiedAt === local.modifiedAt);
    return isUntouched ? cleanCopy(remote) : { ...local, syncCount: remote.syncCount, base: remote.value };
  });
}
