import { describe, expect, it } from 'vitest';
import { createBus } from '../../src/main/kernel/bus.ts';
import { createLogger } from '../../src/main/kernel/log.ts';

describe('the bus', () => {
  it("keeps a listener's failure its own", () => {
    const bus = createBus(createLogger('silent'));
    const heard: string[] = [];
    bus.on('user.confirmed', () => {
      throw new Error('broken listener');
    });
    bus.on('user.confirmed', ({ username }) => heard.push(username));
    bus.onAny(({ type }) => heard.push(type));
    bus.publish('user.confirmed', { account: '000000000000', userPoolId: 'us-east-1_A', username: 'alice' });
    expect(heard).toEqual(['alice', 'user.confirmed']);
  });
});
