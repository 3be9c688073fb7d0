import { useEffect, useRef } from 'react';
import type { BenchEvent } from '../../shared/events.ts';
import { useAnswer, type Answer } from './answers.ts';

type Listener = (events: readonly BenchEvent[]) => void;

const listeners = new Set<Listener>();

/** Hears what happened on the bench, also what the page keeps no copy of. */
export function onFacts(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellFacts(events: readonly BenchEvent[]): void {
  for (const listener of listeners) listener(events);
}

const PAUSE_MS = 150;

/** An answer that is asked for anew whenever something happened that concerns it. */
export function useFollowed<Value>(
  key: string | null,
  ask: () => Promise<Value>,
  concerns: (event: BenchEvent) => boolean,
): Answer<Value> {
  const answer = useAnswer(key, ask);
  const { again } = answer;
  const latest = useRef(concerns);
  useEffect(() => {
    latest.current = concerns;
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onFacts((events) => {
      if (timer !== undefined || !events.some((event) => latest.current(event))) return;
      timer = setTimeout(() => {
        timer = undefined;
        again();
      }, PAUSE_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [again]);
  return answer;
}
