import {
  EVENTS_PATH,
  type ClockState,
  type Health,
  type InboxMessage,
  type ResourceOverview,
  type ScenarioProgress,
  type ScenarioSummary,
  type SocketMessage,
} from '../../shared/bench-api.ts';
import type { BenchEvent } from '../../shared/events.ts';
import type { DeviceState } from '../../shared/device.ts';
import type { TraceRecord } from '../../shared/trace.ts';
import { addTraces, applyEvents, withLane } from './apply-events.ts';
import { EMPTY_WORLD, isFailure, useBench } from './bench-state.ts';
import { call } from './call.ts';
import { tellFacts } from './facts.ts';
import { sendPackets, type Packet } from './packets.ts';
import { currentAccount, launchToken, renewToken, setHomeAccount } from './session.ts';

const FIRST_RETRY_MS = 400;
const LONGEST_RETRY_MS = 4000;
const PAGE_OF_TRACES = 1000;
const SHORTEST_PAUSE_MS = 80;
const HIDDEN_PAUSE_MS = 200;

let retryMs = FIRST_RETRY_MS;
let waiting: BenchEvent[] = [];
let scheduled = false;
let appliedAt = 0;

/** Keeps {@link useBench} in step with the bench, for as long as the page lives. */
export async function followBench(): Promise<void> {
  try {
    if (useBench.getState().connection === 'lost' && (await renewToken())) forgetCalls();
    const health = await call<Health>('GET', '/health');
    setHomeAccount(health.account);
    useBench.setState({ health });
    openSocket();
  } catch {
    loseBench();
  }
}

function openSocket(): void {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const url = `${scheme}//${location.host}${EVENTS_PATH}?account=${currentAccount()}`;
  const token = launchToken();
  const socket = token ? new WebSocket(url, [`poolbench.${token}`]) : new WebSocket(url);
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as SocketMessage;
    if (message.type === 'hello') {
      retryMs = FIRST_RETRY_MS;
      useBench.setState({ connection: 'open' });
      void refresh();
    } else {
      enqueue(message);
    }
  });
  socket.addEventListener('close', loseBench);
}

function loseBench(): void {
  if (useBench.getState().connection !== 'lost') useBench.setState({ connection: 'lost' });
  setTimeout(() => void followBench(), retryMs);
  retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
}

/** Another run of the bench counts its calls from 1 again. */
function forgetCalls(): void {
  const { traces, lastTraceId, calls, errors, lanes, services, pushes } = EMPTY_WORLD;
  useBench.setState({ traces, lastTraceId, calls, errors, lanes, services, pushes });
}

/** A burst of events costs one change of state a frame, and a long one fewer. Hidden pages get no frames. */
function enqueue(event: BenchEvent): void {
  waiting.push(event);
  if (scheduled) return;
  scheduled = true;
  const pause = Math.max(0, appliedAt + SHORTEST_PAUSE_MS - performance.now());
  if (document.hidden) setTimeout(applyWaiting, HIDDEN_PAUSE_MS);
  else if (pause > 0) setTimeout(() => requestAnimationFrame(applyWaiting), pause);
  else requestAnimationFrame(applyWaiting);
}

function applyWaiting(): void {
  scheduled = false;
  appliedAt = performance.now();
  const events = waiting;
  waiting = [];
  const before = useBench.getState();
  useBench.setState(applyEvents(before, events, performance.now()));
  tellFacts(events);
  sendPackets(events.flatMap((event) => packetsOf(event, before.devices)));
  if (events.some((event) => event.type === 'account.reset' || event.type === 'bench.reset')) void refresh();
  else if (events.some(changesResources)) refreshResources();
}

function packetsOf(event: BenchEvent, devices: readonly DeviceState[]): Packet[] {
  if (event.type === 'trace.closed' && event.data.record.service) {
    const { record } = event.data;
    return [{ from: record.lane.id, to: record.service ?? '', failed: isFailure(record), returns: true }];
  }
  if (event.type === 'device.changed') {
    const { device } = event.data;
    const known = devices.find((other) => other.id === device.id)?.pushes.length ?? device.pushes.length;
    if (device.pushes.length > known) return [{ from: 'push', to: device.id, failed: false, returns: false }];
  }
  return [];
}

const changesResources = ({ type }: BenchEvent): boolean =>
  type === 'user-pool.changed' ||
  type === 'identity-pool.changed' ||
  type === 'user.signed-up' ||
  type === 'identity.created' ||
  type === 'identity.merged';

let resourcesTimer: ReturnType<typeof setTimeout> | undefined;

export function refreshResources(): void {
  clearTimeout(resourcesTimer);
  resourcesTimer = setTimeout(() => {
    call<ResourceOverview>('GET', '/resources').then(
      (resources) => useBench.setState({ resources }),
      () => undefined, // The next change asks again.
    );
  }, 250);
}

/**
 * Asks for everything; after a lost connection, only for the calls that were missed. Each answer is taken as it
 * comes, because events go on meanwhile, and an answer that waited for the others could undo them.
 */
export async function refresh(): Promise<void> {
  const { setState } = useBench;
  await Promise.all([
    ask<Health>('/health').then(given((health) => setState({ health }))),
    ask<ClockState>('/clock').then(given((state) => setState({ clock: { state, heardAt: performance.now() } }))),
    ask<DeviceState[]>('/devices').then(
      given((devices) => setState(({ lanes }) => ({ devices, lanes: devices.reduce(withLane, lanes) }))),
    ),
    ask<InboxMessage[]>('/messages').then(given((messages) => setState({ messages }))),
    ask<ResourceOverview>('/resources').then(given((resources) => setState({ resources }))),
    ask<ScenarioSummary[]>('/scenarios').then(given((scenarios) => setState({ scenarios }))),
    ask<ScenarioProgress | null>('/scenarios/current').then(
      given((progress) =>
        // One that ended before this page was opened is of no interest any more.
        setState((state) => ({
          progress: progress && (state.progress || isUnderWay(progress)) ? progress : undefined,
        })),
      ),
    ),
    refreshTraces(),
  ]);
  setState({ loaded: true });
}

/** Skips what did not come: one call that fails must not hide what the others bring. */
function given<Answer>(take: (answer: Answer) => void): (answer: Answer | undefined) => void {
  return (answer) => {
    if (answer !== undefined) take(answer);
  };
}

const isUnderWay = ({ status }: ScenarioProgress): boolean => status === 'running' || status === 'waiting';

/** What the bench answers, or nothing. */
async function ask<Answer>(path: string): Promise<Answer | undefined> {
  try {
    return await call<Answer>('GET', path);
  } catch {
    return undefined;
  }
}

async function refreshTraces(): Promise<void> {
  for (;;) {
    const since = useBench.getState().lastTraceId;
    const page = await ask<{ records: TraceRecord[]; next: number }>(`/trace?since=${since}&limit=${PAGE_OF_TRACES}`);
    if (!page) return;
    useBench.setState((state) => addTraces(state, page.records));
    if (page.records.length < PAGE_OF_TRACES) return;
  }
}
