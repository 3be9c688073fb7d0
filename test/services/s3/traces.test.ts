import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { startBench } from '../../harness/bench.ts';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { createPool, createUserPool, getCredentials, getId } from '../identity-pools/setup.ts';
import { s3Client } from './setup.ts';

it('[PR-TRACE-1] shows how long an object was, short texts, and no session token', async () => {
  await using bench = await startBench();
  const s3 = s3Client(bench);
  await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
  await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'bytes', Body: Buffer.alloc(100_000, 1) }));
  await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'text', Body: 'a note', ContentType: 'text/plain' }));
  await (await s3.send(new GetObjectCommand({ Bucket: 'photos', Key: 'text' }))).Body!.transformToString();
  const id = await getId(bench, await createPool(bench, [await createUserPool(bench)]));
  const { credentials } = await getCredentials(bench, id);
  const token = encodeURIComponent(credentials.sessionToken);
  const scope = `${credentials.accessKeyId}%2F20260101%2Fus-east-1%2Fs3%2Faws4_request`;
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${scope}&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0&X-Amz-Security-Token=${token}`;
  expect((await fetch(`${bench.url}/photos/text?${query}`)).status).toBe(403);

  const { records: calls } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace');
  const bodies = calls
    .filter(({ service }) => service === 's3')
    .map(({ request, response }) => [request.body, response.body]);
  expect(bodies).toContainEqual([{ bytes: 100_000 }, null]);
  expect(bodies).toContainEqual(['a note', null]);
  expect(bodies).toContainEqual([null, 'a note']);
  const last = calls.find(({ request }) => request.path.includes('X-Amz-Security-Token'));
  expect(last?.fault?.code).toBe('AccessDenied');
  expect(JSON.stringify(last)).not.toContain(token);
});
