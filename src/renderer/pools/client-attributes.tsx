import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import type { Pool } from './pool.ts';
import { Panel } from './settings.tsx';
import styles from './pool.module.css';
import own from './clients.module.css';

interface ClientAttributesProps {
  readonly pool: Pool;
  /** Absent: AWS's defaults, which are all standard attributes. */
  readonly read: string[] | undefined;
  readonly write: string[] | undefined;
  readonly onChange: (change: { read?: string[]; write?: string[] }) => void;
}

const READ_ONLY = new Set(['sub', 'email_verified', 'phone_number_verified']);

/** Which attributes users may see and change through this client. */
export function ClientAttributes({ pool, read, write, onChange }: ClientAttributesProps) {
  const [isOpen, setOpen] = useState(false);
  const schema = pool.SchemaAttributes ?? [];
  const readable = schema.flatMap(({ Name, DeveloperOnlyAttribute }) =>
    Name && !DeveloperOnlyAttribute ? [Name] : [],
  );
  const standard = readable.filter((name) => !name.includes(':'));
  const writable = new Set(readable.filter((name) => !READ_ONLY.has(name)));
  const reads = read ?? standard;
  const writes = write ?? standard.filter((name) => writable.has(name));
  const toggle = (list: readonly string[], name: string, isOn: boolean): string[] =>
    isOn ? [...list, name] : list.filter((other) => other !== name);
  return (
    <Panel
      title="Attributes"
      aside={
        <Button size="small" variant="quiet" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {isOpen ? 'Fold' : 'Show'}
        </Button>
      }
    >
      <p className={styles['note']}>
        Users of this client read {reads.length} and write {writes.length} of {readable.length} attributes
        {read || write ? '' : ' (AWS’s default: all standard ones)'}.
      </p>
      {isOpen && (
        <div className={own['attributes']} tabIndex={0} role="region" aria-label="Attributes of the client">
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">Attribute</th>
                <th scope="col">Read</th>
                <th scope="col">Write</th>
              </tr>
            </thead>
            <tbody>
              {readable.map((name) => (
                <tr key={name}>
                  <td className={styles['key']}>{name}</td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Read ${name}`}
                      checked={reads.includes(name)}
                      onChange={(event) => onChange({ read: toggle(reads, name, event.target.checked) })}
                    />
                  </td>
                  <td>
                    {writable.has(name) && (
                      <input
                        type="checkbox"
                        aria-label={`Write ${name}`}
                        checked={writes.includes(name)}
                        onChange={(event) => onChange({ write: toggle(writes, name, event.target.checked) })}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
