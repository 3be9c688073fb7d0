import { useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { ConflictChoice, DeviceConflict } from '../../shared/device.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { useBench } from '../data/bench-state.ts';
import { act, useAsked } from '../data/device-actions.ts';
import { shortId } from '../format/ids.ts';
import { ago, dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/marks.tsx';
import styles from './conflict-resolver.module.css';

interface ResolverProps {
  readonly deviceId: string;
  readonly datasetName: string;
  readonly onClose: () => void;
}

/** Both versions of each key that was changed here and on the store, and a choice between them. */
export function ConflictResolver({ deviceId, datasetName, onClose }: ResolverProps) {
  const device = useBench((state) => state.devices.find(({ id }) => id === deviceId));
  const dataset = device?.datasets.find(({ name }) => name === datasetName);
  const asked = useAsked((state) => state[deviceId]);
  const [choices, setChoices] = useState<{ readonly [key: string]: ConflictChoice }>({});
  const conflicts = dataset?.conflicts ?? [];
  if (!device || !dataset) return null;

  const choiceOf = (key: string): ConflictChoice => choices[key] ?? 'last-writer';
  const chooseAll = (choice: ConflictChoice) =>
    setChoices(Object.fromEntries(conflicts.map(({ key }) => [key, choice])));
  const apply = async () => {
    const all = Object.fromEntries(conflicts.map(({ key }) => [key, choiceOf(key)]));
    if (await act(deviceId, { do: 'resolve', dataset: datasetName, choices: all })) onClose();
  };

  return (
    <Dialog
      title={`Resolve ${datasetName} on ${device.name}`}
      isOpen
      onClose={onClose}
      wide
      actions={
        <>
          {asked?.failed && <p className={styles['failed']}>{`${asked.failed.code}: ${asked.failed.message}`}</p>}
          <Button onPress={onClose}>Later</Button>
          <Button
            variant="primary"
            isDisabled={asked?.busy !== undefined || conflicts.length === 0}
            onPress={() => void apply()}
          >
            {asked?.busy ? `${asked.busy}…` : 'Apply and send'}
          </Button>
        </>
      }
    >
      {conflicts.length === 0 ? (
        <p>Nothing is in conflict any more.</p>
      ) : (
        <>
          <div className={styles['all']} role="group" aria-label="For every key">
            <span>Every key:</span>
            <Button size="small" onPress={() => chooseAll('last-writer')}>
              Last writer
            </Button>
            <Button size="small" onPress={() => chooseAll('local')}>
              Keep mine
            </Button>
            <Button size="small" onPress={() => chooseAll('remote')}>
              Take theirs
            </Button>
          </div>
          {conflicts.map((conflict) => (
            <ConflictRow
              key={conflict.key}
              conflict={conflict}
              deviceName={device.name}
              choice={choiceOf(conflict.key)}
              onChoose={(choice) => setChoices({ ...choices, [conflict.key]: choice })}
            />
          ))}
        </>
      )}
    </Dialog>
  );
}

interface RowProps {
  readonly conflict: DeviceConflict;
  readonly deviceName: string;
  readonly choice: ConflictChoice;
  readonly onChoose: (choice: ConflictChoice) => void;
}

export function ConflictRow({ conflict, deviceName, choice, onChoose }: RowProps) {
  const { key, local, remote } = conflict;
  const lastWriter = local.modifiedAt > remote.modifiedAt ? 'local' : 'remote';
  const winner = choice === 'last-writer' ? lastWriter : choice;
  const after = winner === 'local' ? local.value : remote.value;
  return (
    <section className={styles['conflict']} aria-label={`Conflict of ${key}`}>
      <h3>{key}</h3>
      <div className={styles['versions']}>
        <Version
          title={deviceName}
          value={local.value}
          at={local.modifiedAt}
          wins={winner === 'local'}
          newer={lastWriter === 'local'}
        />
        <Version
          title="Sync store"
          value={remote.value}
          at={remote.modifiedAt}
          wins={winner === 'remote'}
          newer={lastWriter === 'remote'}
          note={`count ${remote.syncCount}${remote.modifiedBy ? ` · by ${shortId(remote.modifiedBy, 18)}` : ''}`}
        />
      </div>
      <RadioGroup
        className={styles['choices'] ?? ''}
        value={choice}
        onChange={(value) => onChoose(value as ConflictChoice)}
        orientation="horizontal"
      >
        <Label className="visually-hidden">{`What becomes of ${key}`}</Label>
        <Choice value="last-writer">Last writer</Choice>
        <Choice value="local">Keep mine</Choice>
        <Choice value="remote">Take theirs</Choice>
        <output className={styles['after']}>
          afterwards <code>{after === null ? 'removed' : after}</code>
        </output>
      </RadioGroup>
    </section>
  );
}

function Choice({ value, children }: { readonly value: ConflictChoice; readonly children: string }) {
  return (
    <Radio value={value} className={styles['choice'] ?? ''}>
      {children}
    </Radio>
  );
}

interface VersionProps {
  readonly title: string;
  readonly value: string | null;
  readonly at: string;
  readonly wins: boolean;
  readonly newer: boolean;
  readonly note?: string;
}

function Version({ title, value, at, wins, newer, note }: VersionProps) {
  const now = useBenchNow();
  return (
    <div className={styles['version']} data-wins={wins}>
      <header>
        <span>{title}</span>
        {newer && <Mark>newer</Mark>}
        {wins && <Mark tone="ok">stays</Mark>}
      </header>
      <p className={styles['value']}>{value ?? <em>removed</em>}</p>
      <p className={styles['when']} title={dateAndTime(Date.parse(at))}>
        {now === undefined ? dateAndTime(Date.parse(at)) : ago(at, now)}
        {note && ` · ${note}`}
      </p>
    </div>
  );
}
