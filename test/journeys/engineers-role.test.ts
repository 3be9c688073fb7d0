import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioProgress } from '../../src/shared/bench-api.ts';
import type { DeviceState, ResourceCall } from '../../src/shared/device.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const play = (): Promise<ScenarioProgress> =>
  bench.call('POST', '/scenarios/engineers-role/run', { pace: 0, wait: true });

const act = (device: DeviceState, action: object): Promise<DeviceState> =>
  bench.call('POST', `/devices/${device.id}/actions`, action);

async function devices(): Promise<readonly [DeviceState, DeviceState]> {
  const [emma, oscar] = await bench.call<DeviceState[]>('GET', '/devices');
  return [emma!, oscar!];
}

async function reasonsOf({ requestId }: ResourceCall): Promise<string[]> {
  const { records } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace');
  return records
    .find((trace) => trace.requestId === requestId)!
    .reasons.map(({ rule, decided }) => `${rule} ${decided}`);
}

describe('the walk of role rules', () => {
  it('[DV-DEMO-6] lets the engineer through and denies the other, with the statements that decided it', async () => {
    expect(await play()).toMatchObject({ status: 'done' });
    const [emma, oscar] = await devices();

    const [query, put] = emma.resourceCalls;
    expect(put).toMatchObject({ operation: 'PutObject', target: 's3://testapp-drawings/bridge.txt' });
    expect(put).not.toHaveProperty('refused');
    expect(JSON.parse(query!.answer!)).toMatchObject({ Count: 1, Items: [{ budget: { N: '1200' } }] });
    expect((await reasonsOf(put!)).join()).toMatch(/AC-EVAL-2 .*PutDrawings/);
    expect((await reasonsOf(query!)).join()).toMatch(/AC-EVAL-2 .*ReadTable/);

    const [denied, deniedPut] = oscar.resourceCalls;
    expect(deniedPut).toMatchObject({ operation: 'PutObject', refused: { code: 'AccessDenied' } });
    expect(denied).toMatchObject({ operation: 'Query', refused: { code: 'AccessDeniedException' } });
    expect((await reasonsOf(deniedPut!)).join()).toMatch(/AC-EVAL-3 /);
    expect((await reasonsOf(denied!)).join()).toMatch(/AC-EVAL-3 /);
  });

  it('[DV-DEMO-3] plays again', async () => {
    expect(await play()).toMatchObject({ status: 'done' });
    expect(await bench.call<DeviceState[]>('GET', '/devices')).toHaveLength(2);
  });
});

describe('calls on resources', () => {
  it('[DV-RESOURCE-1] are kept with what came of them, the last eight', async () => {
    const [emma] = await devices();
    const input = { Bucket: 'testapp-drawings', Key: 'bridge.txt' };
    const call = { do: 'call-resource', service: 's3', operation: 'GetObject', input };
    await expect(act(emma, call)).rejects.toThrow('AccessDenied');
    for (let count = 0; count < 8; count += 1) {
      await act(emma, { ...call, operation: 'PutObject', input: { ...input, Key: `${count}.txt`, Body: 'x' } });
    }
    const [{ resourceCalls }] = await devices();
    expect(resourceCalls.map(({ target }) => target.slice(-5))).toEqual(
      [7, 6, 5, 4, 3, 2, 1, 0].map((n) => `${n}.txt`),
    );
  });

  it('[DV-RESOURCE-1] are not noted when the network is not there, and are refused by a service that lacks them', async () => {
    const [emma] = await devices();
    const call = {
      do: 'call-resource',
      service: 's3',
      operation: 'PutObject',
      input: { Bucket: 'b', Key: 'k', Body: '' },
    };
    await act(emma, { do: 'network', online: false });
    await expect(act(emma, call)).rejects.toThrow('NetworkError');
    await act(emma, { do: 'network', online: true });
    await expect(act(emma, { ...call, service: 'dynamodb' })).rejects.toThrow('PutObject is no operation of dynamodb');
    const [after] = await devices();
    expect(after.resourceCalls).toEqual(emma.resourceCalls);
  });
});
