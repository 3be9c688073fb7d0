import type { NetworkState } from '../../shared/device.ts';
import type { Gate, GateSubject } from '../kernel/gate.ts';
import { delay } from '../kernel/scheduler.ts';

/** What a phone's app sees when there is no way to the service. The SDK does not retry it. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(message = 'Network request failed: the device is offline') {
    super(message);
  }
}

/** The part of the SDK's middleware stack that the network needs; the same for every client. */
export interface MiddlewareStack {
  add(
    middleware: (
      next: (args: never) => Promise<{ response: unknown }>,
      context: { commandName?: string },
    ) => (args: never) => Promise<{ response: unknown }>,
    options: { step: 'deserialize'; priority: 'low'; name: string },
  ): void;
}

/**
 * The air between one device and the bench: a switch, a latency each way, and a gate at which step mode can hold a
 * packet. It sits around the HTTP handler of the SDK's clients, inside their retries.
 */
export class DeviceNetwork {
  #state: NetworkState;
  /** Aborts whatever is under way when the network goes. */
  #connection = new AbortController();
  readonly #lane: { readonly lane: string; readonly account: string };
  readonly #gate: Gate;

  constructor(device: { readonly id: string; readonly account: string }, state: NetworkState, gate: Gate) {
    this.#lane = { lane: device.id, account: device.account };
    this.#state = state;
    this.#gate = gate;
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

  attach(stack: MiddlewareStack, service: string): void {
    stack.add(
      (next, context) => async (args) => {
        const operation = context.commandName?.replace(/Command$/, '');
        const subject = { ...this.#lane, service, ...(operation === undefined ? {} : { operation }) };
        const connection = this.#connection.signal;
        await this.#cross({ ...subject, stage: 'request' }, connection);
        const exchange = next(args);
        try {
          const output = await unlessAborted(exchange, connection);
          await this.#cross({ ...subject, stage: 'response' }, connection);
          return output;
        } catch (error) {
          discard(exchange);
          throw error;
        }
      },
      { step: 'deserialize', priority: 'low', name: 'simulatedNetwork' },
    );
  }

  async #cross(subject: GateSubject, connection: AbortSignal): Promise<void> {
    if (!this.#state.online) throw new NetworkError();
    const held = this.#gate.pass(subject);
    if (held) await unlessAborted(held, connection);
    if (this.#state.latencyMs > 0) await delay(this.#state.latencyMs, connection);
    connection.throwIfAborted();
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
function discard(exchange: Promise<{ response: unknown }>): void {
  exchange.then(
    ({ response }) => (response as { body?: { destroy?: () => void } }).body?.destroy?.(),
    () => undefined,
  );
}
