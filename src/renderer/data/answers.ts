import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import { create } from 'zustand';
import type { TraceRecord } from '../../shared/trace.ts';
import { isFailure, useBench } from './bench-state.ts';
import { asRefusal } from './call.ts';

export interface Refused {
  readonly code: string;
  readonly message: string;
}

export interface Answer<Value> {
  readonly value: Value | undefined;
  readonly refused: Refused | undefined;
  readonly again: () => void;
}

/**
 * Asks when it appears, when `key` changes and when the bench changed; keeps the last answer until the next has come.
 * A key of `null` asks for nothing.
 */
export function useAnswer<Value>(key: string | null, ask: () => Promise<Value>): Answer<Value> {
  const [state, setState] = useState<{ key: string | null; round?: string; value?: Value; refused?: Refused }>({
    key: null,
  });
  const changes = useChangeCount();
  const [asked, setAsked] = useState(0);
  const round = `${changes} ${asked}`;
  const askNow = useEffectEvent(ask);
  useEffect(() => {
    if (key === null) return undefined;
    let wanted = true;
    askNow().then(
      (value) => wanted && setState({ key, round, value }),
      (error: unknown) => wanted && setState({ key, round, refused: asRefusal(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [key, round]);
  const again = useCallback(() => setAsked((count) => count + 1), []);
  const isCurrent = state.key === key;
  return { value: isCurrent ? state.value : undefined, refused: isCurrent ? state.refused : undefined, again };
}

/** Something that a person asked for: whether it goes on, and why it was refused. */
export function useAsking(): {
  readonly busy: boolean;
  readonly refused: Refused | undefined;
  readonly forget: () => void;
  /** Whether it was done. */
  readonly ask: (run: () => Promise<unknown>) => Promise<boolean>;
} {
  const [state, setState] = useState<{ busy: boolean; refused?: Refused }>({ busy: false });
  const ask = useCallback(async (run: () => Promise<unknown>) => {
    setState({ busy: true });
    try {
      await run();
      setState({ busy: false });
      return true;
    } catch (error) {
      setState({ busy: false, refused: asRefusal(error) });
      return false;
    }
  }, []);
  const forget = useCallback(() => setState({ busy: false }), []);
  return { busy: state.busy, refused: state.refused, forget, ask };
}

/** Counts what may have changed what the pools' screens show, whoever did it. */
const useChanges = create<{ readonly changes: number }>(() => ({ changes: 0 }));

export const useChangeCount = (): number => useChanges((counts) => counts.changes);

const READS = /^(Get|List|Describe|AdminGet|AdminList|Lookup|Head|Query|Scan|BatchGet|Simulate)/;
const PAUSE_MS = 150;
let timer: ReturnType<typeof setTimeout> | undefined;

export function noteChange(): void {
  clearTimeout(timer);
  timer = setTimeout(() => useChanges.setState(({ changes }) => ({ changes: changes + 1 })), PAUSE_MS);
}

const changesSomething = (record: TraceRecord): boolean =>
  !isFailure(record) && record.service !== 'cognito-sync' && !READS.test(record.operation ?? '');

useBench.subscribe((now, before) => {
  if (now.lastTraceId === before.lastTraceId) return;
  for (let index = now.traces.length - 1; index >= 0; index -= 1) {
    const record = now.traces[index];
    if (!record || record.id <= before.lastTraceId) return;
    if (changesSomething(record)) return noteChange();
  }
});
