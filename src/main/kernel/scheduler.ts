import type { Clock } from './clock.ts';
import type { Logger } from './log.ts';

/** Timers that obey the bench's clock: an advanced clock makes them due at once. */
export interface Scheduler {
  /** Runs `task` once the bench's clock reaches `when`; returns the way to call it off. */
  at(when: Date, task: () => void): () => void;
  stop(): void;
}

// Node's timers hold at most a signed 32-bit count of milliseconds.
const LONGEST_TIMER = 2 ** 31 - 1;

export function createScheduler(clock: Clock, log: Logger): Scheduler {
  const pending = new Set<{ when: number; task: () => void }>();
  let timer: NodeJS.Timeout | undefined;

  const runDue = (): void => {
    const now = clock.millis();
    for (const entry of [...pending].filter(({ when }) => when <= now).sort((a, b) => a.when - b.when)) {
      if (!pending.delete(entry)) continue;
      try {
        entry.task();
      } catch (error) {
        log.error({ err: error }, 'a scheduled task failed');
      }
    }
    arm();
  };

  const arm = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (pending.size === 0 || clock.state().mode === 'frozen') return;
    const next = Math.min(...[...pending].map(({ when }) => when));
    timer = setTimeout(runDue, Math.min(Math.max(next - clock.millis(), 0), LONGEST_TIMER));
    timer.unref();
  };

  const stopListening = clock.onChange(runDue);

  return {
    at(when, task) {
      const entry = { when: when.getTime(), task };
      pending.add(entry);
      arm();
      return () => {
        pending.delete(entry);
        arm();
      };
    },
    stop() {
      stopListening();
      clearTimeout(timer);
      pending.clear();
    },
  };
}

/** Waits in real time, for a network's latency and for long polls; never for anything that ages. */
export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      signal?.removeEventListener('abort', abort);
      resolve();
    }
    function abort(): void {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** What `work` gives, or what `late` gives once so much real time has passed; the work itself is not called off. */
export async function within<Result>(work: Promise<Result>, milliseconds: number, late: () => Result): Promise<Result> {
  const over = new AbortController();
  const limit = delay(milliseconds, over.signal).then(late, () => work);
  try {
    return await Promise.race([work, limit]);
  } finally {
    over.abort();
  }
}
