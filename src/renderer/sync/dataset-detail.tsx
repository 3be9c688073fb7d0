import { BellRing, ChevronLeft, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { DatasetView, RecordView } from '../../shared/sync-views.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { useBench } from '../data/bench-state.ts';
import { useFollowed } from '../data/facts.ts';
import { openAt } from '../data/route.ts';
import { shortId } from '../format/ids.ts';
import { many, size } from '../format/size.ts';
import { ago, dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Confirm, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { MergeMarks } from './identity-detail.tsx';
import { RecordDialog } from './record-dialog.tsx';
import { RecordTable } from './record-table.tsx';
import { SizeBar } from './size-bar.tsx';
import { changesStore, deleteDataset, getDataset, writeRecords } from './sync-calls.ts';
import { deviceOfToken, useWriters } from './writers.ts';
import styles from './store.module.css';

interface DatasetProps {
  readonly identityId: string;
  readonly name: string;
}

type Asking = { readonly edit: RecordView | null } | 'delete' | { readonly remove: string };

/** One dataset with its records, and a developer's hand in it. */
export function DatasetDetail({ identityId, name }: DatasetProps) {
  const { value, refused, again } = useFollowed(
    `${identityId} ${name}`,
    () => getDataset(identityId, name),
    (event) => changesStore(event, identityId),
  );
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  const done = async (work: Promise<unknown>) => {
    await work;
    again();
  };
  return (
    <>
      <header className={styles['head']}>
        <Button
          size="small"
          variant="quiet"
          icon={ChevronLeft}
          className={styles['up']}
          onPress={() => openAt('sync', 'store', identityId)}
        >
          <span title={identityId}>{shortId(identityId.split(':').at(-1) ?? '', 14)}</span>
          <span className="visually-hidden">, its datasets</span>
        </Button>
        <h3>{name}</h3>
        {value && !value.isPresent && <Mark tone="warn">deleted at count {value.deletedAtCount}</Mark>}
        {value && <MergeMarks dataset={value} />}
        <span className={styles['space']} />
        <Button size="small" icon={Plus} isDisabled={!value} onPress={() => setAsking({ edit: null })}>
          Put a record
        </Button>
        <Button
          size="small"
          variant="danger"
          icon={Trash2}
          isDisabled={!value?.isPresent}
          onPress={() => setAsking('delete')}
        >
          Delete
        </Button>
      </header>
      <Refusal refused={refused} />
      {value && (
        <>
          <About view={value} identityId={identityId} />
          <RecordTable
            identityId={identityId}
            view={value}
            onEdit={(record) => setAsking({ edit: record })}
            onRemove={(key) => setAsking({ remove: key })}
          />
        </>
      )}
      {value && asking !== null && typeof asking === 'object' && 'edit' in asking && (
        <RecordDialog
          identityId={identityId}
          dataset={name}
          record={asking.edit}
          known={value.recordsByKey}
          onClose={() => {
            close();
            again();
          }}
        />
      )}
      {asking !== null && typeof asking === 'object' && 'remove' in asking && (
        <Confirm
          title={`Remove ${asking.remove}?`}
          verb="Remove"
          onClose={close}
          run={() => done(writeRecords(identityId, name, [{ op: 'remove', key: asking.remove }]))}
        >
          <p>A tombstone stays, so that each device removes it too with its next synchronise.</p>
        </Confirm>
      )}
      {asking === 'delete' && (
        <Confirm
          title={`Delete ${name}?`}
          verb="Delete"
          onClose={close}
          run={() => done(deleteDataset(identityId, name))}
        >
          <p>All its records go for good. Each device is told that it was deleted, with its next synchronise.</p>
        </Confirm>
      )}
    </>
  );
}

function About({ view, identityId }: { readonly view: DatasetView; readonly identityId: string }) {
  const now = useBenchNow();
  const devices = useBench((state) => state.devices);
  const { subscribers, limits } = view;
  const writer = useWriters(identityId, subscribers);
  return (
    <>
      <Facts>
        <Fact name="Sync count">{view.syncCount}</Fact>
        <Fact name="Changed">
          <span title={dateAndTime(Date.parse(view.modifiedAt))}>
            {now === undefined ? '' : ago(view.modifiedAt, now)} by {shortId(writer(view.modifiedBy), 40)}
          </span>
        </Fact>
        {view.reportedAs !== undefined && (
          <Fact name="Reported as">
            <code>{view.reportedAs}</code>, in the list of merged datasets
          </Fact>
        )}
        {subscribers.length > 0 && (
          <Fact name="Pushes to">
            <span className={styles['subscribers']}>
              {subscribers.map(({ deviceId, platform, token }) => (
                <Mark key={deviceId} icon={BellRing} title={`${platform} · ${deviceId}`}>
                  {deviceOfToken(token, devices) ?? shortId(deviceId, 16)}
                </Mark>
              ))}
            </span>
          </Fact>
        )}
      </Facts>
      <div className={styles['bars']}>
        <SizeBar label="Size" value={view.bytes} limit={limits.datasetBytes} format={size} />
        <SizeBar
          label="Records"
          value={view.records}
          limit={limits.datasetRecords}
          format={(records) => records.toLocaleString('en')}
        />
      </div>
      {view.merged.length > 0 && (
        <p className={styles['note']}>
          {many(view.merged.length, 'dataset')} of a guest {view.merged.length === 1 ? 'waits' : 'wait'} to be merged
          into this one: devices see {view.merged.map((other) => shortId(other, 40)).join(', ')} with their next
          synchronise, and merge on their card.
        </p>
      )}
    </>
  );
}
