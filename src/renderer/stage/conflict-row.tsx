import { useId } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { ConflictChoice, DeviceConflict, DeviceState, Settlement } from '../../shared/device.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { shortId } from '../format/ids.ts';
import { ago, dateAndTime } from '../format/time.ts';
import { useWriters } from '../sync/writers.ts';
import { Mark } from '../ui/marks.tsx';
import styles from './conflict-resolver.module.css';

interface RowProps {
  readonly conflict: DeviceConflict;
  readonly device: DeviceState;
  /** Absent where a function chooses. */
  readonly choice?: Settlement;
  readonly onChoose?: (choice: Settlement) => void;
}

type Kind = ConflictChoice | 'own' | 'remove';

const kindOf = (choice: Settlement): Kind =>
  typeof choice === 'string' ? choice : choice.value === null ? 'remove' : 'own';

/** What both began from, what each made of it, and what becomes of it. */
export function ConflictRow({ conflict, device, choice, onChoose }: RowProps) {
  const { key, base, local, remote } = conflict;
  const writerOf = useWriters(device.identity?.identityId);
  const lastWriter = local.modifiedAt >= remote.modifiedAt ? 'local' : 'remote';
  const winner = choice === 'last-writer' ? lastWriter : choice;
  const writer = remote.modifiedBy === undefined ? undefined : writerOf(remote.modifiedBy);
  return (
    <section className={styles['conflict']} aria-label={`Conflict of ${key}`}>
      <h3>{key}</h3>
      <div className={styles['versions']}>
        <Version
          title="Base"
          value={base ? base.value : undefined}
          note={base ? `count ${base.syncCount}, seen by both` : 'new on both'}
        />
        <Version
          title={device.name}
          value={local.value}
          at={local.modifiedAt}
          wins={winner === 'local'}
          newer={lastWriter === 'local'}
          note={`on count ${base?.syncCount ?? 0}`}
        />
        <Version
          title="Sync store"
          value={remote.value}
          at={remote.modifiedAt}
          wins={winner === 'remote'}
          newer={lastWriter === 'remote'}
          note={`count ${remote.syncCount}${writer === undefined ? '' : ` · by ${shortId(writer, 18)}`}`}
        />
      </div>
      {choice !== undefined && onChoose && <Chooser conflict={conflict} choice={choice} onChoose={onChoose} />}
    </section>
  );
}

interface ChooserProps {
  readonly conflict: DeviceConflict;
  readonly choice: Settlement;
  readonly onChoose: (choice: Settlement) => void;
}

function Chooser({ conflict: { key, local, remote }, choice, onChoose }: ChooserProps) {
  const own = useId();
  const kind = kindOf(choice);
  const choose = (next: Kind) => {
    if (next === 'own') onChoose({ value: local.value ?? remote.value ?? '' });
    else onChoose(next === 'remove' ? { value: null } : next);
  };
  return (
    <>
      <RadioGroup
        className={styles['choices'] ?? ''}
        value={kind}
        onChange={(value) => choose(value as Kind)}
        orientation="horizontal"
      >
        <Label className="visually-hidden">{`What becomes of ${key}`}</Label>
        <Choice value="last-writer">Last writer</Choice>
        <Choice value="local">Keep mine</Choice>
        <Choice value="remote">Take theirs</Choice>
        <Choice value="own">Own value</Choice>
        <Choice value="remove">Delete</Choice>
      </RadioGroup>
      {typeof choice !== 'string' && choice.value !== null && (
        <div className={styles['own']}>
          <label htmlFor={own} className="visually-hidden">{`Own value of ${key}`}</label>
          <input
            id={own}
            value={choice.value}
            spellCheck={false}
            onChange={({ target }) => onChoose({ value: target.value })}
          />
        </div>
      )}
    </>
  );
}

function Choice({ value, children }: { readonly value: Kind; readonly children: string }) {
  return (
    <Radio value={value} className={styles['choice'] ?? ''}>
      {children}
    </Radio>
  );
}

interface VersionProps {
  readonly title: string;
  /** Absent where there was none. */
  readonly value: string | null | undefined;
  readonly at?: string;
  readonly wins?: boolean;
  readonly newer?: boolean;
  readonly note: string;
}

function Version({ title, value, at, wins, newer, note }: VersionProps) {
  const now = useBenchNow();
  const when = at === undefined ? undefined : now === undefined ? dateAndTime(Date.parse(at)) : ago(at, now);
  return (
    <div className={styles['version']} data-wins={wins}>
      <header>
        <span>{title}</span>
        {newer && <Mark>newer</Mark>}
        {wins && <Mark tone="ok">stays</Mark>}
      </header>
      <p className={styles['value']}>
        {value === undefined ? (
          <em>none</em>
        ) : value === null ? (
          <em>removed</em>
        ) : value === '' ? (
          <em>empty</em>
        ) : (
          value
        )}
      </p>
      <p className={styles['when']} title={at === undefined ? undefined : dateAndTime(Date.parse(at))}>
        {when === undefined ? note : `${when} · ${note}`}
      </p>
    </div>
  );
}
