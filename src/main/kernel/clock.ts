import type { ClockChange, ClockState } from '../../shared/bench-api.ts';

/**
 * The bench's virtual clock. It stamps records and ages tokens, codes and sessions.
 * Real elapsed time is the {@link stopwatch}'s business.
 */
export interface Clock {
  now(): Date;
  /** Milliseconds since the epoch, bench time. */
  millis(): number;
  state(): ClockState;
  change(change: ClockChange): ClockState;
  /** Called after every change of the clock; returns the way to stop listening. */
  onChange(listener: () => void): () => void;
}

/** Real time, for the few places that must not follow a moved clock, such as signature dates. */
export function realMillis(): number {
  return Date.now();
}

export type ClockStart = 'real' | 'frozen' | Date;

/**
 * @param start `real` follows the machine; `frozen` stands still at the present;
 *   a date stands still at that instant.
 */
export function createClock(start: ClockStart = 'real'): Clock {
  const listeners = new Set<() => void>();
  let offset = 0;
  let frozenAt: number | undefined;

  if (start === 'frozen') frozenAt = Date.now();
  else if (start instanceof Date) frozenAt = start.getTime();

  const millis = (): number => frozenAt ?? Date.now() + offset;

  const moveTo = (target: number): void => {
    if (frozenAt === undefined) offset = target - Date.now();
    else frozenAt = target;
  };

  const apply = (change: ClockChange): void => {
    if ('advance' in change) moveTo(millis() + Math.round(change.advance * 1000));
    else if ('set' in change) moveTo(Date.parse(change.set));
    else if ('freeze' in change) frozenAt ??= millis();
    else if ('resume' in change) {
      if (frozenAt !== undefined) {
        offset = frozenAt - Date.now();
        frozenAt = undefined;
      }
    } else {
      offset = 0;
      frozenAt = undefined;
    }
  };

  const state = (): ClockState => ({
    now: new Date(millis()).toISOString(),
    mode: frozenAt === undefined ? 'real' : 'frozen',
    offsetSeconds: Math.round((millis() - Date.now()) / 1000),
  });

  return {
    now: () => new Date(millis()),
    millis,
    state,
    change(change) {
      apply(change);
      for (const listener of listeners) listener();
      return state();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
