import { ArrowUp, CornerDownLeft, Trash2, TriangleAlert } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { DeviceDataset, DeviceRecord, DeviceState } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import { IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import styles from './record-rows.module.css';

interface RowsProps {
  readonly device: DeviceState;
  readonly dataset: DeviceDataset;
  readonly busy: boolean;
}

/** What the device holds of a dataset, and a row to put one value more. */
export function RecordRows({ device, dataset, busy }: RowsProps) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const put = async (event: FormEvent) => {
    event.preventDefault();
    if (key === '') return;
    if (await act(device.id, { do: 'put', dataset: dataset.name, key, value })) setValue('');
  };
  const of = `${dataset.name} on ${device.name}`;
  return (
    <>
      {dataset.records.length > 0 && (
        <table className={styles['records']} aria-label={`Records of ${of}`}>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Value</th>
              <th scope="col">Count</th>
              <th scope="col">
                <span className="visually-hidden">State</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {dataset.records.map((record) => (
              <RecordRow key={record.key} device={device} dataset={dataset} record={record} busy={busy} />
            ))}
          </tbody>
        </table>
      )}
      <form className={styles['put']} aria-label={`Put into ${of}`} onSubmit={(event) => void put(event)}>
        <Field label={`Key for ${of}`} hideLabel placeholder="key" value={key} onChange={setKey} mono />
        <Field label={`Value for ${of}`} hideLabel placeholder="value" value={value} onChange={setValue} mono />
        <IconButton icon={CornerDownLeft} label={`Put into ${of}`} type="submit" isDisabled={busy || key === ''} />
      </form>
    </>
  );
}

interface RowProps extends RowsProps {
  readonly record: DeviceRecord;
}

function RecordRow({ device, dataset, record, busy }: RowProps) {
  const inConflict = dataset.conflicts.some((conflict) => conflict.key === record.key);
  return (
    <tr data-state={inConflict ? 'conflict' : record.dirty ? 'dirty' : 'clean'}>
      <th scope="row" title={record.key}>
        {record.key}
      </th>
      <td title={record.value ?? ''} data-copy={record.value ?? ''}>
        {record.value ?? <em>removed</em>}
      </td>
      <td className={styles['count']}>{record.syncCount}</td>
      <td className={styles['state']}>
        {inConflict ? (
          <span className={styles['conflict']} title="Changed here and on the store">
            <TriangleAlert size={12} aria-hidden />
            <span className="visually-hidden">conflict</span>
          </span>
        ) : (
          record.dirty && (
            <span className={styles['dirty']} title="Changed here, not sent yet">
              <ArrowUp size={12} aria-hidden />
              <span className="visually-hidden">not sent yet</span>
            </span>
          )
        )}
        {record.value !== null && (
          <IconButton
            icon={Trash2}
            label={`Remove ${record.key}`}
            className={styles['remove']}
            isDisabled={busy}
            onPress={() => void act(device.id, { do: 'remove', dataset: dataset.name, key: record.key })}
          />
        )}
      </td>
    </tr>
  );
}
