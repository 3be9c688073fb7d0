import { memo } from 'react';
import type { TraceRecord } from '../../shared/trace.ts';
import { isFailure } from '../data/bench-state.ts';
import { selectEvent } from '../data/route.ts';
import { serviceNode, UNKNOWN_SERVICE } from '../format/services.ts';
import { milliseconds, span, timeOfDay } from '../format/time.ts';
import { cx } from '../ui/class-names.ts';
import type { Columns } from './columns.ts';
import styles from './sequence.module.css';

export const ROW_HEIGHT = 42;
export const GAP_HEIGHT = 20;
const REQUEST_Y = 18;
const ANSWER_Y = 34;
const NOTABLE_GAP_MS = 60_000;
/** As far as an ISO 8601 time tells the minute. */
const MINUTE = 16;

/** How much bench time passed since the call before, where it is worth saying. */
export function gapBefore(records: readonly TraceRecord[], index: number): string | undefined {
  const before = records[index - 1];
  const record = records[index];
  if (!before || !record) return undefined;
  // Asked for each of very many rows, and nearly always answered by a look at the minute.
  if (before.at.slice(0, MINUTE) === record.at.slice(0, MINUTE)) return undefined;
  const gap = Date.parse(record.at) - Date.parse(before.at);
  return Math.abs(gap) >= NOTABLE_GAP_MS
    ? `${span(gap)} ${gap > 0 ? 'later' : 'earlier: the clock was set back'}`
    : undefined;
}

interface RowProps {
  readonly record: TraceRecord;
  readonly columns: Columns;
  readonly top: number;
  readonly position: number;
  readonly count: number;
  readonly gap: string | undefined;
  readonly isChosen: boolean;
}

export const SequenceRow = memo(function SequenceRow({
  record,
  columns,
  top,
  position,
  count,
  gap,
  isChosen,
}: RowProps) {
  const offset = gap ? GAP_HEIGHT : 0;
  return (
    <div
      id={`call-${record.id}`}
      role="option"
      aria-selected={isChosen}
      aria-posinset={position}
      aria-setsize={count}
      className={cx(styles['row'], isChosen && styles['chosen'])}
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT + offset }}
      onClick={() => selectEvent(record.id)}
    >
      <span className="visually-hidden">
        {inWords(record, columns.sourceX.get(record.lane.id)?.lane.name ?? record.lane.name)}
      </span>
      {gap && (
        <span aria-hidden className={styles['gap']} style={{ height: GAP_HEIGHT }}>
          {gap}
        </span>
      )}
      <span aria-hidden className={styles['id']} style={{ top: offset + 6 }}>
        {record.id}
      </span>
      <span aria-hidden className={styles['time']} style={{ top: offset + 6 }}>
        {timeOfDay(record.at)}
      </span>
      <span aria-hidden className={styles['duration']} style={{ top: offset + 23 }}>
        {milliseconds(record.milliseconds)} ms
      </span>
      <Picture record={record} columns={columns} offset={offset} />
    </div>
  );
});

function Picture({
  record,
  columns,
  offset,
}: {
  readonly record: TraceRecord;
  readonly columns: Columns;
  readonly offset: number;
}) {
  const source = columns.sourceX.get(record.lane.id);
  const from = source?.x ?? 0;
  const to = columns.serviceX.get(record.service ?? UNKNOWN_SERVICE) ?? from;
  const failed = isFailure(record);
  const request = REQUEST_Y + offset;
  const answer = ANSWER_Y + offset;
  const height = ROW_HEIGHT + offset;
  return (
    <svg className={styles['picture']} width={columns.width} height={height} aria-hidden>
      {columns.lifelines.map((x) => (
        <line key={x} x1={x} x2={x} y1={offset} y2={height} className={styles['lifeline']} />
      ))}
      <g style={{ color: source?.color }}>
        <path d={`M${from} ${request}H${to - 6}`} className={styles['arrow']} />
        <path
          d={`M${to - 8} ${request - 4}L${to - 1} ${request}L${to - 8} ${request + 4}Z`}
          className={styles['head']}
        />
        <circle cx={from} cy={request} r={2.5} className={styles['head']} />
        <text x={from + 10} y={request - 5} className={styles['operation']}>
          {record.operation ?? `${record.request.method} ${record.request.path}`}
        </text>
      </g>
      <g className={failed ? styles['refused'] : styles['answered']}>
        <path d={`M${to} ${answer}H${from + (failed ? 12 : 7)}`} className={cx(styles['arrow'], styles['back'])} />
        {failed ? (
          <path d={`M${from + 3} ${answer - 4}l8 8m0 -8l-8 8`} className={styles['cross']} />
        ) : (
          <path
            d={`M${from + 8} ${answer - 4}L${from + 2} ${answer}L${from + 8} ${answer + 4}`}
            className={styles['open']}
          />
        )}
        {failed ? (
          <text x={from + 16} y={answer - 4} className={styles['status']}>
            {record.response.status} {record.fault?.code ?? 'refused'}
          </text>
        ) : (
          <text x={to - 10} y={answer - 4} textAnchor="end" className={styles['status']}>
            {record.response.status}
          </text>
        )}
      </g>
    </svg>
  );
}

function inWords(record: TraceRecord, laneName: string): string {
  const { id, operation, request, service, response, fault, summary } = record;
  const result = fault ? `${response.status} ${fault.code}` : String(response.status);
  return `Call ${id}, ${laneName} to ${serviceNode(service).name}: ${operation ?? request.path}, ${result}. ${summary}`;
}
