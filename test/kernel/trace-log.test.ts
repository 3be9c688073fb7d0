import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { createBus } from '../../src/main/kernel/bus.ts';
import { createLogger } from '../../src/main/kernel/log.ts';
import { TraceLog, type TraceSource } from '../../src/main/kernel/trace-log.ts';

const A = '111111111111';
const B = '222222222222';

const makeLog = (): TraceLog => new TraceLog(createBus(createLogger('silent')));
const source = (
  account: string,
  bytes = 10,
  describe = (id: number) => ({ id, account }) as TraceRecord,
): TraceSource => ({
  account,
  bytes,
  describe,
});
const ids = (records: Iterable<TraceRecord>): number[] => [...records].map(({ id }) => id);

describe('the trace log', () => {
  it('[PR-TRACE-1] counts up and keeps accounts apart', () => {
    const log = makeLog();
    for (const account of [A, B, A, A]) log.close(source(account));
    expect([ids(log.list(A, 0)), ids(log.list(A, 1)), ids(log.list(B, 0))]).toEqual([[1, 3, 4], [3, 4], [2]]);
    expect([log.find(A, 3)?.id, log.find(B, 3), log.find(A, 5), log.last()]).toEqual([3, undefined, undefined, 4]);
  });

  it('[PR-TRACE-1] keeps the last five thousand calls', () => {
    const log = makeLog();
    for (let index = 0; index < 5010; index += 1) log.close(source(A));
    const kept = ids(log.list(A, 0));
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([5000, 11, 5010]);
    expect(log.find(A, 10)).toBeUndefined();
    expect(log.find(A, 11)?.id).toBe(11);
  });

  it('[PR-TRACE-1] lets large bodies push out old calls, but never the newest', () => {
    const log = makeLog();
    for (let index = 0; index < 3; index += 1) log.close(source(A, 20 * 1024 * 1024));
    expect(ids(log.list(A, 0))).toEqual([2, 3]);
    log.close(source(A, 100 * 1024 * 1024));
    expect(ids(log.list(A, 0))).toEqual([4]);
  });

  it('[PR-TRACE-1] writes a record out when it is first looked at, and once', () => {
    const log = makeLog();
    let written = 0;
    const record = log.close(source(A, 1, (id) => ({ id, account: A, summary: `${(written += 1)}` }) as TraceRecord));
    expect([record.id, record.account, written]).toEqual([1, A, 0]);
    expect([JSON.stringify(record), record.summary, written]).toEqual([
      `{"id":1,"account":"${A}","summary":"1"}`,
      '1',
      1,
    ]);
  });

  it('[PR-TRACE-1] forgets an account, or all', () => {
    const log = makeLog();
    for (const account of [A, B, A]) log.close(source(account));
    log.clear(A);
    expect([ids(log.list(A, 0)), ids(log.list(B, 0))]).toEqual([[], [2]]);
    log.clear();
    log.close(source(B));
    expect(ids(log.list(B, 0))).toEqual([4]);
  });
});
