import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplorerProgress } from '../../src/shared/bench-api.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const explore = (body: object): Promise<ExplorerProgress> =>
  bench.call('POST', '/explorer', { seed: 7, runs: 60, wait: true, ...body });
const script = (javascript: string): { resolver: { javascript: string } } => ({ resolver: { javascript } });

describe('/_bench/explorer', () => {
  it.each(['last-writer', 'local', 'remote'])('[DV-EXPLORE-1] finds nothing against %s', async (resolver) => {
    const progress = await explore({ resolver });
    expect(progress).toMatchObject({ status: 'passed', resolver, seed: 7, runs: 60, played: 60 });
    expect(progress.conflicts).toBeGreaterThan(0);
    expect(progress.failure).toBeUndefined();
  });

  it('[DV-EXPLORE-1] finds nothing against a resolver that combines both sides', async () => {
    const combined = script(`({ local, remote }) => {
      if (local.value === null || remote.value === null) return 'last-writer';
      const all = [...JSON.parse(local.value), ...JSON.parse(remote.value)];
      return { value: JSON.stringify([...new Set(all)].sort((a, b) => a - b)) };
    }`);
    expect(await explore({ ...combined, values: 'json' })).toMatchObject({ status: 'passed' });
  });

  it.each([
    ['changes-its-mind', '() => ({ value: String(Math.random()) })'],
    ['changes-its-mind', '(() => { let asked = 0; return () => (asked++ % 2 ? "local" : "remote"); })()'],
    ['depends-on-device', "({ device }) => (device.name === 'Phone 1' ? 'local' : 'remote')"],
    ['discards-both', "() => ({ value: '' })"],
    ['discards-both', "() => 'remove'"],
    ['discards-both', "() => ({ value: 'default' })"],
    ['fault', "({ key }) => (key === 'b' ? 'theirs' : 'local')"],
    ['fault', 'async () => "local"'],
    ['fault', '({ local }) => ({ value: local.value.toUpperCase() })'],
    ['fault', 'not a function'],
  ])('[DV-EXPLORE-2] catches a resolver that %s: %s', async (kind, javascript) => {
    const { status, failure } = await explore({ ...script(javascript), runs: 200 });
    expect({ status, kind: failure?.kind }).toEqual({ status: 'failed', kind });
    expect(failure?.text.length).toBeGreaterThan(10);
    expect(failure?.conflict).toMatchObject({ dataset: 'story', key: expect.stringMatching(/^[ab]$/) as string });
    // Two or three writes and a synchronise or two: no story with a conflict is much shorter.
    expect(failure?.steps.length).toBeLessThanOrEqual(7);
    expect(failure?.steps.filter((step) => step.includes(' writes ')).length).toBeLessThanOrEqual(3);
  });

  it('[DV-EXPLORE-1] tells the same story for the same seed', async () => {
    const bad = { ...script("({ device }) => (device.name === 'Phone 2' ? 'local' : 'remote')"), runs: 200 };
    const first = await explore(bad);
    expect(await explore(bad)).toEqual(first);
    expect(await bench.call('GET', '/explorer')).toEqual(first);
  });

  it('[DV-EXPLORE-3] goes on in the background, one at a time in an account, and stops on request', async () => {
    const running = await explore({ resolver: 'local', runs: 20_000, wait: false });
    expect(running).toMatchObject({ status: 'running', played: 0 });
    await expect(explore({ resolver: 'local' })).rejects.toThrow('AlreadyRunning');
    // The bench answers meanwhile.
    expect(await bench.call('GET', '/health')).toMatchObject({ status: 'ok' });
    const stopped = await bench.call<ExplorerProgress>('POST', '/explorer/stop', {});
    expect(stopped.status).toBe('stopped');
    expect(stopped.played).toBeLessThan(20_000);
    await expect(bench.call('POST', '/explorer/stop', {})).rejects.toThrow('NotRunning');
  });

  it('[DV-EXPLORE-3] is forgotten when the account is reset', async () => {
    await explore({ resolver: 'local', runs: 20_000, wait: false });
    await bench.call('POST', '/reset', {});
    expect(await bench.call('GET', '/explorer')).toBeNull();
  });

  it.each([
    [{}],
    [{ resolver: 'ask' }],
    [{ resolver: 'newest' }],
    [{ resolver: { javascript: '' } }],
    [{ resolver: { javascript: 'x'.repeat(20_001) } }],
    [{ resolver: { javascript: '() => "local"', language: 'js' } }],
    [{ resolver: 'local', runs: 0 }],
    [{ resolver: 'local', runs: 20_001 }],
    [{ resolver: 'local', devices: 1 }],
    [{ resolver: 'local', devices: 6 }],
    [{ resolver: 'local', seed: -1 }],
    [{ resolver: 'local', seed: 1.5 }],
    [{ resolver: 'local', values: 'xml' }],
    [{ resolver: 'local', colour: 'red' }],
  ])('[DV-EXPLORE-3] refuses %j', async (body) => {
    await expect(bench.call('POST', '/explorer', body)).rejects.toThrow('400');
  });
});
