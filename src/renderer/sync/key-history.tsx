import type { DatasetView } from '../../shared/sync-views.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { useAnswer } from '../data/answers.ts';
import { shortId } from '../format/ids.ts';
import { ago, dateAndTime } from '../format/time.ts';
import { Refusal } from '../ui/form.tsx';
import { getHistory } from './sync-calls.ts';
import { useWriters } from './writers.ts';
import styles from './key-history.module.css';

interface KeyHistoryProps {
  readonly identityId: string;
  readonly view: DatasetView;
  readonly recordKey: string;
}

/** What each write made of a key, newest first. */
export function KeyHistory({ identityId, view, recordKey }: KeyHistoryProps) {
  const now = useBenchNow();
  const writer = useWriters(identityId, view.subscribers);
  // The dataset's count in the key asks again with each write.
  const { value, refused } = useAnswer(`${identityId} ${view.name} ${recordKey} ${view.syncCount}`, () =>
    getHistory(identityId, view.name, recordKey),
  );
  if (refused) return <Refusal refused={refused} />;
  return (
    <ol className={styles['history']} aria-label={`History of ${recordKey}`}>
      {(value ?? []).map((change) => (
        <li key={`${change.syncCount} ${change.at}`}>
          <span className={styles['count']}>{change.syncCount}</span>
          <span className={styles['value']} data-copy={change.value ?? ''} title={change.value?.slice(0, 2000) ?? ''}>
            {change.isDeletion ? <em>dataset deleted</em> : (change.value ?? <em>removed</em>)}
          </span>
          <span className={styles['when']} title={dateAndTime(Date.parse(change.at))}>
            {now === undefined ? '' : ago(change.at, now)} by {shortId(writer(change.by), 22)}
          </span>
        </li>
      ))}
      {value?.length === 0 && <li className={styles['none']}>The last hundred writes did not touch it.</li>}
    </ol>
  );
}
