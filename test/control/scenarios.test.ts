import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScenarios, type Scenarios } from '../../src/main/control/scenarios.ts';
import { createFleet, type Fleet } from '../../src/main/devices/fleet.ts';
import { expectThat, type Script, type ScriptStep } from '../../src/main/devices/script.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

const ACCOUNT = '333333333333';

let bench: TestBench;
let fleet: Fleet;
beforeAll(async () => {
  bench = await startBench();
  const { services, url } = bench;
  fleet = createFleet({ ...services, folder: undefined, url: () => url });
});
afterAll(async () => {
  await fleet.stop();
  await bench.stop();
});

let played: string[];
let scenarios: Scenarios;
beforeEach(() => {
  played = [];
  scenarios = playing([async () => void played.push('one'), async () => void played.push('two')]);
});

/** Scenarios with the one script `story`, made of these steps. */
function playing(steps: readonly ScriptStep[]): Scenarios {
  const cards = steps.map((_step, index) => ({ title: `Step ${index + 1}`, text: 'Something happens.' }));
  const story: Script = { name: 'story', title: 'A story', text: 'For a test.', cards, steps: () => steps };
  return createScenarios({ fleet, services: bench.services, url: () => bench.url, scripts: [story] });
}

/** Resolves when the account's scenario has this status. */
function status(wanted: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = bench.follow((event) => {
      if (event.type !== 'scenario.progressed' || event.data.progress.status !== wanted) return;
      stop();
      resolve();
    });
  });
}

describe('scenarios', () => {
  it('[DV-DEMO-2] plays to its end at a pace, and reports each step', async () => {
    const reports: string[] = [];
    const stop = bench.follow((event) => {
      if (event.type === 'scenario.progressed')
        reports.push(`${event.data.progress.status} ${event.data.progress.step}`);
    });
    const { ended } = scenarios.run(ACCOUNT, 'story', 0);
    expect(await ended).toMatchObject({ status: 'done', step: 1, steps: [{ title: 'Step 1' }, { title: 'Step 2' }] });
    stop();
    expect(played).toEqual(['one', 'two']);
    expect(reports).toEqual(['running 0', 'running 1', 'done 1']);
  });

  it('[DV-DEMO-2] waits for a word before each further step', async () => {
    const waiting = status('waiting');
    const { ended } = scenarios.run(ACCOUNT, 'story', 'step');
    await waiting;
    expect(played).toEqual(['one']);
    expect(scenarios.current(ACCOUNT)).toMatchObject({ status: 'waiting', step: 0 });
    scenarios.proceed(ACCOUNT, 'story');
    expect((await ended).status).toBe('done');
    expect(played).toEqual(['one', 'two']);
  });

  it('[DV-DEMO-2] plays one at a time, and stops on request', async () => {
    const waiting = status('waiting');
    scenarios.run(ACCOUNT, 'story', 'step');
    await waiting;
    expect(() => scenarios.run(ACCOUNT, 'story', 0)).toThrow('still running');
    expect(await scenarios.stop(ACCOUNT, 'story')).toMatchObject({ status: 'stopped', step: 0 });
    expect(played).toEqual(['one']);
    expect(() => scenarios.proceed(ACCOUNT, 'story')).toThrow('not running');
    expect((await scenarios.run(ACCOUNT, 'story', 0).ended).status).toBe('done');
  });

  it('[DV-DEMO-2] stops when its account is reset', async () => {
    const waiting = status('waiting');
    const { ended } = scenarios.run(ACCOUNT, 'story', 'step');
    await waiting;
    bench.services.bus.publish('account.reset', { account: ACCOUNT });
    expect((await ended).status).toBe('stopped');
  });

  it('[DV-DEMO-4] fails with a sentence when a step is not as told', async () => {
    const failing = playing([
      async () => expectThat(played.length > 2, 'More should have been played'),
      async () => void played.push('two'),
    ]);
    const progress = await failing.run(ACCOUNT, 'story', 0).ended;
    expect(progress).toMatchObject({ status: 'failed', step: 0, error: 'More should have been played' });
    expect(played).toEqual([]);
  });

  it('[DV-DEMO-2] knows its scripts by name', () => {
    expect(scenarios.list()).toEqual([{ name: 'story', title: 'A story', text: 'For a test.', steps: 2 }]);
    expect(() => scenarios.run(ACCOUNT, 'absent', 0)).toThrow('no scenario');
    expect(scenarios.current('444444444444')).toBeNull();
  });
});

describe('/_bench/scenarios', () => {
  it('[DV-DEMO-2] lists, and refuses what is not running or not there', async () => {
    const [first] = await bench.call<unknown[]>('GET', '/scenarios');
    expect(first).toMatchObject({ name: 'first-run', steps: expect.any(Number) as number });
    expect(await bench.call('GET', '/scenarios/current')).toBeNull();
    await expect(bench.call('POST', '/scenarios/absent/run', { pace: 0 })).rejects.toThrow('404');
    await expect(bench.call('POST', '/scenarios/first-run/run', { pace: -1 })).rejects.toThrow('400');
    await expect(bench.call('POST', '/scenarios/first-run/run', { pause: 0 })).rejects.toThrow('400');
    await expect(bench.call('POST', '/scenarios/first-run/run', { wait: true })).rejects.toThrow('400');
    await expect(bench.call('POST', '/scenarios/first-run/continue', {})).rejects.toThrow('NotRunning');
    await expect(bench.call('POST', '/scenarios/first-run/stop', {})).rejects.toThrow('NotRunning');
  });
});
