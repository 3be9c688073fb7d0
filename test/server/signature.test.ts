import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { request } from 'node:http';
import { CognitoSyncClient, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../src/main/kernel/clock.ts';
import type { Call } from '../../src/main/services/family.ts';
import { someCredentials, startFakeServer, type FakeServer } from './fake-server.ts';

let server: FakeServer;
const credentials = someCredentials();
const clock = createClock('real');

beforeAll(async () => {
  const whoAmI = (_input: never, call: Call): object => ({
    Account: call.account,
    Arn:
      call.caller.kind === 'session'
        ? call.caller.credentials.arn
        : call.caller.kind === 'developer'
          ? call.caller.arn
          : '',
    UserId: call.region,
  });
  server = await startFakeServer({
    clock,
    rows: {
      sts: { GetCallerIdentity: { run: whoAmI } },
      'cognito-sync': {
        ListRecords: { run: () => ({ Records: [] }), resources: () => ['arn:of:the:dataset'] },
        UpdateRecords: { run: () => ({ Records: [] }) },
        ListIdentityPoolUsage: { run: () => ({}) },
      },
      'cognito-idp': { ListUserPools: { run: () => ({}) } },
    },
  });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.vended.clear();
  server.vended.set(credentials.accessKeyId, credentials);
  clock.change({ reset: true });
});

const ID = 'us-east-1:66666666-7777-8888-9999-000000000000';
const ids = { IdentityPoolId: 'us-east-1:11111111-2222-3333-4444-555555555555', IdentityId: ID, DatasetName: 'd:s.1' };
const RECORDS = `/identitypools/${encodeURIComponent(ids.IdentityPoolId)}/identities/${encodeURIComponent(ID)}/datasets/d/records`;

interface Plain {
  method: string;
  path: string;
  query?: { [name: string]: string };
  headers: { [name: string]: string };
  body?: string;
}

function signer(
  service = 'cognito-sync',
  overrides: { secret?: string; token?: string | undefined; applyChecksum?: boolean } = {},
): SignatureV4 {
  const token = 'token' in overrides ? overrides.token : credentials.sessionToken;
  return new SignatureV4({
    service,
    region: 'eu-central-1',
    sha256: Sha256,
    applyChecksum: overrides.applyChecksum ?? true,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: overrides.secret ?? credentials.secretKey,
      ...(token === undefined ? {} : { sessionToken: token }),
    },
  });
}

async function signed(plain: Partial<Plain> = {}, by = signer(), date = new Date()): Promise<Plain> {
  const made = {
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: server.port,
    method: 'GET',
    path: RECORDS,
    query: {},
    ...plain,
    headers: { host: `127.0.0.1:${server.port}`, ...plain.headers },
  };
  return (await by.sign(made, { signingDate: date })) as unknown as Plain;
}

function send({
  method,
  path,
  query = {},
  headers,
  body,
}: Plain): Promise<{ status: number; code: string; text: string }> {
  const search = new URLSearchParams(query).toString().replaceAll('+', '%20');
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: server.port, method, path: search === '' ? path : `${path}?${search}`, headers },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          const code = String(response.headers['x-amzn-errortype'] ?? /<Code>(.*)<\/Code>/.exec(text)?.[1] ?? '');
          resolve({ status: response.statusCode!, code: code.replace(':', ''), text });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('signatures of real clients', () => {
  const config = () => ({
    endpoint: server.url,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretKey,
      sessionToken: credentials.sessionToken,
    },
  });

  it('[PR-SIGN-8] [PR-SIGN-11] verifies the SDK, with paths, queries and bodies that need encoding', async () => {
    const sync = new CognitoSyncClient(config());
    await sync.send(
      new ListRecordsCommand({ ...ids, MaxResults: 5, NextToken: "a+b/ c==!*'()", SyncSessionToken: 'é%20' }),
    );
    await sync.send(
      new UpdateRecordsCommand({ ...ids, SyncSessionToken: 'x', ClientContext: 'a  b', RecordPatches: [] }),
    );
    const { Account, Arn, UserId } = await new STSClient(config()).send(new GetCallerIdentityCommand({}));
    expect([Account, Arn, UserId]).toEqual([credentials.account, credentials.arn, 'eu-central-1']);
  });

  it('[PR-CALLER-5] asks the policies what a session may do, and nobody about a developer', async () => {
    server.asked.length = 0;
    await new CognitoSyncClient(config()).send(new ListRecordsCommand(ids));
    expect(server.asked).toEqual([
      expect.objectContaining({
        action: 'cognito-sync:ListRecords',
        account: credentials.account,
        resources: ['arn:of:the:dataset'],
        context: expect.objectContaining({
          'aws:RequestedRegion': 'eu-central-1',
          'aws:SourceIp': '127.0.0.1',
        }) as unknown,
      }),
    ]);
    await new CognitoSyncClient({ ...config(), credentials: { accessKeyId: 'me', secretAccessKey: 'x' } }).send(
      new ListRecordsCommand(ids),
    );
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ['123456789012', '123456789012'],
    ['12345678901', '000000000000'],
    ['AKIAIOSFODNN7EXAMPLE', '000000000000'],
  ])('[PR-SIGN-3] takes the key %s for root of %s', async (accessKeyId, account) => {
    const client = new STSClient({ ...config(), credentials: { accessKeyId, secretAccessKey: 'anything' } });
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    expect([Account, Arn]).toEqual([account, `arn:aws:iam::${account}:root`]);
  });
});

describe('what is wrong with a signature', () => {
  it('[PR-SIGN-1] misses it, in the words of each protocol', async () => {
    const bare = { method: 'GET', path: RECORDS, headers: {} };
    expect(await send(bare)).toMatchObject({ status: 403, code: 'MissingAuthenticationTokenException' });
    const json = await server.json('AWSCognitoIdentityProviderService.ListUserPools', { MaxResults: 1 });
    expect([json.status, await json.json()]).toEqual([
      400,
      { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
    ]);
    const query = await fetch(server.url, {
      method: 'POST',
      body: new URLSearchParams('Action=GetCallerIdentity&Version=2011-06-15'),
    });
    expect([query.status, await query.text()]).toEqual([
      403,
      expect.stringContaining(
        '<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>',
      ),
    ]);
  });

  it.each<[title: string, authorization: string]>([
    ['another scheme', 'Bearer abc'],
    ['no parts', 'AWS4-HMAC-SHA256'],
    ['no signature', 'AWS4-HMAC-SHA256 Credential=a/20150101/us-east-1/cognito-sync/aws4_request, SignedHeaders=host'],
    ['a short credential', 'AWS4-HMAC-SHA256 Credential=a/20150101/us-east-1, SignedHeaders=host, Signature=0'],
    ['no region', 'AWS4-HMAC-SHA256 Credential=a/20150101//cognito-sync/aws4_request, SignedHeaders=host, Signature=0'],
    [
      'another terminator',
      'AWS4-HMAC-SHA256 Credential=a/20150101/us-east-1/cognito-sync/aws5, SignedHeaders=host, Signature=0',
    ],
  ])('[PR-SIGN-2] is incomplete with %s', async (_title, authorization) => {
    const answer = await send({
      method: 'GET',
      path: RECORDS,
      headers: { authorization, 'x-amz-date': '20150101T000000Z' },
    });
    expect(answer).toMatchObject({ status: 403, code: 'IncompleteSignatureException' });
  });

  it('[PR-SIGN-2] is incomplete without a date', async () => {
    const { headers, ...rest } = await signed();
    const { 'x-amz-date': _, ...undated } = headers;
    expect(await send({ ...rest, headers: undated })).toMatchObject({ code: 'IncompleteSignatureException' });
  });

  it('[PR-SIGN-4] needs the session token of its key', async () => {
    for (const token of [undefined, 'another']) {
      expect(await send(await signed({}, signer('cognito-sync', { token })))).toMatchObject({
        status: 403,
        code: 'UnrecognizedClientException',
      });
    }
  });

  it('[PR-SIGN-5] expires on the bench’s clock', async () => {
    const short = someCredentials({ expiresAt: new Date(Date.now() + 3_600_000) });
    server.vended.set(short.accessKeyId, short);
    expect(await send(await signed())).toMatchObject({ status: 200 });
    clock.change({ advance: 3601 });
    expect(await send(await signed())).toMatchObject({ status: 403, code: 'ExpiredTokenException' });
    const sts = await signed(
      {
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
      },
      signer('sts'),
    );
    expect(await send(sts)).toMatchObject({ status: 403, code: 'ExpiredToken' });
  });

  it('[PR-SIGN-6] may be five minutes off, from real time or from the bench’s', async () => {
    const at = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
    expect(await send(await signed({}, signer(), at(-290)))).toMatchObject({ status: 200 });
    expect(await send(await signed({}, signer(), at(290)))).toMatchObject({ status: 200 });
    const late = await send(await signed({}, signer(), at(-310)));
    expect(late).toMatchObject({ status: 403, code: 'InvalidSignatureException' });
    expect(late.text).toContain('Signature expired');
    expect((await send(await signed({}, signer(), at(310)))).text).toContain('Signature not yet current');
    clock.change({ advance: 86_400 });
    expect(await send(await signed())).toMatchObject({ status: 200 });
    expect(await send(await signed({}, signer(), at(86_400)))).toMatchObject({ status: 200 });
    expect(await send(await signed({}, signer(), at(43_200)))).toMatchObject({ status: 403 });
  });

  it('[PR-SIGN-7] must cover host and every x-amz header', async () => {
    const extra = await signed();
    extra.headers['x-amz-client-context'] = 'added later';
    expect(await send(extra)).toMatchObject({ status: 403, code: 'InvalidSignatureException' });
    const agent = await signed();
    agent.headers['x-amz-user-agent'] = 'added by a library';
    expect(await send(agent)).toMatchObject({ status: 200 });
    const { headers, ...rest } = await signed();
    headers['authorization'] = headers['authorization']!.replace('host;', '');
    expect((await send({ ...rest, headers })).text).toContain("'host' must be a 'SignedHeader'");
  });

  it('[PR-SIGN-8] covers method, path, query, headers and body', async () => {
    const post = { method: 'POST', path: RECORDS.replace('/records', ''), body: '{"SyncSessionToken":"x"}' };
    expect(await send(await signed(post))).toMatchObject({ status: 200 });
    expect(await send({ ...(await signed(post)), body: '{"SyncSessionToken":"y"}' })).toMatchObject({ status: 403 });
    const get = await signed({ query: { lastSyncCount: '1' } });
    expect(await send(get)).toMatchObject({ status: 200 });
    expect(await send({ ...get, query: { lastSyncCount: '2' } })).toMatchObject({ status: 403 });
    expect(await send({ ...get, path: RECORDS.replace('/d/', '/e/') })).toMatchObject({ status: 403 });
    expect(await send({ ...get, headers: { ...get.headers, host: `localhost:${server.port}` } })).toMatchObject({
      status: 403,
    });
    expect(await send({ ...get, method: 'POST', path: RECORDS })).toMatchObject({ status: 405 });
    expect(await send({ ...get, headers: { ...get.headers, 'x-amz-date': '20150830T123600Z' } })).toMatchObject({
      status: 403,
    });
    const forged = get.headers['authorization']!.replace(/Signature=.*/, `Signature=${'0'.repeat(64)}`);
    expect(await send({ ...get, headers: { ...get.headers, authorization: forged } })).toMatchObject({ status: 403 });
  });

  it('[PR-SIGN-8] is answered with the canonical form that was expected', async () => {
    const answer = await send(await signed({}, signer('cognito-sync', { secret: 'not the secret' })));
    expect(answer).toMatchObject({ status: 403, code: 'InvalidSignatureException' });
    const { message } = JSON.parse(answer.text) as { message: string };
    expect(message).toMatch(
      /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret/,
    );
    expect(message).toContain(
      `The Canonical String for this request should have been\n'GET\n${RECORDS.replaceAll('%', '%25')}\n`,
    );
    expect(message).toContain(`The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n`);
  });

  it('[PR-SIGN-8] names the mismatch SignatureDoesNotMatch in the query protocol', async () => {
    const sts = {
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    };
    expect(await send(await signed(sts, signer('sts')))).toMatchObject({ status: 200 });
    expect(await send(await signed(sts, signer('sts', { secret: 'x' })))).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
  });

  it('[PR-SIGN-9] must be scoped to the called service and to its day', async () => {
    expect((await send(await signed({}, signer('cognito-idp')))).text).toContain(
      "Credential should be scoped to correct service: 'cognito-sync'.",
    );
    const { headers, ...rest } = await signed();
    const today = headers['x-amz-date']!.slice(0, 8);
    headers['authorization'] = headers['authorization']!.replace(`/${today}/`, '/20150830/');
    expect((await send({ ...rest, headers })).text).toContain('Date in Credential scope does not match');
  });

  it('[PR-SIGN-11] is made of the path as sent, encoded once more', async () => {
    const colon = RECORDS.replaceAll('%3A', ':');
    expect(await send(await signed({ path: colon }))).toMatchObject({ status: 200 });
    expect(await send({ ...(await signed({ path: colon })), path: RECORDS })).toMatchObject({ status: 403 });
  });

  it('[PR-SIGN-12] may hash {} in place of no body on a GET, and must state the hash of the body that came', async () => {
    const empty = await signed({ body: '{}' });
    const { body: _, ...withoutBody } = empty;
    expect(await send(withoutBody)).toMatchObject({ status: 200 });
    expect(withoutBody.headers['x-amz-content-sha256']).toMatch(/^44136fa3/);
    const { body: __, ...undeclared } = await signed({ body: '{}' }, signer('cognito-sync', { applyChecksum: false }));
    expect(undeclared.headers['x-amz-content-sha256']).toBeUndefined();
    expect(await send(undeclared)).toMatchObject({ status: 200 });
    const post = { method: 'POST', path: RECORDS.replace('/records', ''), body: '{"SyncSessionToken":"x"}' };
    const unsigned = await signed({ ...post, headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } });
    expect(await send(unsigned)).toMatchObject({ status: 403 });
  });
});

describe('presigned requests', () => {
  const presign = async (expiresIn = 60, date = new Date(), by = signer('sts')): Promise<Plain> =>
    (await by.presign(
      {
        protocol: 'http:',
        hostname: '127.0.0.1',
        port: server.port,
        method: 'GET',
        path: '/',
        query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        headers: { host: `127.0.0.1:${server.port}` },
      },
      { expiresIn, signingDate: date },
    )) as unknown as Plain;

  it('[PR-SIGN-10] are verified and live as long as they say', async () => {
    expect(await send(await presign())).toMatchObject({ status: 200 });
    expect(await send(await presign(3600, new Date(Date.now() - 3_590_000)))).toMatchObject({ status: 200 });
    const late = await send(await presign(60, new Date(Date.now() - 61_000)));
    expect(late).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    expect(late.text).toContain('Signature expired');
    expect((await send(await presign(60, new Date(Date.now() + 400_000)))).text).toContain('Signature not yet current');
  });

  it('[PR-SIGN-10] may not live longer than a week', async () => {
    const made = await presign();
    made.query!['X-Amz-Expires'] = '604801';
    expect(await send(made)).toMatchObject({ status: 400, code: 'IncompleteSignature' });
  });

  it.each(['X-Amz-Expires', 'X-Amz-Date', 'Version', 'X-Amz-Security-Token'])(
    '[PR-SIGN-8] are refused with another %s',
    async (name) => {
      const made = await presign();
      const others: { [name: string]: string } = {
        'X-Amz-Expires': '61',
        'X-Amz-Date': new Date(Date.now() - 1000).toISOString().replaceAll(/[-:]|\.\d+/g, ''),
        Version: '2011-06-15 ',
        'X-Amz-Security-Token': 'another',
      };
      made.query![name] = others[name]!;
      expect((await send(made)).status).toBeGreaterThanOrEqual(400);
    },
  );

  it.each(['X-Amz-Signature', 'X-Amz-Credential', 'X-Amz-SignedHeaders'])(
    '[PR-SIGN-2] are incomplete without %s',
    async (name) => {
      const made = await presign();
      delete made.query![name];
      expect(await send(made)).toMatchObject({ status: 400, code: 'IncompleteSignature' });
    },
  );
});
