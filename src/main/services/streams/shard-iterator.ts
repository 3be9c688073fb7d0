/** A place in a shard, and when it was given out. Opaque to clients, and good for five minutes. */
export interface ShardIterator {
  readonly streamId: number;
  readonly shard: number;
  /** The record before the place. */
  readonly after: number;
  /** Milliseconds since the epoch, bench time. */
  readonly at: number;
}

export const ITERATOR_MILLISECONDS = 300_000;

export function writeShardIterator({ streamId, shard, after, at }: ShardIterator): string {
  return Buffer.from(JSON.stringify(['kinesis', streamId, shard, after, at])).toString('base64');
}

/** `undefined` for text that is not one of the bench's. */
export function readShardIterator(text: string): ShardIterator | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed[0] !== 'kinesis' || parsed.length !== 5) return undefined;
  const numbers = parsed.slice(1) as unknown[];
  if (!numbers.every((value) => Number.isSafeInteger(value) && (value as number) >= 0)) return undefined;
  const [streamId, shard, after, at] = numbers as [number, number, number, number];
  return { streamId, shard, after, at };
}
