import { Worker } from 'node:worker_threads';
import type { DeviceConflict, ResolverConflict, Settlement } from '../../../shared/device.ts';
import { BenchError } from '../../kernel/fault.ts';
import { delay } from '../../kernel/scheduler.ts';
import source from './resolver-worker.js?raw';

/** A resolver's text that is longer than this was not written by hand. */
export const LONGEST_SOURCE = 20_000;

/** For one conflict. */
const TIMEOUT_MS = 250;
/** For what the thread's own limit cannot end; it is stopped from outside then. */
const PATIENCE_MS = 2_000;
const MEMORY_MB = 64;

/** Settles conflicts by JavaScript that a user wrote. It can neither hang nor reach the bench. [DV-RESOLVE-2] */
export interface ScriptResolvers {
  /**
   * @throws BenchError `ResolverFailed` when the text is no function, throws, runs too long or answers nonsense
   */
  settle(javascript: string, conflict: ResolverConflict): Promise<Settlement>;
  stop(): Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly text?: string;
  readonly error?: string;
}

interface Waiting {
  answer(answer: Answer): void;
}

/** One thread, started with the first conflict and let go when the bench stops. */
export function createScriptResolvers(): ScriptResolvers {
  let worker: Worker | undefined;
  let nextId = 0;
  let endedFor = 'its thread ended';
  const waiting = new Map<number, Waiting>();

  const failAll = (error: string): void => {
    worker = undefined;
    for (const [id, { answer }] of waiting) answer({ id, error });
    waiting.clear();
  };

  const start = (): Worker => {
    endedFor = 'its thread ended';
    const started = new Worker(source, {
      eval: true,
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: MEMORY_MB / 4 },
      workerData: { timeoutMs: TIMEOUT_MS },
    });
    started.unref();
    started.on('message', (answer: Answer) => {
      waiting.get(answer.id)?.answer(answer);
      waiting.delete(answer.id);
    });
    started.on('error', ({ message }) => failAll(message));
    started.on('exit', () => {
      if (worker === started) failAll(endedFor);
    });
    return started;
  };

  const ask = async (javascript: string, conflict: ResolverConflict): Promise<Answer> => {
    worker ??= start();
    const asked = worker;
    const id = (nextId += 1);
    const answered = new AbortController();
    const answer = new Promise<Answer>((resolve) => waiting.set(id, { answer: resolve })).finally(() =>
      answered.abort(),
    );
    asked.postMessage({ id, source: javascript, conflict: JSON.stringify(conflict) });
    delay(PATIENCE_MS, answered.signal).then(
      () => {
        endedFor = `it ran longer than ${PATIENCE_MS} ms`;
        return asked.terminate();
      },
      // It answered in time.
      () => undefined,
    );
    return answer;
  };

  return {
    async settle(javascript, conflict) {
      const { text, error } = await ask(javascript, conflict);
      if (error !== undefined) throw resolverFailed(conflict.key, error);
      return readAnswer(conflict, text ?? '');
    },
    async stop() {
      await worker?.terminate();
    },
  };
}

const SIDES: ReadonlySet<unknown> = new Set(['local', 'remote', 'last-writer']);

function readAnswer({ key }: DeviceConflict, text: string): Settlement {
  const { answer, promise } = parse(text);
  if (promise) throw resolverFailed(key, 'it answered a promise; the answer must come at once');
  if (SIDES.has(answer)) return answer as Settlement;
  if (answer === 'remove') return { value: null };
  if (typeof answer === 'object' && answer !== null && 'value' in answer) {
    const { value } = answer;
    if (value === null || typeof value === 'string') return { value };
  }
  throw resolverFailed(
    key,
    `it answered ${shorten(JSON.stringify(answer) ?? 'nothing')}, and 'local', 'remote', 'last-writer', 'remove' or { value: text or null } is asked for`,
  );
}

/** The text comes from where the resolver could tamper with JSON itself. */
function parse(text: string): { answer?: unknown; promise?: boolean } {
  try {
    return JSON.parse(text) as { answer?: unknown; promise?: boolean };
  } catch {
    return {};
  }
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function resolverFailed(key: string, why: string): BenchError {
  return new BenchError('ResolverFailed', `The resolver failed on ${key}: ${why}`, 422);
}
