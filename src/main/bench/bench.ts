import type { BenchEvent } from '../../shared/events.ts';
import type { Gate } from '../kernel/gate.ts';
import type { Services } from '../services/services.ts';

/** A running bench, as its three hosts (shell, command line, tests) see it. */
export interface Bench {
  /** `http://127.0.0.1:9330` */
  readonly url: string;
  readonly uiUrl: string;
  readonly services: Services;
  /** Holds messages and decisions on the server's side. */
  readonly gate: Gate;
  /** Holds the messages of simulated devices on their network. */
  readonly deviceGate: Gate;
  /** Follows everything the bus carries; returns the way to stop. */
  follow(listener: (event: BenchEvent) => void): () => void;
  /** Finishes what is under way, closes port and files. */
  stop(): Promise<void>;
}
