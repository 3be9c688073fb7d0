import type {
  PutRecordInput,
  PutRecordOutput,
  PutRecordsInput,
  PutRecordsOutput,
} from '../../../shared/aws/kinesis.ts';
import type { StreamRecord } from '../../store/repositories/streams.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { invalidArgument, namedArn, requireStream } from './lookup.ts';
import { readSequenceNumber, sequenceNumber } from './sequence-numbers.ts';
import { isHashKey, shardId, shardOf } from './shards.ts';

type Needs = Pick<Services, 'streams' | 'streamRecords' | 'store'>;

export const putRecords = family<'kinesis', Needs>('kinesis', 'put-records', {
  PutRecord: { resources: namedArn, run: putRecord },
  PutRecords: { resources: namedArn, run: putManyRecords },
});

interface Entry {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string | null;
}

function putRecord(input: PutRecordInput, call: Call, services: Needs): PutRecordOutput {
  const order = input.SequenceNumberForOrdering;
  return services.store.write((transaction) => {
    const stream = requireStream(call, services, input);
    checkEntry(call, stream, input);
    if (order != null && readSequenceNumber(order)?.streamId !== stream.id) {
      throw call.why.refuse(
        'KS-PUT-3',
        'the sequence number to come after is not of this stream',
        // guessed wording
        invalidArgument(`SequenceNumberForOrdering ${order} is not valid for stream ${stream.name}.`),
      );
    }
    const put = addRecord(call, stream, input, services);
    transaction.announce('stream.written', {
      account: call.account,
      region: stream.region,
      streamName: stream.name,
      number: put.number,
    });
    return { ShardId: put.ShardId, SequenceNumber: put.SequenceNumber, EncryptionType: 'NONE' };
  });
}

function putManyRecords(input: PutRecordsInput, call: Call, services: Needs): PutRecordsOutput {
  return services.store.write((transaction) => {
    const stream = requireStream(call, services, input);
    for (const entry of input.Records) checkEntry(call, stream, entry);
    const added = input.Records.map((entry) => addRecord(call, stream, entry, services));
    transaction.announce('stream.written', {
      account: call.account,
      region: stream.region,
      streamName: stream.name,
      number: added.at(-1)!.number,
    });
    return {
      FailedRecordCount: 0,
      Records: added.map(({ ShardId, SequenceNumber }) => ({ ShardId, SequenceNumber })),
      EncryptionType: 'NONE',
    };
  });
}

function checkEntry(call: Call, stream: StreamRecord, entry: Entry): void {
  const bytes = entry.Data.length + Buffer.byteLength(entry.PartitionKey);
  if (bytes > stream.recordBytes) {
    throw call.why.refuse(
      'KS-PUT-1',
      'key and data together are larger than a record may be',
      // guessed wording
      invalidArgument(`The record is ${bytes} bytes, and at most ${stream.recordBytes} are allowed.`),
      { bytes, limit: stream.recordBytes },
    );
  }
  if (entry.ExplicitHashKey != null && !isHashKey(entry.ExplicitHashKey)) {
    throw call.why.refuse(
      'KS-PUT-2',
      'an explicit hash key is a number below 2 to the power of 128',
      // from memory
      invalidArgument(
        `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${entry.ExplicitHashKey}`,
      ),
    );
  }
}

function addRecord(
  call: Call,
  stream: StreamRecord,
  { Data, PartitionKey, ExplicitHashKey }: Entry,
  { streamRecords }: Pick<Needs, 'streamRecords'>,
): { number: number; ShardId: string; SequenceNumber: string } {
  const shard = shardOf(PartitionKey, stream.shards, ExplicitHashKey ?? undefined);
  const number = streamRecords.add({
    account: call.account,
    streamId: stream.id,
    shard,
    partitionKey: PartitionKey,
    data: Buffer.from(Data),
    arrivedAt: call.now.getTime(),
  });
  return { number, ShardId: shardId(shard), SequenceNumber: sequenceNumber({ streamId: stream.id, shard, number }) };
}
