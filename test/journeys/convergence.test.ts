import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storyArbitrary, type Story } from '../../src/main/devices/explorer/story.ts';
import { tell } from '../../src/main/devices/explorer/storyteller.ts';
import type { DeviceApp, Resolver } from '../../src/shared/device.ts';
import { createRealWorld } from '../devices/real-world.ts';
import { makePools } from '../devices/scene.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

/*
 * Random stories of two to five devices, over the wire: writes, removals, offline times, conflicts, lost, doubled
 * and late packets, wrong clocks, restarts, guests who become users, deleted datasets. In the end all devices and
 * the store are equal, and no write went unseen. POOLBENCH_SEED plays other stories, POOLBENCH_STORIES more.
 */
const SEED = Number(process.env['POOLBENCH_SEED'] ?? 20_260_101);
const STORIES = Number(process.env['POOLBENCH_STORIES'] ?? 15);
const STEPS = 30;
/** Each resolver's share; on a slow machine fewer stories are played. */
const TIME_LIMIT_MS = 400 * STORIES;

let bench: TestBench;
let app: DeviceApp;
beforeAll(async () => {
  bench = await startBench();
  app = await makePools(bench);
});
afterAll(() => bench.stop());

const combine = `({ local, remote }) =>
  local.value === null || remote.value === null ? 'last-writer' : { value: [local.value, remote.value].sort().join('+') }`;

const resolvers: readonly [string, Resolver][] = [
  ['the last writer', 'last-writer'],
  ['this device', 'local'],
  ['the store', 'remote'],
  ['hand', 'ask'],
  ['a function that combines both', { javascript: combine }],
];

describe('devices of one user', () => {
  it.each(resolvers)(
    '[DV-CONV-1] [DV-CONV-2] end equal with the store, and no write goes unseen: settled by %s',
    { timeout: 4 * TIME_LIMIT_MS + 60_000 },
    async (_name, resolver) => {
      let played = 0;
      const endsWell = async (story: Story): Promise<void> => {
        await using world = await createRealWorld(bench, app, story.guests, resolver);
        const { objection, steps, end } = await tell(story, world);
        played += 1;
        if (objection) {
          throw new Error(`${objection.verdict}: ${objection.text}\n${steps.join('\n')}\n${JSON.stringify(end)}`);
        }
      };
      const stories = storyArbitrary(fc, { devices: { min: 2, max: 5 }, steps: STEPS });
      await fc.assert(fc.asyncProperty(stories, endsWell), {
        seed: SEED,
        numRuns: STORIES,
        interruptAfterTimeLimit: TIME_LIMIT_MS,
        markInterruptAsFailure: false,
      });
      expect(played).toBeGreaterThan(0);
    },
  );
});
