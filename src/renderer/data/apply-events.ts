import type { BenchEvent } from '../../shared/events.ts';
import type { DeviceState } from '../../shared/device.ts';
import type { TraceRecord } from '../../shared/trace.ts';
import { EMPTY_WORLD, isFailure, MOST_TRACES, type BenchState, type LaneTally, type Tally } from './bench-state.ts';

const MOST_RECENT = 5;
const MOST_MESSAGES = 500;

/** The state after a batch of events. Pure; one new array a batch, not one an event. */
export function applyEvents(before: BenchState, events: readonly BenchEvent[], heardAt: number): BenchState {
  let state = before;
  let records: TraceRecord[] = [];
  for (const event of events) {
    if (event.type === 'trace.closed') {
      records.push(event.data.record);
    } else if (event.type === 'account.reset' || event.type === 'bench.reset') {
      records = [];
      state = emptied(state);
    } else {
      state = applyFact(state, event, heardAt);
      if (event.type === 'scenario.progressed' && event.data.progress.status === 'running') {
        state = { ...state, stepSince: Math.max(state.lastTraceId, records.at(-1)?.id ?? 0) };
      }
    }
  }
  return addTraces(state, records);
}

const emptied = (state: BenchState): BenchState => ({ ...state, ...EMPTY_WORLD });

function applyFact(state: BenchState, event: BenchEvent, heardAt: number): BenchState {
  switch (event.type) {
    case 'message.sent': {
      const others = state.messages.filter((message) => message.id !== event.data.message.id);
      return { ...state, messages: [event.data.message, ...others].slice(0, MOST_MESSAGES) };
    }
    case 'messages.cleared':
      return { ...state, messages: [] };
    case 'clock.changed':
      return { ...state, clock: { state: event.data, heardAt } };
    case 'device.changed':
      return {
        ...state,
        devices: withDevice(state.devices, event.data.device),
        lanes: withLane(state.lanes, event.data.device),
      };
    case 'device.removed':
      return { ...state, devices: state.devices.filter((device) => device.id !== event.data.deviceId) };
    case 'push.sent':
      return { ...state, pushes: state.pushes + 1 };
    case 'scenario.progressed':
      return { ...state, progress: event.data.progress };
    default:
      return state;
  }
}

function withDevice(devices: readonly DeviceState[], changed: DeviceState): readonly DeviceState[] {
  return devices.some((device) => device.id === changed.id)
    ? devices.map((device) => (device.id === changed.id ? changed : device))
    : [...devices, changed];
}

/** Gives a device its lane, and so its colour, before its first call. */
export function withLane(lanes: ReadonlyMap<string, LaneTally>, device: DeviceState): ReadonlyMap<string, LaneTally> {
  const known = lanes.get(device.id);
  if (known?.lane.name === device.name) return lanes;
  const lane = { kind: 'device', id: device.id, name: device.name } as const;
  return new Map(lanes).set(device.id, { calls: 0, errors: 0, recent: [], ...known, lane });
}

/** Adds calls that are newer than the last one known; the others were heard before. */
export function addTraces(state: BenchState, records: readonly TraceRecord[]): BenchState {
  let last = state.lastTraceId;
  const fresh: TraceRecord[] = [];
  for (const record of records) {
    if (record.id <= last) continue;
    last = record.id;
    fresh.push(record);
  }
  if (fresh.length === 0) return state;

  const lanes = new Map(state.lanes);
  const services = new Map(state.services);
  let errors = state.errors;
  for (const record of fresh) {
    if (isFailure(record)) errors += 1;
    const known = lanes.get(record.lane.id);
    lanes.set(record.lane.id, { ...count(known, record), lane: known?.lane ?? record.lane });
    if (record.service) services.set(record.service, count(services.get(record.service), record));
  }
  const traces = [...state.traces, ...fresh];
  return {
    ...state,
    traces: traces.length > MOST_TRACES ? traces.slice(-MOST_TRACES) : traces,
    lastTraceId: last,
    calls: state.calls + fresh.length,
    errors,
    lanes,
    services,
  };
}

function count(tally: Tally | undefined, record: TraceRecord): Tally {
  return {
    calls: (tally?.calls ?? 0) + 1,
    errors: (tally?.errors ?? 0) + (isFailure(record) ? 1 : 0),
    recent: [record.id, ...(tally?.recent ?? [])].slice(0, MOST_RECENT),
  };
}
