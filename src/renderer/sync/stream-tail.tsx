import { Fragment, useState } from 'react';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { Json } from '../../shared/json.ts';
import type { StreamRecordView } from '../../shared/sync-views.ts';
import { call } from '../data/call.ts';
import { useFollowed } from '../data/facts.ts';
import { shortId } from '../format/ids.ts';
import { many, size } from '../format/size.ts';
import { dateAndTime, timeOfDay } from '../format/time.ts';
import { IconButton } from '../ui/button.tsx';
import { Refusal } from '../ui/form.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { Mark } from '../ui/marks.tsx';
import styles from './sync.module.css';
import table from './table.module.css';

const MOST = 200;

/** The newest records of a stream, as they arrive. */
export function StreamTail({ name }: { readonly name: string }) {
  const { value, refused } = useFollowed(
    name,
    () => call<StreamRecordView[]>('GET', `/streams/${encodeURIComponent(name)}/records?limit=${MOST}`),
    (event) => (event.type === 'stream.written' && event.data.streamName === name) || event.type === 'clock.changed',
  );
  const [open, setOpen] = useState<number | null>(null);
  if (refused) return <Refusal refused={refused} />;
  if (value?.length === 0) return <p className={styles['none']}>Nothing was written to it yet.</p>;
  return (
    <div className={table['frame']} tabIndex={0} role="region" aria-label={`Records of the stream ${name}`}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">Arrived</th>
            <th scope="col">What</th>
            <th scope="col">Partition key</th>
            <th scope="col">Shard</th>
            <th scope="col" className={table['number']}>
              Size
            </th>
            <th scope="col">
              <span className="visually-hidden">Whole record</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {(value ?? []).map((record) => (
            <Fragment key={record.number}>
              <tr>
                <td className={table['mono']} title={dateAndTime(Date.parse(record.arrivedAt))}>
                  {timeOfDay(record.arrivedAt)}
                </td>
                <td>
                  {whatIsIn(record.data)}{' '}
                  {!record.isWithinRetention && (
                    <Mark tone="warn" title="Kinesis gives out records for 24 hours; the bench keeps them longer">
                      past 24 hours
                    </Mark>
                  )}
                </td>
                <td className={table['mono']} title={record.partitionKey}>
                  {shortId(record.partitionKey, 22)}
                </td>
                <td className={table['dim']} title={record.sequenceNumber}>
                  {record.shardId}
                </td>
                <td className={table['number']}>{size(record.bytes)}</td>
                <td className={table['acts']}>
                  <IconButton
                    icon={open === record.number ? ChevronDown : ChevronRight}
                    label={`Record ${record.number} as it stands`}
                    pressed={open === record.number}
                    onPress={() => setOpen(open === record.number ? null : record.number)}
                  />
                </td>
              </tr>
              {open === record.number && (
                <tr className={table['below']}>
                  <td colSpan={6}>
                    <JsonTree value={record.data} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SyncChange {
  readonly dataSetName?: string;
  readonly operation?: string;
  readonly syncCount?: number;
  readonly payloadType?: string;
  readonly kinesisSyncRecords?: readonly { readonly key: string; readonly op: string }[];
}

/** A change of a dataset in a few words; of anything else, how it begins. */
function whatIsIn(data: Json): string {
  if (data === null || typeof data !== 'object' || !('dataSetName' in data)) {
    return shortId(typeof data === 'string' ? data : JSON.stringify(data), 60);
  }
  const { dataSetName, operation, syncCount, payloadType, kinesisSyncRecords = [] } = data as SyncChange;
  if (operation === 'remove') return `${dataSetName} deleted`;
  const what =
    payloadType === 'S3Url'
      ? 'too large for the stream, by URL'
      : kinesisSyncRecords.length === 1
        ? kinesisSyncRecords.map(({ key, op }) => (op === 'remove' ? `${key} removed` : key)).join('')
        : many(kinesisSyncRecords.length, 'record');
  return `${dataSetName} at count ${syncCount}: ${what}`;
}
