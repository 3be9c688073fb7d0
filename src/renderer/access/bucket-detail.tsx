import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useAnswer, useAsking } from '../data/answers.ts';
import { openAt } from '../data/route.ts';
import { itemsOf, s3 } from '../data/s3.ts';
import { size as inWords } from '../format/size.ts';
import { DetailHead } from '../pools/split.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyBlock, CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Field } from '../ui/field.tsx';
import { Confirm, FormDialog, Refusal } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import pools from '../pools/pool.module.css';
import styles from './access.module.css';

const MOST = 200;
const LONGEST_SHOWN = 4000;

/** The objects of a bucket, as its owner sees them. */
export function BucketDetail({ bucket }: { readonly bucket: string }) {
  const [prefix, setPrefix] = useState('');
  const [open, setOpen] = useState<'put' | 'delete' | null>(null);
  const [shown, setShown] = useState<{ readonly key: string; readonly text: string } | undefined>();
  const asking = useAsking();
  const { value: objects, refused } = useAnswer(`objects ${bucket} ${prefix}`, async () =>
    itemsOf(
      await s3({ method: 'GET', bucket, query: { 'list-type': '2', 'max-keys': String(MOST), prefix } }),
      'Contents',
      ['Key', 'Size'],
    ),
  );
  const close = (): void => setOpen(null);
  const remove = async (): Promise<void> => {
    await s3({ method: 'DELETE', bucket });
    openAt('access', 'resources');
  };
  return (
    <article aria-label={`Bucket ${bucket}`}>
      <DetailHead title={bucket} onClose={() => openAt('access', 'resources')} />
      <div className={pools['actions']}>
        <Button icon={Plus} variant="primary" onPress={() => setOpen('put')}>
          Put an object
        </Button>
        <Button icon={Trash2} onPress={() => setOpen('delete')}>
          Delete
        </Button>
      </div>
      <Section title="Bucket">
        <Facts>
          <Fact name="ARN">
            <CopyId value={`arn:aws:s3:::${bucket}`} label="ARN" most={50} />
          </Fact>
        </Facts>
      </Section>
      <Section title="Objects">
        <Field label="Prefix" value={prefix} onChange={setPrefix} className={styles['prefix']} mono />
        <Refusal refused={refused ?? asking.refused} />
        {objects?.length === 0 && <p className={pools['note']}>No object has a key that begins so.</p>}
        {objects && objects.length > 0 && (
          <table className={pools['table']} aria-label={`Objects of ${bucket}`}>
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Size</th>
                <th scope="col">
                  <span className="visually-hidden">Delete</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {objects.map(({ Key: key = '', Size: size }) => (
                <tr key={key}>
                  <td>
                    <AriaButton
                      className={pools['rowButton'] ?? ''}
                      onPress={() =>
                        void asking.ask(async () => setShown({ key, text: await s3({ method: 'GET', bucket, key }) }))
                      }
                    >
                      {key}
                    </AriaButton>
                  </td>
                  <td className={pools['number']}>{inWords(Number(size))}</td>
                  <td className={styles['end']}>
                    <IconButton
                      icon={Trash2}
                      label={`Delete ${key}`}
                      onPress={() => void asking.ask(() => s3({ method: 'DELETE', bucket, key }))}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {objects?.length === MOST && (
          <p className={pools['note']}>The first {MOST} are shown; a prefix finds the others.</p>
        )}
      </Section>
      {shown && (
        <Section title={shown.key}>
          <CopyBlock text={shown.text.slice(0, LONGEST_SHOWN)} label={`content of ${shown.key}`} />
        </Section>
      )}
      {open === 'put' && <PutObject bucket={bucket} onClose={close} />}
      {open === 'delete' && (
        <Confirm title={`Delete ${bucket}?`} verb="Delete" onClose={close} run={remove}>
          <p>S3 deletes a bucket only when it is empty.</p>
        </Confirm>
      )}
    </article>
  );
}

function PutObject({ bucket, onClose }: { readonly bucket: string; readonly onClose: () => void }) {
  const [key, setKey] = useState('');
  const [text, setText] = useState('');
  return (
    <FormDialog
      title={`Put an object into ${bucket}`}
      verb="Put"
      onClose={onClose}
      ready={key !== ''}
      run={() => s3({ method: 'PUT', bucket, key, body: text })}
    >
      <Field label="Key" placeholder="folder/note.txt" value={key} onChange={setKey} isRequired autoFocus mono />
      <TextArea label="Text" value={text} onChange={setText} rows={5} mono />
    </FormDialog>
  );
}
