import { useEffect, useMemo, useState } from 'react';
import type { TraceRecord } from '../../shared/trace.ts';
import { useBench } from '../data/bench-state.ts';
import { LaneIcon } from '../ui/marks.tsx';
import { layColumns, type Columns } from './columns.ts';
import { gapBefore, GAP_HEIGHT, ROW_HEIGHT, SequenceRow } from './sequence-row.tsx';
import { ToEnd } from './timeline.tsx';
import { useCallList } from './use-call-list.ts';
import styles from './sequence.module.css';

const HEADER = 30;

/** Lanes side by side and time downwards: an arrow for each request, and one for its answer. */
export function Sequence({ records }: { readonly records: readonly TraceRecord[] }) {
  const lanes = useBench((state) => state.lanes);
  const [room, setRoom] = useState(0);
  const heightOf = (index: number) => ROW_HEIGHT + (gapBefore(records, index) ? GAP_HEIGHT : 0);
  const { scroller, virtualizer, chosen, atEnd, toEnd, onKeyDown } = useCallList(records, heightOf, HEADER);
  const columns = useMemo(() => layColumns(records, lanes, room), [records, lanes, room]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setRoom(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  const rows = virtualizer.getVirtualItems();
  const isDrawn = rows.some(({ index }) => records[index]?.id === chosen);
  return (
    <>
      <div className={styles['scroller']} ref={scroller}>
        <div style={{ width: columns.width }}>
          <Header columns={columns} />
          <div
            className={styles['rows']}
            role="listbox"
            aria-label="Calls in sequence"
            tabIndex={0}
            aria-activedescendant={isDrawn ? `call-${chosen}` : undefined}
            style={{ height: virtualizer.getTotalSize() }}
            onKeyDown={onKeyDown}
          >
            {rows.map(({ index, start }) => {
              const record = records[index];
              return (
                record && (
                  <SequenceRow
                    key={record.id}
                    record={record}
                    columns={columns}
                    top={start}
                    position={index + 1}
                    count={records.length}
                    gap={gapBefore(records, index)}
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

const BETWEEN = 8;

function Header({ columns }: { readonly columns: Columns }) {
  const maxWidth = columns.step - BETWEEN;
  return (
    <div className={styles['header']} aria-hidden style={{ height: HEADER }}>
      {columns.sources.map(({ lane, color, x }) => {
        return (
          <span key={lane.id} className={styles['lane']} style={{ left: x, color, maxWidth }} title={lane.name}>
            <LaneIcon lane={lane} />
            <span>{lane.name}</span>
          </span>
        );
      })}
      {columns.services.map(({ node, x }) => (
        <span key={node.id} className={styles['service']} style={{ left: x, maxWidth }} title={node.name}>
          <span>{node.name}</span>
        </span>
      ))}
    </div>
  );
}
