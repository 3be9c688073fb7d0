import { useEffect, useState } from 'react';
import type { ClockChange, ClockState } from '../../shared/bench-api.ts';
import { useBench, type BenchState } from './bench-state.ts';
import { call } from './call.ts';

/** The bench's time now, in milliseconds; `undefined` until the bench was heard. */
export function benchNow(clock: BenchState['clock']): number | undefined {
  if (!clock) return undefined;
  const heard = Date.parse(clock.state.now);
  return clock.state.mode === 'frozen' ? heard : heard + (performance.now() - clock.heardAt);
}

/** The bench's time, which renders anew each second while the clock runs. */
export function useBenchNow(): number | undefined {
  const clock = useBench((state) => state.clock);
  const [, tick] = useState(0);
  const running = clock?.state.mode === 'real';
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return benchNow(clock);
}

export async function changeClock(change: ClockChange): Promise<void> {
  const state = await call<ClockState>('POST', '/clock', change);
  useBench.setState({ clock: { state, heardAt: performance.now() } });
}
