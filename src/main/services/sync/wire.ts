import type { Dataset, Record } from '../../../shared/aws/cognito-sync.ts';
import type { DatasetRecord, StoredRecord } from '../../store/repositories/datasets.ts';

export function toDataset(dataset: DatasetRecord): Dataset {
  return {
    IdentityId: dataset.identityId,
    DatasetName: dataset.name,
    CreationDate: new Date(dataset.createdAt),
    LastModifiedDate: new Date(dataset.modifiedAt),
    LastModifiedBy: dataset.modifiedBy,
    DataStorage: dataset.bytes,
    NumRecords: dataset.recordCount,
  };
}

/** A tombstone has no `Value`. */
export function toRecord(record: StoredRecord): Record {
  const wire: Record = {
    Key: record.key,
    SyncCount: record.syncCount,
    LastModifiedDate: new Date(record.modifiedAt),
    LastModifiedBy: record.modifiedBy,
  };
  if (record.value !== null) wire.Value = record.value;
  if (record.deviceModifiedAt !== null) wire.DeviceLastModifiedDate = new Date(record.deviceModifiedAt);
  return wire;
}
