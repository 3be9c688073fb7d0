import { memo } from 'react';
import type { TraceRecord } from '../../shared/trace.ts';
import { isFailure, useBench } from '../data/bench-state.ts';
import { selectEvent } from '../data/route.ts';
import { laneColor, laneName } from '../format/lanes.ts';
import { milliseconds, timeOfDay } from '../format/time.ts';
import { cx } from '../ui/class-names.ts';
import { LaneIcon, StatusMark } from '../ui/marks.tsx';
import lines from '../ui/rows.module.css';
import { ToEnd } from './timeline.tsx';
import { useCallList } from './use-call-list.ts';
import styles from './call-table.module.css';

const ROW = 28;
const COLUMNS = ['#', 'Time', 'Lane', 'Operation', 'Status', 'ms', 'Summary'];

/** One line a call. */
export function CallTable({ records }: { readonly records: readonly TraceRecord[] }) {
  const lanes = useBench((state) => state.lanes);
  const { scroller, virtualizer, chosen, atEnd, toEnd, onKeyDown } = useCallList(records, () => ROW, ROW);
  const rows = virtualizer.getVirtualItems();
  const isDrawn = rows.some(({ index }) => records[index]?.id === chosen);
  return (
    <>
      <div className={lines['scroller']} ref={scroller}>
        <div
          className={cx(lines['grid'], styles['table'])}
          role="grid"
          aria-label="Calls"
          aria-rowcount={records.length + 1}
          tabIndex={0}
          aria-activedescendant={isDrawn ? `call-${chosen}` : undefined}
          onKeyDown={onKeyDown}
        >
          <div role="row" aria-rowindex={1} className={cx(lines['row'], lines['header'], styles['row'])}>
            {COLUMNS.map((name) => (
              <span key={name} role="columnheader" className={name === 'ms' ? styles['number'] : undefined}>
                {name}
              </span>
            ))}
          </div>
          <div role="rowgroup" className={lines['rows']} style={{ height: virtualizer.getTotalSize() }}>
            {rows.map(({ index, start }) => {
              const record = records[index];
              return (
                record && (
                  <Row
                    key={record.id}
                    record={record}
                    top={start}
                    position={index + 2}
                    color={laneColor(lanes, record.lane.id)}
                    laneName={laneName(lanes, record.lane)}
                    isChosen={record.id === chosen}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
      {!atEnd && <ToEnd onPress={toEnd} />}
    </>
  );
}

/** The summary without the words that the other columns say. */
function inBrief({ summary, operation = '', fault }: TraceRecord): string {
  const begins = fault ? `${operation} was refused with ` : `${operation} answered: `;
  return summary.startsWith(begins) ? summary.slice(begins.length) : summary;
}

interface RowProps {
  readonly record: TraceRecord;
  readonly top: number;
  readonly position: number;
  readonly color: string;
  readonly laneName: string;
  readonly isChosen: boolean;
}

const Row = memo(function Row({ record, top, position, color, laneName: name, isChosen }: RowProps) {
  return (
    <div
      id={`call-${record.id}`}
      role="row"
      aria-rowindex={position}
      aria-selected={isChosen}
      className={cx(
        lines['row'],
        lines['line'],
        styles['row'],
        isChosen && lines['chosen'],
        isFailure(record) && styles['failed'],
      )}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => selectEvent(record.id)}
    >
      <span role="gridcell" className={styles['id']}>
        {record.id}
      </span>
      <span role="gridcell" className={styles['time']}>
        {timeOfDay(record.at)}
      </span>
      <span role="gridcell" className={styles['lane']} style={{ color }}>
        <LaneIcon lane={record.lane} />
        <span>{name}</span>
      </span>
      <span role="gridcell" className={styles['operation']}>
        {record.operation ?? `${record.request.method} ${record.request.path}`}
      </span>
      <span role="gridcell">
        <StatusMark record={record} />
      </span>
      <span role="gridcell" className={styles['ms']}>
        {milliseconds(record.milliseconds)}
      </span>
      <span role="gridcell" className={styles['summary']}>
        {inBrief(record)}
      </span>
    </div>
  );
});
