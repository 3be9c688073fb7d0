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
