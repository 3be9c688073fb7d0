import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { createBucket, refused, s3Client } from './setup.ts';

let bench: TestBench;
let s3: S3Client;
let Bucket: string;

beforeAll(async () => {
  bench = await startBench();
  // Checksums are asked for where they matter.
  s3 = s3Client(bench, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  Bucket = await createBucket(s3);
});
afterAll(() => bench.stop());

const LEAST = 5 * 1024 * 1024;
const FIRST = Buffer.alloc(LEAST, 'one');
const SECOND = Buffer.alloc(LEAST, 'two');
const LAST = Buffer.from('the end');
const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return UploadId!;
}

async function part(Key: string, UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> {
  const { $metadata: _, ...sums } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { ...sums, PartNumber };
}

const complete = (Key: string, UploadId: string, Parts: CompletedPart[], more: object = {}) =>
  s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));

describe('an upload in parts', () => {
  it('[S3-PART-1] [S3-PART-3] [S3-PART-4] [S3-GET-6] is one object when it is completed', async () => {
    const Key = 'whole/é';
    const upload = await begin(Key, { ContentType: 'video/mp4', Metadata: { by: 'ada' }, Tagging: 'a=b' });
    const third = await part(Key, upload, 7, LAST);
    const second = await part(Key, upload, 2, SECOND);
    await part(Key, upload, 1, SECOND);
    const first = await part(Key, upload, 1, FIRST);
    await part(Key, upload, 9, LAST);
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NotFound' });

    const { ETag, Location } = await complete(Key, upload, [first, second, third]);
    expect(ETag).toBe(`"${md5(Buffer.concat([FIRST, SECOND, LAST].map(md5))).toString('hex')}-3"`);
    expect(Location).toBe(`${bench.url}/${Bucket}/whole/%C3%A9`);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(got).toMatchObject({ ContentType: 'video/mp4', Metadata: { by: 'ada' }, TagCount: 1, ETag });
    const bytes = Buffer.from(await got.Body!.transformToByteArray());
    expect(bytes.equals(Buffer.concat([FIRST, SECOND, LAST]))).toBe(true);

    const across = await s3.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${LEAST - 2}-${2 * LEAST + 2}` }));
    const wanted = Buffer.concat([FIRST, SECOND, LAST]).subarray(LEAST - 2, 2 * LEAST + 3);
    expect(Buffer.from(await across.Body!.transformToByteArray()).equals(wanted)).toBe(true);

    const one = await s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 3 }));
    expect(one).toMatchObject({ PartsCount: 3, ContentLength: LAST.length, $metadata: { httpStatusCode: 206 } });
    expect(await one.Body!.transformToString()).toBe('the end');
    await expect(s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 4 }))).rejects.toMatchObject(
      refused('InvalidRange', 416),
    );

    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent(Key)}` }));
    const copy = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect(copy).toMatchObject({ ContentLength: bytes.length, ETag: `"${md5(bytes).toString('hex')}"` });
  });

  it('[S3-PART-2] is known by its id and key until it is over', async () => {
    const upload = await begin('over');
    const missing = refused('NoSuchUpload', 404, /^The specified upload does not exist/);
    await expect(part('other', upload, 1, LAST)).rejects.toMatchObject(missing);
    await expect(part('over', 'made-up', 1, LAST)).rejects.toMatchObject(missing);
    const only = await part('over', upload, 1, LAST);
    await complete('over', upload, [only]);
    await expect(complete('over', upload, [only])).rejects.toMatchObject(missing);
    const second = await begin('over');
    await part('over', second, 1, FIRST);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'over', UploadId: second }));
    await expect(part('over', second, 1, LAST)).rejects.toMatchObject(missing);
    await expect(
      s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'over', UploadId: second })),
    ).rejects.toMatchObject(missing);
  });

  it('[S3-PART-3] [S3-PART-4] [S3-PART-5] [S3-PART-6] is not completed with a wrong list', async () => {
    const Key = 'wrong';
    const upload = await begin(Key);
    for (const number of [0, 10_001]) {
      await expect(part(Key, upload, number, LAST)).rejects.toMatchObject(refused('InvalidArgument', 400));
    }
    const small = await part(Key, upload, 1, LAST);
    const second = await part(Key, upload, 2, FIRST);
    await expect(complete(Key, upload, [])).rejects.toMatchObject(refused('MalformedXML', 400));
    await expect(complete(Key, upload, [second, small])).rejects.toMatchObject(refused('InvalidPartOrder', 400));
    await expect(complete(Key, upload, [small, second])).rejects.toMatchObject({
      ...refused('EntityTooSmall', 400),
      PartNumber: '1',
      ProposedSize: '7',
    });
    for (const wrong of [
      { ...second, ETag: small.ETag },
      { PartNumber: 3, ETag: second.ETag },
    ]) {
      await expect(complete(Key, upload, [wrong])).rejects.toMatchObject(refused('InvalidPart', 400));
    }
    await expect(complete(Key, upload, [second], { MpuObjectSize: 5 })).rejects.toMatchObject(
      refused('InvalidRequest', 400),
    );
    await expect(complete(Key, upload, [second], { MpuObjectSize: LEAST })).resolves.toBeDefined();
  });

  it('[S3-PART-7] has a checksum made of its parts, or of all bytes', async () => {
    const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
    const composite = await begin('composite', { ChecksumAlgorithm: 'SHA256' });
    const first = await part('composite', composite, 1, FIRST);
    const last = await part('composite', composite, 2, LAST);
    expect(first.ChecksumSHA256).toBe(sha256(FIRST).toString('base64'));
    await expect(
      complete('composite', composite, [{ ...first, ChecksumSHA256: last.ChecksumSHA256 }, last]),
    ).rejects.toMatchObject(refused('InvalidPart', 400));
    const value = `${sha256(Buffer.concat([FIRST, LAST].map(sha256))).toString('base64')}-2`;
    await expect(complete('composite', composite, [first, last])).resolves.toMatchObject({
      ChecksumSHA256: value,
      ChecksumType: 'COMPOSITE',
    });

    const whole = await begin('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const named = [await part('full', whole, 1, FIRST), await part('full', whole, 2, LAST)];
    const wrong = { ChecksumCRC32: 'AAAAAA==', ChecksumType: 'FULL_OBJECT' };
    await expect(complete('full', whole, named, wrong)).rejects.toMatchObject(refused('BadDigest', 400));
    const another = { ChecksumSHA1: sha256(LAST).subarray(0, 20).toString('base64') };
    await expect(complete('full', whole, named, another)).rejects.toMatchObject(
      refused('InvalidRequest', 400, /expected checksum Type: crc32, actual checksum Type: sha1/),
    );
    const { ChecksumCRC32 } = await complete('full', whole, named);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'full', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ChecksumCRC32, ChecksumType: 'FULL_OBJECT' });

    const mixed = await begin('mixed', { ChecksumAlgorithm: 'SHA1' });
    const other = new UploadPartCommand({
      Bucket,
      Key: 'mixed',
      UploadId: mixed,
      PartNumber: 1,
      Body: LAST,
      ChecksumAlgorithm: 'CRC32',
    });
    await expect(s3.send(other)).rejects.toMatchObject(refused('InvalidRequest', 400, /expected checksum Type: sha1/));
    await expect(begin('x', { ChecksumAlgorithm: 'SHA1', ChecksumType: 'FULL_OBJECT' })).rejects.toMatchObject(
      refused('InvalidRequest', 400),
    );
  });

  it('[S3-PART-8] is listed with its parts', async () => {
    const list = async (more: object = {}) => {
      const answer = await s3.send(new ListMultipartUploadsCommand({ Bucket: own, ...more }));
      const names = [
        ...(answer.Uploads ?? []).map(({ Key }) => Key),
        ...(answer.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      ];
      return { ...answer, names };
    };
    const own = await createBucket(s3);
    const start = async (Key: string): Promise<string> => {
      await bench.advance({ seconds: 1 });
      return (await s3.send(new CreateMultipartUploadCommand({ Bucket: own, Key }))).UploadId!;
    };
    const [b1, a, b2] = [await start('b/x'), await start('a'), await start('b/x')];
    await start('b/y');
    expect((await list()).Uploads?.map(({ UploadId }) => UploadId).slice(0, 3)).toEqual([a, b1, b2]);
    expect((await list({ Delimiter: '/' })).names).toEqual(['a', 'b/']);
    expect((await list({ Prefix: 'b/y' })).names).toEqual(['b/y']);
    const first = await list({ MaxUploads: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'b/x', NextUploadIdMarker: b1 });
    const second = await list({ MaxUploads: 2, KeyMarker: 'b/x', UploadIdMarker: b1 });
    expect(second.Uploads?.map(({ UploadId }) => UploadId)).toContain(b2);
    expect(second.names).toEqual(['b/x', 'b/y']);
    expect((await list({ KeyMarker: 'b/x' })).names).toEqual(['b/y']);

    const upload = await begin('listed');
    for (const number of [3, 1, 2]) await part('listed', upload, number, LAST);
    const parts = (more: object) => s3.send(new ListPartsCommand({ Bucket, Key: 'listed', UploadId: upload, ...more }));
    const page = await parts({ MaxParts: 2 });
    expect(page.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 7],
      [2, 7],
    ]);
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' });
    const rest = await parts({ PartNumberMarker: '2' });
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
  });
});
