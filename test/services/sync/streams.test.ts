import { CognitoIdentityClient, CreateIdentityPoolCommand } from '@aws-sdk/client-cognito-identity';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  BulkPublishCommand,
  DeleteDatasetCommand,
  GetBulkPublishDetailsCommand,
  GetIdentityPoolConfigurationCommand,
  SetIdentityPoolConfigurationCommand,
  type CognitoStreams,
  type CognitoSyncClient,
} from '@aws-sdk/client-cognito-sync';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BenchEvents } from '../../../src/shared/events.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { kinesisClient, textOf } from '../streams/setup.ts';
import { asIdentity, createGuest, createPool, developer, remove, replace, write, type Place } from './setup.ts';

const RoleArn = 'arn:aws:iam::000000000000:role/streams';
const DatasetName = 'notes';

let bench: TestBench;
let kinesis: KinesisClient;
let place: Place;
let phone: CognitoSyncClient;
let StreamName: string;
let streams = 0;
let stopped: BenchEvents['streaming.stopped'][];

beforeAll(async () => {
  bench = await startBench();
  kinesis = kinesisClient(bench);
  bench.follow((event) => {
    if (event.type === 'streaming.stopped') stopped.push(event.data);
  });
});
afterAll(() => bench.stop());

beforeEach(async () => {
  streams += 1;
  stopped = [];
  StreamName = `changes-${streams}`;
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  place = await createGuest(bench, await createPool(bench));
  phone = await asIdentity(bench, place);
});

const configure = (input: CognitoStreams) =>
  developer(bench).send(
    new SetIdentityPoolConfigurationCommand({ IdentityPoolId: place.IdentityPoolId, CognitoStreams: input }),
  );
const enable = () => configure({ StreamName, RoleArn, StreamingStatus: 'ENABLED' });
const configured = async () =>
  (await developer(bench).send(new GetIdentityPoolConfigurationCommand({ IdentityPoolId: place.IdentityPoolId })))
    .CognitoStreams;
const now = async () => Date.parse((await bench.call<{ now: string }>('GET', '/clock')).now);

async function streamed(): Promise<Record<string, unknown>[]> {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records!.every(({ PartitionKey }) => PartitionKey === place.IdentityId)).toBe(true);
  return Records!.map(({ Data }) => JSON.parse(textOf(Data)) as Record<string, unknown>);
}

describe('enabling', () => {
  it('[SY-STREAM-1] needs a stream and a role', async () => {
    const refused = { name: 'InvalidParameterException', $metadata: { httpStatusCode: 400 } };
    const ENABLED = { StreamingStatus: 'ENABLED' as const };
    await expect(configure({ ...ENABLED, StreamName })).rejects.toMatchObject(refused);
    await expect(configure({ ...ENABLED, RoleArn })).rejects.toMatchObject(refused);
    await expect(configure({ ...ENABLED, StreamName: 'none', RoleArn })).rejects.toMatchObject(refused);
    expect(await configured()).toBeUndefined();

    await configure({ StreamName: 'none', RoleArn, StreamingStatus: 'DISABLED' });
    expect(await configured()).toEqual({ StreamName: 'none', RoleArn, StreamingStatus: 'DISABLED' });
    // What the call leaves out stays.
    await configure({ StreamName, ...ENABLED });
    expect(await configured()).toEqual({ StreamName, RoleArn, ...ENABLED });
  });

  it('[SY-ROLE-1] needs a role that lets the service in and may write', async () => {
    const iam = new IAMClient(bench.sdk);
    const RoleName = `publisher-${streams}`;
    const trust = (Service: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
      });
    const AssumeRolePolicyDocument = trust('ec2.amazonaws.com');
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const attempt = () => configure({ StreamName, RoleArn: Role!.Arn!, StreamingStatus: 'ENABLED' });
    await expect(attempt()).rejects.toThrow(/trust policy/);
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust('cognito-sync.amazonaws.com') }),
    );
    await expect(attempt()).rejects.toThrow(/do not allow kinesis:PutRecord/);
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'kinesis:PutRecord', Resource: '*' }],
    });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'put', PolicyDocument }));
    await attempt();
    await write(phone, place, DatasetName, [replace('a', '1')]);
    expect(await streamed()).toHaveLength(1);

    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: AssumeRolePolicyDocument }));
    await write(phone, place, DatasetName, [replace('a', '2', 1)]);
    expect((await configured())!.StreamingStatus).toBe('DISABLED');
    expect(stopped).toMatchObject([{ reason: expect.stringContaining('trust policy') as string }]);
  });

  it('[SY-ROLE-1] [SY-CONFIG-4] a strict bench refuses a role and an application that nobody made', async () => {
    await using strict = await startBench({ auth: 'strict' });
    await kinesisClient(strict).send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const { IdentityPoolId } = await new CognitoIdentityClient(strict.sdk).send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'p', AllowUnauthenticatedIdentities: true }),
    );
    const set = (input: object) =>
      developer(strict).send(new SetIdentityPoolConfigurationCommand({ IdentityPoolId, ...input }));
    await expect(set({ CognitoStreams: { StreamName, RoleArn, StreamingStatus: 'ENABLED' } })).rejects.toThrow(
      /there is no role/,
    );
    await expect(
      set({ PushSync: { ApplicationArns: ['arn:aws:sns:us-east-1:000000000000:app/GCM/notes'], RoleArn } }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('records', () => {
  it('[SY-STREAM-3] tell each successful change, and no other', async () => {
    await write(phone, place, DatasetName, [replace('before', '1')]);
    await enable();
    const at = await now();
    const deviceLastModifiedDate = at - 5_000;
    await write(phone, place, DatasetName, [
      { ...replace('a', 'å'), DeviceLastModifiedDate: new Date(deviceLastModifiedDate) },
      remove('before', 1),
    ]);
    await expect(write(phone, place, DatasetName, [replace('a', '2', 0)])).rejects.toThrow();
    await write(phone, place, DatasetName, []);
    await phone.send(new DeleteDatasetCommand({ ...place, DatasetName }));
    const common = {
      identityPoolId: place.IdentityPoolId,
      identityId: place.IdentityId,
      dataSetName: DatasetName,
      lastModifiedDate: at,
    };
    expect(await streamed()).toEqual([
      {
        ...common,
        operation: 'replace',
        kinesisSyncRecords: [
          { key: 'a', value: 'å', syncCount: 2, lastModifiedDate: at, deviceLastModifiedDate, op: 'replace' },
          { key: 'before', syncCount: 2, lastModifiedDate: at, op: 'remove' },
        ],
        payloadType: 'Inline',
        syncCount: 2,
      },
      { ...common, operation: 'remove', syncCount: 3 },
    ]);
  });

  it('[SY-STREAM-5] lead to an address where an update is too large', async () => {
    await enable();
    const value = 'x'.repeat(1_048_560);
    await write(phone, place, DatasetName, [replace('big', value)]);
    const [record] = (await streamed()) as [{ kinesisSyncRecordsURL: string }];
    expect(record).toMatchObject({ payloadType: 'S3Url', operation: 'replace', syncCount: 1 });
    expect(record).not.toHaveProperty('kinesisSyncRecords');
    const answer = await fetch(record.kinesisSyncRecordsURL);
    expect(await answer.json()).toMatchObject([{ key: 'big', value, op: 'replace' }]);
    expect((await fetch(`${record.kinesisSyncRecordsURL}x`)).status).toBe(404);

    const { rows } = await bench.call<{ rows: unknown[] }>('POST', '/history/query', {
      sql: `SELECT key, length(value) FROM changes WHERE stream = '${StreamName}'`,
    });
    expect(rows).toEqual([['big', value.length]]);
    await bench.advance({ hours: 24 });
    expect((await fetch(record.kinesisSyncRecordsURL)).status).toBe(404);
  });

  it('[SY-STREAM-4] end with the stream, and the sync goes on', async () => {
    await enable();
    await kinesis.send(new DeleteStreamCommand({ StreamName }));
    await write(phone, place, DatasetName, [replace('a', '1')]);
    expect(await configured()).toEqual({ StreamName, RoleArn, StreamingStatus: 'DISABLED' });
    expect(stopped).toMatchObject([
      { identityPoolId: place.IdentityPoolId, reason: expect.stringContaining('no Kinesis stream') as string },
    ]);
    const pool = () => bench.call<{ streamsDisabledReason?: string }>('GET', `/sync/pools/${place.IdentityPoolId}`);
    expect((await pool()).streamsDisabledReason).toContain('there is no Kinesis stream');
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await write(phone, place, DatasetName, [replace('a', '2', 1)]);
    expect(await streamed()).toEqual([]);
    await enable();
    expect((await pool()).streamsDisabledReason).toBeUndefined();
    await write(phone, place, DatasetName, [replace('a', '3', 2)]);
    expect(await streamed()).toHaveLength(1);
  });
});

describe('bulk publish', () => {
  const publish = () => developer(bench).send(new BulkPublishCommand({ IdentityPoolId: place.IdentityPoolId }));
  const details = () =>
    developer(bench).send(new GetBulkPublishDetailsCommand({ IdentityPoolId: place.IdentityPoolId }));
  const status = async () => (await details()).BulkPublishStatus;
  const finished = async (): Promise<void> => {
    await bench.advance({ seconds: 1 });
    await expect.poll(status).not.toBe('IN_PROGRESS');
  };

  it('[SY-BULK-1] [SY-BULK-5] needs a stream, and has not started before', async () => {
    expect(await details()).toMatchObject({ BulkPublishStatus: 'NOT_STARTED' });
    await expect(publish()).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(phone.send(new BulkPublishCommand({ IdentityPoolId: place.IdentityPoolId }))).rejects.toThrow();
  });

  it('[SY-BULK-4] publishes every dataset as it is', async () => {
    await write(phone, place, 'empty', [replace('a', '1')]);
    await write(phone, place, 'empty', [remove('a', 1)]);
    await write(phone, place, 'gone', [replace('a', '1')]);
    await phone.send(new DeleteDatasetCommand({ ...place, DatasetName: 'gone' }));
    for (let index = 0; index < 60; index += 1) {
      await write(developer(bench), await createGuest(bench, place.IdentityPoolId), 'other', [
        replace('x', `${index}`),
      ]);
    }
    await write(phone, place, DatasetName, [replace('a', '1'), replace('b', '2')]);
    await enable();
    expect(await publish()).toMatchObject({ IdentityPoolId: place.IdentityPoolId });
    const started = new Date(await now());
    expect(await details()).toMatchObject({ BulkPublishStatus: 'IN_PROGRESS', BulkPublishStartTime: started });
    await finished();
    const { BulkPublishStatus, BulkPublishCompleteTime, FailureMessage } = await details();
    expect([BulkPublishStatus, FailureMessage]).toEqual(['SUCCEEDED', undefined]);
    expect(BulkPublishCompleteTime).toEqual(new Date(await now()));

    const { rows } = await bench.call<{ rows: unknown[] }>('POST', '/history/query', {
      sql: `SELECT dataset, operation, sync_count, count(*) FROM stream_records WHERE stream = '${StreamName}' GROUP BY 1, 2, 3 ORDER BY 1`,
    });
    expect(rows).toEqual([
      ['empty', 'replace', 2, 1],
      ['notes', 'replace', 1, 1],
      ['other', 'replace', 1, 60],
    ]);
  });

  it('[SY-BULK-2] [SY-BULK-3] runs once at a time, and once in 24 hours', async () => {
    await enable();
    await publish();
    await expect(publish()).rejects.toMatchObject({
      name: 'DuplicateRequestException',
      $metadata: { httpStatusCode: 400 },
    });
    await finished();
    await expect(publish()).rejects.toMatchObject({
      name: 'AlreadyStreamedException',
      $metadata: { httpStatusCode: 400 },
    });
    await bench.advance({ hours: 24 });
    await publish();
    expect(await status()).toBe('IN_PROGRESS');
  });

  it('[SY-BULK-5] fails with the stream, and may be tried again at once', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await enable();
    await publish();
    await kinesis.send(new DeleteStreamCommand({ StreamName }));
    await finished();
    expect(await details()).toMatchObject({
      BulkPublishStatus: 'FAILED',
      FailureMessage: expect.stringContaining('there is no Kinesis stream') as string,
    });
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await enable();
    await publish();
    await finished();
    expect(await status()).toBe('SUCCEEDED');
    expect(await streamed()).toHaveLength(1);
  });
});
