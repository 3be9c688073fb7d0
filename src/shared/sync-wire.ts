/**
 * What both ends of sync speak, in AWS's words. Types and quotas only: the service decides what it accepts, a
 * device decides what it sends, and neither may borrow the other's arithmetic.
 */

/** Opaque: handed out by ListRecords, spent by one successful UpdateRecords. */
export type SyncSessionToken = string;

export interface SyncRecord {
  readonly Key: string;
  /** Absent on a tombstone, the mark that a removed record leaves. */
  readonly Value?: string;
  /** The dataset's count at this record's last change. */
  readonly SyncCount: number;
  readonly LastModifiedDate: Date;
  readonly LastModifiedBy: string;
  readonly DeviceLastModifiedDate?: Date;
}

interface RecordPatchBase {
  readonly Key: string;
  /** The last count the sender knows of this record; 0 for a new one. */
  readonly SyncCount: number;
  readonly DeviceLastModifiedDate?: Date;
}

export interface ReplacePatch extends RecordPatchBase {
  readonly Op: 'replace';
  readonly Value: string;
}

export interface RemovePatch extends RecordPatchBase {
  readonly Op: 'remove';
  /** Ignored; amazon-cognito-js sends an empty one. */
  readonly Value?: string;
}

export type SyncRecordPatch = ReplacePatch | RemovePatch;

export interface DatasetSummary {
  readonly IdentityId: string;
  readonly DatasetName: string;
  readonly CreationDate: Date;
  readonly LastModifiedDate: Date;
  readonly LastModifiedBy: string;
  readonly DataStorage: number;
  readonly NumRecords: number;
}

/** One page of the records that changed after a count. The three members that clients unbox are never absent. */
export interface RecordPage {
  readonly Records: readonly SyncRecord[];
  readonly Count: number;
  readonly DatasetSyncCount: number;
  readonly DatasetExists: boolean;
  readonly DatasetDeletedAfterRequestedSyncCount: boolean;
  readonly LastModifiedBy?: string;
  readonly MergedDatasetNames?: readonly string[];
  readonly NextToken?: string;
  readonly SyncSessionToken: SyncSessionToken;
}

/** Keys and values of a dataset, in UTF-8 bytes; a value of the greatest length and a key of one byte just fit. */
export const DATASET_MAX_BYTES = 1_048_576;
export const DATASET_MAX_RECORDS = 1_024;
export const IDENTITY_MAX_BYTES = 20 * DATASET_MAX_BYTES;
export const IDENTITY_MAX_DATASETS = 20;
export const DATASET_NAME_MAX_LENGTH = 128;
export const SYNC_SESSION_SECONDS = 3_600;
