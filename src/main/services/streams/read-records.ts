import type {
  GetRecordsInput,
  GetRecordsOutput,
  GetShardIteratorInput,
  GetShardIteratorOutput,
  Record,
} from '../../../shared/aws/kinesis.ts';
import { fault } from '../../kernel/fault.ts';
import type { StreamRecord } from '../../store/repositories/streams.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { invalidArgument, namedArn, requireStream, RETENTION_MILLISECONDS, streamArn } from './lookup.ts';
import { readSequenceNumber, sequenceNumber } from './sequence-numbers.ts';
import { ITERATOR_MILLISECONDS, readShardIterator, writeShardIterator, type ShardIterator } from './shard-iterator.ts';
import { shardId, shardIndex } from './shards.ts';

type Needs = Pick<Services, 'streams' | 'streamRecords'>;

export const readRecords = family<'kinesis', Needs>('kinesis', 'read-records', {
  GetShardIterator: { resources: namedArn, run: getShardIterator },
  GetRecords: { resources: iteratedArn, run: getRecords },
});

const MOST_RECORDS = 10_000;
const MOST_BYTES = 10 * 1_048_576;

function getShardIterator(input: GetShardIteratorInput, call: Call, services: Needs): GetShardIteratorOutput {
  const stream = requireStream(call, services, input);
  const shard = shardIndex(input.ShardId, stream.shards);
  if (shard === undefined) {
    throw call.why.refuse(
      'KS-ITERATOR-1',
      'the stream has no such shard',
      fault(
        'ResourceNotFoundException',
        `Shard ${input.ShardId} in stream ${stream.name} under account ${call.account} does not exist`,
      ),
    );
  }
  const after = startAfter(input, call, stream, shard, services);
  call.why.choose('KS-ITERATOR-3', `the place is ${input.ShardIteratorType.toLowerCase().replaceAll('_', ' ')}`);
  const iterator = { streamId: stream.id, shard, after, at: call.now.getTime() };
  return { ShardIterator: writeShardIterator(iterator) };
}

/** The number of the record before the place that is asked for. */
function startAfter(
  input: GetShardIteratorInput,
  call: Call,
  stream: StreamRecord,
  shard: number,
  { streamRecords }: Needs,
): number {
  const { ShardIteratorType: type, StartingSequenceNumber: start, Timestamp: time } = input;
  const wantsNumber = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (wantsNumber !== (start != null)) {
    throw call.why.refuse(
      'KS-ITERATOR-2',
      wantsNumber ? 'the place needs a sequence number' : 'this place takes no sequence number',
      invalidArgument(
        'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
          '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
          `Request specified ${type} and ${start == null ? 'no' : 'also a'} StartingSequenceNumber.`,
      ),
    );
  }
  switch (type) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return streamRecords.newest();
    case 'AT_TIMESTAMP': {
      if (time == null) {
        throw call.why.refuse(
          'KS-ITERATOR-2',
          'the place needs a time',
          // guessed wording
          invalidArgument('Must specify Timestamp when ShardIteratorType is AT_TIMESTAMP.'),
        );
      }
      if (time > call.now) {
        throw call.why.refuse(
          'KS-ITERATOR-2',
          'the time is in the future',
          // guessed wording
          invalidArgument(`Timestamp ${time.toISOString()} is in the future.`),
        );
      }
      return streamRecords.lastBefore(stream.id, shard, time.getTime()) ?? streamRecords.newest();
    }
    default: {
      const number = requireNumber(start!, call, stream, shard);
      return type === 'AT_SEQUENCE_NUMBER' ? Math.max(number - 1, 0) : number;
    }
  }
}

function requireNumber(text: string, call: Call, stream: StreamRecord, shard: number): number {
  const place = readSequenceNumber(text);
  if (place?.streamId === stream.id && place.shard === shard) return place.number;
  const where = `StartingSequenceNumber ${text} used in GetShardIterator on shard ${shardId(shard)} in stream ${stream.name} under account ${call.account} is invalid`;
  const message =
    place === undefined
      ? `${where}.`
      : place.streamId !== stream.id
        ? `${where} because it did not come from this stream.`
        : `Invalid StartingSequenceNumber. It encodes ${shardId(place.shard)}, while it was used in a call to a shard with ${shardId(shard)}`;
  throw call.why.refuse('KS-ITERATOR-4', 'the sequence number is not of this shard', invalidArgument(message));
}

function getRecords(input: GetRecordsInput, call: Call, services: Needs): GetRecordsOutput {
  const { streamRecords } = services;
  const { iterator, stream } = requireIterator(input.ShardIterator, call, services);
  const now = call.now.getTime();
  const limit = input.Limit ?? MOST_RECORDS;
  const records: Record[] = [];
  let { after } = iterator;
  let bytes = 0;
  let behind = 0;

  for (const record of streamRecords.after(stream.id, iterator.shard, after, now - RETENTION_MILLISECONDS)) {
    bytes += record.data.length;
    if (records.length === limit || (records.length > 0 && bytes > MOST_BYTES)) {
      behind = Math.max(now - record.arrivedAt, 0);
      break;
    }
    records.push({
      SequenceNumber: sequenceNumber({ streamId: stream.id, shard: iterator.shard, number: record.number }),
      ApproximateArrivalTimestamp: new Date(record.arrivedAt),
      Data: record.data,
      PartitionKey: record.partitionKey,
      EncryptionType: 'NONE',
    });
    after = record.number;
  }
  call.why.choose('KS-READ-2', 'what arrived within 24 hours after the iterator’s place', { records: records.length });
  return {
    Records: records,
    NextShardIterator: writeShardIterator({ ...iterator, after, at: now }),
    MillisBehindLatest: behind,
  };
}

function requireIterator(
  text: string,
  call: Call,
  { streams }: Needs,
): { iterator: ShardIterator; stream: StreamRecord } {
  const iterator = readShardIterator(text);
  if (!iterator) {
    throw call.why.refuse(
      'KS-READ-1',
      'this is no shard iterator of the bench',
      invalidArgument('Invalid ShardIterator.'),
    );
  }
  const now = call.now.getTime();
  if (now - iterator.at > ITERATOR_MILLISECONDS) {
    throw call.why.refuse(
      'KS-READ-3',
      'a shard iterator is good for five minutes',
      fault(
        'ExpiredIteratorException',
        `Iterator expired. The iterator was created at time ${toAmzTime(iterator.at)} while right now it is ${toAmzTime(now)} which is further in the future than the tolerated delay of ${ITERATOR_MILLISECONDS} milliseconds.`,
      ),
    );
  }
  const stream = streams.byId(call.account, iterator.streamId);
  if (!stream || iterator.shard >= stream.shards) {
    throw call.why.refuse(
      'KS-READ-4',
      'the iterator’s stream is gone, or another account’s',
      // guessed wording
      fault(
        'ResourceNotFoundException',
        `The stream of this ShardIterator is not found under account ${call.account}.`,
      ),
    );
  }
  return { iterator, stream };
}

function iteratedArn(input: GetRecordsInput, call: Call, { streams }: Needs): string[] {
  const iterator = readShardIterator(input.ShardIterator);
  const stream = iterator && streams.byId(call.account, iterator.streamId);
  return [stream ? streamArn(stream) : (input.StreamARN ?? `arn:aws:kinesis:${call.region}:${call.account}:stream/*`)];
}

/** `Thu Dec 10 01:59:39 UTC 2015` */
function toAmzTime(at: number): string {
  const [day, date, month, year, time] = new Date(at).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
