import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { HistoryAnswer } from '../../shared/sync-views.ts';
import { BenchError } from '../kernel/fault.ts';
import { delay } from '../kernel/scheduler.ts';
import source from './history-reader.js?raw';

/** Stream, region, shard, sequence number, partition key, arrival in milliseconds, data, whether sync wrote it. */
export type HistoryRow = readonly [string, string, string, string, string, number, string, 0 | 1];

export interface HistoryQuery {
  readonly sql: string;
  readonly mostRows: number;
  /** All that the statement may see, a batch at a time. */
  readonly rows: Iterable<readonly HistoryRow[]>;
  readonly signal: AbortSignal;
}

type Answer = Omit<HistoryAnswer, 'milliseconds'> & { readonly refused?: string };

/** Real time that a query may take, loading included. */
const PATIENCE = 5_000;
const HEAP_BYTES = 256 * 1_048_576;
const MOST_BYTES = 8 * 1_048_576;
const MOST_AT_ONCE = 2;

let running = 0;

/**
 * Runs a person's SQL over a copy of the rows that are theirs, in memory, in a process of its own: it cannot reach the
 * bench's database, and one that never ends is ended.
 *
 * @throws BenchError with SQLite's own words, or where it takes too long
 */
export async function queryHistory({ sql, mostRows, rows, signal }: HistoryQuery): Promise<HistoryAnswer> {
  if (!/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()*(?:SELECT|WITH|VALUES)\b/i.test(sql)) {
    throw new BenchError('QueryRefused', 'Only SELECT, WITH and VALUES are run over the history.');
  }
  if (running >= MOST_AT_ONCE) {
    throw new BenchError('Busy', 'Other queries of the history are running; try again in a moment.', 429);
  }
  running += 1;
  const started = performance.now();
  const reader = start();
  const timeout = new AbortController();
  const late = delay(PATIENCE, timeout.signal).then(
    () => {
      throw new BenchError('QueryTooLong', `The query took longer than ${PATIENCE / 1000} seconds and was ended.`);
    },
    // It was called off, because the answer came first.
    () => new Promise<never>(() => {}),
  );
  const gone = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new BenchError('QueryEnded', 'The caller hung up.')), { once: true });
  });
  try {
    const answer = await Promise.race([run(reader, { sql, mostRows, rows }), late, gone]);
    return { ...answer, milliseconds: Math.round(performance.now() - started) };
  } finally {
    running -= 1;
    timeout.abort();
    reader.kill('SIGKILL');
  }
}

async function run(
  reader: ChildProcess,
  query: Omit<HistoryQuery, 'signal'>,
): Promise<Omit<HistoryAnswer, 'milliseconds'>> {
  await ask(reader, { step: 'open', heapBytes: HEAP_BYTES });
  for (const rows of query.rows) await ask(reader, { step: 'load', rows });
  const { columns, rows, isCut } = await ask(reader, {
    step: 'query',
    sql: query.sql,
    mostRows: query.mostRows,
    mostBytes: MOST_BYTES,
  });
  return { columns, rows, isCut };
}

function start(): ChildProcess {
  const library = createRequire(import.meta.url).resolve('better-sqlite3');
  return spawn(process.execPath, ['-e', source, library, String(PATIENCE * 2)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Electron's binary is Node when it is told so. Nothing else of the bench's environment is handed on.
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
}

function ask(reader: ChildProcess, message: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      reader.off('message', onMessage);
      reader.off('exit', onExit);
      reader.off('error', onError);
      settle();
    };
    const onMessage = (answer: unknown): void => {
      const { refused } = answer as Answer;
      done(() => {
        if (refused === undefined) resolve(answer as Answer);
        else reject(new BenchError('QueryRefused', `SQLite refuses the query: ${refused}`));
      });
    };
    const onExit = (): void =>
      done(() => reject(new BenchError('QueryRefused', 'The query was ended: it took too much.')));
    const onError = (error: Error): void => done(() => reject(error));
    reader.on('message', onMessage);
    reader.on('exit', onExit);
    reader.on('error', onError);
    reader.send(message, (error) => {
      if (error) done(() => reject(new BenchError('QueryRefused', 'The query was ended: it took too much.')));
    });
  });
}
