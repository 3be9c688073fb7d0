import { createBench } from '../../src/main/bench/create-bench.ts';
import type { Bench } from '../../src/main/bench/bench.ts';
import type { BenchConfig } from '../../src/main/bench/config.ts';
import type { ClockState, InboxMessage } from '../../src/shared/bench-api.ts';

/** A bench in memory on a free port with a frozen clock, and the few calls that most tests make. */
export interface TestBench extends Bench {
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  /** What every AWS SDK v3 client of a test is made with. */
  readonly sdk: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
  /** The same, as another account. */
  sdkFor(account: string): TestBench['sdk'];
  call<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  advance(time: { seconds?: number; minutes?: number; hours?: number; days?: number }): Promise<ClockState>;
  /** The newest message to this address; fails when there is none. */
  messageTo(address: string): Promise<InboxMessage>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

export async function startBench(overrides: Partial<BenchConfig> = {}): Promise<TestBench> {
  const bench = await createBench({ port: 0, clock: 'frozen', logLevel: 'error', strictAnswers: true, ...overrides });

  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${bench.url}/_bench${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer as Answer;
  };

  const sdkFor = (account: string): TestBench['sdk'] => ({
    endpoint: bench.url,
    region: REGION,
    credentials: { accessKeyId: account, secretAccessKey: 'test' },
    maxAttempts: 1,
  });

  return {
    ...bench,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' },
    sdk: sdkFor(ACCOUNT),
    sdkFor,
    call,
    advance: ({ seconds = 0, minutes = 0, hours = 0, days = 0 }) =>
      call('POST', '/clock', { advance: seconds + 60 * (minutes + 60 * (hours + 24 * days)) }),
    async messageTo(address) {
      const [message] = await call<InboxMessage[]>('GET', `/messages?to=${encodeURIComponent(address)}`);
      if (!message) throw new Error(`no message to ${address}`);
      return message;
    },
    [Symbol.asyncDispose]: bench.stop,
  };
}
