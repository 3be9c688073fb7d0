import type { StoredRecord } from '../../store/repositories/datasets.ts';
import type { StreamWrite } from '../services.ts';

/** One synchronisation as a Kinesis record tells it. Times are milliseconds, unlike everywhere else in sync. */
export interface StreamedChange {
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly datasetName: string;
  readonly operation: 'replace' | 'remove';
  /** None for the removal of a dataset. */
  readonly records?: readonly StoredRecord[];
  readonly modifiedAt: number;
  readonly syncCount: number;
}

/** The record's text, and the form that it takes where it is too large. [SY-STREAM-3] */
export function streamRecord(change: StreamedChange): Pick<StreamWrite, 'data' | 'large'> {
  const { identityPoolId, identityId, datasetName, operation, modifiedAt, syncCount } = change;
  const records = change.records?.map(toKinesisRecord);
  const text = (payload: object): string =>
    JSON.stringify({
      identityPoolId,
      identityId,
      dataSetName: datasetName,
      operation,
      ...payload,
      lastModifiedDate: modifiedAt,
      syncCount,
    });
  return {
    data: text(records === undefined ? {} : { kinesisSyncRecords: records, payloadType: 'Inline' }),
    large: {
      body: JSON.stringify(records ?? []),
      withUrl: (url) => text({ kinesisSyncRecordsURL: url, payloadType: 'S3Url' }),
    },
  };
}

function toKinesisRecord({ key, value, syncCount, modifiedAt, deviceModifiedAt }: StoredRecord) {
  return {
    key,
    ...(value === null ? {} : { value }),
    syncCount,
    lastModifiedDate: modifiedAt,
    ...(deviceModifiedAt === null ? {} : { deviceLastModifiedDate: deviceModifiedAt }),
    op: value === null ? 'remove' : 'replace',
  };
}
