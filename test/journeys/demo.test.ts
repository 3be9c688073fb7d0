import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioProgress } from '../../src/shared/bench-api.ts';
import type { DeviceState } from '../../src/shared/device.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { startBench, type TestBench } from '../harness/bench.ts';
import { prefs, valuesOf } from '../devices/scene.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench({ clock: 'real' });
});
afterAll(() => bench.stop());

const play = (): Promise<ScenarioProgress> => bench.call('POST', '/scenarios/first-run/run', { pace: 0, wait: true });

describe('the first-run demo', () => {
  it('[DV-DEMO-1] plays through, and both devices end with the same data', async () => {
    const records: TraceRecord[] = [];
    const stop = bench.follow((event) => {
      if (event.type === 'trace.closed') records.push(event.data.record);
    });
    const progress = await play();
    stop();

    expect(progress).toMatchObject({ status: 'done', step: progress.steps.length - 1 });
    const [phone, tablet] = await bench.call<DeviceState[]>('GET', '/devices');
    expect([phone!.name, tablet!.name]).toEqual(['Phone A', 'Tablet B']);
    expect(valuesOf(phone!)).toEqual({ theme: 'dark', volume: '7' });
    expect(prefs(phone!).records).toEqual(prefs(tablet!).records);
    expect(phone!.identity?.identityId).toBe(tablet!.identity?.identityId);
    expect(phone!.pushes.every(({ handled }) => handled)).toBe(true);
    expect(phone!.pushes.length).toBeGreaterThan(0);

    expect(new Set(records.map(({ lane }) => lane.name))).toEqual(new Set(['Bench', 'Phone A', 'Tablet B']));
    // Nothing goes wrong on the way: a refusal in the demo's timeline would have to be explained by a card.
    expect(records.filter(({ fault }) => fault).map(({ operation, fault }) => [operation, fault])).toEqual([]);
  });

  it('[DV-DEMO-3] plays again, and takes away only what it made before', async () => {
    const userPools = new CognitoIdentityProvider(bench.sdk);
    const identityPools = new CognitoIdentity(bench.sdk);
    await userPools.createUserPool({ PoolName: 'demo' });
    const mine = await bench.call<DeviceState>('POST', '/devices', { name: 'Phone A', kind: 'phone' });

    expect((await play()).status).toBe('done');

    const devices = await bench.call<DeviceState[]>('GET', '/devices');
    expect(devices).toHaveLength(3);
    expect(devices.map(({ id }) => id)).toContain(mine.id);
    expect((await userPools.listUserPools({ MaxResults: 60 })).UserPools).toHaveLength(2);
    expect((await identityPools.listIdentityPools({ MaxResults: 60 })).IdentityPools).toHaveLength(1);
  });

  it('[DV-DEMO-1] plays on a frozen clock too', async () => {
    await using frozen = await startBench();
    const progress = await frozen.call<ScenarioProgress>('POST', '/scenarios/first-run/run', { pace: 0, wait: true });
    expect(progress).toMatchObject({ status: 'done' });
    const [phone, tablet] = await frozen.call<DeviceState[]>('GET', '/devices');
    expect(valuesOf(phone!)).toEqual(valuesOf(tablet!));
  });
});
