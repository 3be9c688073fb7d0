import { useState } from 'react';
import type { RecordView } from '../../shared/sync-views.ts';
import { size } from '../format/size.ts';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { writeRecords } from './sync-calls.ts';
import styles from './store.module.css';

interface RecordDialogProps {
  readonly identityId: string;
  readonly dataset: string;
  /** `null` for a new one. */
  readonly record: RecordView | null;
  readonly known: readonly RecordView[];
  readonly onClose: () => void;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Writes one record as the developer; an old count shows what AWS answers a writer who missed a change. */
export function RecordDialog({ identityId, dataset, record, known, onClose }: RecordDialogProps) {
  const [key, setKey] = useState(record?.key ?? '');
  const [value, setValue] = useState(record?.value ?? '');
  const [based, setBased] = useState('');
  const stored = known.find((other) => other.key === key);
  const fits = based === '' || /^\d+$/.test(based);
  return (
    <FormDialog
      title={record ? `Edit ${record.key}` : `Put a record into ${dataset}`}
      verb="Write"
      onClose={onClose}
      ready={key !== '' && fits}
      run={() =>
        writeRecords(identityId, dataset, [
          { op: 'replace', key, value, ...(based === '' ? {} : { syncCount: Number(based) }) },
        ])
      }
    >
      <Pair>
        <Field
          label="Key"
          value={key}
          onChange={setKey}
          isReadOnly={record !== null}
          mono
          autoFocus={record === null}
        />
        <Field
          label="Based on count"
          value={based}
          onChange={setBased}
          placeholder={`the store’s: ${stored?.syncCount ?? 0}`}
          inputMode="numeric"
          isInvalid={!fits}
        />
      </Pair>
      <TextArea label="Value" value={value} onChange={setValue} rows={5} mono />
      <p className={styles['hint']}>
        {size(bytesOf(key) + bytesOf(value))} with its key. Written with the developer’s credentials, by ListRecords and
        UpdateRecords.
      </p>
    </FormDialog>
  );
}
