import { create } from 'zustand';
import type {
  ClockState,
  Health,
  InboxMessage,
  ResourceOverview,
  ScenarioProgress,
  ScenarioSummary,
} from '../../shared/bench-api.ts';
import type { DeviceState } from '../../shared/device.ts';
import type { Lane, TraceRecord } from '../../shared/trace.ts';

/** How many calls the page keeps; the bench has the older ones. */
export const MOST_TRACES = 5000;

/** What a lane or a service has seen so far. */
export interface Tally {
  readonly calls: number;
  readonly errors: number;
  /** The newest calls' ids, newest first. */
  readonly recent: readonly number[];
}

export interface LaneTally extends Tally {
  readonly lane: Lane;
}

/** A copy of the bench, kept in step by its events; never the truth. */
export interface BenchState {
  readonly connection: 'connecting' | 'open' | 'lost';
  /** Whether the first answers have come, so that an empty stage is known to be empty. */
  readonly loaded: boolean;
  readonly health?: Health | undefined;
  /** With the moment at which it was heard, because a running clock moves on. */
  readonly clock?: { readonly state: ClockState; readonly heardAt: number } | undefined;
  /** In order of their ids. */
  readonly traces: readonly TraceRecord[];
  readonly lastTraceId: number;
  readonly calls: number;
  readonly errors: number;
  /** By lane id, in order of appearance: the order gives each lane its colour. */
  readonly lanes: ReadonlyMap<string, LaneTally>;
  readonly services: ReadonlyMap<string, Tally>;
  readonly pushes: number;
  readonly devices: readonly DeviceState[];
  /** Newest first. */
  readonly messages: readonly InboxMessage[];
  readonly resources?: ResourceOverview | undefined;
  readonly scenarios: readonly ScenarioSummary[];
  readonly progress?: ScenarioProgress | undefined;
  /** The last call before the scenario's step under way; absent where its beginning was not seen. */
  readonly stepSince?: number | undefined;
}

export const EMPTY_WORLD = {
  traces: [],
  lastTraceId: 0,
  calls: 0,
  errors: 0,
  lanes: new Map<string, LaneTally>(),
  services: new Map<string, Tally>(),
  pushes: 0,
  devices: [],
  messages: [],
  resources: undefined,
  progress: undefined,
  stepSince: undefined,
} satisfies Partial<BenchState>;

export const useBench = create<BenchState>(() => ({
  connection: 'connecting',
  loaded: false,
  scenarios: [],
  ...EMPTY_WORLD,
}));

export const isFailure = (record: TraceRecord): boolean => record.response.status >= 400;

/** The record with this id; ids rise, so half the list is enough to look at, and half of that again. */
export function findTrace(traces: readonly TraceRecord[], id: number): TraceRecord | undefined {
  let low = 0;
  let high = traces.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const record = traces[middle];
    if (!record) return undefined;
    if (record.id === id) return record;
    if (record.id < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
