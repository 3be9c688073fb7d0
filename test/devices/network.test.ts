import { describe, expect, it } from 'vitest';
import { DeviceNetwork, NetworkError, type MiddlewareStack } from '../../src/main/devices/network.ts';
import { Gate } from '../../src/main/kernel/gate.ts';

type Send = (service: () => Promise<{ response: unknown }>) => Promise<{ response: unknown }>;

/** A network around a call that the test plays the service of. */
function networkAround(state = { online: true, latencyMs: 0 }) {
  const gate = new Gate();
  const network = new DeviceNetwork({ id: 'phone-1', account: '111111111111' }, state, gate);
  let send: Send | undefined;
  const stack: MiddlewareStack = {
    add(middleware) {
      send = (service) => middleware(service, { commandName: 'GetIdCommand' })(undefined as never);
    },
  };
  network.attach(stack, 'cognito-identity');
  return { network, gate, send: send! };
}

const answer = { response: { statusCode: 200 } };

describe('a device’s network', () => {
  it('[DV-NET-1] refuses every call while offline, before it leaves', async () => {
    const { send, network } = networkAround({ online: false, latencyMs: 0 });
    let left = false;
    const call = send(async () => {
      left = true;
      return answer;
    });
    await expect(call).rejects.toBeInstanceOf(NetworkError);
    expect(left).toBe(false);

    network.set({ online: true, latencyMs: 0 });
    await expect(send(async () => answer)).resolves.toBe(answer);
  });

  it('[DV-NET-2] loses the answer of a call during which the network went', async () => {
    const { send, network } = networkAround();
    let freed = false;
    const call = send(async () => {
      network.set({ online: false, latencyMs: 0 });
      network.set({ online: true, latencyMs: 0 });
      return { response: { body: { destroy: () => (freed = true) } } };
    });
    await expect(call).rejects.toThrow('connection was lost');
    await Promise.resolve();
    expect(freed).toBe(true);
  });

  it('[DV-NET-2] gives up on a service that does not answer when the network goes', async () => {
    const { send, network } = networkAround();
    const call = send(() => new Promise(() => undefined));
    network.set({ online: false, latencyMs: 0 });
    await expect(call).rejects.toThrow('connection was lost');
  });

  it('[DV-NET-2] loses a message that is still under way', async () => {
    const { send, network } = networkAround({ online: true, latencyMs: 60_000 });
    const call = send(async () => answer);
    network.set({ online: false, latencyMs: 60_000 });
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
    const { send, gate, network } = networkAround();
    gate.keep(() => true);
    const call = send(async () => answer);
    network.set({ online: false, latencyMs: 0 });
    await expect(call).rejects.toBeInstanceOf(NetworkError);
  });
});
