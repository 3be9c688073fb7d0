import { CreateBucketCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { TestBench } from '../../harness/bench.ts';
import { unique } from '../iam/setup.ts';

export function s3Client(bench: TestBench, overrides: Partial<S3ClientConfig> = {}): S3Client {
  return new S3Client({ ...bench.sdk, forcePathStyle: true, ...overrides });
}

/** A bucket that no other test of the run has. */
export async function createBucket(s3: S3Client): Promise<string> {
  const Bucket = unique('bucket-');
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

export async function putAll(s3: S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))));
}

/** What a refused call is expected to be refused with. */
export function refused(name: string, status: number, message: RegExp | string = /(?:)/): object {
  return {
    name,
    message: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
    $metadata: { httpStatusCode: status },
  };
}
