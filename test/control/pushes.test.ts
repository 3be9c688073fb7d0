import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  RegisterDeviceCommand,
  SetIdentityPoolConfigurationCommand,
  SubscribeToDatasetCommand,
  type CognitoSyncClient,
} from '@aws-sdk/client-cognito-sync';
import { DeleteEndpointCommand, PublishCommand, SetEndpointAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BenchEvents } from '../../src/shared/events.ts';
import type { PushRules, PushView } from '../../src/shared/sync-views.ts';
import { startBench, type TestBench } from '../harness/bench.ts';
import { asIdentity, createGuest, createPool, developer, replace, write, type Place } from '../services/sync/setup.ts';

const APPLICATION = 'arn:aws:sns:us-east-1:000000000000:app/GCM/notes';
const DatasetName = 'notes';

let bench: TestBench;
let place: Place;
let phone: CognitoSyncClient;
let arrived: BenchEvents['push.sent'][];

beforeAll(async () => {
  bench = await startBench();
  bench.follow((event) => {
    if (event.type === 'push.sent') arrived.push(event.data);
  });
});
afterAll(() => bench.stop());

beforeEach(async () => {
  place = await createGuest(bench, await createPool(bench));
  phone = await asIdentity(bench, place);
  arrived = [];
  await bench.call('DELETE', '/pushes');
  await rules({});
  await subscribeDevice(bench, phone, place, 'token-1');
});

async function subscribeDevice(on: TestBench, client: CognitoSyncClient, at: Place, Token: string): Promise<void> {
  await developer(on).send(
    new SetIdentityPoolConfigurationCommand({
      IdentityPoolId: at.IdentityPoolId,
      PushSync: { ApplicationArns: [APPLICATION], RoleArn: 'arn:aws:iam::000000000000:role/push' },
    }),
  );
  const { DeviceId } = await client.send(new RegisterDeviceCommand({ ...at, Platform: 'GCM', Token }));
  await write(client, at, DatasetName, [replace('a', '1')]);
  await client.send(new SubscribeToDatasetCommand({ ...at, DatasetName, DeviceId }));
}

const rules = (input: Partial<PushRules>) => bench.call<PushRules>('POST', '/pushes/faults', input);
const lane = (query = '') => bench.call<PushView[]>('GET', `/pushes${query}`);
const change = () => write(developer(bench), place, DatasetName, [replace('a', '2', 99)]);

describe('the push lane', () => {
  it('[PS-LANE-1] [SY-PUSH-9] shows a push with its payload', async () => {
    await change();
    expect(await lane()).toMatchObject([
      {
        origin: 'cognito-sync',
        platform: 'GCM',
        token: 'token-1',
        status: 'delivered',
        deliveries: 1,
        payload: {
          data: {
            source: 'cognito-sync',
            identityPoolId: place.IdentityPoolId,
            identityId: place.IdentityId,
            datasetName: DatasetName,
            syncCount: '2',
          },
        },
        notification: { syncCount: 2 },
      },
    ]);
    expect(arrived).toHaveLength(1);
    expect(await lane('?token=token-2')).toEqual([]);
    const [newest] = await lane();
    expect(await lane(`?after=${newest!.id}`)).toEqual([]);
  });

  it('[PS-LANE-2] drops', async () => {
    await rules({ drop: true });
    await change();
    expect(await lane()).toMatchObject([{ status: 'dropped', reason: 'the bench drops pushes', deliveries: 0 }]);
    expect(arrived).toEqual([]);
    await rules({});
    expect(await bench.call('GET', '/pushes/faults')).toEqual({ drop: false, duplicate: false, delaySeconds: 0 });
  });

  it('[PS-LANE-2] duplicates', async () => {
    await rules({ duplicate: true });
    await change();
    expect(arrived).toHaveLength(2);
    expect(await lane()).toMatchObject([{ status: 'delivered', copies: 2, deliveries: 2 }]);
  });

  it('[PS-LANE-2] delays by the bench’s clock', async () => {
    await rules({ delaySeconds: 60 });
    await change();
    await bench.advance({ seconds: 59 });
    expect(arrived).toEqual([]);
    expect(await lane()).toMatchObject([{ status: 'waiting', deliveredAt: null }]);
    await bench.advance({ seconds: 1 });
    expect(arrived).toHaveLength(1);
    const [push] = await lane();
    expect(push).toMatchObject({ status: 'delivered', deliveredAt: push!.dueAt });
  });

  it('[PS-LANE-3] is moved along by hand', async () => {
    await rules({ delaySeconds: 60 });
    await change();
    const [{ id }] = (await lane()) as [PushView];
    await bench.call('POST', `/pushes/${id}/drop`);
    await bench.advance({ minutes: 2 });
    expect(arrived).toEqual([]);
    expect(await bench.call('POST', `/pushes/${id}/deliver`)).toMatchObject({ status: 'delivered', deliveries: 1 });
    expect(await bench.call('POST', `/pushes/${id}/deliver`)).toMatchObject({ deliveries: 2 });
    expect(arrived).toHaveLength(2);
    expect(await bench.call('POST', `/pushes/${id}/drop`)).toMatchObject({ status: 'delivered' });
    await expect(bench.call('POST', '/pushes/999999/deliver')).rejects.toThrow(/404/);
    await expect(bench.call('POST', '/pushes/x/deliver')).rejects.toThrow(/400/);
    await expect(bench.call('POST', '/pushes/faults', { delaySeconds: -1 })).rejects.toThrow(/400/);
    await expect(bench.call('POST', '/pushes/faults', { lose: true })).rejects.toThrow(/400/);
  });

  it('[SY-PUSH-10] says why a push is not sent', async () => {
    const sns = new SNSClient(bench.sdk);
    await change();
    const [{ endpointArn: EndpointArn }] = (await lane()) as [PushView];
    await sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: 'false' } }));
    await change();
    await sns.send(new DeleteEndpointCommand({ EndpointArn }));
    await change();
    expect((await lane()).map(({ status, reason }) => [status, reason])).toEqual([
      ['not-sent', 'the endpoint was deleted'],
      ['not-sent', 'the endpoint is disabled'],
      ['delivered', null],
    ]);
    expect(arrived).toHaveLength(1);
    expect(await bench.call('POST', `/pushes/${(await lane())[0]!.id}/deliver`)).toMatchObject({ status: 'not-sent' });
  });

  it('[PS-LANE-4] a notification that is published by hand arrives, too', async () => {
    await change();
    const [{ endpointArn: TargetArn, payload }] = (await lane()) as [PushView];
    const sns = new SNSClient(bench.sdk);
    const Message = JSON.stringify({ default: 'x', GCM: JSON.stringify(payload) });
    await sns.send(new PublishCommand({ TargetArn, MessageStructure: 'json', Message }));
    await sns.send(new PublishCommand({ TargetArn, Message: 'just a text' }));
    expect(arrived.map(({ notification: { syncCount } }) => syncCount)).toEqual([2, 2]);
    expect((await lane()).map(({ origin }) => origin)).toEqual(['sns', 'sns', 'cognito-sync']);
  });

  it('a delayed push survives a restart [PS-LANE-2]', async () => {
    const data = mkdtempSync(join(tmpdir(), 'poolbench-pushes-'));
    try {
      const clock = new Date(Date.UTC(2026, 10, 21));
      let own = await startBench({ data, clock });
      const at = await createGuest(own, await createPool(own));
      await subscribeDevice(own, await asIdentity(own, at), at, 'token-1');
      await own.call('POST', '/pushes/faults', { delaySeconds: 60 });
      await write(developer(own), at, DatasetName, [replace('a', '2', 1)]);
      await own.stop();

      own = await startBench({ data, clock });
      const pushes: string[] = [];
      own.follow((event) => {
        if (event.type === 'push.sent') pushes.push(event.data.token);
      });
      expect(await own.call('GET', '/pushes/faults')).toMatchObject({ delaySeconds: 60 });
      await own.advance({ minutes: 1 });
      expect(pushes).toEqual(['token-1']);
      await own.stop();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
