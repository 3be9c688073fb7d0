import type { RecordPatch } from '../../../shared/aws/cognito-sync.ts';
import {
  DATASET_MAX_BYTES,
  DATASET_MAX_RECORDS,
  IDENTITY_MAX_BYTES,
  IDENTITY_MAX_DATASETS,
} from '../../../shared/sync-wire.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { DatasetChange, StoredRecord } from '../../store/repositories/datasets.ts';

export interface SyncLimits {
  readonly datasetBytes: number;
  readonly datasetRecords: number;
  readonly identityBytes: number;
  readonly identityDatasets: number;
}

/** AWS never changed these quotas, so `seed` and `current` are the same. */
export function syncLimits(mode: 'seed' | 'current' | 'off'): SyncLimits {
  if (mode === 'off') {
    return { datasetBytes: Infinity, datasetRecords: Infinity, identityBytes: Infinity, identityDatasets: Infinity };
  }
  return {
    datasetBytes: DATASET_MAX_BYTES,
    datasetRecords: DATASET_MAX_RECORDS,
    identityBytes: IDENTITY_MAX_BYTES,
    identityDatasets: IDENTITY_MAX_DATASETS,
  };
}

export interface MergeInput {
  readonly dataset: {
    readonly isPresent: boolean;
    readonly syncCount: number;
    readonly recordCount: number;
    readonly bytes: number;
  };
  /** What the identity keeps, this dataset included. */
  readonly identity: { readonly datasets: number; readonly bytes: number };
  readonly current: (key: string) => StoredRecord | undefined;
  readonly patches: readonly RecordPatch[];
  readonly limits: SyncLimits;
  readonly now: number;
  readonly by: string;
}

export interface Refusal {
  readonly rule: string;
  readonly decided: string;
  readonly fault: Fault;
  readonly inputs?: { readonly [name: string]: string | number };
}

export type MergeOutcome =
  | { readonly ok: true; readonly change: DatasetChange }
  | { readonly ok: false; readonly refusal: Refusal };

/** Whether the service takes these patches, and what the dataset becomes: all of them, or none. */
export function mergePatches(input: MergeInput): MergeOutcome {
  const { dataset, patches, now, by } = input;
  const syncCount = dataset.syncCount + 1;
  const seen = new Set<string>();
  const records: StoredRecord[] = [];
  let { recordCount, bytes } = dataset;

  for (const patch of patches) {
    if (seen.has(patch.Key)) return { ok: false, refusal: duplicateKey(patch.Key) };
    seen.add(patch.Key);
    if (patch.Op === 'replace' && patch.Value == null) return { ok: false, refusal: valueMissing(patch.Key) };

    const current = input.current(patch.Key);
    // A count above the server's is taken too: clients send the dataset's count for keys they add again.
    if (patch.SyncCount < (current?.syncCount ?? 0)) {
      return { ok: false, refusal: conflict(patch.Key, current?.syncCount ?? 0, patch.SyncCount) };
    }

    const value = patch.Op === 'replace' ? patch.Value! : null;
    recordCount += (value === null ? 0 : 1) - (current == null || current.value === null ? 0 : 1);
    bytes += size(patch.Key, value) - size(patch.Key, current?.value ?? null);
    records.push({
      key: patch.Key,
      value,
      syncCount,
      modifiedAt: now,
      modifiedBy: by,
      deviceModifiedAt: patch.DeviceLastModifiedDate?.getTime() ?? null,
    });
  }

  const refusal = overLimit(input, recordCount, bytes);
  if (refusal) return { ok: false, refusal };
  return { ok: true, change: { syncCount, recordCount, bytes, modifiedAt: now, modifiedBy: by, records } };
}

/** A tombstone takes no room. Assumed: iOS counts its key. [SY-LIMIT-2] */
function size(key: string, value: string | null): number {
  return value === null ? 0 : Buffer.byteLength(key) + Buffer.byteLength(value);
}

/** Only growth is refused, so that a dataset or identity above a limit (after a merge) can be cleared up. */
function overLimit({ dataset, identity, limits }: MergeInput, recordCount: number, bytes: number): Refusal | undefined {
  if (!dataset.isPresent && identity.datasets >= limits.identityDatasets) {
    return tooMuch('SY-LIMIT-4', 'datasets in the identity', identity.datasets + 1, limits.identityDatasets);
  }
  if (recordCount > dataset.recordCount && recordCount > limits.datasetRecords) {
    return tooMuch('SY-LIMIT-1', 'records in the dataset', recordCount, limits.datasetRecords);
  }
  if (bytes > dataset.bytes && bytes > limits.datasetBytes) {
    return tooMuch('SY-LIMIT-2', 'bytes in the dataset', bytes, limits.datasetBytes);
  }
  const identityBytes = identity.bytes - dataset.bytes + bytes;
  if (bytes > dataset.bytes && identityBytes > limits.identityBytes) {
    return tooMuch('SY-LIMIT-3', 'bytes in the identity', identityBytes, limits.identityBytes);
  }
  return undefined;
}

// Guessed wording: only the code is known.
function tooMuch(rule: string, what: string, wanted: number, limit: number): Refusal {
  return {
    rule,
    decided: `the write would make ${wanted} ${what}, and ${limit} are allowed`,
    fault: fault('LimitExceededException', `Limit exceeded: ${wanted} ${what}, at most ${limit} are allowed`),
    inputs: { wanted, limit },
  };
}

// Recorded.
function conflict(key: string, current: number, given: number): Refusal {
  return {
    rule: 'SY-UPDATE-3',
    decided: 'the record changed on the store after the count that the client knows',
    fault: fault('ResourceConflictException', `Current SyncCount for: ${key} is: ${current} not: ${given}`),
    inputs: { key, current, given },
  };
}

// Guessed wording and choice: no source says what AWS does with the same key twice.
function duplicateKey(key: string): Refusal {
  return {
    rule: 'SY-UPDATE-5',
    decided: 'one call may name a key once',
    fault: fault('InvalidParameterException', `Duplicate key in RecordPatches: ${key}`),
    inputs: { key },
  };
}

// Guessed wording.
function valueMissing(key: string): Refusal {
  return {
    rule: 'SY-UPDATE-6',
    decided: 'a replace patch needs a value',
    fault: fault('InvalidParameterException', `Value is required to replace: ${key}`),
    inputs: { key },
  };
}
