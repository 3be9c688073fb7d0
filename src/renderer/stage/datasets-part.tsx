import {
  ArrowUp,
  Bell,
  BellRing,
  ChevronDown,
  GitMerge,
  Handshake,
  Plus,
  RefreshCw,
  TriangleAlert,
  Undo2,
} from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { ConflictChoice, DeviceDataset, DeviceState } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import { openDialog } from '../data/dialogs.ts';
import { select } from '../data/route.ts';
import { many } from '../format/size.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Mark } from '../ui/marks.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { RecordRows } from './record-rows.tsx';
import card from './device-card.module.css';
import styles from './datasets-part.module.css';

interface PartProps {
  readonly device: DeviceState;
  readonly busy: boolean;
}

export function DatasetsPart({ device, busy }: PartProps) {
  const [adding, setAdding] = useState(false);
  const hasNone = device.datasets.length === 0;
  return (
    <section aria-label={`Datasets on ${device.name}`}>
      {device.datasets.map((dataset) => (
        <Dataset key={dataset.name} device={device} dataset={dataset} busy={busy} />
      ))}
      {hasNone && !adding && <p className={card['muted']}>Nothing cached. Put a value or sign in.</p>}
      {adding ? (
        <PutForm device={device} busy={busy} onDone={() => setAdding(false)} />
      ) : (
        <Button size="small" variant="quiet" icon={Plus} className={styles['add']} onPress={() => setAdding(true)}>
          {hasNone ? 'Put a value' : 'New dataset'}
        </Button>
      )}
    </section>
  );
}

const RESOLVERS: readonly { readonly id: ConflictChoice; readonly text: string }[] = [
  { id: 'last-writer', text: 'Last writer wins' },
  { id: 'local', text: 'Keep mine' },
  { id: 'remote', text: 'Take theirs' },
];

interface DatasetProps extends PartProps {
  readonly dataset: DeviceDataset;
}

function Dataset({ device, dataset, busy }: DatasetProps) {
  const { name, conflicts, mergedDatasetNames } = dataset;
  const dirty = dataset.records.filter((record) => record.dirty).length;
  const of = `${name} on ${device.name}`;
  const synchronize = (resolver: ConflictChoice | 'ask') =>
    void act(device.id, { do: 'synchronize', dataset: name, resolver });
  return (
    <div className={styles['dataset']}>
      <div className={styles['head']}>
        <h4>{name}</h4>
        <span className={styles['count']} title="The count of the last synchronise">
          count {dataset.lastSyncCount}
        </span>
        {dirty > 0 && (
          <Mark tone="accent" icon={ArrowUp} title={`${dirty} changed here and not sent yet`}>
            {dirty}
            <span className="visually-hidden"> to send</span>
          </Mark>
        )}
        <span className={styles['space']} />
        <IconButton
          icon={dataset.subscribed ? BellRing : Bell}
          label={`${dataset.subscribed ? 'Unsubscribe from' : 'Subscribe to'} pushes of ${of}`}
          pressed={dataset.subscribed}
          isDisabled={busy}
          onPress={() => void act(device.id, { do: dataset.subscribed ? 'unsubscribe' : 'subscribe', dataset: name })}
        />
        <div className={styles['split']} role="group" aria-label={`Synchronise ${of}`}>
          <Button size="small" icon={RefreshCw} isDisabled={busy} onPress={() => synchronize('ask')}>
            Sync
            <span className="visually-hidden"> {of}</span>
          </Button>
          <MenuButton
            label="Settle conflicts by"
            entries={[
              { id: 'ask', text: 'Ask at a conflict', run: () => synchronize('ask') },
              ...RESOLVERS.map(({ id, text }) => ({ id, text, run: () => synchronize(id) })),
              {
                id: 'function',
                text: 'By a function…',
                run: () => openDialog({ name: 'sync-by-function', deviceId: device.id, dataset: name }),
              },
            ]}
          >
            <Button size="small" isDisabled={busy} aria-label={`How to settle conflicts of ${of}`}>
              <ChevronDown size={13} aria-hidden />
            </Button>
          </MenuButton>
        </div>
      </div>
      {conflicts.length > 0 && (
        <div className={styles['conflict']}>
          <TriangleAlert size={14} aria-hidden />
          <span>{conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`}</span>
          <Button
            size="small"
            variant="primary"
            className={styles['resolve']}
            aria-label={`Resolve ${of}`}
            onPress={() => openDialog({ name: 'resolve', deviceId: device.id, dataset: name })}
          >
            Resolve
          </Button>
        </div>
      )}
      {mergedDatasetNames.map((from) => (
        <div key={from} className={styles['conflict']}>
          <GitMerge size={14} aria-hidden />
          <span className={styles['from']} title={from}>
            Guest data to merge
          </span>
          <MenuButton
            label={`Merge ${from}`}
            entries={RESOLVERS.map(({ id, text }) => ({
              id,
              text,
              run: () => void act(device.id, { do: 'merge', dataset: name, from, keep: id }),
            }))}
          >
            <Button size="small" variant="primary" className={styles['resolve']} isDisabled={busy}>
              Merge
              <ChevronDown size={13} aria-hidden />
            </Button>
          </MenuButton>
        </div>
      ))}
      {dataset.undoable.length > 0 && (
        <div className={styles['quiet']}>
          <Undo2 size={13} aria-hidden />
          <span title={dataset.undoable.join(', ')}>{many(dataset.undoable.length, 'key')} settled, not sent</span>
          <Button
            size="small"
            variant="quiet"
            className={styles['resolve']}
            isDisabled={busy}
            aria-label={`Undo the settling of ${of}`}
            onPress={() => void act(device.id, { do: 'undo-resolve', dataset: name })}
          >
            Undo
          </Button>
        </div>
      )}
      {dataset.settled.length > 0 && conflicts.length === 0 && (
        <div className={styles['quiet']}>
          <Handshake size={13} aria-hidden />
          <span>{many(dataset.settled.length, 'conflict')} settled by itself</span>
          <Button
            size="small"
            variant="quiet"
            className={styles['resolve']}
            aria-label={`Look at what was settled in ${of}`}
            onPress={() => select({ kind: 'device', id: device.id })}
          >
            Look
          </Button>
        </div>
      )}
      <RecordRows device={device} dataset={dataset} busy={busy} />
    </div>
  );
}

interface PutFormProps extends PartProps {
  readonly onDone: () => void;
}

function PutForm({ device, busy, onDone }: PutFormProps) {
  const [dataset, setDataset] = useState(device.datasets.length === 0 ? 'prefs' : '');
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act(device.id, { do: 'put', dataset, key, value })) onDone();
  };
  return (
    <form
      className={card['form']}
      aria-label={`Put a value on ${device.name}`}
      onSubmit={(event) => void submit(event)}
    >
      <Field label="Dataset" value={dataset} onChange={setDataset} isRequired autoFocus={dataset === ''} />
      <div className={card['pair']}>
        <Field label="Key" value={key} onChange={setKey} isRequired autoFocus={dataset !== ''} />
        <Field label="Value" value={value} onChange={setValue} />
      </div>
      <div className={card['buttons']}>
        <Button type="submit" variant="primary" isDisabled={busy}>
          Put
        </Button>
        <Button variant="quiet" onPress={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
