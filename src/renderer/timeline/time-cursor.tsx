import { useMemo } from 'react';
import type { TraceRecord } from '../../shared/trace.ts';
import { isFailure } from '../data/bench-state.ts';
import { selectEvent, useRoute } from '../data/route.ts';
import { timeOfDay } from '../format/time.ts';
import styles from './time-cursor.module.css';

const BUCKETS = 240;

/** Walks through the shown calls; ticks show where the refusals are. */
export function TimeCursor({ records }: { readonly records: readonly TraceRecord[] }) {
  const chosen = useRoute(({ selection }) => (selection?.kind === 'event' ? selection.id : undefined));
  const index = useMemo(() => {
    const found = chosen === undefined ? -1 : records.findIndex(({ id }) => id === chosen);
    return found < 0 ? records.length - 1 : found;
  }, [records, chosen]);
  const ticks = useMemo(() => refusals(records), [records]);
  const record = records[index];
  return (
    <footer className={styles['cursor']}>
      <div className={styles['track']}>
        <svg className={styles['ticks']} viewBox={`0 0 ${BUCKETS} 8`} preserveAspectRatio="none" aria-hidden>
          {ticks.map((bucket) => (
            <rect key={bucket} x={bucket} y={0} width={1} height={8} />
          ))}
        </svg>
        <input
          type="range"
          aria-label="Time cursor"
          min={0}
          max={records.length - 1}
          value={index}
          aria-valuetext={record ? `Call ${record.id} at ${timeOfDay(record.at)}` : ''}
          onChange={(event) => {
            const next = records[Number(event.target.value)];
            if (next) selectEvent(next.id);
          }}
        />
      </div>
      <span className={styles['at']}>{record ? `#${record.id} · ${timeOfDay(record.at)}` : ''}</span>
    </footer>
  );
}

function refusals(records: readonly TraceRecord[]): readonly number[] {
  const buckets = new Set<number>();
  const last = Math.max(records.length - 1, 1);
  records.forEach((record, index) => {
    if (isFailure(record)) buckets.add(Math.round((index / last) * (BUCKETS - 1)));
  });
  return [...buckets];
}
