import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checksum } from '../../../src/main/kernel/checksums.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser } from '../../services/iam/setup.ts';
import { createPool, createUserPool, getCredentials, getId } from '../../services/identity-pools/setup.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

interface Message {
  readonly method: string;
  readonly path: string;
  readonly query?: { readonly [name: string]: string };
  readonly headers: { readonly [name: string]: string };
  readonly body?: string | Buffer;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Of the error document. */
  readonly code: string | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

let bench: TestBench;
let host: string;
let keys: Keys;

beforeAll(async () => {
  bench = await startBench();
  host = new URL(bench.url).host;
  ({ credentials: keys } = await createUser(bench, allow('s3:*')));
  const s3 = new S3Client({ ...bench.sdk, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
});
afterAll(() => bench.stop());
beforeEach(() => bench.call('POST', '/clock', { reset: true }));

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

function signer(credentials: Keys = keys): SignatureV4 {
  return new SignatureV4({ service: 's3', region: REGION, credentials, sha256: Sha256, uriEscapePath: false });
}

const address = { protocol: 'http:', hostname: 'localhost' };

/** Signed in its header; the clock of the bench is frozen, so dates are taken from it. */
async function signed(message: Message, credentials?: Keys, signingDate = new Date()): Promise<Message> {
  const { body = '', headers } = message;
  const hash = headers['x-amz-content-sha256'] ?? sha256(body);
  const { headers: all } = await signer(credentials).sign(
    {
      ...address,
      ...message,
      query: { ...message.query },
      headers: { ...headers, host, 'x-amz-content-sha256': hash },
    },
    { signingDate },
  );
  return { ...message, headers: all };
}

async function presigned(
  message: Message,
  expiresIn = 60,
  credentials?: Keys,
  signingDate = new Date(),
): Promise<Message> {
  const { query, headers } = await signer(credentials).presign(
    { ...address, ...message, query: { ...message.query }, headers: { ...message.headers, host } },
    { signingDate, expiresIn },
  );
  return { ...message, query: query as Message['query'] & {}, headers };
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function send({ method, path, query = {}, headers, body = '' }: Message): Promise<Answer> {
  const search = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const { port, hostname } = new URL(bench.url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path: search.length === 0 ? path : `${path}?${search.join('&')}`,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1];
          resolve({ status: incoming.statusCode!, text, code, headers: incoming.headers });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const put = (path: string, body: string | Buffer = 'hello', headers: Message['headers'] = {}): Message => ({
  method: 'PUT',
  path,
  body,
  headers,
});
const get = (path: string, query: { [name: string]: string } = {}): Message => ({
  method: 'GET',
  path,
  query,
  headers: {},
});

async function stored(path: string): Promise<string | undefined> {
  const { status, text } = await send(await signed(get(path)));
  return status === 200 ? text : undefined;
}

describe('a signature in the header', () => {
  it.each([
    '/photos/a//b',
    '/photos/../a',
    '/photos/%C3%A9%20%2B%26',
    '/photos/%21%27%28%29%2A~',
    '/photos/a%2Fb',
    '/photos/./x/',
  ])('[S3-SIGN-1] covers the path %s once and as it is', async (path) => {
    expect(await send(await signed(put(path, path)))).toMatchObject({ status: 200 });
    expect(await stored(path)).toBe(path);
  });

  it('[S3-SIGN-9] does not fit when method, path, query, header or date were changed', async () => {
    const good = await signed({
      ...put('/photos/k'),
      headers: { 'x-amz-meta-a': '1' },
      query: { 'x-id': 'PutObject' },
    });
    const { headers } = good;
    const date = headers['x-amz-date']!;
    const changed: Message[] = [
      { ...good, method: 'DELETE' },
      { ...good, path: '/photos/other' },
      { ...good, query: { 'x-id': 'Other' } },
      { ...good, headers: { ...headers, 'x-amz-meta-a': '2' } },
      { ...good, headers: { ...headers, 'x-amz-date': `${date.slice(0, 13)}59Z` } },
      { ...good, headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
      { ...good, headers: { ...headers, authorization: headers['authorization']!.replace(/.{4}$/, '0000') } },
    ];
    for (const message of changed) {
      const answer = await send(message);
      expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
      expect(answer.text).toMatch(/<StringToSign>AWS4-HMAC-SHA256\n.*<CanonicalRequest>/s);
    }
    expect(await stored('/photos/k')).toBeUndefined();
    expect(await send(good)).toMatchObject({ status: 200 });
  });

  it('[S3-SIGN-9] names what is wrong with it as S3 does', async () => {
    const good = await signed(put('/photos/k'));
    const other = async (credentials: Keys): Promise<Answer> => send(await signed(put('/photos/k'), credentials));
    expect(await other({ ...keys, secretAccessKey: 'guessed' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(await other({ ...keys, sessionToken: 'stray' })).toMatchObject({ status: 400, code: 'InvalidToken' });

    const unsigned = await send({ ...good, headers: { ...good.headers, 'x-amz-meta-late': '1' } });
    expect(unsigned).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(unsigned.text).toContain('<HeadersNotSigned>x-amz-meta-late</HeadersNotSigned>');

    const without = (part: RegExp): Message => ({
      ...good,
      headers: { ...good.headers, authorization: good.headers['authorization']!.replace(part, '') },
    });
    expect(await send(without(/SignedHeaders=[^,]*, /))).toMatchObject({
      status: 400,
      code: 'AuthorizationHeaderMalformed',
    });
    const day = good.headers['x-amz-date']!.slice(0, 8);
    const wrongDay = good.headers['authorization']!.replace(day, '20200101');
    expect(await send({ ...good, headers: { ...good.headers, authorization: wrongDay } })).toMatchObject({
      code: 'AuthorizationHeaderMalformed',
    });
  });

  it.each(['constructor', '__proto__', 'set-cookie'])(
    '[S3-SIGN-9] covers %s like a header, or like none',
    async (name) => {
      const good = await signed(put('/photos/k'));
      const authorization = good.headers['authorization']!.replace('SignedHeaders=', `SignedHeaders=${name};`);
      const headers = { ...good.headers, authorization, 'set-cookie': 'a=b' };
      expect(await send({ ...good, headers })).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    },
  );

  it('[S3-SIGN-11] is one of version 4', async () => {
    const old = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
    const { accessKeyId } = keys;
    const query = { AWSAccessKeyId: accessKeyId, Signature: 'abc=', Expires: '2000000000' };
    for (const message of [
      { ...get('/photos/k'), headers: { authorization: `AWS ${accessKeyId}:abc=` } },
      get('/photos/k', query),
      { ...put('/photos/k'), query },
    ]) {
      const answer = await send({ ...message, headers: { host, ...message.headers } });
      expect(answer).toMatchObject({ status: 400, code: 'InvalidRequest' });
      expect(answer.text).toContain(old);
    }
  });

  it('[S3-SIGN-9] of credentials that a pool vended needs their token, and ends with them', async () => {
    const people = await createUserPool(bench);
    const id = await getId(bench, await createPool(bench, [people]));
    const { credentials } = await getCredentials(bench, id);
    const { sessionToken: _, ...without } = credentials;
    const message = get('/photos/k');
    expect(await send(await signed(message, credentials))).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await send(await signed(message, without))).toMatchObject({ status: 400, code: 'InvalidToken' });
    expect(await send(await signed(message, { ...credentials, sessionToken: 'x' }))).toMatchObject({
      code: 'InvalidToken',
    });
    await bench.advance({ hours: 2 });
    expect(await send(await signed(message, credentials))).toMatchObject({ status: 400, code: 'ExpiredToken' });
  });

  it('[S3-SIGN-7] may be fifteen minutes off', async () => {
    const now = new Date();
    const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
    for (const offset of [-14, 14]) {
      expect(await send(await signed(put('/photos/time'), undefined, minutes(offset)))).toMatchObject({ status: 200 });
    }
    for (const offset of [-16, 16]) {
      const answer = await send(await signed(put('/photos/time'), undefined, minutes(offset)));
      expect(answer).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
      expect(answer.text).toContain('<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>');
    }
  });

  it('[S3-SIGN-2] [S3-SIGN-3] [S3-SIGN-4] says what it signs of the body', async () => {
    const good = await signed(put('/photos/body'));
    for (const body of ['hellO', '', 'hello!']) {
      const answer = await send({ ...good, body });
      expect(answer).toMatchObject({ status: 400, code: 'XAmzContentSHA256Mismatch' });
    }
    const { 'x-amz-content-sha256': _, ...less } = good.headers;
    expect(await send({ ...good, headers: less })).toMatchObject({ status: 400, code: 'InvalidRequest' });
    const odd = await signed(put('/photos/body', 'hello', { 'x-amz-content-sha256': 'none' }));
    expect(await send(odd)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect(await stored('/photos/body')).toBeUndefined();
    const open = await signed(put('/photos/body', 'hello', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }));
    expect(await send({ ...open, body: 'changed' })).toMatchObject({ status: 200 });
    expect(await stored('/photos/body')).toBe('changed');
  });

  it('[S3-SIGN-3] of a developer’s key is taken as it is, its body is not', async () => {
    const developer = { accessKeyId: ACCOUNT, secretAccessKey: 'anything' };
    const good = await signed(put('/photos/dev'), developer);
    expect(await send({ ...good, body: 'changed' })).toMatchObject({ status: 400, code: 'XAmzContentSHA256Mismatch' });
    expect(await send(good)).toMatchObject({ status: 200 });
  });
});

describe('a presigned address', () => {
  const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };

  it('[S3-SIGN-8] [S3-SIGN-10] [S3-POLICY-4] reads and writes until it expires', async () => {
    const write = await presigned(
      put('/photos/pre é'.replace(' é', '%20%C3%A9'), '', { ...unsigned, 'x-amz-meta-by': 'ada' }),
    );
    expect(write.headers).toEqual({ host });
    expect(await send({ ...write, body: 'hello' })).toMatchObject({ status: 200 });
    const read = await presigned({ ...get('/photos/pre%20%C3%A9'), headers: unsigned });
    const answer = await send(read);
    expect(answer).toMatchObject({ status: 200, text: 'hello' });
    expect(answer.headers['x-amz-meta-by']).toBe('ada');

    for (const changed of [
      { ...read, path: '/photos/other' },
      { ...read, method: 'DELETE' },
      { ...read, query: { ...read.query, 'X-Amz-Expires': '600' } },
      { ...read, query: { ...read.query, 'response-content-type': 'text/html' } },
    ]) {
      expect(await send(changed)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    }
    const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
    const late = await presigned({ ...get('/photos/pre%20%C3%A9'), headers: unsigned }, 60, keys, ago(2));
    await bench.advance({ minutes: 3 });
    const expired = await send(late);
    expect(expired).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(expired.text).toContain('<Message>Request has expired</Message>');
  });

  it.each([
    ['x-amz-meta-a', 'a\r\nset-cookie: b'],
    ['x-amz-meta-a', '☃'],
    ['x-amz-meta-☃', 'a'],
    ['x-amz-meta-a b', 'a'],
  ])('[S3-PUT-6] brings no metadata %j: %j, which no header could hold', async (name, value) => {
    const write = await presigned({ ...put('/photos/odd', '', unsigned), query: { [name]: value } });
    expect(await send({ ...write, body: 'hello' })).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect(await stored('/photos/odd')).toBeUndefined();
  });

  it('[S3-PUT-7] takes no body whose length nobody tells', async () => {
    const { path, query } = await presigned(put('/photos/unsaid', '', unsigned));
    const body = new Blob(['hello']).stream();
    const answer = await fetch(`${bench.url}${path}?${new URLSearchParams(query).toString()}`, {
      method: 'PUT',
      body,
      duplex: 'half',
    });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toMatch(/<Code>NotImplemented<.*<Header>Transfer-Encoding</);
    expect(await stored('/photos/unsaid')).toBeUndefined();
  });

  it('[S3-SIGN-8] [S3-SIGN-9] lives for seven days at most', async () => {
    const read = await presigned({ ...get('/photos/pre'), headers: unsigned });
    for (const expires of ['604801', '0', 'x']) {
      const changed = { ...read, query: { ...read.query, 'X-Amz-Expires': expires } };
      expect(await send(changed)).toMatchObject({ status: 400, code: 'AuthorizationQueryParametersError' });
    }
  });

  it('[S3-POLICY-4] may what its signer may when it is used', async () => {
    const { credentials } = await createUser(bench, allow('s3:GetObject', 'arn:aws:s3:::photos/mine/*'));
    const read = await presigned({ ...get('/photos/theirs'), headers: unsigned }, 60, credentials);
    expect(await send(read)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });
});

/** A body in chunks, framed by hand, since clients only send them over streams. */
describe('[S3-SIGN-5] [S3-SIGN-6] a body in chunks', () => {
  const CRC = checksum('CRC32', Buffer.from('hello world')).toString('base64');

  function signingKey(day: string): Buffer {
    const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
    return hmac(hmac(hmac(hmac(`AWS4${keys.secretAccessKey}`, day), REGION), 's3'), 'aws4_request');
  }

  async function framed(
    path: string,
    { trailer, spoil = (text) => text }: { trailer?: string; spoil?: (text: string) => string } = {},
  ): Promise<Message> {
    const claim = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? '' : '-TRAILER'}`;
    const headers = {
      'x-amz-content-sha256': claim,
      'x-amz-decoded-content-length': '11',
      'content-encoding': 'aws-chunked',
      ...(trailer === undefined ? {} : { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
    };
    const message = await signed(put(path, '', headers));
    const date = message.headers['x-amz-date']!;
    const day = date.slice(0, 8);
    const key = signingKey(day);
    let previous = /Signature=([0-9a-f]+)/.exec(message.headers['authorization']!)![1]!;
    const sign = (kind: string, rest: string): string => {
      const scope = `${date}\n${day}/${REGION}/s3/aws4_request`;
      const toSign = `AWS4-HMAC-SHA256-${kind}\n${scope}\n${previous}\n${rest}`;
      previous = createHmac('sha256', key).update(toSign).digest('hex');
      return previous;
    };
    let body = '';
    for (const chunk of ['hello ', 'world', '']) {
      const signature = sign('PAYLOAD', `${sha256('')}\n${sha256(chunk)}`);
      body += `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk}${chunk === '' ? '' : '\r\n'}`;
    }
    if (trailer !== undefined) {
      const line = `x-amz-checksum-crc32:${trailer}`;
      body += `${line}\r\nx-amz-trailer-signature:${sign('TRAILER', sha256(`${line}\n`))}\r\n`;
    }
    return { ...message, body: spoil(`${body}\r\n`) };
  }

  it('is put together', async () => {
    expect(await send(await framed('/photos/chunks'))).toMatchObject({ status: 200 });
    expect(await stored('/photos/chunks')).toBe('hello world');
    const answer = await send(await framed('/photos/trailed', { trailer: CRC }));
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers['x-amz-checksum-crc32']).toBe(CRC);
    expect(await stored('/photos/trailed')).toBe('hello world');
  });

  it.each<[string, string, (text: string) => string]>([
    ['a byte that is another', 'SignatureDoesNotMatch', (text) => text.replace('world', 'World')],
    ['chunks in another order', 'SignatureDoesNotMatch', (text) => text.replace(/^(6;.*\r\n)(5;.*?)(0;)/s, '$2$1$3')],
    ['a chunk that is not signed', 'SignatureDoesNotMatch', (text) => text.replace(/^6;[^\r]*/, '6')],
    ['a trailer that is another', 'SignatureDoesNotMatch', (text) => text.replace(CRC, 'AAAAAA==')],
    [
      'a trailer that is not signed',
      'SignatureDoesNotMatch',
      (text) => text.replace(/x-amz-trailer-signature.*\r\n/, ''),
    ],
    ['a chunk too few', 'IncompleteBody', (text) => text.replace(/5;.*?world\r\n/s, '')],
    ['no end', 'IncompleteBody', (text) => text.replace(/0;.*/s, '')],
    ['a chunk that is longer than it is', 'IncompleteBody', (text) => text.replace(/^6;/, 'ff;')],
    ['no trailer', 'MalformedTrailerError', (text) => text.replace(/x-amz-checksum.*\r\n/, '')],
    [
      'one more trailer',
      'MalformedTrailerError',
      (text) => text.replace('x-amz-trailer-s', 'x-amz-meta-a:1\r\nx-amz-trailer-s'),
    ],
    ['a trailer that is none', 'MalformedTrailerError', (text) => text.replace('x-amz-checksum-crc32:', 'oh ')],
  ])('with %s is refused as %s', async (_what, code, spoil) => {
    expect(await send(await framed('/photos/spoiled', { trailer: CRC, spoil }))).toMatchObject({ code });
    expect(await stored('/photos/spoiled')).toBeUndefined();
  });

  it('brings no setting in its trailer', async () => {
    const headers = {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-tagging',
    };
    const good = await signed(put('/photos/setting', '', headers));
    const body = '5\r\nhello\r\n0\r\nx-amz-tagging:secret=no\r\n\r\n';
    expect(await send({ ...good, body })).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(await stored('/photos/setting')).toBeUndefined();
  });

  it.each(['-5', '0x5', '+5', '5;chunk-extension=a', '1ffffffff', ' 5'])(
    'is refused with a chunk of the length %j',
    async (length) => {
      const headers = {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': '5',
      };
      const good = await signed(put('/photos/lengths', '', headers));
      const answer = await send({ ...good, body: `${length}\r\nhello\r\n0\r\n\r\n` });
      expect(answer).toMatchObject({ status: 400, code: 'IncompleteBody' });
      expect(await stored('/photos/lengths')).toBeUndefined();
    },
  );

  it('without signatures is checked by its trailer', async () => {
    const headers = {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-checksum-sha256',
    };
    const sum = checksum('SHA256', Buffer.from('hello')).toString('base64');
    const body = `5\r\nhello\r\n0\r\nx-amz-checksum-sha256:${sum}\r\n\r\n`;
    const good = { ...(await signed(put('/photos/open', '', headers))), body };
    expect(await send({ ...good, body: body.replace('hello', 'hellO') })).toMatchObject({ code: 'BadDigest' });
    expect(await send(good)).toMatchObject({ status: 200 });
    expect(await stored('/photos/open')).toBe('hello');
  });
});

describe('checksums', () => {
  const hello = Buffer.from('hello');

  it('[S3-SUM-1] of Content-MD5 are verified', async () => {
    const md5 = checksum('MD5', hello).toString('base64');
    const wrong = checksum('MD5', Buffer.from('other')).toString('base64');
    const putWith = async (value: string): Promise<Answer> =>
      send(await signed(put('/photos/md5', 'hello', { 'content-md5': value })));
    expect(await putWith(wrong)).toMatchObject({ status: 400, code: 'BadDigest' });
    expect(await putWith('md5')).toMatchObject({ status: 400, code: 'InvalidDigest' });
    expect(await stored('/photos/md5')).toBeUndefined();
    expect(await putWith(md5)).toMatchObject({ status: 200 });
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'MD5'] as const)(
    '[S3-SUM-2] %s is verified and kept',
    async (name) => {
      const header = `x-amz-checksum-${name.toLowerCase()}`;
      const path = `/photos/${name}`;
      const putWith = async (value: string): Promise<Answer> =>
        send(await signed(put(path, 'hello', { [header]: value })));
      const other = checksum(name, Buffer.from('other')).toString('base64');
      expect(await putWith(other)).toMatchObject({ status: 400, code: 'BadDigest' });
      expect(await putWith('AAA=')).toMatchObject({ status: 400, code: 'InvalidRequest' });
      expect(await stored(path)).toBeUndefined();
      const value = checksum(name, hello).toString('base64');
      expect((await putWith(value)).headers[header]).toBe(value);
      const shown = await send(await signed({ ...get(path), headers: { 'x-amz-checksum-mode': 'ENABLED' } }));
      expect(shown.headers[header]).toBe(value);
    },
  );

  it('[S3-SUM-2] [S3-SUM-3] come one at a time, of the kinds that are here', async () => {
    const sums = {
      'x-amz-checksum-crc32': checksum('CRC32', hello).toString('base64'),
      'x-amz-checksum-sha1': checksum('SHA1', hello).toString('base64'),
    };
    expect(await send(await signed(put('/photos/two', 'hello', sums)))).toMatchObject({ code: 'InvalidRequest' });
    const announced = { 'x-amz-sdk-checksum-algorithm': 'CRC32' };
    expect(await send(await signed(put('/photos/two', 'hello', announced)))).toMatchObject({ code: 'InvalidRequest' });
    const xx = { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' };
    expect(await send(await signed(put('/photos/two', 'hello', xx)))).toMatchObject({
      status: 501,
      code: 'NotImplemented',
    });
    expect(await stored('/photos/two')).toBeUndefined();
  });

  it('[S3-DELETE-3] must come with a deletion of many', async () => {
    const body = '<Delete><Object><Key>k</Key></Object></Delete>';
    const message = { method: 'POST', path: '/photos', query: { delete: '' }, body, headers: {} };
    expect(await send(await signed(message))).toMatchObject({ status: 400, code: 'InvalidRequest' });
    const headers = { 'content-md5': checksum('MD5', Buffer.from(body)).toString('base64') };
    expect(await send(await signed({ ...message, headers }))).toMatchObject({ status: 200 });
  });
});
