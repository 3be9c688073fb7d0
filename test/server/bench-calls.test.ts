import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { action } from '../../src/main/control/action.ts';
import { BenchError } from '../../src/main/kernel/fault.ts';
import { createBrowserGuard } from '../../src/main/server/browser-guard.ts';
import { startFakeServer, type FakeServer } from './fake-server.ts';
import { ROW_SERVICES } from '../../src/main/server/operations.ts';

let server: FakeServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'poolbench-page-'));
  mkdirSync(join(folder, 'ui', 'assets'), { recursive: true });
  writeFileSync(
    join(folder, 'ui', 'index.html'),
    '<!doctype html><html><head><title>Poolbench</title></head><body></body></html>',
  );
  writeFileSync(join(folder, 'ui', 'assets', 'index-AbCd_123.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'not for the page');
  server = await startFakeServer({
    config: { pageFolder: join(folder, 'ui') },
    actions: [
      action({
        method: 'GET',
        path: '/things/{name}',
        summary: 'One thing.',
        input: z.object({ name: z.string(), deep: z.coerce.number().int().default(1) }),
        output: z.object({ name: z.string() }),
        run: (input, { account }) => ({ ...input, account }),
      }),
      action({
        method: 'POST',
        path: '/things/{name}',
        summary: 'Makes a thing.',
        input: z.strictObject({ name: z.string(), size: z.number() }),
        run: (input) => input,
      }),
      action({
        method: 'GET',
        path: '/health',
        summary: 'Health.',
        input: z.object({}),
        run: () => ({ status: 'ok' }),
      }),
      action({
        method: 'DELETE',
        path: '/things',
        summary: 'Fails.',
        input: z.object({ how: z.string().optional() }),
        run: ({ how }) => {
          throw how === 'unexpectedly'
            ? new Error('a secret of the house')
            : new BenchError('InUse', 'It is in use.', 409);
        },
      }),
    ],
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request with headers that fetch does not let a program set. */
function send(path: string, headers: { [name: string]: string } = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const errorOf = ({ text }: Answer): string => (JSON.parse(text) as { error: { code: string } }).error.code;

describe('names the bench answers to', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST:9330', '[::1]:9330', 'cognito-idp.localhost', '127.0.0.2'])(
    '[PR-BENCH-1] answers to %s',
    async (host) => {
      expect((await send('/health', { host })).status).toBe(200);
    },
  );

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.7', 'user@localhost', ' '])(
    '[PR-BENCH-1] does not answer to %j',
    async (host) => {
      for (const [path, method] of [
        ['/health', 'GET'],
        ['/', 'POST'],
        ['/_bench/health', 'GET'],
        ['/_bench/ui/', 'GET'],
      ] as const) {
        const { status } = await send(path, { host }, method);
        expect([path, status]).toEqual([path, 403]);
      }
    },
  );

  it('[PR-BENCH-1] answers to the public name, and to addresses once it listens beyond loopback', () => {
    const guard = createBrowserGuard({ host: '0.0.0.0', publicUrl: 'https://bench.example:8443' }, 'token');
    expect(['bench.example', '192.168.1.5:9330', '[fe80::1]'].map((host) => guard.isKnownHost(host))).toEqual([
      true,
      true,
      true,
    ]);
    expect(guard.isKnownHost('evil.example')).toBe(false);
    expect(guard.isOwnOrigin({ origin: 'https://bench.example:8443', host: 'bench.example' })).toBe(true);
  });
});

describe('browsers', () => {
  const own = (): { [name: string]: string } => ({
    host: `127.0.0.1:${server.port}`,
    origin: server.url,
    'sec-fetch-site': 'same-origin',
  });

  it('[PR-BENCH-2] need the launch token, and get by with it', async () => {
    expect(errorOf(await send('/_bench/things/a', own()))).toBe('TokenMissing');
    expect(errorOf(await send('/_bench/things/a', { ...own(), 'x-poolbench-token': `${server.token}x` }))).toBe(
      'TokenMissing',
    );
    expect((await send('/_bench/things/a', { ...own(), 'x-poolbench-token': server.token })).status).toBe(200);
    expect((await send('/_bench/health', own())).status).toBe(200);
  });

  it.each<[title: string, headers: { [name: string]: string }]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['no origin at all', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another page of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('[PR-BENCH-2] of %s are refused, token or not', async (_title, headers) => {
    const sent = await send(
      '/_bench/things',
      { ...headers, 'x-poolbench-token': server.token, 'content-type': 'text/plain' },
      'DELETE',
    );
    expect([sent.status, errorOf(sent)]).toEqual([403, 'OriginNotAllowed']);
    expect(sent.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('[PR-BENCH-2] get no permission from a preflight', async () => {
    const { headers } = await send(
      '/_bench/things',
      { origin: 'https://evil.example', 'access-control-request-method': 'DELETE' },
      'OPTIONS',
    );
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('[PR-BENCH-2] other programs need nothing', async () => {
    expect((await send('/_bench/things/a')).status).toBe(200);
  });
});

describe('calls', () => {
  it('[PR-BENCH-3] read path, query and body, in this order', async () => {
    const got = await send('/_bench/things/a%20b?deep=3&name=other');
    expect(JSON.parse(got.text)).toEqual({ name: 'a b', deep: 3, account: '000000000000' });
    const made = await send('/_bench/things/a', {}, 'POST', '{"size":2,"name":"other"}');
    expect(JSON.parse(made.text)).toEqual({ name: 'a', size: 2 });
  });

  it.each<[title: string, body: string, sentence: string]>([
    ['a wrong type', '{"size":"2"}', 'size: Invalid input: expected number, received string'],
    ['a missing member', '{}', 'size: Invalid input: expected number, received undefined'],
    ['an unknown member', '{"size":1,"colour":"red"}', 'Unrecognized key: "colour"'],
    ['no JSON', '{', 'The body is not JSON.'],
    ['a list', '[1]', 'The body must be a JSON object.'],
  ])('[PR-BENCH-3] refuse %s in a sentence', async (_title, body, sentence) => {
    const answer = await send('/_bench/things/a', {}, 'POST', body);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { error: { code: 'InvalidInput', message: sentence } },
    ]);
  });

  it('[PR-BENCH-3] refuse unknown paths, wrong methods and large bodies', async () => {
    expect([(await send('/_bench/nothing')).status, errorOf(await send('/_bench/nothing'))]).toEqual([404, 'NotFound']);
    expect([(await send('/_bench')).status]).toEqual([404]);
    const method = await send('/_bench/things/a', {}, 'DELETE');
    expect([method.status, JSON.parse(method.text)]).toEqual([
      405,
      { error: { code: 'MethodNotAllowed', message: '/_bench/things/a takes GET, POST.' } },
    ]);
    expect((await send('/_bench/things/a', {}, 'POST', ' '.repeat(2 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await send('/_bench/things/%E0%A4%A', {})).status).toBe(400);
  });

  it('[PR-BENCH-3] answer errors of the bench with their status, and hide unexpected ones', async () => {
    const known = await send('/_bench/things', {}, 'DELETE');
    expect([known.status, JSON.parse(known.text)]).toEqual([
      409,
      { error: { code: 'InUse', message: 'It is in use.' } },
    ]);
    const unexpected = await send('/_bench/things?how=unexpectedly', {}, 'DELETE');
    expect(unexpected.status).toBe(500);
    expect(unexpected.text).not.toContain('secret');
  });

  it.each<[headers: { [name: string]: string }, account: string]>([
    [{}, '000000000000'],
    [{ 'x-poolbench-account': '123456789012' }, '123456789012'],
    [{ authorization: 'AWS4-HMAC-SHA256 Credential=210987654321/20150101/us-east-1/x/aws4_request' }, '210987654321'],
    [{ authorization: 'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20150101/us-east-1/x/aws4_request' }, '000000000000'],
  ])('[PR-BENCH-4] with %j are of the account %s', async (headers, account) => {
    expect(JSON.parse((await send('/_bench/things/a', headers)).text)).toMatchObject({ account });
  });

  it.each(['12345678901', 'abc', '1234567890123'])('[PR-BENCH-4] refuse the account %s', async (account) => {
    expect(errorOf(await send('/_bench/things/a', { 'x-poolbench-account': account }))).toBe('InvalidAccount');
  });

  it('[PR-BENCH-3] are described as OpenAPI', async () => {
    const document = JSON.parse((await send('/_bench/openapi.json')).text) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/_bench/things/{name}']).toMatchObject({
      get: {
        parameters: [
          { name: 'name', in: 'path', required: true },
          { name: 'deep', in: 'query', required: false },
        ],
      },
      post: { requestBody: { content: { 'application/json': { schema: { required: ['size'] } } } } },
    });
  });

  it('[PR-BENCH-3] that wait end when the bench stops', async () => {
    const other = await startFakeServer({
      actions: [
        action({
          method: 'GET',
          path: '/waits',
          summary: 'Waits.',
          input: z.object({}),
          run: (_input, { signal }) => {
            arrived();
            return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ waited: true })));
          },
        }),
      ],
    });
    let arrived = (): void => {};
    const under = new Promise<void>((resolve) => (arrived = resolve));
    const waiting = fetch(`${other.url}/_bench/waits`);
    await under;
    const closed = other[Symbol.asyncDispose]();
    expect(await (await waiting).json()).toEqual({ waited: true });
    await closed;
  });
});

describe('the page', () => {
  it('[PR-BENCH-6] carries the token, and is kept by no cache and no frame', async () => {
    const { status, headers, text } = await send('/_bench/ui/');
    expect(status).toBe(200);
    expect(text).toContain(`<meta name="poolbench-token" content="${server.token}" />`);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    const policy = headers['content-security-policy'] as string;
    expect(policy).toContain(`default-src 'self'`);
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${server.port}`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(policy).not.toContain('script-src');
  });

  it('[PR-BENCH-6] comes with its files, and with nothing else', async () => {
    const script = await send('/_bench/ui/assets/index-AbCd_123.js');
    expect([script.status, script.headers['content-type'], script.headers['cache-control']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
    for (const path of ['../secret.txt', '%2e%2e/secret.txt', '..%2fsecret.txt', 'assets', 'nothing.js', '%00', '%']) {
      expect([path, (await send(`/_bench/ui/${path}`)).status]).toEqual([path, 404]);
    }
    expect((await send('/_bench/ui/', {}, 'POST')).status).toBe(405);
  });

  it('[PR-BENCH-6] is found from the root and without its slash', async () => {
    const root = await send('/', { accept: 'text/html,application/xhtml+xml' });
    expect([root.status, root.headers.location]).toEqual([302, '/_bench/ui/']);
    const bare = await send('/_bench/ui');
    expect([bare.status, bare.headers.location]).toEqual([308, '/_bench/ui/']);
  });

  it('[PR-BENCH-6] may be linked to from another site, but not read by it', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await send('/_bench/ui/', link)).status).toBe(200);
    expect((await send('/_bench/ui/', { ...link, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await send('/_bench/ui/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(
      403,
    );
  });
});

describe('health in the form that tools wait for', () => {
  it.each(['/health', '/_localstack/health'])('is at %s', async (path) => {
    expect(JSON.parse((await send(path)).text)).toEqual({
      services: Object.fromEntries(ROW_SERVICES.map((service) => [service, 'running'])),
      edition: 'poolbench',
      version: '0.0.0',
    });
  });
});

describe('clients that offer another protocol', () => {
  it('[PR-FIND-1] are answered as if they had not', async () => {
    const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
    expect((await send('/health', offer)).status).toBe(200);
    const target = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Nobody.Nothing' };
    expect((await send('/', { ...offer, ...target }, 'POST', '{}')).text).toBe(
      '{"__type":"UnknownOperationException"}',
    );
  });
});

describe('the event socket', () => {
  interface Opened {
    socket: WebSocket;
    /** Messages so far; resolves once there are as many. */
    messages(count: number): Promise<{ type: string; data: unknown }[]>;
  }

  function open(
    query = '',
    options: { headers?: { [name: string]: string }; protocols?: string[]; path?: string } = {},
  ): Promise<Opened> {
    const address = `ws://127.0.0.1:${server.port}${options.path ?? '/_bench/events'}${query}`;
    const socket = new WebSocket(address, options.protocols ?? [], { headers: options.headers ?? {} });
    const received: { type: string; data: unknown }[] = [];
    let heard = (): void => {};
    socket.on('message', (data: Buffer) => {
      received.push(JSON.parse(data.toString()) as { type: string; data: unknown });
      heard();
    });
    const messages = async (count: number): Promise<typeof received> => {
      while (received.length < count) await new Promise<void>((resolve) => (heard = resolve));
      return received;
    };
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve({ socket, messages }));
      socket.on('error', reject);
    });
  }

  it('[PR-BENCH-5] says hello, then what happens in its account', async () => {
    const { socket, messages } = await open('?account=111111111111');
    server.bus.publish('user-pool.changed', { account: '222222222222', userPoolId: 'b' });
    server.bus.publish('user-pool.changed', { account: '111111111111', userPoolId: 'a' });
    server.bus.publish('clock.changed', { now: 'x', mode: 'real', offsetSeconds: 0 });
    server.bus.publish('bench.reset', {});
    expect(await messages(4)).toEqual([
      { type: 'hello', data: { version: '0.0.0', url: server.url, account: '111111111111' } },
      { type: 'user-pool.changed', data: { account: '111111111111', userPoolId: 'a' } },
      { type: 'clock.changed', data: { now: 'x', mode: 'real', offsetSeconds: 0 } },
      { type: 'bench.reset', data: {} },
    ]);
    socket.terminate();
  });

  it('[PR-BENCH-5] carries finished calls', async () => {
    const { socket, messages } = await open();
    await server.json('AWSCognitoIdentityProviderService.GetUser', {});
    expect((await messages(2))[1]).toMatchObject({ type: 'trace.closed', data: { record: { operation: 'GetUser' } } });
    socket.terminate();
  });

  it('[PR-BENCH-2] lets a browser in from its own page with the token', async () => {
    const headers = { origin: server.url };
    const { socket } = await open('', { headers, protocols: [`poolbench.${server.token}`] });
    expect(socket.protocol).toBe(`poolbench.${server.token}`);
    socket.terminate();
    await expect(open('', { headers })).rejects.toThrow('403');
    await expect(open('', { headers, protocols: ['poolbench.wrong'] })).rejects.toThrow('403');
    await expect(
      open('', { headers: { origin: 'https://evil.example' }, protocols: [`poolbench.${server.token}`] }),
    ).rejects.toThrow('403');
  });

  it('[PR-BENCH-5] refuses other names, paths and accounts', async () => {
    await expect(open('', { headers: { host: 'evil.example' } })).rejects.toThrow('403');
    await expect(open('', { path: '/_bench/elsewhere' })).rejects.toThrow('404');
    await expect(open('?account=me')).rejects.toThrow('400');
  });
});
