import { hash } from 'node:crypto';

/** A stream's shards part the range of MD5 among them, and never change: the bench splits and merges none. */

const HASHES = 1n << 128n;

export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

/** @returns the index; `undefined` for text that is not of the form, or of another stream's shard */
export function shardIndex(id: string, shards: number): number | undefined {
  const digits = /^(?:shardId-)?(\d{1,12})$/.exec(id)?.[1];
  const index = Number(digits ?? Number.NaN);
  return index < shards ? index : undefined;
}

export function hashRange(index: number, shards: number): { StartingHashKey: string; EndingHashKey: string } {
  const width = HASHES / BigInt(shards);
  const start = width * BigInt(index);
  const end = index === shards - 1 ? HASHES - 1n : start + width - 1n;
  return { StartingHashKey: start.toString(), EndingHashKey: end.toString() };
}

/** The shard that a partition key's MD5 falls into, or an explicit hash key instead of it. */
export function shardOf(partitionKey: string, shards: number, explicitHashKey?: string): number {
  const key = explicitHashKey === undefined ? BigInt(`0x${hash('md5', partitionKey, 'hex')}`) : BigInt(explicitHashKey);
  const index = key / (HASHES / BigInt(shards));
  // The last shard takes what the division leaves over.
  return index >= BigInt(shards) ? shards - 1 : Number(index);
}

export function isHashKey(text: string): boolean {
  return /^(?:0|[1-9]\d{0,38})$/.test(text) && BigInt(text) < HASHES;
}
