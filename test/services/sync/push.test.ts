import {
  DeleteDatasetCommand,
  GetIdentityPoolConfigurationCommand,
  RegisterDeviceCommand,
  SetIdentityPoolConfigurationCommand,
  SubscribeToDatasetCommand,
  UnsubscribeFromDatasetCommand,
  type CognitoSyncClient,
  type Platform,
} from '@aws-sdk/client-cognito-sync';
import {
  DeletePlatformApplicationCommand,
  GetPlatformApplicationAttributesCommand,
  ListEndpointsByPlatformApplicationCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BenchEvents } from '../../../src/shared/events.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { asIdentity, createGuest, createPool, developer, replace, write, type Place } from './setup.ts';

const GCM = 'arn:aws:sns:us-east-1:000000000000:app/GCM/notes';
const SANDBOX = 'arn:aws:sns:us-east-1:000000000000:app/APNS_SANDBOX/notes';
const RoleArn = 'arn:aws:iam::000000000000:role/push';

let bench: TestBench;
let place: Place;
let phone: CognitoSyncClient;
let pushes: BenchEvents['push.sent'][];

beforeAll(async () => {
  bench = await startBench();
  bench.follow((event) => {
    if (event.type === 'push.sent') pushes.push(event.data);
  });
});
afterAll(() => bench.stop());

beforeEach(async () => {
  place = await createGuest(bench, await createPool(bench));
  phone = await asIdentity(bench, place);
  pushes = [];
});

const DatasetName = 'notes';
const configure = (input: object) =>
  developer(bench).send(new SetIdentityPoolConfigurationCommand({ IdentityPoolId: place.IdentityPoolId, ...input }));
const configured = () =>
  developer(bench).send(new GetIdentityPoolConfigurationCommand({ IdentityPoolId: place.IdentityPoolId }));
const register = async (Token: string, PushPlatform: Platform = 'GCM') =>
  (await phone.send(new RegisterDeviceCommand({ ...place, Platform: PushPlatform, Token }))).DeviceId!;
const subscribe = (DeviceId: string) => phone.send(new SubscribeToDatasetCommand({ ...place, DatasetName, DeviceId }));

const NOT_VALID = {
  name: 'NotAuthorizedException',
  message: 'These credentials are not valid for accessing this resource',
  $metadata: { httpStatusCode: 403 },
};

describe('configuration', () => {
  it('[SY-CONFIG-1] [SY-CONFIG-2] keeps push sync until it is set to nothing', async () => {
    expect((await configured()).PushSync).toBeUndefined();
    const PushSync = { ApplicationArns: [GCM], RoleArn };
    expect(await configure({ PushSync })).toMatchObject({ IdentityPoolId: place.IdentityPoolId, PushSync });
    await configure({});
    expect((await configured()).PushSync).toEqual(PushSync);
    await configure({ PushSync: { ApplicationArns: [] } });
    expect((await configured()).PushSync).toBeUndefined();
  });

  it('[SY-CONFIG-4] [SY-PUSH-8] makes a platform application that nobody made', async () => {
    const arn = `${GCM}-implied`;
    const sns = new SNSClient(bench.sdk);
    const attributes = async () =>
      (await sns.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn: arn }))).Attributes;
    await configure({ PushSync: { ApplicationArns: [arn], RoleArn } });
    expect(await attributes()).toEqual({ Enabled: 'true' });
    const id = await register('token-1');
    await sns.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn: arn }));
    await expect(attributes()).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(await register('token-1')).toBe(id);
    const { Endpoints } = await sns.send(
      new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: arn }),
    );
    expect(Endpoints).toMatchObject([{ Attributes: { Token: 'token-1', Enabled: 'true' } }]);
  });
});

describe('devices', () => {
  it('[SY-PUSH-1] need an application of their platform', async () => {
    await expect(register('token-1')).rejects.toMatchObject({
      name: 'InvalidConfigurationException',
      $metadata: { httpStatusCode: 400 },
    });
    await configure({ PushSync: { ApplicationArns: [SANDBOX], RoleArn } });
    await expect(register('token-1')).rejects.toMatchObject({ name: 'InvalidConfigurationException' });
    await expect(register('token-1', 'APNS')).rejects.toMatchObject({ name: 'InvalidConfigurationException' });
    expect(await register('token-1', 'APNS_SANDBOX')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  });

  it('[SY-PUSH-3] keep their id for a token', async () => {
    await configure({ PushSync: { ApplicationArns: [GCM, SANDBOX], RoleArn } });
    const id = await register('token-1');
    expect(await register('token-1')).toBe(id);
    expect(await register('token-2')).not.toBe(id);
    expect(await register('token-1', 'APNS_SANDBOX')).not.toBe(id);

    await configure({ PushSync: { ApplicationArns: [`${GCM}-2`], RoleArn } });
    expect(await register('token-1')).toBe(id);
    expect(bench.services.pushSubscriptions.device(id)?.endpointArn).toMatch(/:endpoint\/GCM\/notes-2\/[0-9a-f-]{36}$/);
  });

  it('[SY-PUSH-2] need a token', async () => {
    await configure({ PushSync: { ApplicationArns: [GCM], RoleArn } });
    await expect(register('')).rejects.toThrow();
  });

  it('[SY-ACCESS-1] are an identity’s own business', async () => {
    await configure({ PushSync: { ApplicationArns: [GCM], RoleArn } });
    const DeviceId = await register('token-1');
    const client = developer(bench);
    const input = { ...place, DatasetName, DeviceId };
    await expect(
      client.send(new RegisterDeviceCommand({ ...place, Platform: 'GCM', Token: 't' })),
    ).rejects.toMatchObject(NOT_VALID);
    await expect(client.send(new SubscribeToDatasetCommand(input))).rejects.toMatchObject(NOT_VALID);
    await expect(client.send(new UnsubscribeFromDatasetCommand(input))).rejects.toMatchObject(NOT_VALID);
  });

  it('[SY-PUSH-4] of another identity cannot be subscribed', async () => {
    await configure({ PushSync: { ApplicationArns: [GCM], RoleArn } });
    const other = await createGuest(bench, place.IdentityPoolId);
    const { DeviceId } = await (
      await asIdentity(bench, other)
    ).send(new RegisterDeviceCommand({ ...other, Platform: 'GCM', Token: 'theirs' }));
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await expect(subscribe(DeviceId!)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(subscribe('made-up')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('pushes', () => {
  beforeEach(async () => {
    await configure({ PushSync: { ApplicationArns: [GCM, SANDBOX], RoleArn } });
  });

  it('[SY-PUSH-5] need a dataset to subscribe to', async () => {
    const device = await register('token-1');
    await expect(subscribe(device)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('[SY-PUSH-7] go to the subscribed devices but the one that wrote', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    const mine = await register('token-mine');
    await subscribe(mine);
    await subscribe(await register('token-tablet', 'APNS_SANDBOX'));
    await subscribe(await register('token-tablet', 'APNS_SANDBOX'));
    await register('token-not-subscribed');

    await write(phone, place, DatasetName, [replace('a', '2', 1)], mine);
    const notification = { source: 'cognito-sync', ...toNotification(), syncCount: 2 };
    expect(pushes).toEqual([
      { account: '000000000000', token: 'token-tablet', platform: 'APNS_SANDBOX', notification },
    ]);

    await write(developer(bench), place, DatasetName, [replace('a', '3', 2)]);
    expect(pushes.slice(1).map(({ token, notification: { syncCount } }) => [token, syncCount])).toEqual([
      ['token-mine', 3],
      ['token-tablet', 3],
    ]);
  });

  it('[SY-PUSH-7] are not sent for a refused write, nor for another dataset, but for a deletion', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await subscribe(await register('token-1'));
    await expect(write(phone, place, DatasetName, [replace('a', '2', 0)])).rejects.toThrow();
    await write(phone, place, 'other', [replace('a', '1')]);
    await write(phone, place, DatasetName, []);
    expect(pushes).toEqual([]);
    await phone.send(new DeleteDatasetCommand({ ...place, DatasetName }));
    expect(pushes).toMatchObject([{ token: 'token-1', notification: { syncCount: 2 } }]);
  });

  it('[SY-PUSH-6] end with the subscription', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    const DeviceId = await register('token-1');
    await subscribe(DeviceId);
    const unsubscribe = () => phone.send(new UnsubscribeFromDatasetCommand({ ...place, DatasetName, DeviceId }));
    await unsubscribe();
    await write(phone, place, DatasetName, [replace('a', '2', 1)]);
    expect(pushes).toEqual([]);
    await expect(unsubscribe()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  function toNotification() {
    return { identityPoolId: place.IdentityPoolId, identityId: place.IdentityId, datasetName: DatasetName };
  }
});
