import { useEffect, useState } from 'react';
import type { ResourceOverview } from '../../shared/bench-api.ts';
import type { BulkPublishView, StreamView, SyncPoolView } from '../../shared/sync-views.ts';
import { useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { useFollowed } from '../data/facts.ts';
import { notify } from '../data/notices.ts';
import { size } from '../format/size.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Refusal } from '../ui/form.tsx';
import { Mark, type Tone } from '../ui/marks.tsx';
import { bulkPublish, setStreaming } from './aws-sync.ts';
import { StreamDialog } from './stream-dialog.tsx';
import table from './table.module.css';

type Pool = ResourceOverview['identityPools'][number];

interface PoolStreamsProps {
  readonly pools: readonly Pool[];
  readonly streams: readonly StreamView[];
}

/** What leaves each pool: by stream, by push, and through a function. */
export function PoolStreams({ pools, streams }: PoolStreamsProps) {
  return (
    <div className={table['frame']} tabIndex={0} role="region" aria-label="What leaves each pool">
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">Pool</th>
            <th scope="col">Stream</th>
            <th scope="col">Bulk publish</th>
            <th scope="col">Push applications</th>
            <th scope="col">SyncTrigger</th>
            <th scope="col" className={table['number']}>
              Store
            </th>
          </tr>
        </thead>
        <tbody>
          {pools.map((pool) => (
            <PoolRow key={pool.id} pool={pool} streams={streams} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** No event tells that a bulk publish ended. */
const POLL_MS = 1000;

const CONFIGURES = /^(SetIdentityPoolConfiguration|SetCognitoEvents|BulkPublish|DeleteStream)$/;

function PoolRow({ pool, streams }: { readonly pool: Pool; readonly streams: readonly StreamView[] }) {
  const { value, refused, again } = useFollowed(
    pool.id,
    () => call<SyncPoolView>('GET', `/sync/pools/${encodeURIComponent(pool.id)}`),
    (event) =>
      event.type === 'dataset.synchronised' ||
      event.type === 'streaming.stopped' ||
      event.type === 'stream.written' ||
      (event.type === 'trace.closed' && CONFIGURES.test(event.data.record.operation ?? '')),
  );
  const isPublishing = value?.bulkPublish.status === 'IN_PROGRESS';
  useEffect(() => {
    if (!isPublishing) return undefined;
    const timer = setInterval(again, POLL_MS);
    return () => clearInterval(timer);
  }, [isPublishing, again]);
  const { busy, ask } = useAsking();
  const [choosing, setChoosing] = useState(false);
  const request = async (work: () => Promise<unknown>) => {
    await ask(() =>
      work().catch((error: unknown) => {
        notify(error instanceof Error ? error.message : String(error), 'bad');
        throw error;
      }),
    );
    again();
  };
  if (!value) {
    return (
      <tr>
        <th scope="row">{pool.name}</th>
        <td colSpan={5}>{refused && <Refusal refused={refused} />}</td>
      </tr>
    );
  }
  const functions = Object.values(value.events).filter((arn) => arn !== '');
  return (
    <tr>
      <th scope="row" title={pool.id}>
        {pool.name}
      </th>
      <td>
        <span className={table['cells']}>
          {value.streamName !== undefined && <span>{value.streamName}</span>}
          {value.isStreaming ? (
            <Mark tone="ok">on</Mark>
          ) : (
            <Mark
              tone={value.streamsDisabledReason === undefined ? 'plain' : 'bad'}
              title={value.streamsDisabledReason}
            >
              {value.streamsDisabledReason === undefined ? 'off' : 'stopped'}
            </Mark>
          )}
          {value.isStreaming ? (
            <Button
              size="small"
              variant="quiet"
              isDisabled={busy}
              aria-label={`Stop streaming ${pool.name}`}
              onPress={() => void request(() => setStreaming(pool.id, { StreamingStatus: 'DISABLED' }))}
            >
              Stop
            </Button>
          ) : (
            <Button size="small" isDisabled={busy} aria-label={`Stream ${pool.name}`} onPress={() => setChoosing(true)}>
              Stream…
            </Button>
          )}
        </span>
        {choosing && (
          <StreamDialog
            pool={pool}
            streams={streams}
            onClose={() => {
              setChoosing(false);
              again();
            }}
          />
        )}
      </td>
      <td>
        <span className={table['cells']}>
          <BulkState state={value.bulkPublish} />
          <Button
            size="small"
            variant="quiet"
            isDisabled={busy || !value.isStreaming}
            aria-label={`Publish all of ${pool.name}`}
            onPress={() => void request(() => bulkPublish(pool.id))}
          >
            Publish all
          </Button>
        </span>
      </td>
      <td className={table['dim']}>
        {value.applications.length === 0
          ? 'none'
          : value.applications.map((arn) => arn.split(':app/').at(-1)).join(', ')}
      </td>
      <td className={table['dim']}>
        {functions.length === 0 ? 'none' : functions.map((arn) => arn.split(':').at(-1)).join(', ')}
      </td>
      <td className={table['number']}>{size(value.bytes)}</td>
    </tr>
  );
}

const STATES: Readonly<Record<BulkPublishView['status'], { readonly word: string; readonly tone: Tone }>> = {
  NOT_STARTED: { word: 'never', tone: 'plain' },
  IN_PROGRESS: { word: 'under way', tone: 'accent' },
  FAILED: { word: 'failed', tone: 'bad' },
  SUCCEEDED: { word: 'done', tone: 'ok' },
};

function BulkState({ state: { status, completedAt, startedAt, failureMessage } }: { readonly state: BulkPublishView }) {
  const { word, tone } = STATES[status];
  const at = completedAt ?? startedAt;
  return (
    <Mark tone={tone} title={failureMessage ?? (at === undefined ? undefined : dateAndTime(Date.parse(at)))}>
      {word}
    </Mark>
  );
}
