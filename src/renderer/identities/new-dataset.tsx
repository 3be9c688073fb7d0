import { useState } from 'react';
import { openAt } from '../data/route.ts';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import panels from '../pools/pool.module.css';
import { writeRecords } from '../sync/sync-calls.ts';

/** Writes a record for an identity as the developer; a dataset that is not there begins with it. */
export function NewDataset({ identityId, onClose }: { readonly identityId: string; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const run = async () => {
    await writeRecords(identityId, name.trim(), [{ op: 'replace', key, value }]);
    openAt('sync', 'store', identityId, name.trim());
  };
  return (
    <FormDialog
      title="Put a record as the developer"
      verb="Write"
      ready={name.trim() !== '' && key !== ''}
      onClose={onClose}
      run={run}
    >
      <Pair>
        <Field label="Dataset" placeholder="prefs" value={name} onChange={setName} mono autoFocus isRequired />
        <Field label="Key" placeholder="volume" value={key} onChange={setKey} mono isRequired />
      </Pair>
      <TextArea label="Value" value={value} onChange={setValue} rows={3} mono />
      <p className={panels['note']}>
        The dataset begins with it where there is none. Written with the developer’s credentials; each device sees it
        with its next synchronise.
      </p>
    </FormDialog>
  );
}
