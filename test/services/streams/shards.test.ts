import { describe, expect, it } from 'vitest';
import { readSequenceNumber, sequenceNumber } from '../../../src/main/services/streams/sequence-numbers.ts';
import { readShardIterator, writeShardIterator } from '../../../src/main/services/streams/shard-iterator.ts';
import { hashRange, isHashKey, shardId, shardIndex, shardOf } from '../../../src/main/services/streams/shards.ts';

const LAST = (2n ** 128n - 1n).toString();

describe('shards', () => {
  it.each([1, 2, 3, 7, 500])('[KS-SHARD-1] %i of them part all hashes without a gap', (shards) => {
    const ranges = Array.from({ length: shards }, (_, index) => hashRange(index, shards));
    expect(ranges[0]!.StartingHashKey).toBe('0');
    expect(ranges.at(-1)!.EndingHashKey).toBe(LAST);
    for (const [index, range] of ranges.slice(1).entries()) {
      expect(BigInt(range.StartingHashKey)).toBe(BigInt(ranges[index]!.EndingHashKey) + 1n);
    }
  });

  it.each([3, 7])('[KS-SHARD-1] a key goes to the one of %i whose range holds its MD5', (shards) => {
    for (const edge of ['0', LAST]) {
      const { StartingHashKey, EndingHashKey } = hashRange(shardOf('x', shards, edge), shards);
      expect(BigInt(edge) >= BigInt(StartingHashKey) && BigInt(edge) <= BigInt(EndingHashKey)).toBe(true);
    }
    for (let index = 0; index < shards; index += 1) {
      const { StartingHashKey, EndingHashKey } = hashRange(index, shards);
      expect(shardOf('x', shards, StartingHashKey)).toBe(index);
      expect(shardOf('x', shards, EndingHashKey)).toBe(index);
    }
    // The MD5 of the empty text is d41d8cd9…: in the upper part.
    expect(shardOf('', shards)).toBe(shards === 3 ? 2 : 5);
  });

  it.each([
    ['shardId-000000000000', 1, 0],
    ['shardId-000000000003', 4, 3],
    ['3', 4, 3],
    ['shardId-000000000004', 4, undefined],
    ['shard-1', 4, undefined],
    ['shardId--1', 4, undefined],
  ])('[KS-ITERATOR-1] %s of %i shards is %s', (id, shards, index) => {
    expect(shardIndex(id, shards)).toBe(index);
  });

  it('[KS-PUT-2] explicit hash keys end below 2 to the power of 128', () => {
    expect([LAST, '0', '17'].every(isHashKey)).toBe(true);
    expect([(2n ** 128n).toString(), '01', '-1', '1e3', ''].some(isHashKey)).toBe(false);
  });
});

describe('sequence numbers', () => {
  it('[KS-PUT-4] have 56 digits, tell their place, and grow with it', () => {
    const place = { streamId: 12, shard: 3, number: 4711 };
    const text = sequenceNumber(place);
    expect(text).toMatch(/^49\d{54}$/);
    expect(readSequenceNumber(text)).toEqual(place);
    expect(BigInt(sequenceNumber({ ...place, number: 4712, shard: 0 }))).toBeGreaterThan(BigInt(text));
  });

  it.each([
    '',
    '49',
    '1'.repeat(56),
    `49${'9'.repeat(54)}`,
    `${sequenceNumber({ streamId: 1, shard: 1, number: 1 })}0`,
  ])('[KS-ITERATOR-4] %j is none', (text) => {
    expect(readSequenceNumber(text)).toBeUndefined();
  });
});

describe('shard iterators', () => {
  it('[KS-READ-1] are read back, and nothing else is', () => {
    const iterator = { streamId: 1, shard: 2, after: 3, at: 1_700_000_000_000 };
    const text = writeShardIterator(iterator);
    expect(text.length).toBeLessThanOrEqual(512);
    expect(readShardIterator(text)).toEqual(iterator);
    const odd = [
      'x',
      '',
      btoa('[]'),
      btoa('["kinesis",1,2,3]'),
      btoa('["kinesis",1,2,3,-4]'),
      btoa('{"a":1}'),
      btoa('null'),
    ];
    expect(odd.map(readShardIterator)).toEqual(odd.map(() => undefined));
  });

  it('have ids of twelve digits', () => {
    expect(shardId(7)).toBe('shardId-000000000007');
  });
});
