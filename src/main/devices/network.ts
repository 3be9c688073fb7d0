import type { NetworkState } from '../../shared/device.ts';
import type { Gate, GateSubject } from '../kernel/gate.ts';
import type { Random } from '../kernel/random.ts';
import { delay } from '../kernel/scheduler.ts';

/** What a phone's app sees when there is no way to the service. The SDK does not retry it. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(message = 'Network request failed: the device is offline') {
    super(message);
  }
}

/** A good network, and a clock that is right. */
export const GOOD_NETWORK: NetworkState = {
  online: true,
  latencyMs: 0,
  jitterMs: 0,
  lossRate: 0,
  loseNext: 0,
  answerLossRate: 0,
  loseNextAnswers: 0,
  duplicateRate: 0,
  duplicateNext: 0,
  reorderRate: 0,
  reorderNext: 0,
  faultsOn: '',
  clockSkewSeconds: 0,
  correctsClockSkew: true,
};

type Exchange = { response: unknown };
type Middleware = (
  next: (args: never) => Promise<Exchange>,
  context: { commandName?: string },
) => (args: never) => Promise<Exchange>;

/** The part of the SDK's middleware stack that the network needs; the same for every client. */
export interface MiddlewareStack {
  add(middleware: Middleware, options: { step: 'deserialize'; priority: 'low'; name: string }): void;
}

/** What can happen to a request on its way, with the chance of it and the count of those that it must happen to. */
const FATES = [
  ['lost', 'lossRate', 'loseNext'],
  ['overtaken', 'reorderRate', 'reorderNext'],
  ['duplicated', 'duplicateRate', 'duplicateNext'],
  ['unanswered', 'answerLossRate', 'loseNextAnswers'],
] as const;

type Fate = (typeof FATES)[number][0];

interface Surroundings {
  readonly gate: Gate;
  readonly random: Random;
  /** The network changed by itself: a count of packets to lose went down. */
  readonly onSpent?: () => void;
}

/**
 * The air between one device and the bench: a switch, a latency each way, and everything that can befall a packet,
 * with a gate at which step mode can hold it. It sits around the HTTP handler of the SDK's clients, inside their
 * retries.
 */
export class DeviceNetwork {
  #state: NetworkState;
  /** Aborts whatever is under way when the network goes. */
  #connection = new AbortController();
  /** Requests that were overtaken: they arrive after the next one. [DV-NET-9] */
  #late: (() => Promise<Exchange>)[] = [];
  readonly #lane: { readonly lane: string; readonly account: string };
  readonly #surroundings: Surroundings;

  constructor(
    device: { readonly id: string; readonly account: string },
    state: NetworkState,
    surroundings: Surroundings,
  ) {
    this.#lane = { lane: device.id, account: device.account };
    this.#state = state;
    this.#surroundings = surroundings;
  }

  get state(): NetworkState {
    return this.#state;
  }

  set(state: NetworkState): void {
    const wentOffline = this.#state.online && !state.online;
    this.#state = state;
    if (wentOffline) this.drop();
  }

  /** Every message under way is lost. The service may have acted on it all the same. */
  drop(): void {
    this.#connection.abort(new NetworkError('Network request failed: the connection was lost'));
    this.#connection = new AbortController();
  }

  /** Nothing that is still in the air arrives any more. */
  close(): void {
    this.#late = [];
    this.set({ ...this.#state, online: false });
  }

  attach(stack: MiddlewareStack, service: string): void {
    stack.add(
      (next, context) => async (args) => {
        const operation = context.commandName?.replace(/Command$/, '');
        const subject = { ...this.#lane, service, ...(operation === undefined ? {} : { operation }) };
        return this.#carry(subject, () => next(args));
      },
      { step: 'deserialize', priority: 'low', name: 'simulatedNetwork' },
    );
  }

  /** A message to somebody who is no service of AWS, over the same air. */
  async reach<Answer>(service: string, operation: string, send: () => Promise<Answer>): Promise<Answer> {
    const subject = { ...this.#lane, service, operation };
    const { response } = await this.#carry(subject, async () => ({ response: await send() }));
    return response as Answer;
  }

  async #carry(subject: Omit<GateSubject, 'stage'>, send: () => Promise<Exchange>): Promise<Exchange> {
    const connection = this.#connection.signal;
    await this.#cross({ ...subject, stage: 'request' }, connection);
    const fates = this.#drawFates(subject.operation);
    if (fates.has('lost')) throw new NetworkError('Network request failed: the request was lost on its way');
    if (fates.has('overtaken')) {
      this.#late.push(send);
      throw new NetworkError('Network request failed: no answer in time, the request is still on its way');
    }

    const exchange = send();
    try {
      const output = await unlessAborted(exchange, connection);
      // A request that reached the service opens the way for those before it.
      await this.#deliverLate();
      if (fates.has('duplicated')) await arriveUnheard(send);
      await this.#cross({ ...subject, stage: 'response' }, connection);
      if (fates.has('unanswered')) throw new NetworkError('Network request failed: the answer was lost on its way');
      return output;
    } catch (error) {
      discard(exchange);
      throw error;
    }
  }

  async #cross(subject: GateSubject, connection: AbortSignal): Promise<void> {
    if (!this.#state.online) throw new NetworkError();
    const held = this.#surroundings.gate.pass(subject);
    if (held) await unlessAborted(held, connection);
    const latency = this.#drawLatency();
    if (latency > 0) await delay(latency, connection);
    connection.throwIfAborted();
  }

  #drawLatency(): number {
    const { latencyMs, jitterMs } = this.#state;
    if (jitterMs === 0) return latencyMs;
    return Math.max(0, latencyMs - jitterMs + this.#surroundings.random.below(2 * jitterMs + 1));
  }

  /** Counts first: a story that says "lose the next answer" leaves nothing to chance. [DV-NET-6] */
  #drawFates(operation: string | undefined): Set<Fate> {
    const fates = new Set<Fate>();
    const { faultsOn } = this.#state;
    if (faultsOn !== '' && faultsOn !== operation) return fates;
    let hasSpent = false;
    for (const [fate, rate, next] of FATES) {
      if (this.#state[next] > 0) {
        this.#state = { ...this.#state, [next]: this.#state[next] - 1 };
        hasSpent = true;
      } else if (!this.#happens(this.#state[rate])) continue;
      fates.add(fate);
      // What never arrives meets no further fate.
      if (fate === 'lost' || fate === 'overtaken') break;
    }
    if (hasSpent) this.#surroundings.onSpent?.();
    return fates;
  }

  #happens(chance: number): boolean {
    const STEPS = 1_000_000;
    return chance > 0 && this.#surroundings.random.below(STEPS) < chance * STEPS;
  }

  async #deliverLate(): Promise<void> {
    for (const send of this.#late.splice(0)) await arriveUnheard(send);
  }
}

/** The request reaches the service, and nobody on the device hears of the answer. */
async function arriveUnheard(send: () => Promise<Exchange>): Promise<void> {
  try {
    freeSocket(await send());
  } catch {
    // A refusal, or a bench that is gone: the device gave up on this request before.
  }
}

function unlessAborted<Result>(passage: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    passage.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Frees the socket of an answer that nobody will read, once it is there. */
function discard(exchange: Promise<Exchange>): void {
  exchange.then(freeSocket, () => undefined);
}

function freeSocket({ response }: Exchange): void {
  (response as { body?: { destroy?: () => void } } | undefined)?.body?.destroy?.();
}
