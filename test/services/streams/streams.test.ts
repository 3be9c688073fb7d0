import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { bytes, kinesisClient, textOf } from './setup.ts';

const HOUR = { hours: 1 };

let bench: TestBench;
let kinesis: KinesisClient;
let StreamName: string;
let streams = 0;

beforeAll(async () => {
  bench = await startBench();
  kinesis = kinesisClient(bench);
});
afterAll(() => bench.stop());

beforeEach(async () => {
  streams += 1;
  StreamName = `stream-${streams}`;
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
});

const put = async (text: string, PartitionKey = 'key', client = kinesis) =>
  client.send(new PutRecordCommand({ StreamName, PartitionKey, Data: bytes(text) }));
const iterator = async (input: Partial<GetShardIteratorCommandInput> = {}): Promise<string> => {
  const answer = await kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON', ...input }),
  );
  return answer.ShardIterator!;
};
const read = async (ShardIterator: string, Limit?: number) =>
  kinesis.send(new GetRecordsCommand({ ShardIterator, ...(Limit === undefined ? {} : { Limit }) }));
const texts = async (ShardIterator: string): Promise<string[]> =>
  (await read(ShardIterator)).Records!.map(({ Data }) => textOf(Data));

describe('streams', () => {
  it('[KS-CREATE-3] are active at once, and described', async () => {
    const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription).toMatchObject({
      StreamName,
      StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`,
      StreamStatus: 'ACTIVE',
      RetentionPeriodHours: 24,
      HasMoreShards: false,
    });
    expect(StreamDescription!.Shards).toHaveLength(1);
    const { StreamDescriptionSummary } = await kinesis.send(
      new DescribeStreamSummaryCommand({ StreamARN: StreamDescription!.StreamARN }),
    );
    expect(StreamDescriptionSummary).toMatchObject({ StreamName, OpenShardCount: 1, StreamStatus: 'ACTIVE' });

    await kinesis.send(
      new CreateStreamCommand({ StreamName: `${StreamName}-o`, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
    );
    const onDemand = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: `${StreamName}-o` }));
    expect(onDemand.StreamDescriptionSummary!.OpenShardCount).toBe(4);
  });

  it('[KS-CREATE-1] [KS-CREATE-2] need a name that is free, and stay below the quota', async () => {
    await expect(kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account 000000000000 already exists.`,
    });
    await expect(kinesis.send(new CreateStreamCommand({ StreamName: 'wide', ShardCount: 501 }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    await expect(
      kinesis.send(new CreateStreamCommand({ StreamName: 'no spaces', ShardCount: 1 })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('[KS-FIND-1] [KS-FIND-2] are found by name or ARN, in their own account and region', async () => {
    const missing = { name: 'ResourceNotFoundException' };
    await expect(kinesis.send(new DescribeStreamCommand({ StreamName: 'none' }))).rejects.toMatchObject({
      ...missing,
      message: 'Stream none under account 000000000000 not found.',
    });
    await expect(
      kinesisClient(bench, '111111111111').send(new DescribeStreamCommand({ StreamName })),
    ).rejects.toMatchObject(missing);
    const arn = (account: string, region: string) => `arn:aws:kinesis:${region}:${account}:stream/${StreamName}`;
    await expect(
      kinesis.send(new DescribeStreamCommand({ StreamARN: arn('000000000000', 'eu-west-1') })),
    ).rejects.toMatchObject(missing);
    await expect(
      kinesisClient(bench, '111111111111').send(
        new DescribeStreamCommand({ StreamARN: arn('000000000000', 'us-east-1') }),
      ),
    ).rejects.toMatchObject(missing);
    const wrong = { name: 'InvalidArgumentException' };
    await expect(kinesis.send(new DescribeStreamCommand({}))).rejects.toMatchObject(wrong);
    await expect(
      kinesis.send(new DescribeStreamCommand({ StreamName: 'x', StreamARN: arn('000000000000', 'us-east-1') })),
    ).rejects.toMatchObject(wrong);
  });

  it('[KS-DELETE-1] go with their records', async () => {
    await put('a');
    await kinesis.send(new DeleteStreamCommand({ StreamName }));
    await expect(put('b')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    expect(await texts(await iterator())).toEqual([]);
  });

  it('[KS-LIST-1] [KS-LIST-2] [KS-LIST-3] [KS-LIST-4] are listed in pages, and so are shards', async () => {
    const account = '222222222222';
    const own = kinesisClient(bench, account);
    for (const name of ['c', 'a', 'b']) await own.send(new CreateStreamCommand({ StreamName: name, ShardCount: 3 }));
    const first = await own.send(new ListStreamsCommand({ Limit: 2 }));
    expect(first).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true });
    expect(await own.send(new ListStreamsCommand({ NextToken: first.NextToken }))).toMatchObject({
      StreamNames: ['c'],
      HasMoreStreams: false,
    });
    expect((await own.send(new ListStreamsCommand({ ExclusiveStartStreamName: 'a' }))).StreamNames).toEqual(['b', 'c']);

    const shards = await own.send(new ListShardsCommand({ StreamName: 'a', MaxResults: 2 }));
    expect(shards.Shards!.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000000', 'shardId-000000000001']);
    const rest = await own.send(new ListShardsCommand({ NextToken: shards.NextToken }));
    expect(rest.Shards!.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000002']);
    expect(rest.NextToken).toBeUndefined();

    const wrong = { name: 'InvalidArgumentException' };
    await expect(own.send(new ListStreamsCommand({ NextToken: shards.NextToken }))).rejects.toMatchObject(wrong);
    await expect(
      own.send(new ListShardsCommand({ StreamName: 'a', NextToken: shards.NextToken })),
    ).rejects.toMatchObject(wrong);
    await expect(
      own.send(new ListShardsCommand({ StreamName: 'a', ExclusiveStartShardId: 'nonsense' })),
    ).rejects.toMatchObject(wrong);
    await bench.advance({ minutes: 6 });
    await expect(own.send(new ListShardsCommand({ NextToken: shards.NextToken }))).rejects.toMatchObject({
      name: 'ExpiredNextTokenException',
    });
  });
});

describe('writing', () => {
  it('[KS-SHARD-1] [KS-PUT-4] keeps records in the order of their sequence numbers, by shard', async () => {
    const StreamNameWide = `${StreamName}-wide`;
    await kinesis.send(new CreateStreamCommand({ StreamName: StreamNameWide, ShardCount: 4 }));
    const { Records, FailedRecordCount } = await kinesis.send(
      new PutRecordsCommand({
        StreamName: StreamNameWide,
        Records: Array.from({ length: 40 }, (_, index) => ({ PartitionKey: `k${index}`, Data: bytes(`${index}`) })),
      }),
    );
    expect(FailedRecordCount).toBe(0);
    expect(new Set(Records!.map(({ ShardId }) => ShardId)).size).toBe(4);
    const seen: string[] = [];
    for (const ShardId of new Set(Records!.map((record) => record.ShardId!))) {
      const answer = await read(await iterator({ StreamName: StreamNameWide, ShardId }));
      const numbers = answer.Records!.map(({ SequenceNumber }) => BigInt(SequenceNumber!));
      expect(numbers).toEqual(numbers.toSorted((a, b) => (a < b ? -1 : 1)));
      seen.push(...answer.Records!.map(({ Data }) => textOf(Data)));
    }
    expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 40 }, (_, index) => `${index}`),
    );
  });

  it('[KS-PUT-1] refuses what is too large, and the whole call with it', async () => {
    const large = bytes('x'.repeat(1_048_574));
    await expect(
      kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'key', Data: large })),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k2', Data: large }));
    const Records = [
      { PartitionKey: 'a', Data: bytes('small') },
      { PartitionKey: 'abc', Data: large },
    ];
    await expect(kinesis.send(new PutRecordsCommand({ StreamName, Records }))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
    expect((await read(await iterator())).Records).toHaveLength(1);
  });

  it('[KS-PUT-2] [KS-PUT-3] refuses a hash key out of range and the order of another stream', async () => {
    const wrong = { name: 'InvalidArgumentException' };
    const ExplicitHashKey = (2n ** 128n).toString();
    const record = { StreamName, PartitionKey: 'a', Data: bytes('x') };
    await expect(kinesis.send(new PutRecordCommand({ ...record, ExplicitHashKey }))).rejects.toMatchObject(wrong);
    await expect(
      kinesis.send(new PutRecordCommand({ ...record, SequenceNumberForOrdering: '1' })),
    ).rejects.toMatchObject(wrong);
    const { SequenceNumber } = await put('first');
    const next = await kinesis.send(new PutRecordCommand({ ...record, SequenceNumberForOrdering: SequenceNumber }));
    expect(BigInt(next.SequenceNumber!)).toBeGreaterThan(BigInt(SequenceNumber!));
  });
});

describe('reading', () => {
  it('[KS-ITERATOR-3] begins at the place that is asked for', async () => {
    const { SequenceNumber: first } = await put('one');
    await bench.advance(HOUR);
    const then = new Date((await bench.call<{ now: string }>('GET', '/clock')).now);
    await put('two');
    await bench.advance(HOUR);
    const latest = await iterator({ ShardIteratorType: 'LATEST' });
    await put('three');

    expect(await texts(await iterator())).toEqual(['one', 'two', 'three']);
    expect(await texts(latest)).toEqual(['three']);
    expect(await texts(await iterator({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: then }))).toEqual([
      'two',
      'three',
    ]);
    expect(
      await texts(await iterator({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: first! })),
    ).toEqual(['one', 'two', 'three']);
    expect(
      await texts(await iterator({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: first! })),
    ).toEqual(['two', 'three']);
  });

  it('[KS-READ-2] goes on from page to page, and tells how far behind it is', async () => {
    await put('one');
    await bench.advance({ minutes: 3 });
    await put('two');
    const first = await read(await iterator(), 1);
    expect(first.Records!.map(({ Data }) => textOf(Data))).toEqual(['one']);
    expect(first.MillisBehindLatest).toBe(0);
    await bench.advance({ minutes: 1 });
    const again = await read(await iterator(), 1);
    expect(again.MillisBehindLatest).toBe(60_000);
    const second = await read(again.NextShardIterator!);
    expect(second.Records!.map(({ Data }) => textOf(Data))).toEqual(['two']);
    const third = await read(second.NextShardIterator!);
    expect(third.Records).toEqual([]);
    await put('three');
    expect(await texts(third.NextShardIterator!)).toEqual(['three']);
  });

  it('[KS-READ-2] [KS-HISTORY-1] forgets after 24 hours, and the bench’s history does not', async () => {
    await put('old');
    await bench.advance({ hours: 23 });
    await put('young');
    await bench.advance({ minutes: 61 });
    expect(await texts(await iterator())).toEqual(['young']);
    const tail = await bench.call<{ data: string; isWithinRetention: boolean }[]>(
      'GET',
      `/streams/${StreamName}/records`,
    );
    expect(tail.map(({ data, isWithinRetention }) => [data, isWithinRetention])).toEqual([
      ['young', true],
      ['old', false],
    ]);
  });

  it('[KS-READ-3] ends with the iterator, after five minutes', async () => {
    const old = await iterator();
    await bench.advance({ minutes: 5 });
    expect((await read(old)).Records).toEqual([]);
    await bench.advance({ seconds: 1 });
    await expect(read(old)).rejects.toMatchObject({
      name: 'ExpiredIteratorException',
      message: expect.stringMatching(
        /^Iterator expired\. The iterator was created at time \w{3} \w{3} \d\d [\d:]{8} UTC \d{4} while/,
      ) as string,
    });
  });

  it('[KS-READ-1] [KS-READ-4] refuses an iterator that is none, or another account’s', async () => {
    await expect(read('nonsense')).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    const ShardIterator = await iterator();
    await expect(
      kinesisClient(bench, '333333333333').send(new GetRecordsCommand({ ShardIterator })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await kinesis.send(new DeleteStreamCommand({ StreamName }));
    await expect(read(ShardIterator)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('[KS-ITERATOR-1] [KS-ITERATOR-2] [KS-ITERATOR-4] refuses places that are none', async () => {
    const wrong = { name: 'InvalidArgumentException' };
    await expect(iterator({ ShardId: 'shardId-000000000001' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(iterator({ ShardIteratorType: 'AT_SEQUENCE_NUMBER' })).rejects.toMatchObject(wrong);
    await expect(iterator({ StartingSequenceNumber: '1' })).rejects.toMatchObject(wrong);
    await expect(iterator({ ShardIteratorType: 'AT_TIMESTAMP' })).rejects.toMatchObject(wrong);
    const Timestamp = new Date(Date.UTC(2999, 0));
    await expect(iterator({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp })).rejects.toMatchObject(wrong);
    const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER' } as const;
    await expect(iterator({ ...at, StartingSequenceNumber: '12345' })).rejects.toMatchObject(wrong);
    const { SequenceNumber } = await put('x');
    const other = `${StreamName}-other`;
    await kinesis.send(new CreateStreamCommand({ StreamName: other, ShardCount: 2 }));
    await expect(iterator({ ...at, StreamName: other, StartingSequenceNumber: SequenceNumber! })).rejects.toMatchObject(
      { ...wrong, message: expect.stringContaining('did not come from this stream') as string },
    );
    const { SequenceNumber: wide } = await kinesis.send(
      new PutRecordCommand({ StreamName: other, PartitionKey: 'k', Data: bytes('x'), ExplicitHashKey: '0' }),
    );
    await expect(
      iterator({ ...at, StreamName: other, ShardId: '1', StartingSequenceNumber: wide! }),
    ).rejects.toMatchObject({
      ...wrong,
      message: expect.stringContaining('It encodes shardId-000000000000') as string,
    });
  });
});

it('[KS-READ-2] records and iterators outlive a restart', async () => {
  const data = mkdtempSync(join(tmpdir(), 'poolbench-streams-'));
  try {
    const clock = new Date(Date.UTC(2026, 10, 21));
    let own = await startBench({ data, clock });
    let client = kinesisClient(own);
    await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    const send = (text: string) =>
      client.send(new PutRecordCommand({ StreamName: 's', PartitionKey: 'k', Data: bytes(text) }));
    const { SequenceNumber } = await send('before');
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName: 's', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' }),
    );
    await own.stop();

    own = await startBench({ data, clock });
    client = kinesisClient(own);
    const after = await send('after');
    expect(BigInt(after.SequenceNumber!)).toBeGreaterThan(BigInt(SequenceNumber!));
    const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records!.map(({ Data }) => textOf(Data))).toEqual(['before', 'after']);
    await own.stop();
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
