import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScenarioProgress } from '../../src/shared/bench-api.ts';
import type { DeviceState } from '../../src/shared/device.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

it.each(['engineers-role', 'one-person-many-logins'])(
  '[DV-DEMO-3] %s plays to its end after it was stopped after any of its steps',
  { timeout: 60_000 },
  async (name) => {
    const run = (body: object): Promise<ScenarioProgress> => bench.call('POST', `/scenarios/${name}/run`, body);
    const now = (): Promise<ScenarioProgress> => bench.call('GET', '/scenarios/current');
    const { steps } = await run({ pace: 0, wait: true });
    const once = await bench.call<DeviceState[]>('GET', '/devices');
    for (let last = 0; last < steps.length - 1; last += 1) {
      await run({ pace: 'step' });
      for (let step = 0; step <= last; step += 1) {
        await expect.poll(now).toMatchObject({ status: 'waiting', step });
        if (step < last) await bench.call('POST', `/scenarios/${name}/continue`, {});
      }
      expect(await bench.call('POST', `/scenarios/${name}/stop`, {})).toMatchObject({ status: 'stopped' });
    }
    expect(await run({ pace: 0, wait: true })).toMatchObject({ status: 'done' });
    expect(await bench.call<DeviceState[]>('GET', '/devices')).toHaveLength(once.length);
    await bench.call('POST', '/reset', {});
  },
);
