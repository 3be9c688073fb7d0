import { PanelsTopLeft } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import { findTrace, useBench, type LaneTally } from '../data/bench-state.ts';
import { selectEvent, useRoute } from '../data/route.ts';
import { laneColor, laneStyle } from '../format/lanes.ts';
import { cx } from '../ui/class-names.ts';
import { Mark, StatusMark } from '../ui/marks.tsx';
import card from './card.module.css';
import styles from './app-card.module.css';

/** An outside app, known by the calls that it makes. */
export function AppCard({ tally }: { readonly tally: LaneTally }) {
  const color = useBench((state) => laneColor(state.lanes, tally.lane.id));
  const recent = useBench(useShallow((state) => tally.recent.flatMap((id) => findTrace(state.traces, id) ?? [])));
  const selection = useRoute((place) => place.selection);
  return (
    <article
      className={card['card']}
      style={laneStyle(color)}
      data-lane={tally.lane.id}
      aria-label={`App ${tally.lane.name}`}
    >
      <header className={card['header']}>
        <PanelsTopLeft size={16} aria-hidden className={card['kind']} />
        <h3 className={card['name']}>{tally.lane.name}</h3>
        <Mark>your app</Mark>
      </header>
      <div className={styles['body']}>
        <p className={styles['count']}>
          {tally.calls === 1 ? '1 call' : `${tally.calls} calls`}
          {tally.errors > 0 && <span className={styles['errors']}> · {tally.errors} refused</span>}
        </p>
        <ul aria-label="Latest calls">
          {recent.map((record) => (
            <li key={record.id}>
              <Button
                className={cx(
                  styles['call'],
                  selection?.kind === 'event' && selection.id === record.id && styles['chosen'],
                )}
                onPress={() => selectEvent(record.id)}
              >
                <span className={styles['operation']}>{record.operation ?? record.request.path}</span>
                <StatusMark record={record} />
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </article>
  );
}
