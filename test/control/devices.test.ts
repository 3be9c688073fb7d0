import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceState } from '../../src/shared/device.ts';
import type { BenchEvent } from '../../src/shared/events.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const put = { do: 'put', dataset: 'prefs', key: 'volume', value: '11' };

/** A call of the bench as another account. */
async function callAs(account: string, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${bench.url}/_bench${path}`, { headers: { 'x-poolbench-account': account } });
  return { status: response.status, body: await response.json() };
}

describe('/_bench/devices', () => {
  it('[DV-FILE-2] adds, lists, shows, removes', async () => {
    const events: BenchEvent[] = [];
    const stop = bench.follow((event) => events.push(event));
    const phone = await bench.call<DeviceState>('POST', '/devices', { name: 'Phone A', kind: 'phone' });
    expect(phone).toMatchObject({
      name: 'Phone A',
      kind: 'phone',
      network: { online: true, latencyMs: 0 },
      app: { region: 'us-east-1' },
      signIn: { status: 'signed-out' },
      datasets: [],
    });
    expect(phone.id).toMatch(/^phone-a-\d{4}$/);
    expect(await bench.call('GET', '/devices')).toEqual([phone]);
    expect(await bench.call('GET', `/devices/${phone.id}`)).toEqual(phone);
    await bench.call('DELETE', `/devices/${phone.id}`);
    expect(await bench.call('GET', '/devices')).toEqual([]);
    stop();
    expect(events.map(({ type }) => type)).toEqual(['device.changed', 'device.removed']);
  });

  it('[DV-ACT-1] does an action and answers with what the device shows then', async () => {
    const { id } = await bench.call<DeviceState>('POST', '/devices', { name: 'Tablet', kind: 'tablet' });
    const state = await bench.call<DeviceState>('POST', `/devices/${id}/actions`, put);
    expect(state.datasets).toMatchObject([{ name: 'prefs', records: [{ key: 'volume', value: '11', dirty: true }] }]);
  });

  it.each([
    [{ name: '', kind: 'phone' }],
    [{ name: 'Watch', kind: 'watch' }],
    [{ name: 'Phone', kind: 'phone', app: { userPoolId: 7 } }],
  ])('refuses a new device of %o', async (device) => {
    await expect(bench.call('POST', '/devices', device)).rejects.toThrow('400');
  });

  it.each([
    [{ do: 'fly' }],
    [{ do: 'put', dataset: 'prefs', key: 'volume' }],
    [{ do: 'synchronize', dataset: 'prefs', resolver: 'newest' }],
    [{ do: 'network', latencyMs: -1 }],
    [{ do: 'network', jitterMs: 60_001 }],
    [{ do: 'network', lossRate: 1.01 }],
    [{ do: 'network', answerLossRate: -0.1 }],
    [{ do: 'network', duplicateRate: 'often' }],
    [{ do: 'network', reorderNext: 1.5 }],
    [{ do: 'network', loseNext: 1_001 }],
    [{ do: 'network', faultsOn: 'Update Records' }],
    [{ do: 'network', clockSkewSeconds: 1e12 }],
    [{ do: 'network', speed: 'slow' }],
    [{ do: 'synchronize', dataset: 'prefs', resolver: { javascript: '' } }],
    [{ do: 'synchronize', dataset: 'prefs', resolver: { javascript: 'x'.repeat(20_001) } }],
    [{ do: 'synchronize', dataset: 'prefs', resolver: { python: 'x' } }],
    [{ do: 'resolve', dataset: 'prefs', choices: { volume: 'mine' } }],
    [{ do: 'resolve', dataset: 'prefs', choices: { volume: { value: 7 } } }],
    [{ do: 'resolve', dataset: 'prefs', choices: { volume: { value: 'x', key: 'y' } } }],
    [{ do: 'undo-resolve' }],
    [{ do: 'wipe', identityId: '' }],
    [{}],
  ])('refuses the action %o', async (action) => {
    const { id } = await bench.call<DeviceState>('POST', '/devices', { name: 'Phone', kind: 'phone' });
    await expect(bench.call('POST', `/devices/${id}/actions`, action)).rejects.toThrow('400');
  });

  it.each([
    [{}],
    [{ dataset: 'prefs', choices: { volume: 'newest' } }],
    [{ dataset: 'prefs', javascript: 7 }],
    [{ dataset: 'prefs', resolver: 'local' }],
  ])('refuses the preview %o', async (wish) => {
    const { id } = await bench.call<DeviceState>('POST', '/devices', { name: 'Phone', kind: 'phone' });
    await expect(bench.call('POST', `/devices/${id}/preview`, wish)).rejects.toThrow('400');
  });

  it('[DV-PREVIEW-1] has nothing to preview where there is no dataset, or no device', async () => {
    const { id } = await bench.call<DeviceState>('POST', '/devices', { name: 'Phone', kind: 'phone' });
    await expect(bench.call('POST', `/devices/${id}/preview`, { dataset: 'absent' })).rejects.toThrow('NoSuchDataset');
    await expect(bench.call('POST', '/devices/absent-0000/preview', { dataset: 'prefs' })).rejects.toThrow('404');
  });

  it('[DV-FILE-2] shows no device of another account, and none that is not there', async () => {
    const { id } = await bench.call<DeviceState>('POST', '/devices', { name: 'Phone', kind: 'phone' });
    expect(await callAs('222222222222', '/devices')).toEqual({ status: 200, body: [] });
    expect(await callAs('222222222222', `/devices/${id}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'NoSuchDevice' } },
    });
    await expect(bench.call('GET', '/devices/absent-0000')).rejects.toThrow('404');
    await expect(bench.call('POST', '/devices/absent-0000/actions', put)).rejects.toThrow('404');
  });

  it('[DV-FILE-2] takes the devices away with the account', async () => {
    await bench.call('POST', '/devices', { name: 'Phone', kind: 'phone' });
    await bench.call('POST', '/reset', {});
    expect(await bench.call('GET', '/devices')).toEqual([]);
  });
});
