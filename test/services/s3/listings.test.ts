import { ListObjectsCommand, ListObjectsV2Command, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollUp } from '../../../src/main/services/s3/roll-up.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { createBucket, putAll, refused, s3Client } from './setup.ts';

let bench: TestBench;
let s3: S3Client;
let Bucket: string;

const KEYS = ['a', 'b/1', 'b/2', 'b/c/3', 'd e+f&<é>', 'z/', 'z/9', '\u{1f600}', '\uff5e'];

beforeAll(async () => {
  bench = await startBench();
  s3 = s3Client(bench);
  Bucket = await createBucket(s3);
  await putAll(s3, Bucket, KEYS);
});
afterAll(() => bench.stop());

const inOrder = (keys: readonly string[]): string[] =>
  [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

describe('a listing', () => {
  it('[S3-LIST-1] [S3-XML-3] has the keys in the order of their bytes', async () => {
    const { Contents, KeyCount, IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(inOrder(KEYS));
    expect(Contents?.at(-1)?.Key).toBe('\u{1f600}');
    expect({ KeyCount, IsTruncated }).toEqual({ KeyCount: KEYS.length, IsTruncated: false });
    expect(Contents?.[0]).toMatchObject({ Size: 1, StorageClass: 'STANDARD', LastModified: expect.any(Date) as Date });
    const { Contents: below } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'b/' }));
    expect(below?.map(({ Key }) => Key)).toEqual(['b/1', 'b/2', 'b/c/3']);
  });

  it('[S3-LIST-2] rolls keys up to a delimiter', async () => {
    const root = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(root.CommonPrefixes).toEqual([{ Prefix: 'b/' }, { Prefix: 'z/' }]);
    expect(root.Contents?.map(({ Key }) => Key)).toEqual(['a', 'd e+f&<é>', '\uff5e', '\u{1f600}']);
    const below = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', Prefix: 'z/' }));
    expect(below.Contents?.map(({ Key }) => Key)).toEqual(['z/', 'z/9']);
    expect(below.CommonPrefixes).toBeUndefined();
  });

  it('[S3-LIST-3] goes on in pages, by token, by key and by marker', async () => {
    const seen: unknown[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket, Delimiter: '/' })) {
      expect((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0)).toBeLessThanOrEqual(2);
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    expect(inOrder(seen as string[])).toEqual(inOrder(['a', 'b/', 'd e+f&<é>', 'z/', '\uff5e', '\u{1f600}']));

    const after = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: 'b/1', Prefix: 'b/' }));
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['b/2', 'b/c/3']);

    const first = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/' });
    const second = await s3.send(
      new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2, Marker: first.NextMarker }),
    );
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['d e+f&<é>']);
    expect(second.CommonPrefixes).toEqual([{ Prefix: 'z/' }]);
  });

  it('[S3-LIST-3] stays below its prefix, whatever its token says', async () => {
    const { NextContinuationToken } = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
    const other = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'z/', ContinuationToken: NextContinuationToken }),
    );
    expect(other.Contents?.map(({ Key }) => Key)).toEqual(['z/', 'z/9']);
  });

  it('[S3-LIST-4] encodes keys where that is asked for', async () => {
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'd', EncodingType: 'url' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['d+e%2Bf%26%3C%C3%A9%3E']);
  });

  it('[S3-LIST-5] has a thousand entries at most, and none where none are asked for', async () => {
    const { MaxKeys } = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 5000 }));
    expect(MaxKeys).toBe(1000);
    await expect(s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).resolves.toMatchObject({
      KeyCount: 0,
      IsTruncated: false,
    });
    const wrong = (MaxKeys: unknown) => s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: MaxKeys as number }));
    await expect(wrong(-1)).rejects.toMatchObject(refused('InvalidArgument', 400, /must be an integer between 0/));
    await expect(wrong('many')).rejects.toMatchObject(refused('InvalidArgument', 400, /max-keys not an integer/));
  });

  it.each(['made-up', '', 'MWE=', Buffer.from('2a').toString('base64url')])(
    '[S3-LIST-6] does not go on after the token %j',
    async (ContinuationToken) => {
      await expect(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }))).rejects.toMatchObject(
        refused('InvalidArgument', 400, 'The continuation token provided is incorrect'),
      );
    },
  );
});

describe('[S3-LIST-2] [S3-LIST-3] the pages of any listing', () => {
  /** The same, told in the plainest way. */
  function entries(keys: readonly string[], prefix: string, delimiter: string): string[] {
    const rolled = keys
      .filter((key) => key.startsWith(prefix))
      .map((key) => {
        const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        return at < 0 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`;
      });
    return [...new Set(rolled)];
  }

  const letter = fc.constantFrom('a', 'b', '/', '\u007f', '\ud7ff', '\ue000', '\u{10ffff}', '\u{1f600}');
  const text = (maxLength: number) => fc.array(letter, { maxLength }).map((letters) => letters.join(''));

  it('take as many steps as they have entries, however many keys there are', () => {
    const keys = inOrder([...Array.from({ length: 5000 }, (_, index) => `a/${index}`), 'b/1', 'b/2', 'c']);
    let steps = 0;
    function* read(from: string, until: string | undefined): IterableIterator<string> {
      for (const key of keys.filter((each) => each >= from && (until === undefined || each < until))) {
        steps += 1;
        yield key;
      }
    }
    const page = rollUp(read, (key) => key, { prefix: '', delimiter: '/', most: 10, after: '', start: '' });
    expect(page).toMatchObject({ prefixes: ['a/', 'b/'], items: ['c'], isTruncated: false });
    expect(steps).toBe(3);
  });

  it('are together what a plain reading gives', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          text(6).filter((key) => key !== ''),
          { maxLength: 30 },
        ),
        text(2),
        fc.constantFrom('', '/', 'a', '//', '\u{10ffff}'),
        fc.integer({ min: 1, max: 5 }),
        (unordered, prefix, delimiter, most) => {
          const keys = inOrder(unordered);
          const isBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
          const read = (from: string, until: string | undefined): string[] =>
            keys.filter((key) => !isBefore(key, from) && (until === undefined || isBefore(key, until)));
          const listed: string[] = [];
          let start = '';
          for (;;) {
            const page = rollUp(read, (key) => key, { prefix, delimiter, most, after: '', start });
            expect(page.items.length + page.prefixes.length).toBeLessThanOrEqual(most);
            listed.push(...page.items.map((key) => `key ${key}`), ...page.prefixes.map((common) => `prefix ${common}`));
            if (!page.isTruncated) break;
            start = page.next;
          }
          expect(listed.toSorted()).toEqual(entries(keys, prefix, delimiter).toSorted());
        },
      ),
      { numRuns: 300 },
    );
  });
});
