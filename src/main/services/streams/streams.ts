import type {
  CreateStreamInput,
  DeleteStreamInput,
  DescribeStreamInput,
  DescribeStreamOutput,
  DescribeStreamSummaryInput,
  DescribeStreamSummaryOutput,
  ListShardsInput,
  ListShardsOutput,
  ListStreamsInput,
  ListStreamsOutput,
  Shard,
} from '../../../shared/aws/kinesis.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { StreamRecord } from '../../store/repositories/streams.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { invalidArgument, namedArn, requireStream, RETENTION_HOURS, streamArn } from './lookup.ts';
import { sequenceNumber } from './sequence-numbers.ts';
import { hashRange, shardId, shardIndex } from './shards.ts';

type Needs = Pick<Services, 'bus' | 'streams' | 'store'>;

export const streams = family<'kinesis', Needs>('kinesis', 'streams', {
  CreateStream: { resources: namedArn, run: createStream },
  DeleteStream: { resources: namedArn, run: deleteStream },
  DescribeStream: { resources: namedArn, run: describeStream },
  DescribeStreamSummary: { resources: namedArn, run: describeStreamSummary },
  ListShards: { resources: namedArn, run: listShards },
  ListStreams: { run: listStreams },
});

/** AWS's quota of today for most regions. */
const SHARD_LIMIT = 500;
const ON_DEMAND_SHARDS = 4;
const LARGEST_PAGE = 10_000;
const STREAMS_A_PAGE = 100;
const SHARDS_A_PAGE = 1_000;
const TOKEN_MILLISECONDS = 300_000;

function createStream(input: CreateStreamInput, call: Call, services: Needs): void {
  const mode = input.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  const shards = mode === 'ON_DEMAND' ? ON_DEMAND_SHARDS : (input.ShardCount ?? 1);
  services.store.write(() => {
    if (services.streams.find(call.account, call.region, input.StreamName)) {
      throw call.why.refuse(
        'KS-CREATE-1',
        'the account has a stream of this name in this region',
        fault('ResourceInUseException', `Stream ${input.StreamName} under account ${call.account} already exists.`),
      );
    }
    const existing = services.streams.shardSum(call.account, call.region);
    if (existing + shards > SHARD_LIMIT) throw tooManyShards(call, existing, shards);
    services.streams.create({
      account: call.account,
      region: call.region,
      name: input.StreamName,
      mode,
      shards,
      recordBytes: (input.MaxRecordSizeInKiB ?? 1024) * 1024,
      createdAt: call.now.getTime(),
    });
    call.why.choose('KS-CREATE-3', 'the stream is active at once', { shards, mode });
  });
}

function deleteStream(input: DeleteStreamInput, call: Call, services: Needs): void {
  services.store.write(() => {
    const stream = requireStream(call, services, input);
    services.streams.remove(stream.id);
    call.why.pass('KS-DELETE-1', 'the stream is gone with all its records', { stream: stream.name });
  });
}

function describeStream(input: DescribeStreamInput, call: Call, services: Needs): DescribeStreamOutput {
  const stream = requireStream(call, services, input);
  const { page, hasMore } = shardPage(call, stream, input.ExclusiveStartShardId, input.Limit ?? 100);
  return { StreamDescription: { ...common(stream), Shards: page, HasMoreShards: hasMore } };
}

function describeStreamSummary(
  input: DescribeStreamSummaryInput,
  call: Call,
  services: Needs,
): DescribeStreamSummaryOutput {
  const stream = requireStream(call, services, input);
  return { StreamDescriptionSummary: { ...common(stream), OpenShardCount: stream.shards, ConsumerCount: 0 } };
}

function listShards(input: ListShardsInput, call: Call, services: Needs): ListShardsOutput {
  const limit = Math.min(input.MaxResults ?? SHARDS_A_PAGE, LARGEST_PAGE);
  let stream: StreamRecord;
  let after = input.ExclusiveStartShardId ?? undefined;
  if (input.NextToken == null) {
    stream = requireStream(call, services, input);
  } else {
    if (input.StreamName != null) {
      throw call.why.refuse(
        'KS-LIST-2',
        'a page token says which stream it is of',
        invalidArgument('NextToken and StreamName cannot be provided together.'),
      );
    }
    const [name, start, at] = readToken(call, 'ListShards', input.NextToken);
    if (call.now.getTime() - Number(at) > TOKEN_MILLISECONDS) {
      throw call.why.refuse(
        'KS-LIST-3',
        'a page token is good for five minutes',
        // guessed wording
        fault('ExpiredNextTokenException', 'The pagination token has expired.'),
      );
    }
    stream = requireStream(call, services, { StreamName: name! });
    after = start;
  }
  const { page, hasMore } = shardPage(call, stream, after, limit);
  if (!hasMore) return { Shards: page };
  const last = page.at(-1)!.ShardId;
  return { Shards: page, NextToken: pageToken('ListShards', `${stream.name}\n${last}\n${call.now.getTime()}`) };
}

function listStreams(input: ListStreamsInput, call: Call, services: Needs): ListStreamsOutput {
  const limit = Math.min(input.Limit ?? STREAMS_A_PAGE, LARGEST_PAGE);
  const after =
    input.NextToken == null
      ? (input.ExclusiveStartStreamName ?? '')
      : readToken(call, 'ListStreams', input.NextToken)[0]!;
  const found = services.streams.list(call.account, call.region, after, limit + 1);
  const page = found.slice(0, limit);
  return {
    StreamNames: page.map(({ name }) => name),
    HasMoreStreams: found.length > limit,
    StreamSummaries: page.map((stream) => {
      const { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp } = common(stream);
      return { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp };
    }),
    ...(found.length > limit ? { NextToken: pageToken('ListStreams', page.at(-1)!.name) } : {}),
  };
}

function readToken(call: Call, scope: string, token: string): string[] {
  const key = readPageToken(scope, token);
  if (key === undefined) {
    throw call.why.refuse(
      'KS-LIST-1',
      'the page token was not made for this listing',
      // guessed wording
      invalidArgument('NextToken is not valid.'),
    );
  }
  return key.split('\n');
}

function shardPage(
  call: Call,
  stream: StreamRecord,
  after: string | null | undefined,
  limit: number,
): { page: Shard[]; hasMore: boolean } {
  const index = after == null ? -1 : shardIndex(after, Infinity);
  if (index === undefined) {
    throw call.why.refuse(
      'KS-LIST-4',
      'the place to start after is not a shard',
      // guessed wording
      invalidArgument(`ExclusiveStartShardId ${after} is not valid.`),
    );
  }
  const page = Array.from({ length: Math.max(0, Math.min(limit, stream.shards - index - 1)) }, (_, offset) =>
    toShard(stream, index + 1 + offset),
  );
  return { page, hasMore: index + 1 + page.length < stream.shards };
}

function toShard({ id, shards }: StreamRecord, index: number): Shard {
  return {
    ShardId: shardId(index),
    HashKeyRange: hashRange(index, shards),
    SequenceNumberRange: { StartingSequenceNumber: sequenceNumber({ streamId: id, shard: index, number: 0 }) },
  };
}

function common(stream: StreamRecord) {
  return {
    StreamName: stream.name,
    StreamARN: streamArn(stream),
    StreamStatus: 'ACTIVE' as const,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: RETENTION_HOURS,
    StreamCreationTimestamp: new Date(stream.createdAt),
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE' as const,
  };
}

function tooManyShards(call: Call, existing: number, wanted: number): Error {
  return call.why.refuse(
    'KS-CREATE-2',
    `an account has at most ${SHARD_LIMIT} shards in a region`,
    fault(
      'LimitExceededException',
      `This request would exceed the shard limit for the account ${call.account} in ${call.region}. Current shard count for the account: ${existing}. Limit: ${SHARD_LIMIT}. Number of additional shards that would have resulted from this request: ${wanted}. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.`,
    ),
    { existing, wanted },
  );
}
