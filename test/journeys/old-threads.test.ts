import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScenarioProgress, ScenarioSummary } from '../../src/shared/bench-api.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { addSignedIn, addUser, makePools, prefs, valuesOf } from '../devices/scene.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

let records: TraceRecord[];
let stop: () => void;
beforeEach(() => {
  records = [];
  stop = bench.follow((event) => {
    if (event.type === 'trace.closed') records.push(event.data.record);
  });
});
afterEach(() => stop());

const play = (name: string): Promise<ScenarioProgress> =>
  bench.call('POST', `/scenarios/${name}/run`, { pace: 0, wait: true });

const faults = (): string[] => records.flatMap(({ fault }) => (fault ? [`${fault.code}: ${fault.message}`] : []));

describe('scenarios of sync', () => {
  it.each([
    ['conflict-by-hand', []],
    ['family-tablet', []],
    // The doubled write: its session is used up.
    ['lost-answer', ['InvalidParameterException: SyncSessionToken not valid for these inputs']],
  ])('[DV-DEMO-5] %s plays through', async (name, expected) => {
    const progress = await play(name);
    expect({ status: progress.status, error: progress.error }).toEqual({ status: 'done', error: undefined });
    expect(faults()).toEqual(expected);
  });
});

describe('the threads of the old SDKs', () => {
  it.each([
    ['guest-data-after-linking', []],
    ['duplicate-rows', []],
    ['counts-after-re-parenting', ['InvalidParameterException: No such SyncCount: 3 exists for this Dataset']],
    // The guests' phones delete what is deleted already.
    [
      'left-over-merged-datasets',
      Array.from({ length: 3 }, () => expect.stringMatching(/^ResourceNotFoundException: Dataset/) as string),
    ],
    [
      'current-sync-count',
      [
        'ResourceConflictException: Current SyncCount for: user is: 1 not: 0',
        'ResourceConflictException: Current SyncCount for: key is: 8 not: 7',
      ],
    ],
  ])('[DV-DEMO-5] %s plays through, twice', async (name, expected) => {
    for (let run = 0; run < 2; run += 1) {
      records = [];
      const progress = await play(name);
      expect({ status: progress.status, error: progress.error }).toEqual({ status: 'done', error: undefined });
      expect(faults()).toEqual(expected);
    }
  });

  it('[DV-SYNC-4] a writer in between is met with one more pull, not with an error', async () => {
    const app = await makePools(bench);
    await addUser(bench, app, 'racer');
    const phone = await addSignedIn(bench, 'Phone A', app, 'racer');
    const tablet = await addSignedIn(bench, 'Tablet B', app, 'racer');
    await phone.act({ do: 'put', dataset: 'prefs', key: 'user', value: 'alice' });
    await phone.act({ do: 'synchronize', dataset: 'prefs' });
    await tablet.act({ do: 'synchronize', dataset: 'prefs' });
    await phone.act({ do: 'put', dataset: 'prefs', key: 'user', value: 'of the phone' });
    await bench.advance({ seconds: 1 });
    await tablet.act({ do: 'put', dataset: 'prefs', key: 'user', value: 'of the tablet' });

    bench.deviceGate.keep(
      ({ lane, operation, stage }) => lane === phone.id && operation === 'UpdateRecords' && stage === 'request',
    );
    const stopHolding = bench.deviceGate.onHeld((held) => {
      stopHolding();
      tablet
        .act({ do: 'synchronize', dataset: 'prefs' })
        .catch(() => undefined)
        .finally(() => bench.deviceGate.keep(undefined));
      void held;
    });
    await phone.act({ do: 'synchronize', dataset: 'prefs', resolver: 'last-writer' });

    expect(faults()).toEqual(['ResourceConflictException: Current SyncCount for: user is: 2 not: 1']);
    expect(prefs(await phone.state()).settled).toMatchObject([
      {
        key: 'user',
        base: { value: 'alice', syncCount: 1 },
        local: { value: 'of the phone' },
        remote: { value: 'of the tablet' },
        kept: 'of the tablet',
      },
    ]);
    expect(valuesOf(await tablet.act({ do: 'synchronize', dataset: 'prefs' }))).toEqual(valuesOf(await phone.state()));
  });

  it('[DV-DEMO-5] are offered by name, each with its steps', async () => {
    const offered = await bench.call<ScenarioSummary[]>('GET', '/scenarios');
    expect(offered.map(({ name }) => name)).toEqual([
      'first-run',
      'engineers-role',
      'one-person-many-logins',
      'conflict-by-hand',
      'family-tablet',
      'lost-answer',
      'guest-data-after-linking',
      'duplicate-rows',
      'counts-after-re-parenting',
      'left-over-merged-datasets',
      'current-sync-count',
    ]);
    expect(offered.every(({ steps, title, text }) => steps > 4 && title !== '' && text !== '')).toBe(true);
  });
});
