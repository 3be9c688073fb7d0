import type { Services, StreamWriter } from '../services.ts';
import { RETENTION_MILLISECONDS, streamArn } from './lookup.ts';
import { shardOf } from './shards.ts';

type Needs = Pick<Services, 'config' | 'ids' | 'streamRecords' | 'streams' | 'store'>;

/** Writes what sync streams; an update too large for a record goes to an address of the bench instead. */
export function createStreamWriter({ config, ids, streamRecords, streams, store }: Needs): StreamWriter {
  return {
    exists: (account, region, streamName) => streams.find(account, region, streamName) !== undefined,
    arn: (account, region, name) => streamArn({ account, region, name }),
    write({ account, region, streamName, partitionKey, data, large, now }) {
      const stream = streams.find(account, region, streamName);
      if (!stream) return false;
      return store.write((transaction) => {
        let text = data;
        if (Buffer.byteLength(text) + Buffer.byteLength(partitionKey) > stream.recordBytes) {
          const key = ids.opaque(24);
          const expiresAt = now.getTime() + RETENTION_MILLISECONDS;
          streamRecords.addPayload({
            key,
            account,
            streamId: stream.id,
            body: large.body,
            arrivedAt: now.getTime(),
            expiresAt,
          });
          text = large.withUrl(`${config.publicUrl()}/_bench/stream-payloads/${key}`);
        }
        const number = streamRecords.add({
          account,
          streamId: stream.id,
          shard: shardOf(partitionKey, stream.shards),
          partitionKey,
          data: Buffer.from(text),
          arrivedAt: now.getTime(),
        });
        transaction.announce('stream.written', { account, region, streamName, number });
        return true;
      });
    },
  };
}
