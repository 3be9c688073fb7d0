import { useVirtualizer } from '@tanstack/react-virtual';
import { Ban, Check } from 'lucide-react';
import { memo, useEffect, useRef, type KeyboardEvent } from 'react';
import type { AuditLine } from '../../shared/audit.ts';
import { shortId } from '../format/ids.ts';
import { serviceNode } from '../format/services.ts';
import { dateAndTime } from '../format/time.ts';
import { cx } from '../ui/class-names.ts';
import { Mark } from '../ui/marks.tsx';
import lines from '../ui/rows.module.css';
import { chooseAudit, loadOlder, stepAudit, useAuditList } from './audit-list.ts';
import styles from './audit.module.css';

const ROW = 28;
/** So many rows before the end of what is there, more is asked for. */
const AHEAD = 40;
const COLUMNS = ['Time', 'Event', 'Service', 'Who', 'From', 'Result', 'About'];
/** What goes first where there is little room. */
const CLASSES: Readonly<Record<string, string | undefined>> = {
  From: styles['from'],
  Service: styles['service'],
  About: styles['about'],
};

/** One line a record, newest first. */
export function AuditTable({
  events,
  chosen,
}: {
  readonly events: readonly AuditLine[];
  readonly chosen: string | undefined;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const isMore = useAuditList((state) => state.next !== undefined);
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => events[index]?.number ?? index,
    overscan: 10,
    scrollPaddingStart: ROW + 4,
    scrollPaddingEnd: 4,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const at = chosen === undefined ? -1 : events.findIndex(({ eventId }) => eventId === chosen);

  useEffect(() => {
    if (isMore && last > events.length - AHEAD) void loadOlder();
  }, [isMore, last, events.length]);

  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
    // Only where the choice moved: new lines above must not pull the list along.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [chosen, virtualizer]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -events.length,
      End: events.length,
    };
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    stepAudit(by);
  };

  return (
    <div className={lines['scroller']} ref={scroller}>
      <div
        className={cx(lines['grid'], styles['table'])}
        role="grid"
        aria-label="Events, newest first"
        aria-rowcount={events.length + 1}
        tabIndex={0}
        aria-activedescendant={rows.some(({ index }) => index === at) ? `audit-${chosen}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="row" aria-rowindex={1} className={cx(lines['row'], lines['header'], styles['row'])}>
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader" className={CLASSES[name]}>
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" className={lines['rows']} style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ index, start }) => {
            const line = events[index];
            return (
              line && (
                <Row
                  key={line.number}
                  line={line}
                  top={start}
                  position={index + 2}
                  isChosen={line.eventId === chosen}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly line: AuditLine;
  readonly top: number;
  readonly position: number;
  readonly isChosen: boolean;
}

const Row = memo(function Row({ line, top, position, isChosen }: RowProps) {
  const { eventId, at, eventName, eventSource, readOnly, userName, accessKeyId, sourceIp, errorCode, resources } = line;
  const about = resources.map(({ name }) => name).join(', ');
  return (
    <div
      id={`audit-${eventId}`}
      role="row"
      aria-rowindex={position}
      aria-selected={isChosen}
      className={cx(lines['row'], lines['line'], styles['row'], isChosen && lines['chosen'])}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => chooseAudit(eventId)}
    >
      <span role="gridcell" className={styles['mono']}>
        {dateAndTime(Date.parse(at)).slice(0, -1)}
      </span>
      <span role="gridcell" className={cx(styles['event'], readOnly && styles['read'])}>
        <span className={styles['code']}>{eventName}</span>
        {readOnly && <span className={styles['tag']}>read</span>}
      </span>
      <span role="gridcell" className={styles['service']}>
        {serviceNode(eventSource.replace('.amazonaws.com', '')).name}
      </span>
      <span role="gridcell" title={accessKeyId}>
        {userName ?? <span className={styles['dim']}>Anonymous</span>}
      </span>
      <span role="gridcell" className={cx(styles['mono'], styles['from'])}>
        {sourceIp}
      </span>
      <span role="gridcell" className={styles['result']}>
        {errorCode === undefined ? (
          <span className={styles['done']}>
            <Check size={12} aria-hidden />
            Done
          </span>
        ) : (
          <Mark tone="bad" icon={Ban} title={errorCode}>
            <span className={styles['code']}>{errorCode.replace(/Exception$/, '')}</span>
          </Mark>
        )}
      </span>
      <span role="gridcell" className={cx(styles['mono'], styles['about'])} title={about}>
        {resources.map(({ name }) => shortId(name, 40)).join(', ')}
      </span>
    </div>
  );
});
