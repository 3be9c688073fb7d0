import { Radio } from 'lucide-react';
import type { StreamView } from '../../shared/sync-views.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { useFollowed } from '../data/facts.ts';
import { openAt, usePath } from '../data/route.ts';
import { many } from '../format/size.ts';
import { Empty, Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { PoolStreams } from './pool-streams.tsx';
import { StreamTail } from './stream-tail.tsx';
import styles from './sync.module.css';

/** Which identity pools stream where, and the tail of a stream. */
export function Streams() {
  const [, asked] = usePath('sync');
  const pools = useBench((state) => state.resources?.identityPools) ?? [];
  const { value: streams, refused } = useFollowed(
    'streams',
    () => call<StreamView[]>('GET', '/streams'),
    ({ type }) => type === 'stream.written' || type === 'streaming.stopped' || type === 'account.reset',
  );
  const chosen = streams?.find(({ name }) => name === asked) ?? streams?.[0];
  return (
    <div className={styles['part']}>
      <Refusal refused={refused} />
      <section className={styles['block']} aria-label="Identity pools">
        <h3>Identity pools</h3>
        {pools.length === 0 ? (
          <p className={styles['none']}>No identity pool yet.</p>
        ) : (
          <PoolStreams pools={pools} streams={streams ?? []} />
        )}
      </section>
      <section className={styles['block']} aria-label="Tail">
        <header>
          <h3>Tail</h3>
          {chosen && (
            <>
              <Select
                label="Stream"
                hideLabel
                value={chosen.name}
                options={(streams ?? []).map(({ name }) => ({ value: name, text: name }))}
                onChange={(name) => openAt('sync', 'streams', name)}
              />
              <span className={styles['text']}>
                {many(chosen.shards, 'shard')}, {many(chosen.records, 'record')}
              </span>
            </>
          )}
        </header>
        {chosen ? (
          <StreamTail key={chosen.name} name={chosen.name} />
        ) : (
          <Empty icon={Radio} title="No stream">
            Each change of a pool’s datasets can become a record of a Kinesis stream. Choose a pool above to stream it,
            or make a stream with CreateStream.
          </Empty>
        )}
      </section>
    </div>
  );
}
