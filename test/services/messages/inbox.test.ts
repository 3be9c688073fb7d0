import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchEvent } from '../../../src/shared/events.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

function send(account: string, to: string, medium: 'EMAIL' | 'SMS', body: string): string {
  const { clock, inbox } = bench.services;
  const message = { account, to, medium, body, userPoolId: 'p', username: 'u', from: 'f', trigger: 't' };
  return inbox.send({ ...message, now: clock.now() }).id;
}

describe('the inbox', () => {
  it('[UP-MSG-1] keeps what was sent, newest first, apart by account', async () => {
    const { clock, messages } = bench.services;
    const first = send('444444444444', 'a@example.com', 'EMAIL', 'one');
    await bench.advance({ seconds: 10 });
    const since = clock.now();
    const second = send('444444444444', '+1555', 'SMS', 'two');
    send('555555555555', 'a@example.com', 'EMAIL', 'three');
    const ids = (filter?: Parameters<typeof messages.list>[1]): string[] =>
      messages.list('444444444444', filter).map(({ id }) => id);
    expect(ids()).toEqual([second, first]);
    expect(ids({ to: 'a@example.com' })).toEqual([first]);
    expect(ids({ medium: 'SMS' })).toEqual([second]);
    expect(ids({ since })).toEqual([second]);
    expect(ids({ to: '+1555', medium: 'EMAIL' })).toEqual([]);
    expect(ids({ limit: 1 })).toEqual([second]);
    messages.clear('444444444444');
    expect(ids()).toEqual([]);
    expect(messages.list('555555555555')).toHaveLength(1);
  });

  it('[UP-MSG-1] announces a message once it is kept, and not when the write fails', () => {
    const seen: BenchEvent[] = [];
    const stop = bench.follow((event) => seen.push(event));
    expect(() =>
      bench.services.store.write(() => {
        send('666666666666', 'b@example.com', 'EMAIL', 'never');
        throw new Error('the write fails');
      }),
    ).toThrow('the write fails');
    expect(seen).toEqual([]);
    send('666666666666', 'b@example.com', 'EMAIL', 'kept');
    stop();
    expect(seen).toMatchObject([{ type: 'message.sent', data: { message: { body: 'kept', code: null } } }]);
    expect(bench.services.messages.list('666666666666').map(({ body }) => body)).toEqual(['kept']);
  });
});
