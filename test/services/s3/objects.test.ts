import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type GetObjectCommandInput,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { createBucket, putAll, refused, s3Client } from './setup.ts';

let bench: TestBench;
let s3: S3Client;
let Bucket: string;

beforeAll(async () => {
  bench = await startBench();
  s3 = s3Client(bench);
  Bucket = await createBucket(s3);
});
afterAll(() => bench.stop());

const HELLO = '"5d41402abc4b2a76b9719d911017c592"';

function put(Key: string, more: Partial<PutObjectCommandInput> = {}) {
  return s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello', ...more }));
}

async function get(Key: string, more: Partial<GetObjectCommandInput> = {}) {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await answer.Body!.transformToString() };
}

describe('an object', () => {
  it('[S3-PUT-1] [S3-GET-1] [S3-GET-3] comes back as it was put', async () => {
    const Expires = new Date('2030-01-01T00:00:00Z');
    const described = {
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'no-cache',
      ContentDisposition: 'attachment',
      ContentLanguage: 'de',
      ContentEncoding: 'gzip',
      Metadata: { colour: 'blue', shape: 'round' },
    };
    const made = await put('a/b c+d/é&<x>%2F.txt', { ...described, Tagging: 'kind=letter&to=ada', Expires });
    expect(made.ETag).toBe(HELLO);
    const got = await get('a/b c+d/é&<x>%2F.txt');
    expect(got).toMatchObject({ ...described, text: 'hello', ETag: HELLO, ContentLength: 5, TagCount: 2 });
    expect(new Date(got.ExpiresString!)).toEqual(Expires);
    const { Body: _, text: __, $metadata: ___, ...members } = got;
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/b c+d/é&<x>%2F.txt', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject(members);
    await put('a/b c+d/é&<x>%2F.txt', { Body: 'other' });
    expect(await get('a/b c+d/é&<x>%2F.txt')).toMatchObject({ text: 'other', Metadata: {} });
  });

  it.each([
    ['bytes', () => Buffer.from([0, 255, 10, 13, 128])],
    ['nothing', () => Buffer.alloc(0)],
    ['a megabyte', () => Buffer.alloc(1024 * 1024, 'xyz')],
  ])('[S3-PUT-1] may be %s', async (_name, make) => {
    await put('bytes', { Body: make() });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'bytes' }));
    expect(Buffer.compare(await Body!.transformToByteArray(), make())).toBe(0);
  });

  it('[S3-PUT-3] [S3-SIGN-6] may come as a stream, and its frames are not kept', async () => {
    const Body = Readable.from([Buffer.alloc(100_000, 'a'), Buffer.alloc(70_000, 'b')]);
    await put('stream', { Body, ContentLength: 170_000 });
    const { text, ContentEncoding, ContentType } = await get('stream');
    expect(text).toBe('a'.repeat(100_000) + 'b'.repeat(70_000));
    expect({ ContentEncoding, ContentType }).toEqual({
      ContentEncoding: undefined,
      ContentType: 'application/octet-stream',
    });
  });

  it('[S3-PUT-2] has a key of 1,024 bytes at most', async () => {
    const longest = 'é'.repeat(512);
    await put(longest);
    expect((await get(longest)).text).toBe('hello');
    await expect(put(`${longest}x`)).rejects.toMatchObject(refused('KeyTooLongError', 400, 'Your key is too long'));
  });

  it('[S3-PUT-4] has up to 2 KiB of metadata', async () => {
    await put('meta', { Metadata: { a: 'x'.repeat(2047) } });
    await expect(put('meta-2', { Metadata: { a: 'x'.repeat(2048) } })).rejects.toMatchObject(
      refused('MetadataTooLarge', 400),
    );
    await expect(get('meta-2')).rejects.toMatchObject(refused('NoSuchKey', 404));
  });

  it('[S3-PUT-5] has up to 64 MiB in one request', { timeout: 30_000 }, async () => {
    const large = Buffer.alloc(64 * 1024 * 1024 + 1);
    await expect(put('large', { Body: large })).rejects.toMatchObject(refused('EntityTooLarge', 400));
    const huge = Buffer.alloc(66 * 1024 * 1024);
    await expect(put('large', { Body: huge })).rejects.toMatchObject(refused('EntityTooLarge', 400));
    await expect(get('large')).rejects.toMatchObject(refused('NoSuchKey', 404));
  });

  it.each<[string, Partial<PutObjectCommandInput>]>([
    ['ACL', { ACL: 'public-read' }],
    ['ServerSideEncryption', { ServerSideEncryption: 'aws:kms' }],
    ['SSECustomerAlgorithm', { SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'x'.repeat(32) }],
    ['StorageClass', { StorageClass: 'GLACIER' }],
    ['ObjectLockMode', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date('2030-01-01') }],
    ['GrantRead', { GrantRead: 'id=1' }],
    ['WebsiteRedirectLocation', { WebsiteRedirectLocation: '/x' }],
  ])('[S3-FIND-3] takes no %s', async (name, setting) => {
    await expect(put('setting', setting)).rejects.toMatchObject(refused('NotImplemented', 501, new RegExp(name)));
    await expect(get('setting')).rejects.toMatchObject(refused('NoSuchKey', 404));
  });

  it('[S3-FIND-3] takes settings that say what is so anyhow', async () => {
    await expect(put('plain', { ACL: 'private', StorageClass: 'STANDARD' })).resolves.toMatchObject({ ETag: HELLO });
  });
});

describe('reading', () => {
  it('[S3-GET-2] tells of a key that is not there', async () => {
    await expect(get('missing')).rejects.toMatchObject({
      ...refused('NoSuchKey', 404, 'The specified key does not exist.'),
      Key: 'missing',
    });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it.each([
    ['bytes=1-3', 'ell', 'bytes 1-3/5'],
    ['bytes=3-', 'lo', 'bytes 3-4/5'],
    ['bytes=-2', 'lo', 'bytes 3-4/5'],
    ['bytes=-99', 'hello', 'bytes 0-4/5'],
    ['bytes=0-99', 'hello', 'bytes 0-4/5'],
  ])('[S3-GET-4] gives %s', async (Range, text, ContentRange) => {
    await put('ranges');
    const got = await get('ranges', { Range });
    expect(got).toMatchObject({ text, ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } });
  });

  it('[S3-GET-4] refuses what is beyond the end, and gives all for several', async () => {
    await put('ranges');
    for (const Range of ['bytes=5-', 'bytes=9-12', 'bytes=-0']) {
      await expect(get('ranges', { Range })).rejects.toMatchObject({
        ...refused('InvalidRange', 416),
        ActualObjectSize: '5',
      });
    }
    for (const Range of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=3-1']) {
      expect(await get('ranges', { Range })).toMatchObject({ text: 'hello', $metadata: { httpStatusCode: 200 } });
    }
  });

  it('[S3-GET-5] replaces headers where that is asked for', async () => {
    await put('headers');
    const got = await get('headers', {
      ResponseContentType: 'text/csv',
      ResponseContentDisposition: 'attachment; filename="x.csv"',
    });
    expect(got).toMatchObject({ ContentType: 'text/csv', ContentDisposition: 'attachment; filename="x.csv"' });
    for (const wrong of ['a\r\nSet-Cookie: x=1', 'name=日本']) {
      await expect(get('headers', { ResponseContentDisposition: wrong })).rejects.toMatchObject(
        refused('InvalidArgument', 400, 'Header value cannot be represented using ISO-8859-1.'),
      );
    }
  });

  it('[S3-IF-1] [S3-IF-2] asks whether the object is the one the caller knows', async () => {
    await put('known');
    const { LastModified, ETag } = await get('known');
    const earlier = new Date(LastModified!.getTime() - 60_000);
    const later = new Date(LastModified!.getTime() + 60_000);

    await expect(get('known', { IfMatch: ETag, IfUnmodifiedSince: earlier })).resolves.toMatchObject({ text: 'hello' });
    for (const broken of [{ IfMatch: '"other"' }, { IfUnmodifiedSince: earlier }]) {
      await expect(get('known', broken)).rejects.toMatchObject(refused('PreconditionFailed', 412));
    }
    for (const unchanged of [{ IfNoneMatch: ETag }, { IfNoneMatch: '*' }, { IfModifiedSince: LastModified }]) {
      await expect(get('known', unchanged)).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    }
    for (const changed of [{ IfNoneMatch: '"other"', IfModifiedSince: later }, { IfModifiedSince: earlier }]) {
      await expect(get('known', changed)).resolves.toMatchObject({ text: 'hello' });
    }
  });

  it('[S3-SUM-4] gives the checksum back with the whole object only', async () => {
    const { ChecksumSHA256 } = await put('summed', { ChecksumAlgorithm: 'SHA256' });
    expect(ChecksumSHA256).toBe('LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=');
    expect(await get('summed')).toMatchObject({ ChecksumSHA256, ChecksumType: 'FULL_OBJECT' });
    expect((await get('summed', { Range: 'bytes=0-1' })).ChecksumSHA256).toBeUndefined();
  });
});

it('[S3-IF-3] writes and deletes on conditions', async () => {
  await put('once', { IfNoneMatch: '*' });
  await expect(put('once', { IfNoneMatch: '*', Body: 'again' })).rejects.toMatchObject(
    refused('PreconditionFailed', 412),
  );
  await expect(put('once', { IfMatch: '"other"', Body: 'again' })).rejects.toMatchObject(
    refused('PreconditionFailed', 412),
  );
  await expect(put('never', { IfMatch: HELLO })).rejects.toMatchObject(refused('NoSuchKey', 404));
  await expect(put('once', { IfNoneMatch: HELLO })).rejects.toMatchObject(refused('NotImplemented', 501));
  expect((await get('once')).text).toBe('hello');
  const remove = (IfMatch: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'once', IfMatch }));
  await expect(remove('"other"')).rejects.toMatchObject(refused('PreconditionFailed', 412));
  await remove(HELLO);
  await expect(get('once')).rejects.toMatchObject(refused('NoSuchKey', 404));
});

describe('copying', () => {
  const copy = (Key: string, source: string, more: object = {}) =>
    s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${encodeURIComponent(source)}`, ...more }));

  it('[S3-COPY-1] takes everything along, or says anew what it says', async () => {
    await put('from é', { ContentType: 'text/plain', Metadata: { a: '1' }, Tagging: 'k=v' });
    const { CopyObjectResult } = await copy('to', 'from é');
    expect(CopyObjectResult).toMatchObject({ ETag: HELLO });
    expect(await get('to')).toMatchObject({
      text: 'hello',
      Metadata: { a: '1' },
      TagCount: 1,
      ContentType: 'text/plain',
    });
    await copy('to', 'from é', { MetadataDirective: 'REPLACE', TaggingDirective: 'REPLACE', Metadata: { b: '2' } });
    const replaced = await get('to');
    expect(replaced).toMatchObject({ text: 'hello', Metadata: { b: '2' }, ContentType: 'binary/octet-stream' });
    expect(replaced.TagCount).toBeUndefined();
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'from é' }));
    expect((await get('to')).text).toBe('hello');
  });

  it('[S3-COPY-2] refuses a copy that changes nothing, and a source that is none', async () => {
    await put('same');
    await expect(copy('same', 'same')).rejects.toMatchObject(
      refused('InvalidRequest', 400, /copy an object to itself/),
    );
    await copy('same', 'same', { MetadataDirective: 'REPLACE', Metadata: { now: 'here' } });
    expect(await get('same')).toMatchObject({ text: 'hello', Metadata: { now: 'here' } });
    await expect(copy('x', 'missing')).rejects.toMatchObject(refused('NoSuchKey', 404));
    for (const CopySource of ['nothing', '/%zz/x']) {
      await expect(s3.send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource }))).rejects.toMatchObject(
        refused('InvalidArgument', 400),
      );
    }
  });

  it('[S3-COPY-3] is made on conditions of the source', async () => {
    await put('source');
    await expect(copy('x', 'source', { CopySourceIfMatch: '"other"' })).rejects.toMatchObject(
      refused('PreconditionFailed', 412),
    );
    await expect(copy('x', 'source', { CopySourceIfNoneMatch: HELLO })).rejects.toMatchObject(
      refused('PreconditionFailed', 412),
    );
    await expect(copy('x', 'source', { CopySourceIfMatch: HELLO })).resolves.toBeDefined();
  });
});

describe('deleting', () => {
  it('[S3-DELETE-1] leaves nothing, and answers the same for nothing', async () => {
    await put('gone');
    for (const _ of [1, 2]) {
      const { $metadata } = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
      expect($metadata.httpStatusCode).toBe(204);
    }
    await expect(get('gone')).rejects.toMatchObject(refused('NoSuchKey', 404));
  });

  it('[S3-DELETE-2] [S3-DELETE-3] takes up to a thousand keys', async () => {
    await putAll(s3, Bucket, ['d/1', 'd/ 2&', 'd/3']);
    const remove = (keys: readonly string[], Quiet = false) =>
      s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet } }));
    const { Deleted, Errors } = await remove(['d/1', 'd/ 2&', 'd/none']);
    expect({ Deleted, Errors }).toEqual({
      Deleted: [{ Key: 'd/1' }, { Key: 'd/ 2&' }, { Key: 'd/none' }],
      Errors: undefined,
    });
    expect((await remove(['d/3'], true)).Deleted).toBeUndefined();
    for (const key of ['d/1', 'd/ 2&', 'd/3']) await expect(get(key)).rejects.toMatchObject(refused('NoSuchKey', 404));
    const many = Array.from({ length: 1001 }, (_, index) => `k${index}`);
    await expect(remove(many)).rejects.toMatchObject(refused('MalformedXML', 400));
    await expect(remove([])).rejects.toMatchObject(refused('MalformedXML', 400));
  });
});

describe('tags', () => {
  const tag = (Key: string, tags: { [key: string]: string } | [string, string][]) =>
    s3.send(
      new PutObjectTaggingCommand({
        Bucket,
        Key,
        Tagging: {
          TagSet: (Array.isArray(tags) ? tags : Object.entries(tags)).map(([k, v]) => ({ Key: k, Value: v })),
        },
      }),
    );
  const tagsOf = async (Key: string) => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;

  it('[S3-TAG-1] are set, read and removed', async () => {
    await put('tagged', { Tagging: 'a=1%202' });
    expect(await tagsOf('tagged')).toEqual([{ Key: 'a', Value: '1 2' }]);
    await tag('tagged', { b: '2', c: '' });
    expect(await tagsOf('tagged')).toEqual([
      { Key: 'b', Value: '2' },
      { Key: 'c', Value: '' },
    ]);
    expect((await get('tagged')).text).toBe('hello');
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
    expect(await tagsOf('tagged')).toEqual([]);
    await expect(tag('untagged', { a: '1' })).rejects.toMatchObject(refused('NoSuchKey', 404));
  });

  it('[S3-TAG-2] are ten at most, each once, and of what S3 takes', async () => {
    await put('tagged');
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'v']));
    await expect(tag('tagged', eleven)).rejects.toMatchObject(refused('BadRequest', 400));
    const keys: [string, string][] = [
      ['k'.repeat(129), 'v'],
      ['k', 'v'.repeat(257)],
      ['aws:k', 'v'],
      ['k?', 'v'],
    ];
    for (const wrong of keys) {
      await expect(tag('tagged', [wrong])).rejects.toMatchObject(refused('InvalidTag', 400));
    }
    const twice: [string, string][] = [
      ['k', '1'],
      ['k', '2'],
    ];
    await expect(tag('tagged', twice)).rejects.toMatchObject(refused('InvalidTag', 400));
    await expect(put('tagged-2', { Tagging: 'k=1&k=2' })).rejects.toMatchObject(refused('InvalidArgument', 400));
    expect(await tagsOf('tagged')).toEqual([]);
  });
});
