import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  DeleteObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { createBucket, putAll, refused, s3Client } from './setup.ts';

let bench: TestBench;
let s3: S3Client;

beforeAll(async () => {
  bench = await startBench();
  s3 = s3Client(bench);
});
afterAll(() => bench.stop());

describe('a bucket', () => {
  it('[S3-BUCKET-1] has to be made first, and nothing else makes it', async () => {
    const missing = refused('NoSuchBucket', 404, 'The specified bucket does not exist');
    const put = new PutObjectCommand({ Bucket: 'nowhere', Key: 'k', Body: 'x' });
    await expect(s3.send(put)).rejects.toMatchObject(missing);
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'nowhere' }))).rejects.toMatchObject(missing);
    await expect(s3.send(new DeleteBucketCommand({ Bucket: 'nowhere' }))).rejects.toMatchObject(missing);
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'nowhere' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3.send(put)).rejects.toMatchObject(missing);
  });

  it.each(['ab', 'Photos', 'a..b', '192.168.5.4', 'xn--photos', 'photos-s3alias', '-photos', 'a'.repeat(64)])(
    '[S3-BUCKET-2] cannot be called %s',
    async (Bucket) => {
      await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject(
        refused('InvalidBucketName', 400, 'The specified bucket is not valid.'),
      );
    },
  );

  it('[S3-BUCKET-3] [S3-BUCKET-4] is made once in a region, where the request is signed for it', async () => {
    const made = await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
    expect(made.Location).toBe('/photos');
    await expect(s3.send(new CreateBucketCommand({ Bucket: 'photos' }))).resolves.toMatchObject({
      Location: '/photos',
    });

    const inEurope = s3Client(bench, { region: 'eu-west-1' });
    const there = new CreateBucketCommand({
      Bucket: 'fotos',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    });
    await inEurope.send(there);
    await expect(inEurope.send(there)).rejects.toMatchObject(refused('BucketAlreadyOwnedByYou', 409));
    await expect(
      inEurope.send(
        new CreateBucketCommand({
          Bucket: 'fotos-2',
          CreateBucketConfiguration: { LocationConstraint: 'eu-north-1' },
        }),
      ),
    ).rejects.toMatchObject(refused('IllegalLocationConstraintException', 400, /^The eu-north-1 location constraint/));
  });

  it('[S3-BUCKET-5] answers to requests for its own region and tells others which that is', async () => {
    await s3.send(
      new CreateBucketCommand({ Bucket: 'far-away', CreateBucketConfiguration: { LocationConstraint: 'ap-south-1' } }),
    );
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'far-away' }))).rejects.toMatchObject({
      name: 'AuthorizationHeaderMalformed',
      Region: 'ap-south-1',
      message: `The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'ap-south-1'`,
    });
    await expect(s3.send(new GetBucketLocationCommand({ Bucket: 'far-away' }))).resolves.toMatchObject({
      LocationConstraint: 'ap-south-1',
    });
    const near = s3Client(bench, { region: 'ap-south-1' });
    await expect(near.send(new HeadBucketCommand({ Bucket: 'far-away' }))).resolves.toMatchObject({
      BucketRegion: 'ap-south-1',
    });
    const Bucket = await createBucket(s3);
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).toBeUndefined();
  });

  it('[S3-BUCKET-6] is not touched for who expects another owner', async () => {
    const Bucket = await createBucket(s3);
    const put = (ExpectedBucketOwner: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ExpectedBucketOwner }));
    await expect(put('111122223333')).rejects.toMatchObject(refused('AccessDenied', 403, 'Access Denied'));
    await expect(put('000000000000')).resolves.toBeDefined();
  });

  it('[S3-BUCKET-7] is deleted when it is empty, with the uploads under way', async () => {
    const Bucket = await createBucket(s3);
    await putAll(s3, Bucket, ['k']);
    await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject(refused('BucketNotEmpty', 409));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
    await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject(refused('NoSuchBucket', 404));
  });

  it('[S3-FIND-3] takes no setting that is not here', async () => {
    const settings = [
      { ACL: 'public-read' as const },
      { ObjectLockEnabledForBucket: true },
      { CreateBucketConfiguration: { Tags: [{ Key: 'a', Value: 'b' }] } },
    ];
    for (const setting of settings) {
      await expect(s3.send(new CreateBucketCommand({ Bucket: 'plain', ...setting }))).rejects.toMatchObject(
        refused('NotImplemented', 501, /ACL|ObjectLockEnabledForBucket|Tags/),
      );
    }
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'plain' }))).rejects.toThrow();
  });
});

it('[S3-BUCKET-8] [S3-BUCKET-9] lists an account’s own buckets, until a reset', async () => {
  const account = '444455556666';
  const own = s3Client(bench, bench.sdkFor(account));
  for (const Bucket of ['pens', 'penguins', 'paper']) await own.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: 'pens' }));
  await own.send(new PutObjectCommand({ Bucket: 'pens', Key: 'k', Body: 'theirs' }));
  await expect(s3.send(new DeleteBucketCommand({ Bucket: 'pens' }))).resolves.toBeDefined();

  const names = async (query: object): Promise<{ names: unknown[]; token: string | undefined }> => {
    const { Buckets, ContinuationToken } = await own.send(new ListBucketsCommand(query));
    return { names: (Buckets ?? []).map(({ Name }) => Name), token: ContinuationToken };
  };
  expect((await names({})).names).toEqual(['paper', 'penguins', 'pens']);
  expect((await names({ Prefix: 'pen' })).names).toEqual(['penguins', 'pens']);
  expect((await names({ BucketRegion: 'eu-west-1' })).names).toEqual([]);
  const first = await names({ MaxBuckets: 2 });
  expect(first.names).toEqual(['paper', 'penguins']);
  expect(await names({ MaxBuckets: 2, ContinuationToken: first.token })).toEqual({ names: ['pens'], token: undefined });

  const headers = { 'x-poolbench-account': account };
  expect((await fetch(`${bench.url}/_bench/reset`, { method: 'POST', headers })).status).toBe(200);
  expect((await names({})).names).toEqual([]);
});
