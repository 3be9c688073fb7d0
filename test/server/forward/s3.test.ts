import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser, policy } from '../../services/iam/setup.ts';
import { createPool, getCredentials, getId } from '../../services/identity-pools/setup.ts';
import { signedFetch, signedHeaders, type Credentials } from './signing.ts';
import { expectedAuthorization, startTarget, TARGET_KEY, type Got, type Target } from './target-server.ts';

const SUB = '${cognito-identity.amazonaws.com:sub}';

describe('S3 behind the gate', () => {
  let target: Target;
  let bench: TestBench;
  let guest: Credentials;
  let own: string;
  let s3: S3Client;
  const objects = new Map<string, Buffer>();

  beforeAll(async () => {
    target = await startTarget((got, response) => {
      const path = decodeURIComponent(got.url.split('?')[0]!);
      const body = objects.get(path);
      if (got.method === 'PUT') {
        objects.set(path, got.body);
        response.writeHead(200, { ETag: '"etag"' }).end();
      } else if (body !== undefined) {
        response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': body.length });
        response.end(got.method === 'HEAD' ? undefined : body);
      } else if (got.url.includes('list-type=2')) {
        response.writeHead(200, { 'Content-Type': 'application/xml' });
        response.end('<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>');
      } else if (got.method === 'POST') {
        response.writeHead(200, { 'Content-Type': 'application/xml' }).end('<DeleteResult></DeleteResult>');
      } else {
        response.writeHead(404, { 'Content-Type': 'application/xml' });
        response.end('<Error><Code>NoSuchKey</Code><Message>None of mine</Message></Error>');
      }
    });
    bench = await startBench({
      forward: [
        {
          service: 's3',
          url: target.url,
          credentials: { accessKeyId: TARGET_KEY.accessKeyId, secretKey: TARGET_KEY.secretAccessKey },
        },
      ],
    });
    const vended = await getCredentials(bench, await getId(bench, await createPool(bench)));
    guest = vended.credentials;
    own = vended.identityId;
    await new IAMClient(bench.sdk).send(
      new PutRolePolicyCommand({
        RoleName: 'Guest',
        PolicyName: 'folder',
        PolicyDocument: policy(
          allow('s3:ListBucket', 'arn:aws:s3:::photos', { Condition: { StringLike: { 's3:prefix': `${SUB}/*` } } }),
          allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], `arn:aws:s3:::photos/${SUB}/*`),
        ),
      }),
    );
    s3 = client(guest);
  });
  afterAll(async () => {
    await bench.stop();
    await target.stop();
  });
  beforeEach(() => {
    target.got.length = 0;
    objects.clear();
  });

  const client = (credentials: Credentials): S3Client =>
    new S3Client({ ...bench.sdk, credentials, forcePathStyle: true });
  const signedRightly = async (got: Got): Promise<boolean> =>
    got.headers.authorization === (await expectedAuthorization(got, 's3'));
  const at = (name: string): string => `/photos/${own}/${name}`;
  /** As SDKs send it: the colon of an identity's id is encoded. */
  const sent = (name: string): string => `/photos/${encodeURIComponent(own)}/${name}`;

  it('[GA-S3-1] lets an identity write and read in its own folder, and the target sees its own credentials', async () => {
    const Key = `${own}/a photo (1)+ü.txt`;
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body: 'hello', ContentType: 'text/plain' }));
    expect(objects.get(at('a photo (1)+ü.txt'))?.toString()).toBe('hello');
    expect(target.last().headers).toMatchObject({ 'content-type': 'text/plain', 'content-length': '5' });
    expect(target.last().headers['x-amz-security-token']).toBeUndefined();
    expect(await signedRightly(target.last())).toBe(true);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key }));
    expect(await Body!.transformToString()).toBe('hello');
    expect(await signedRightly(target.last())).toBe(true);
    expect(await s3.send(new HeadObjectCommand({ Bucket: 'photos', Key }))).toMatchObject({ ContentLength: 5 });
  });

  it('[GA-FORWARD-2] denies the folder of somebody else in the words of S3', async () => {
    const Key = 'us-east-1:11111111-1111-4111-8111-111111111111/photo.txt';
    for (const command of [
      new PutObjectCommand({ Bucket: 'photos', Key, Body: 'hello' }),
      new GetObjectCommand({ Bucket: 'photos', Key }),
      new GetObjectCommand({ Bucket: 'photos', Key: `${own}/photo.txt`, VersionId: 'one' }),
    ]) {
      await expect(s3.send(command)).rejects.toMatchObject({
        name: 'AccessDenied',
        $metadata: { httpStatusCode: 403 },
      });
    }
    expect(target.got).toEqual([]);
  });

  it('[GA-FORWARD-1] passes the target’s own errors back', async () => {
    await expect(s3.send(new GetObjectCommand({ Bucket: 'photos', Key: `${own}/none` }))).rejects.toMatchObject({
      name: 'NoSuchKey',
      message: 'None of mine',
    });
  });

  it('[GA-S3-2] knows the prefix of a listing', async () => {
    await s3.send(new ListObjectsV2Command({ Bucket: 'photos', Prefix: `${own}/` }));
    expect(target.got).toHaveLength(1);
    expect(await signedRightly(target.last())).toBe(true);
    for (const Prefix of [undefined, 'us-east-1:']) {
      await expect(s3.send(new ListObjectsV2Command({ Bucket: 'photos', Prefix }))).rejects.toThrow();
    }
    expect(target.got).toHaveLength(1);
  });

  it('[GA-S3-1] asks for a copy’s source, for tags and permissions, and for each key that is deleted', async () => {
    const copy = (CopySource: string) =>
      s3.send(new CopyObjectCommand({ Bucket: 'photos', Key: `${own}/copy`, CopySource }));
    await expect(copy('photos/secret')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(copy(`photos/${own}/..%2F..%2Fsecret`)).rejects.toThrow();
    const put = (more: object) =>
      s3.send(new PutObjectCommand({ Bucket: 'photos', Key: `${own}/one`, Body: 'hello', ...more }));
    await expect(put({ ACL: 'public-read' })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(put({ Tagging: 'team=red' })).rejects.toMatchObject({ name: 'AccessDenied' });
    const remove = (...keys: string[]) =>
      s3.send(new DeleteObjectsCommand({ Bucket: 'photos', Delete: { Objects: keys.map((Key) => ({ Key })) } }));
    await expect(remove(`${own}/one`, 'secret')).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(target.got).toEqual([]);
    await remove(`${own}/one`, `${own}/two`);
    expect(target.last()).toMatchObject({ method: 'POST', url: '/photos/?delete=' });
  });

  it('[GA-NAME-1] refuses what it cannot name: parameters it does not know, dot segments, two parts at once', async () => {
    for (const path of ['/photos?inventory', `/photos/${own}/a?acl&tagging`, `/photos/${own}/../secret`, '/_admin/x']) {
      const answer = await signedFetch(bench.url, bench.credentials, { service: 's3', method: 'GET', path });
      expect([path, answer.status]).toEqual([path, 400]);
    }
    expect(target.got).toEqual([]);
  });

  describe('somebody who may do everything in one bucket', () => {
    let owner: Credentials;
    beforeAll(async () => {
      ({ credentials: owner } = await createUser(
        bench,
        allow('s3:*', ['arn:aws:s3:::pics', 'arn:aws:s3:::pics/*']),
        allow('s3:GetObjectAcl', 'arn:aws:s3:::photos/*'),
        allow('s3:ListMultipartUploadParts', 'arn:aws:s3:::photos/*'),
      ));
    });
    const asks = (path: string, more: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
      signedFetch(bench.url, owner, { service: 's3', method: 'GET', path, ...more });
    const hosted = (bucket: string) => ({ headers: { host: `${bucket}.localhost:${new URL(bench.url).port}` } });

    it('[GA-S3-1] reaches no other bucket whose name the path of a hosted address begins with', async () => {
      await asks('/pics-secret/a', hosted('pics'));
      await asks('/pics/a', hosted('pics'));
      await asks('/a', hosted('pics'));
      await asks('/', hosted('pics'));
      await signedFetch(bench.url, bench.credentials, { service: 's3', method: 'GET', path: '/pi%63s/a' });
      expect(target.got.map(({ url }) => url)).toEqual([
        '/pics/pics-secret/a',
        '/pics/pics/a',
        '/pics/a',
        '/pics/',
        '/pi%63s/a',
      ]);
      expect((await asks('/a', hosted('photos'))).status).toBe(403);
    });

    it('[GA-NAME-1] is refused what servers read in two ways', async () => {
      for (const [path, more] of [
        ['/pics?prefix=a&prefix='],
        ['/pics?prefix=a+b'],
        ['/pics?prefix=a;delimiter=b'],
        ['/pics/a?versionid=7'],
        ['/pics/a;b'],
        ['/pics/a?acl&uploadId=7'],
        ['/pics?versions&list-type=2'],
        ['/photos/a?acl', { method: 'HEAD' }],
        ['/photos/a?uploadId=7', { method: 'HEAD' }],
        ['/pics/a?x-amz-copy-source=photos%2Fsecret', { method: 'PUT' }],
        ['/pics/a', { method: 'PUT', headers: { 'x-amz-copy-source': '/pics/a+b' } }],
        ['/pics/a', { method: 'PUT', headers: { 'x-amz-copy-source': '/pics/a#b' } }],
        ['/pics/a.tar', { method: 'PUT', headers: { 'x-amz-meta-snowball-auto-extract': 'true' } }],
        ['/pics', { headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' } }],
      ] as const) {
        // Whoever asks: signers tidy some of these up, and of a developer nothing is compared.
        const answer = await signedFetch(bench.url, bench.credentials, { service: 's3', method: 'GET', path, ...more });
        expect([path, answer.status]).toEqual([path, 400]);
      }
      expect(target.got).toEqual([]);
    });

    it('[GA-S3-1] deletes only keys that a body names in one way', async () => {
      const remove = (body: string) => asks('/pics?delete', { method: 'POST', body });
      const named = (...keys: string[]) => keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('');
      expect((await remove(`<?xml version="1.0" encoding="UTF-8"?><Delete>${named('a', 'b')}</Delete>`)).status).toBe(
        200,
      );
      expect(target.got).toHaveLength(1);
      for (const body of [
        '<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>',
        `<Delete>${named('a<!-- -->b')}</Delete>`,
        `<Delete>${named('<![CDATA[a]]>')}</Delete>`,
        `<!DOCTYPE x [<!ENTITY e "b">]><Delete>${named('&e;')}</Delete>`,
        `<?xml version="1.0" encoding="UTF-7"?><Delete>${named('a')}</Delete>`,
        `<Delete>${named('a')}</Delete><Delete>${named('b')}</Delete>`,
      ]) {
        const answer = await remove(body);
        expect([body, answer.status]).toEqual([body, 400]);
      }
      expect(target.got).toHaveLength(1);
    });

    it('[GA-S3-1] makes a bucket open or locked only with permissions of their own', async () => {
      const { credentials } = await createUser(bench, allow('s3:CreateBucket', 'arn:aws:s3:::fresh'));
      const create = async (headers: Record<string, string>) =>
        (await signedFetch(bench.url, credentials, { service: 's3', method: 'PUT', path: '/fresh', headers })).status;
      expect(await create({ 'x-amz-acl': 'private' })).toBe(200);
      expect(await create({ 'x-amz-acl': 'public-read' })).toBe(403);
      expect(await create({ 'x-amz-grant-read': 'id=everybody' })).toBe(403);
      expect(await create({ 'x-amz-bucket-object-lock-enabled': 'true' })).toBe(403);
      expect(target.got).toHaveLength(1);
    });

    it('[GA-FORWARD-5] hands on no header by which a server would do something else', async () => {
      const headers = {
        'x-minio-force-delete': 'true',
        'x-moto-account-id': '111111111111',
        'x-forwarded-host': 'photos.localhost',
        'x-original-url': '/photos/a',
        'x-http-method': 'PUT',
      };
      await asks('/pics/a', { method: 'DELETE', headers });
      for (const name of Object.keys(headers)) expect(target.last().headers[name]).toBeUndefined();
    });
  });

  it('[GA-SIGN-1] makes a plain body of framed chunks, and keeps the checksum that came after them', async () => {
    const Body = Readable.from([Buffer.from('streamed '), Buffer.from('by the SDK')]);
    await s3.send(
      new PutObjectCommand({
        Bucket: 'photos',
        Key: `${own}/framed`,
        Body,
        ContentLength: 19,
        ChecksumAlgorithm: 'CRC32',
      }),
    );
    expect(objects.get(at('framed'))?.toString()).toBe('streamed by the SDK');
    const { headers } = target.last();
    expect(headers['x-amz-checksum-crc32']).toMatch(/^.{6}==$/);
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['x-amz-trailer']).toBeUndefined();
    expect(await signedRightly(target.last())).toBe(true);
  });

  it('[GA-FORWARD-1] streams large objects both ways', async () => {
    const big = Buffer.alloc(80 * 1024 * 1024, 'poolbench');
    const path = sent('big');
    const headers = await signedHeaders(bench.url, guest, {
      service: 's3',
      method: 'PUT',
      path,
      headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    });
    const { hostname, port } = new URL(bench.url);
    const status = await new Promise<number>((resolve, reject) => {
      const sending = httpRequest({ hostname, port, method: 'PUT', path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      });
      sending.on('error', reject);
      Readable.from(
        (function* () {
          for (let from = 0; from < big.length; from += 1024 * 1024) yield big.subarray(from, from + 1024 * 1024);
        })(),
      ).pipe(sending);
    });
    expect(status).toBe(200);
    expect(objects.get(at('big'))?.equals(big)).toBe(true);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key: `${own}/big` }));
    const hash = createHash('sha256')
      .update(await Body!.transformToByteArray())
      .digest('hex');
    expect(hash).toBe(createHash('sha256').update(big).digest('hex'));
  });

  it('[GA-BODY-1] never lets a target have an altered body complete', async () => {
    const path = sent('altered');
    const body = Buffer.alloc(3 * 1024 * 1024, 'a');
    const headers = await signedHeaders(bench.url, guest, { service: 's3', method: 'PUT', path, body });
    const altered = Buffer.from(body);
    altered[altered.length - 1] = 0x62;
    const { hostname, port } = new URL(bench.url);
    const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sending = httpRequest({ hostname, port, method: 'PUT', path, headers }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        incoming.on('end', () => resolve({ status: incoming.statusCode!, text }));
      });
      sending.on('error', reject);
      sending.end(altered);
    });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('SignatureDoesNotMatch');
    expect(objects.has(at('altered'))).toBe(false);
    const { records } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace?limit=5000');
    expect(records.at(-1)!.reasons.at(-1)).toMatchObject({ rule: 'GA-BODY-1', outcome: 'refuse' });
    expect(target.got.filter(({ isComplete }) => isComplete)).toEqual([]);
  });

  it('[GA-SIGN-1] forwards presigned addresses with nothing of their signature left', async () => {
    const path = sent('signed');
    objects.set(at('signed'), Buffer.from('hello'));
    const { SignatureV4 } = await import('@smithy/signature-v4');
    const { Sha256 } = await import('@aws-crypto/sha256-js');
    const { host, hostname, port } = new URL(bench.url);
    const signer = new SignatureV4({
      service: 's3',
      region: 'us-east-1',
      credentials: guest,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const presigned = await signer.presign(
      {
        method: 'GET',
        protocol: 'http:',
        hostname,
        port: Number(port),
        path,
        query: {},
        headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      },
      {
        expiresIn: 60,
        unhoistableHeaders: new Set(['x-amz-content-sha256']),
        unsignableHeaders: new Set(['x-amz-content-sha256']),
      },
    );
    const query = new URLSearchParams(presigned.query as Record<string, string>).toString();
    const answer = await fetch(`${bench.url}${path}?${query}`);
    expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
    expect(target.last().url).not.toContain('X-Amz-');
    expect(await signedRightly(target.last())).toBe(true);
    const late = await fetch(`${bench.url}${path}?${query.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')}`);
    expect(late.status).toBe(403);
  });
});
