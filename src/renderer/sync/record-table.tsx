import { History, Pencil, Trash2 } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { DatasetView, RecordView } from '../../shared/sync-views.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { shortId } from '../format/ids.ts';
import { many, size } from '../format/size.ts';
import { ago, dateAndTime } from '../format/time.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { KeyHistory } from './key-history.tsx';
import { useWriters } from './writers.ts';
import styles from './store.module.css';
import table from './table.module.css';

interface RecordTableProps {
  readonly identityId: string;
  readonly view: DatasetView;
  readonly onEdit: (record: RecordView) => void;
  readonly onRemove: (key: string) => void;
}

/** A dataset may hold 1,024 records; so many are drawn before somebody asks for the rest. */
const AT_FIRST = 200;
const FILTER_FROM = 8;

export function RecordTable({ identityId, view, onEdit, onRemove }: RecordTableProps) {
  const [typed, setTyped] = useState('');
  const [withTombstones, setWithTombstones] = useState(true);
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const writer = useWriters(identityId, view.subscribers);
  const tombstones = view.recordsByKey.filter(({ value }) => value === null).length;
  const fitting = view.recordsByKey.filter(
    ({ key, value }) =>
      (withTombstones || value !== null) && `${key} ${value ?? ''}`.toLowerCase().includes(typed.toLowerCase()),
  );
  const shown = all ? fitting : fitting.slice(0, AT_FIRST);
  if (view.recordsByKey.length === 0) return <p className={styles['none']}>No records.</p>;
  return (
    <>
      <div className={styles['tools']}>
        {view.recordsByKey.length >= FILTER_FROM && (
          <div data-filter className={styles['filter']}>
            <Field
              label="Filter records"
              hideLabel
              placeholder="key or value"
              type="search"
              value={typed}
              onChange={setTyped}
            />
          </div>
        )}
        {tombstones > 0 && (
          <Check checked={withTombstones} onChange={setWithTombstones}>
            {many(tombstones, 'tombstone')}
          </Check>
        )}
      </div>
      <div className={table['frame']} tabIndex={0} role="region" aria-label={`Records of ${view.name}`}>
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Value</th>
              <th scope="col" className={table['number']}>
                Count
              </th>
              <th scope="col" className={table['number']}>
                Size
              </th>
              <th scope="col">Changed</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((record) => (
              <Fragment key={record.key}>
                <Row
                  record={record}
                  writer={writer(record.modifiedBy)}
                  isOpen={open === record.key}
                  onToggle={() => setOpen(open === record.key ? null : record.key)}
                  onEdit={() => onEdit(record)}
                  onRemove={() => onRemove(record.key)}
                />
                {open === record.key && (
                  <tr className={table['below']}>
                    <td colSpan={6}>
                      <KeyHistory identityId={identityId} view={view} recordKey={record.key} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {fitting.length === 0 && <p className={styles['none']}>No record fits.</p>}
      {shown.length < fitting.length && (
        <Button size="small" onPress={() => setAll(true)}>
          Show all {fitting.length}
        </Button>
      )}
    </>
  );
}

interface RowProps {
  readonly record: RecordView;
  readonly writer: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function Row({ record, writer, isOpen, onToggle, onEdit, onRemove }: RowProps) {
  const now = useBenchNow();
  return (
    <tr data-gone={record.value === null || undefined}>
      <th scope="row" className={table['mono']} title={record.key}>
        {record.key}
      </th>
      <td className={table['value']} title={record.value?.slice(0, 2000) ?? ''} data-copy={record.value ?? ''}>
        {record.value ?? <em>tombstone</em>}
      </td>
      <td className={table['number']}>{record.syncCount}</td>
      <td className={table['number']}>{record.value === null ? '–' : size(record.bytes)}</td>
      <td
        className={table['dim']}
        title={`Store: ${dateAndTime(Date.parse(record.modifiedAt))}${
          record.deviceModifiedAt === null ? '' : `\nDevice: ${dateAndTime(Date.parse(record.deviceModifiedAt))}`
        }`}
      >
        {now === undefined ? '' : ago(record.modifiedAt, now)} by {shortId(writer, 18)}
      </td>
      <td className={table['acts']}>
        <IconButton icon={History} label={`History of ${record.key}`} pressed={isOpen} onPress={onToggle} />
        <IconButton icon={Pencil} label={`Edit ${record.key}`} onPress={onEdit} />
        <IconButton
          icon={Trash2}
          label={`Remove ${record.key}`}
          isDisabled={record.value === null}
          onPress={onRemove}
        />
      </td>
    </tr>
  );
}
