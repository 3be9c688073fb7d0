import { describe, expect, it } from 'vitest';
import { DeviceNetwork, GOOD_NETWORK, NetworkError, type MiddlewareStack } from '../../src/main/devices/network.ts';
import { Gate } from '../../src/main/kernel/gate.ts';
import { seededRandom } from '../../src/main/kernel/random.ts';
import type { NetworkState } from '../../src/shared/device.ts';

type Send = (service: () => Promise<{ response: unknown }>) => Promise<{ response: unknown }>;

/** A network around a call that the test plays the service of. */
function networkAround(changes: Partial<NetworkState> = {}, seed = 7) {
  const gate = new Gate();
  const spent: NetworkState[] = [];
  const network: DeviceNetwork = new DeviceNetwork(
    { id: 'phone-1', account: '111111111111' },
    { ...GOOD_NETWORK, ...changes },
    { gate, random: seededRandom(seed), onSpent: () => spent.push(network.state) },
  );
  let send: Send | undefined;
  const stack: MiddlewareStack = {
    add(middleware) {
      send = (service) => middleware(service, { commandName: 'GetIdCommand' })(undefined as never);
    },
  };
  network.attach(stack, 'cognito-identity');
  const set = (next: Partial<NetworkState>): void => network.set({ ...network.state, ...next });
  return { network, set, gate, spent, send: send! };
}

const answer = { response: { statusCode: 200 } };

describe('a device’s network', () => {
  it('[DV-NET-1] refuses every call while offline, before it leaves', async () => {
    const { send, set } = networkAround({ online: false, latencyMs: 0 });
    let left = false;
    const call = send(async () => {
      left = true;
      return answer;
    });
    await expect(call).rejects.toBeInstanceOf(NetworkError);
    expect(left).toBe(false);

    set({ online: true });
    await expect(send(async () => answer)).resolves.toBe(answer);
  });

  it('[DV-NET-2] loses the answer of a call during which the network went', async () => {
    const { send, set } = networkAround();
    let freed = false;
    const call = send(async () => {
      set({ online: false });
      set({ online: true });
      return { response: { body: { destroy: () => (freed = true) } } };
    });
    await expect(call).rejects.toThrow('connection was lost');
    await Promise.resolve();
    expect(freed).toBe(true);
  });

  it('[DV-NET-2] gives up on a service that does not answer when the network goes', async () => {
    const { send, set } = networkAround();
    const call = send(() => new Promise(() => undefined));
    set({ online: false });
    await expect(call).rejects.toThrow('connection was lost');
  });

  it('[DV-NET-2] loses a message that is still under way', async () => {
    const { send, set } = networkAround({ online: true, latencyMs: 60_000 });
    const call = send(async () => answer);
    set({ online: false });
    await expect(call).rejects.toBeInstanceOf(NetworkError);
  });

  it('[DV-NET-4] delays every message each way', async () => {
    const { send } = networkAround({ online: true, latencyMs: 30 });
    const start = performance.now();
    let arrived = 0;
    await send(async () => {
      arrived = performance.now() - start;
      return answer;
    });
    expect(arrived).toBeGreaterThanOrEqual(29);
    expect(performance.now() - start).toBeGreaterThanOrEqual(58);
  });

  it('[DV-NET-5] holds request and answer at the gate until they are let go', async () => {
    const { send, gate } = networkAround();
    gate.keep(({ lane }) => lane === 'phone-1');
    const stages: unknown[] = [];
    gate.onHeld((held) => {
      stages.push(held.subject);
      held.release();
    });
    await send(async () => answer);
    const subject = { lane: 'phone-1', account: '111111111111', service: 'cognito-identity', operation: 'GetId' };
    expect(stages).toEqual([
      { ...subject, stage: 'request' },
      { ...subject, stage: 'response' },
    ]);
  });

  it('[DV-NET-5] lets go of a held packet when the network goes', async () => {
    const { send, gate, set } = networkAround();
    gate.keep(() => true);
    const call = send(async () => answer);
    set({ online: false });
    await expect(call).rejects.toBeInstanceOf(NetworkError);
  });
});

describe('what can befall a packet', () => {
  const arrivals = (): { count: () => number; service: () => Promise<{ response: unknown }> } => {
    let count = 0;
    return {
      count: () => count,
      async service() {
        count += 1;
        return answer;
      },
    };
  };

  it('[DV-NET-6] loses so many requests, and counts down', async () => {
    const { send, network, spent } = networkAround({ loseNext: 2 });
    const { count, service } = arrivals();
    for (let attempt = 0; attempt < 2; attempt += 1) await expect(send(service)).rejects.toThrow('request was lost');
    await expect(send(service)).resolves.toBe(answer);
    expect(count()).toBe(1);
    expect(spent.map(({ loseNext }) => loseNext)).toEqual([1, 0]);
    expect(network.state.loseNext).toBe(0);
  });

  it('[DV-NET-7] lets the request arrive and loses its answer', async () => {
    const { send } = networkAround({ loseNextAnswers: 1 });
    const { count, service } = arrivals();
    await expect(send(service)).rejects.toThrow('answer was lost');
    expect(count()).toBe(1);
  });

  it('[DV-NET-8] brings a request twice, and its first answer once', async () => {
    const { send } = networkAround({ duplicateNext: 1 });
    const answers = [answer, { response: { statusCode: 409 } }];
    let count = 0;
    await expect(send(async () => answers[count++]!)).resolves.toBe(answer);
    expect(count).toBe(2);
  });

  it('[DV-NET-8] minds no refusal of the second copy', async () => {
    const { send } = networkAround({ duplicateNext: 1 });
    let count = 0;
    const service = async (): Promise<{ response: unknown }> => {
      count += 1;
      if (count === 2) throw new Error('refused');
      return answer;
    };
    await expect(send(service)).resolves.toBe(answer);
  });

  it('[DV-NET-9] lets a request be overtaken: given up, and there after the next one', async () => {
    const { send } = networkAround({ reorderNext: 1 });
    const order: string[] = [];
    const called = (name: string) => async (): Promise<{ response: unknown }> => {
      order.push(name);
      return answer;
    };
    await expect(send(called('first'))).rejects.toThrow('still on its way');
    expect(order).toEqual([]);
    await send(called('second'));
    await send(called('third'));
    expect(order).toEqual(['second', 'first', 'third']);
  });

  it('[DV-NET-9] brings nothing any more once the device is closed', async () => {
    const { send, set, network } = networkAround({ reorderNext: 1 });
    const { count, service } = arrivals();
    await expect(send(service)).rejects.toBeInstanceOf(NetworkError);
    network.close();
    set({ online: true });
    await send(async () => answer);
    expect(count()).toBe(0);
  });

  it('[DV-NET-6] draws chances from the seed, each at about its rate', async () => {
    const fates = async (seed: number): Promise<string> => {
      const { send } = networkAround({ lossRate: 0.3 }, seed);
      let drawn = '';
      for (let call = 0; call < 200; call += 1)
        drawn += await send(async () => answer).then(
          () => '.',
          () => 'x',
        );
      return drawn;
    };
    const drawn = await fates(1);
    expect(await fates(1)).toBe(drawn);
    expect(await fates(2)).not.toBe(drawn);
    const lost = drawn.replaceAll('.', '').length;
    expect(lost).toBeGreaterThan(35);
    expect(lost).toBeLessThan(85);
  });

  it.each([
    ['lossRate', 'request was lost'],
    ['answerLossRate', 'answer was lost'],
    ['reorderRate', 'still on its way'],
  ] as const)('[DV-NET-6] a %s of 1 befalls every packet', async (rate, message) => {
    const { send } = networkAround({ [rate]: 1 });
    for (let call = 0; call < 3; call += 1) await expect(send(async () => answer)).rejects.toThrow(message);
  });

  it('[DV-NET-10] keeps to one operation when asked to', async () => {
    const { send, set } = networkAround({ loseNext: 1, faultsOn: 'UpdateRecords' });
    await expect(send(async () => answer)).resolves.toBe(answer);
    set({ faultsOn: 'GetId' });
    await expect(send(async () => answer)).rejects.toThrow('request was lost');
  });

  it('[DV-NET-4] varies the latency by its jitter, never below nothing', async () => {
    const { send } = networkAround({ latencyMs: 0, jitterMs: 30 });
    const times: number[] = [];
    for (let call = 0; call < 8; call += 1) {
      const start = performance.now();
      await send(async () => answer);
      times.push(performance.now() - start);
    }
    expect(Math.max(...times)).toBeGreaterThan(5);
    expect(new Set(times.map(Math.round)).size).toBeGreaterThan(1);
  });
});
