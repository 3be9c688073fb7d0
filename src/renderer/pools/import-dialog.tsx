import { useState } from 'react';
import { useAnswer } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { currentAccount } from '../data/session.ts';
import { CopyBlock } from '../ui/copy.tsx';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { importUsers } from './import-job.ts';
import { idOf, openTab, type Pool } from './pool.ts';
import styles from './import.module.css';

export function NewImport({ pool, onClose }: { readonly pool: Pool; readonly onClose: () => void }) {
  const poolId = idOf(pool);
  const header = useAnswer(`header ${poolId}`, () => idp('GetCSVHeader', { UserPoolId: poolId })).value?.CSVHeader;
  const [name, setName] = useState('import');
  const [role, setRole] = useState(`arn:aws:iam::${currentAccount()}:role/CognitoUserImport`);
  const [text, setText] = useState('');
  const run = async () => {
    const id = await importUsers({ poolId, name, role, text });
    openTab(pool, 'import', id);
  };
  return (
    <FormDialog
      title="New import"
      verb="Upload and start"
      wide
      ready={name !== '' && text.trim() !== ''}
      onClose={onClose}
      run={run}
    >
      <Pair>
        <Field label="Name" value={name} onChange={setName} isRequired autoFocus />
        <Field label="Role for the log (ARN)" value={role} onChange={setRole} isRequired mono />
      </Pair>
      {header && (
        <div>
          <p className={styles['label']}>The header that the file must begin with</p>
          <CopyBlock text={header.join(',')} label="the header" />
        </div>
      )}
      <label className={styles['file']}>
        <span>CSV file</span>
        <input
          type="file"
          accept=".csv,text/csv"
          onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
        />
      </label>
      <TextArea
        label="Or the text itself"
        placeholder={header ? `${header.slice(0, 4).join(',')},…` : ''}
        value={text}
        onChange={setText}
        rows={6}
        mono
      />
    </FormDialog>
  );
}
