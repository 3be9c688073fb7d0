import { Pencil, Trash2, UserRoundPlus, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import type { Json } from '../../shared/json.ts';
import type { StandInPerson, StandInView } from '../../shared/stand-ins.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { CopyId } from '../ui/copy.tsx';
import { Field } from '../ui/field.tsx';
import { Confirm, Empty, FormDialog, Pair } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { change, remove } from './provider.ts';
import pool from '../pools/pool.module.css';
import styles from './providers.module.css';

type Editing = { readonly do: 'add' } | { readonly do: 'edit' | 'remove'; readonly person: StandInPerson };

export function PeopleTab({ provider }: { readonly provider: StandInView }) {
  const { people, format } = provider;
  const [editing, setEditing] = useState<Editing>();
  const close = () => setEditing(undefined);
  const add = (
    <Button icon={UserRoundPlus} onPress={() => setEditing({ do: 'add' })}>
      Add a person
    </Button>
  );
  return (
    <>
      <div className={cx(pool['bar'], styles['surface'])}>{add}</div>
      {people.length === 0 && (
        <Empty icon={UserRoundX} title="Nobody yet">
          A provider signs tokens for people that it knows.
        </Empty>
      )}
      {people.length > 0 && (
        <div className={cx(pool['wrap'], styles['surface'])}>
          <table className={pool['table']} aria-label="People">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">{format === 'assertion' ? 'NameID' : 'Subject'}</th>
                <th scope="col">E-mail</th>
                <th scope="col">{format === 'assertion' ? 'Attributes' : 'Further claims'}</th>
                <th scope="col">
                  <span className="visually-hidden">Change</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.subject}>
                  <td>{person.name}</td>
                  <td>
                    <CopyId value={person.subject} label="subject" most={24} />
                  </td>
                  <td>{person.email}</td>
                  <td>
                    <span className={styles['further']}>{inShort(person.claims)}</span>
                  </td>
                  <td>
                    <div className={styles['tools']}>
                      <IconButton
                        icon={Pencil}
                        label={`Edit ${person.name}`}
                        onPress={() => setEditing({ do: 'edit', person })}
                      />
                      <IconButton
                        icon={Trash2}
                        label={`Remove ${person.name}`}
                        onPress={() => setEditing({ do: 'remove', person })}
                      />
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {editing?.do === 'remove' && (
        <Confirm
          title={`Remove ${editing.person.name}`}
          verb="Remove"
          onClose={close}
          run={() => remove(provider, 'people', editing.person.subject)}
        >
          Nobody can sign in as {editing.person.name} any more; tokens that were handed out still say who they are.
        </Confirm>
      )}
      {editing && editing.do !== 'remove' && (
        <PersonDialog provider={provider} person={editing.do === 'edit' ? editing.person : undefined} onClose={close} />
      )}
    </>
  );
}

function inShort(claims: { readonly [name: string]: Json }): string {
  return Object.entries(claims)
    .map(([name, value]) => `${name.split('/').at(-1)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
}

interface PersonProps {
  readonly provider: StandInView;
  readonly person: StandInPerson | undefined;
  readonly onClose: () => void;
}

function PersonDialog({ provider, person, onClose }: PersonProps) {
  const [name, setName] = useState(person?.name ?? '');
  const [subject, setSubject] = useState(person?.subject ?? '');
  const [email, setEmail] = useState(person?.email ?? '');
  const [claims, setClaims] = useState(JSON.stringify(person?.claims ?? {}, null, 2));
  const read = readClaims(claims);
  const isAssertion = provider.format === 'assertion';
  return (
    <FormDialog
      title={person ? `Edit ${person.name}` : 'Add a person'}
      verb={person ? 'Save' : 'Add'}
      wide
      ready={name !== '' && subject !== '' && read !== undefined}
      onClose={onClose}
      run={() =>
        change(provider, ['people'], {
          person: { name, subject, claims: read, ...(email === '' ? {} : { email }) },
        })
      }
    >
      <Pair>
        <Field label="Name" value={name} onChange={setName} isRequired autoFocus />
        <Field label="E-mail" value={email} onChange={setEmail} inputMode="email" />
      </Pair>
      <Field
        label={isAssertion ? 'NameID' : 'Subject'}
        value={subject}
        onChange={setSubject}
        // The subject is who the person is: another one is another person.
        isReadOnly={person !== undefined}
        isRequired
        mono
      />
      <TextArea
        label={isAssertion ? 'Attributes, as JSON; a list has several values' : 'Further claims, as JSON'}
        value={claims}
        onChange={setClaims}
        rows={7}
        mono
        invalid={read === undefined}
      />
    </FormDialog>
  );
}

function readClaims(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
