import type { TraceRecord } from '../../shared/trace.ts';
import type { Bus } from './bus.ts';

/** Records kept in one run of the bench. */
const MOST_RECORDS = 5000;
/** Bytes of messages kept; large bodies push old records out before their number does. */
const MOST_BYTES = 48 * 1024 * 1024;

/** A finished call, told to the log: cheap to hand over, written out only when somebody asks. */
export interface TraceSource {
  readonly account: string;
  /** Size of request and answer on the wire. */
  readonly bytes: number;
  describe(id: number): TraceRecord;
}

interface Entry {
  readonly id: number;
  readonly account: string;
  readonly bytes: number;
  readonly record: TraceRecord;
}

/** The last calls of a bench, in the order in which they ended. */
export class TraceLog {
  readonly #bus: Bus;
  #entries: Entry[] = [];
  #bytes = 0;
  #lastId = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  close(source: TraceSource): TraceRecord {
    const id = (this.#lastId += 1);
    const { account, bytes } = source;
    const record = lazily(id, source);
    this.#entries.push({ id, account, bytes, record });
    this.#bytes += bytes;
    while (this.#entries.length > MOST_RECORDS || (this.#bytes > MOST_BYTES && this.#entries.length > 1)) {
      this.#bytes -= this.#entries.shift()!.bytes;
    }
    this.#bus.publish('trace.closed', { account, record });
    return record;
  }

  /** Records of an account after `since`, oldest first. */
  *list(account: string, since: number): Iterable<TraceRecord> {
    for (let index = this.#after(since); index < this.#entries.length; index += 1) {
      const entry = this.#entries[index]!;
      if (entry.account === account) yield entry.record;
    }
  }

  find(account: string, id: number): TraceRecord | undefined {
    const entry = this.#entries[this.#after(id - 1)];
    return entry?.id === id && entry.account === account ? entry.record : undefined;
  }

  /** The number of the newest record, 0 before the first. */
  last(): number {
    return this.#lastId;
  }

  /** Forgets the calls of an account, or all; numbers go on counting. */
  clear(account?: string): void {
    this.#entries = account === undefined ? [] : this.#entries.filter((entry) => entry.account !== account);
    this.#bytes = this.#entries.reduce((sum, entry) => sum + entry.bytes, 0);
  }

  /** Index of the first entry after a number; entries are in order. */
  #after(id: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]!.id <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A record that is written out on first sight: most calls of a busy bench are never looked at. */
function lazily(id: number, source: TraceSource): TraceRecord {
  let written: TraceRecord | undefined;
  const write = (): TraceRecord => (written ??= source.describe(id));
  return new Proxy({} as TraceRecord, {
    get: (_target, key) => (key === 'id' ? id : key === 'account' ? source.account : write()[key as keyof TraceRecord]),
    has: (_target, key) => key in write(),
    ownKeys: () => Reflect.ownKeys(write()),
    getOwnPropertyDescriptor: (_target, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(write(), key);
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}
