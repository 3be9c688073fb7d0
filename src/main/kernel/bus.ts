import type { BenchEvent, BenchEventName, BenchEvents } from '../../shared/events.ts';
import type { Logger } from './log.ts';

type Listener<Name extends BenchEventName> = (data: BenchEvents[Name]) => void;

/** Typed publish and subscribe. A listener that fails is logged and hurts nobody else. */
export interface Bus {
  publish<Name extends BenchEventName>(type: Name, data: BenchEvents[Name]): void;
  on<Name extends BenchEventName>(type: Name, listener: Listener<Name>): () => void;
  onAny(listener: (event: BenchEvent) => void): () => void;
}

export function createBus(log: Logger): Bus {
  const byType = new Map<BenchEventName, Set<(data: never) => void>>();
  const any = new Set<(event: BenchEvent) => void>();

  const call = (type: BenchEventName, listener: () => void): void => {
    try {
      listener();
    } catch (error) {
      log.error({ err: error, event: type }, 'a listener failed');
    }
  };

  return {
    publish(type, data) {
      for (const listener of byType.get(type) ?? []) call(type, () => listener(data as never));
      for (const listener of any) call(type, () => listener({ type, data } as BenchEvent));
    },
    on(type, listener) {
      const listeners = byType.get(type) ?? new Set();
      byType.set(type, listeners);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onAny(listener) {
      any.add(listener);
      return () => any.delete(listener);
    },
  };
}
