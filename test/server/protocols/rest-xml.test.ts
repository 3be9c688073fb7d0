import { request } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { CreateBucketCommand, GetBucketAclCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksum } from '../../../src/main/kernel/checksums.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
  const s3 = new S3Client({ ...bench.sdk, forcePathStyle: true });
  for (const Bucket of ['photos', 'health']) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'k', Body: '<script>', ContentType: 'text/html' }));
});
afterAll(() => bench.stop());

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

interface Sent {
  readonly method?: string;
  readonly query?: { readonly [name: string]: string };
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly host?: string;
}

/** A request as it is, signed by a developer unless it is sent `plain`. */
async function send(
  path: string,
  { method = 'GET', query = {}, headers = {}, body = '', host }: Sent = {},
  plain = false,
) {
  const { port, hostname } = new URL(bench.url);
  const signer = new SignatureV4({
    service: 's3',
    region: REGION,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' },
    sha256: Sha256,
    uriEscapePath: false,
  });
  const hash = checksum('SHA256', Buffer.from(body)).toString('hex');
  const unsigned = { ...headers, host: `${host ?? hostname}:${port}`, 'x-amz-content-sha256': hash };
  const message = { method, path, query, headers: unsigned, protocol: 'http:', hostname };
  const all = plain ? unsigned : (await signer.sign(message)).headers;
  const search = new URLSearchParams(query).toString();
  return new Promise<Answer>((resolve, reject) => {
    const options = { hostname, port, method, path: search === '' ? path : `${path}?${search}` };
    const outgoing = request(
      { ...options, headers: { ...all, 'content-length': Buffer.byteLength(body) } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          resolve({ status: incoming.statusCode!, text: Buffer.concat(chunks).toString(), headers: incoming.headers });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('S3’s requests', () => {
  it('[S3-FIND-1] are known by their signature alone', async () => {
    expect(await send('/photos/k')).toMatchObject({ status: 200, text: '<script>' });
    expect((await send('/photos/k', {}, true)).text).not.toContain('<script>');
    // A bucket may be called like a path of the bench.
    expect((await send('/health', { query: { 'list-type': '2' } })).text).toContain('<Name>health</Name>');
    expect((await send('/health', {}, true)).text).toContain('"edition":"poolbench"');
    expect(await send('/_bench/clock')).toMatchObject({ status: 404 });
    expect((await send('/_bench/clock')).text).toContain('<Code>NoSuchBucket</Code>');
  });

  it.each([
    ['GET', '/photos', 'acl'],
    ['PUT', '/photos', 'versioning'],
    ['GET', '/photos', 'tagging'],
    ['DELETE', '/photos', 'tagging'],
    ['GET', '/photos', 'policy'],
    ['GET', '/photos', 'versions'],
    ['GET', '/photos/k', 'acl'],
    ['GET', '/photos/k', 'versionId'],
    ['DELETE', '/photos/k', 'versionId'],
    ['POST', '/photos/k', 'restore'],
    ['GET', '/photos/k', 'attributes'],
  ])('[S3-FIND-2] %s %s?%s is refused by its name', async (method, path, name) => {
    const { status, text } = await send(path, { method, query: { [name]: '' } });
    expect(status).toBe(501);
    expect(text).toMatch(new RegExp(`<Code>NotImplemented</Code><Message>.*${name}`, 'i'));
    expect(await send('/photos/k')).toMatchObject({ status: 200 });
  });

  it('[S3-FIND-2] are never taken for another operation', async () => {
    const s3 = new S3Client({ ...bench.sdk, forcePathStyle: true });
    await expect(s3.send(new GetBucketAclCommand({ Bucket: 'photos' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'Poolbench does not implement this part of S3: GET ?acl.',
    });
    const copied = { 'x-amz-copy-source': 'photos/k' };
    const part = { query: { partNumber: '1', uploadId: 'x' }, headers: copied };
    expect((await send('/photos/other', { method: 'PUT', ...part })).text).toContain('UploadPartCopy');
    for (const [method, path] of [
      ['PATCH', '/photos/k'],
      ['POST', '/photos/k'],
      ['PATCH', '/photos'],
      ['DELETE', '/'],
      ['GET', '//k'],
    ] as const) {
      expect((await send(path, { method })).status).toBe(405);
    }
  });

  it('[S3-FIND-7] come in forms by their name', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const answer = await send('/photos', { method: 'POST', headers, body: '--b--' }, true);
    expect(answer).toMatchObject({ status: 501, text: expect.stringContaining('PostObject') as string });
  });

  it('[S3-FIND-5] may name the bucket in the host', async () => {
    for (const host of ['photos.localhost', 'photos.s3.localhost']) {
      expect(await send('/k', { host })).toMatchObject({ status: 200, text: '<script>' });
      expect((await send('/', { host })).text).toContain('<Name>photos</Name>');
    }
    expect((await send('/', { host: 's3.localhost' })).text).toContain('<ListAllMyBucketsResult');
    expect(await send('/k', { host: 'photos.example.com' })).toMatchObject({ status: 403 });
  });
});

describe('S3’s answers', () => {
  it('[S3-FIND-4] are documents without an origin', async () => {
    for (const path of ['/photos/k', '/photos', '/missing/k']) {
      expect((await send(path)).headers).toMatchObject({
        'content-security-policy': 'sandbox',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('[S3-FIND-6] can be read by apps of any origin, also after a preflight', async () => {
    expect((await send('/photos/k')).headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
    });
    const headers = { origin: 'http://app.example', 'access-control-request-method': 'PUT' };
    const preflight = await send('/photos/k', { method: 'OPTIONS', headers }, true);
    expect(preflight.status).toBe(200);
    expect(preflight.headers['access-control-allow-methods']).toContain('PUT');
  });

  it('[S3-XML-1] are XML where something is refused, and nothing to HEAD', async () => {
    const { text, headers, status } = await send('/photos/a%26b');
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/xml');
    expect(text).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>[^<]+<\/Message><Key>a&amp;b<\/Key><RequestId>[^<]+<\/RequestId><HostId>[^<]+<\/HostId><\/Error>$/,
    );
    expect(headers['x-amz-request-id']).toBe(/<RequestId>(.*?)</.exec(text)?.[1]);
    expect(await send('/photos/none', { method: 'HEAD' })).toMatchObject({ status: 404, text: '' });
    expect(await send('/photos/k', { method: 'HEAD' })).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': '8' },
    });
    expect((await send('/photos/%ff')).text).toContain('<Code>InvalidURI</Code>');
  });

  it('[S3-PUT-2] name a path that is not UTF-8', async () => {
    expect((await send('/photos/%c3%28', { method: 'PUT', body: 'x' })).text).toContain('<Code>InvalidURI</Code>');
  });
});

describe('[S3-XML-2] a document that is sent', () => {
  const tag = async (body: string): Promise<string | undefined> => {
    const headers = { 'content-md5': checksum('MD5', Buffer.from(body)).toString('base64') };
    const { text } = await send('/photos/k', { method: 'PUT', query: { tagging: '' }, body, headers });
    return /<Code>(.*?)<\/Code>/.exec(text)?.[1];
  };

  it.each([
    ['no XML', 'hello'],
    ['cut off', '<Tagging><TagSet>'],
    ['another root', '<Tags><TagSet/></Tags>'],
    ['without what is required', '<Tagging/>'],
    ['with a member twice', '<Tagging><TagSet/><TagSet/></Tagging>'],
    ['with a document type', '<!DOCTYPE x [<!ENTITY a "b">]><Tagging><TagSet/></Tagging>'],
    ['with an unknown entity', '<Tagging><TagSet><Tag><Key>&a;</Key><Value/></Tag></TagSet></Tagging>'],
    ['two roots', '<Tagging><TagSet/></Tagging><Tagging/>'],
    ['elements within a value', '<Tagging><TagSet><Tag><Key>a<b>c</b></Key><Value>v</Value></Tag></TagSet></Tagging>'],
  ])('is refused when it is %s', async (_what, body) => {
    expect(await tag(body)).toBe('MalformedXML');
  });

  it.each([
    ['deep', `<Tagging>${'<a>'.repeat(400_000)}${'</a>'.repeat(400_000)}</Tagging>`],
    ['deep behind quotes', `<Tagging>${'<a b="/>">'.repeat(200_000)}${'</a>'.repeat(200_000)}</Tagging>`],
    ['full of namespaces', `<Tagging ${Array.from({ length: 60_000 }, (_, at) => `xmlns:a${at}="b"`).join(' ')}/>`],
    ['full of elements', `<Tagging><TagSet>${'<Tag/>'.repeat(200_000)}</TagSet></Tagging>`],
  ])('keeps nobody waiting when it is %s', async (_what, body) => {
    const start = performance.now();
    expect(await tag(body)).toBe('MalformedXML');
    // The parser alone would take several seconds.
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('is refused when there is none, and taken with or without a namespace', async () => {
    expect(await tag('')).toBe('MissingRequestBodyError');
    expect(await tag('<Tagging><TagSet/></Tagging>')).toBeUndefined();
    const set = '<TagSet><!-- a --><Tag><Key>a&#x62;</Key><Value><![CDATA[1]]> &amp;</Value></Tag></TagSet>';
    expect(await tag(`<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${set}</Tagging>`)).toBe('InvalidTag');
    const plain = set.replace(' &amp;', '');
    expect(await tag(`<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${plain}</Tagging>`)).toBeUndefined();
    const { text } = await send('/photos/k', { query: { tagging: '' } });
    expect(text).toContain('<TagSet><Tag><Key>ab</Key><Value>1</Value></Tag></TagSet>');
  });
});
