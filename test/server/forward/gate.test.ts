import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser, policy } from '../../services/iam/setup.ts';
import { createPool, getCredentials, getId } from '../../services/identity-pools/setup.ts';
import { send, signedFetch, signedHeaders, type Credentials } from './signing.ts';
import { expectedAuthorization, startTarget, TARGET_KEY, type Target } from './target-server.ts';

const QUEUE = `http://sqs.us-east-1.localhost/${ACCOUNT}/orders`;
const QUEUE_ARN = `arn:aws:sqs:us-east-1:${ACCOUNT}:orders`;
const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.0' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

const sendMessage = (members: object = { QueueUrl: QUEUE, MessageBody: 'hello' }) => ({
  service: 'sqs',
  headers: { ...JSON_TYPE, 'x-amz-target': 'AmazonSQS.SendMessage' },
  body: JSON.stringify(members),
});

async function guestOf(bench: TestBench, ...statements: object[]): Promise<Credentials & { identityId: string }> {
  const { credentials, identityId } = await getCredentials(bench, await getId(bench, await createPool(bench)));
  await new IAMClient(bench.sdk).send(
    new PutRolePolicyCommand({ RoleName: 'Guest', PolicyName: 'gate', PolicyDocument: policy(...statements) }),
  );
  return { ...credentials, identityId };
}

async function lastTrace(bench: TestBench): Promise<TraceRecord> {
  const { records } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace?limit=5000');
  return records.at(-1)!;
}

describe('the gate', () => {
  let target: Target;
  let bench: TestBench;
  let guest: Credentials & { identityId: string };

  beforeAll(async () => {
    target = await startTarget();
    bench = await startBench({
      forward: [
        'sqs',
        'sns',
        'monitoring',
        'execute-api',
        'lambda',
        'kinesis',
        'mobileanalytics',
        'secretsmanager',
      ].map((service) => ({
        service,
        url: target.url,
        credentials: undefined,
      })),
      forwardPatience: 300,
    });
    guest = await guestOf(
      bench,
      allow('sqs:SendMessage', QUEUE_ARN),
      allow('execute-api:Invoke', `arn:aws:execute-api:us-east-1:${ACCOUNT}:shop/prod/GET/orders/*`),
      allow('lambda:InvokeFunction', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:hello`),
      allow('kinesis:PutRecord'),
      allow('cloudwatch:PutMetricData'),
      allow('sns:Publish', `arn:aws:sns:us-east-1:${ACCOUNT}:news`),
    );
  });
  afterAll(async () => {
    await bench.stop();
    await target.stop();
  });
  beforeEach(() => {
    target.got.length = 0;
  });
  afterEach(() =>
    target.answers((_got, response) =>
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0', 'X-Made-By': 'target' }).end('{}'),
    ),
  );

  const refused = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as { __type: string; message?: string; Message?: string }),
  });

  it('[GA-FORWARD-1] forwards what policies allow, and passes the answer back as it came', async () => {
    target.answers((_got, response) => {
      response.writeHead(299, 'Fine', [
        'Content-Type',
        'application/x-amz-json-1.0',
        'X-Made-By',
        'target',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'Connection',
        'close, X-Private',
        'X-Private',
        'for the gate alone',
      ]);
      response.end('{"MessageId":  "7"}');
    });
    const request = sendMessage();
    const headers = await signedHeaders(bench.url, guest, request);
    const answer = await send(bench.url, request, headers);
    expect(answer.status).toBe(299);
    expect(answer.headers.get('x-made-by')).toBe('target');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('x-private')).toBeNull();
    expect(await answer.text()).toBe('{"MessageId":  "7"}');

    const got = target.last();
    expect(got).toMatchObject({ method: 'POST', url: '/', isComplete: true });
    expect(got.body.toString()).toBe(request.body);
    // Without credentials for the target the signature goes on as it came.
    expect(got.headers).toMatchObject({
      host: target.host,
      authorization: headers['authorization'],
      'x-amz-security-token': guest.sessionToken,
    });
    expect(await lastTrace(bench)).toMatchObject({
      service: 'sqs',
      operation: 'SendMessage',
      caller: { kind: 'session', identityId: guest.identityId },
      request: { body: { MessageBody: 'hello' } },
      response: { status: 299, body: { MessageId: '7' } },
      reasons: [
        { rule: 'PR-SIGN-8', outcome: 'pass' },
        { rule: 'AC-EVAL-2', outcome: 'pass', inputs: { action: 'sqs:SendMessage', resource: QUEUE_ARN } },
        { rule: 'GA-FORWARD-1', decided: `Forwarded to ${target.url}, which answered 299.` },
      ],
    });
  });

  it('[GA-FORWARD-2] forwards nothing that policies deny', async () => {
    const other = QUEUE.replace('orders', 'secrets');
    const answer = await signedFetch(bench.url, guest, sendMessage({ QueueUrl: other, MessageBody: 'hello' }));
    expect(await refused(answer)).toMatchObject({
      status: 400,
      __type: 'AccessDeniedException',
      Message: expect.stringContaining(
        `perform: sqs:SendMessage on resource: ${QUEUE_ARN.replace('orders', 'secrets')}`,
      ) as string,
    });
    expect((await lastTrace(bench)).reasons.at(-1)).toMatchObject({ rule: 'AC-EVAL-3', outcome: 'refuse' });
    expect(target.got).toEqual([]);
  });

  it('[GA-FORWARD-2] forwards nothing whose signature is wrong, or whose body, path or token was changed', async () => {
    const request = sendMessage();
    const forged = { ...guest, secretAccessKey: 'x'.repeat(40) };
    expect(await refused(await signedFetch(bench.url, forged, request))).toMatchObject({
      __type: 'InvalidSignatureException',
    });
    const headers = await signedHeaders(bench.url, guest, request);
    const changed = { ...request, body: request.body.replace('hello', 'howdy') };
    expect(await refused(await send(bench.url, changed, headers))).toMatchObject({
      __type: 'InvalidSignatureException',
    });
    const elsewhere = await send(bench.url, { ...request, path: `/${ACCOUNT}/other` }, headers);
    expect(await refused(elsewhere)).toMatchObject({ __type: 'InvalidSignatureException' });
    const tokenless = { accessKeyId: guest.accessKeyId, secretAccessKey: guest.secretAccessKey };
    expect(await refused(await signedFetch(bench.url, tokenless, request))).toMatchObject({
      __type: 'UnrecognizedClientException',
    });
    expect(target.got).toEqual([]);
  });

  it('[GA-FORWARD-1] lets developers through, and unsigned calls of the path stay the bench’s own', async () => {
    expect((await signedFetch(bench.url, bench.credentials, sendMessage())).status).toBe(200);
    expect(target.got).toHaveLength(1);
    const unsigned = await send(bench.url, {}, { 'x-amz-target': 'AmazonSQS.SendMessage', ...JSON_TYPE });
    expect(unsigned.status).toBe(400);
    expect(target.got).toHaveLength(1);
  });

  it('[GA-NAME-1] refuses what it cannot name, whoever asks', async () => {
    const cases = [
      { service: 'mobileanalytics', path: '/2014-06-05/events', body: '{}' },
      {
        service: 'sqs',
        headers: { ...JSON_TYPE, 'x-amz-target': 'DynamoDB_20120810.Scan' },
        body: '{"TableName":"t"}',
      },
      { service: 'sqs', path: '/elsewhere', headers: sendMessage().headers, body: sendMessage().body },
      { service: 'sqs', headers: sendMessage().headers, body: '[]' },
      { service: 'sqs', headers: sendMessage().headers, body: '{"QueueUrl":"a","queueurl":"b"}' },
      { service: 'sqs', headers: sendMessage().headers, body: '{"QueueUrl":"no queue"}' },
      // One body or address, read in two ways.
      { service: 'sqs', headers: sendMessage().headers, body: '{"QueueUrl":"a","QueueUrl":"b"}' },
      { service: 'sqs', headers: sendMessage().headers, body: '{"A":{"B \\" :":[{"C":1,"\\u0043":2}]}}' },
      { service: 'sqs', headers: sendMessage().headers, body: sendMessage().body, path: '/?Action=PurgeQueue' },
      { service: 'sqs', headers: sendMessage().headers, method: 'GET' },
      {
        service: 'sqs',
        headers: { ...sendMessage().headers, 'content-type': 'application/x-www-form-urlencoded' },
        body: `{"QueueUrl":"${QUEUE}","A":"&Action=PurgeQueue&QueueUrl=b&"}`,
      },
      {
        service: 'mobileanalytics',
        headers: { ...JSON_TYPE, 'x-amz-target': 'DynamoDB_20120810.Scan' },
        body: '{"TableName":"t"}',
      },
      { service: 'sqs', headers: FORM_TYPE, path: '/?Action=PurgeQueue', body: 'Action=SendMessage' },
      { service: 'sqs', headers: FORM_TYPE, path: '/?Action=PurgeQueue', method: 'PUT', body: 'Action=SendMessage' },
      {
        service: 'sqs',
        headers: { ...FORM_TYPE, 'content-length': '17' },
        path: '/?Action=SendMessage',
        method: 'GET',
        body: 'Action=PurgeQueue',
      },
      { service: 'sqs', headers: FORM_TYPE, body: 'Action=SendMessage&action=PurgeQueue' },
      {
        service: 'sqs',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: '--b\r\nContent-Disposition: form-data; name="Action"\r\n\r\nPurgeQueue\r\n--b--&Action=SendMessage',
      },
      { service: 'lambda', path: '/2015-03-31/functions/hello/invocations?Qualifier=a&Qualifier=b' },
      { service: 'execute-api', path: '/sample-api/iam/shop/prod/orders;a/secrets' },
      { service: 'lambda', path: '/2015-03-31/functions/hello/../other/invocations' },
      { service: 'lambda', path: '/2015-03-31/event-source-mappings' },
      { service: 'execute-api', path: '/orders/7' },
    ];
    for (const request of cases) {
      const answer = await signedFetch(bench.url, bench.credentials, request);
      const text = await answer.text();
      expect([request, answer.status, text]).toEqual([request, 400, expect.stringContaining('does not forward')]);
      expect((await lastTrace(bench)).reasons.at(-1)).toMatchObject({ rule: 'GA-NAME-1', outcome: 'refuse' });
    }
    expect(target.got).toEqual([]);
  });

  it('[GA-NAME-2] names operations of the query protocol, with the ARNs and queues that they name', async () => {
    const form = (members: Record<string, string>, path = '/', service = 'sqs') => ({
      service,
      path,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: new URLSearchParams(members).toString(),
    });
    const message = { Action: 'SendMessage', Version: '2012-11-05', MessageBody: 'hello' };
    expect((await signedFetch(bench.url, guest, form({ ...message, QueueUrl: QUEUE }))).status).toBe(200);
    expect((await signedFetch(bench.url, guest, form(message, `/${ACCOUNT}/orders`))).status).toBe(200);
    expect(target.last().url).toBe(`/${ACCOUNT}/orders`);
    const publish = { Action: 'Publish', TopicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:news`, Message: 'hello' };
    expect((await signedFetch(bench.url, guest, form(publish, '/', 'sns'))).status).toBe(200);
    const metric = form({ Action: 'PutMetricData' }, '/', 'monitoring');
    expect((await signedFetch(bench.url, guest, metric)).status).toBe(200);
    expect(target.got).toHaveLength(4);

    // One queue in the path and another in the form: both must be allowed.
    const both = form({ ...message, QueueUrl: QUEUE }, `/${ACCOUNT}/secrets`);
    const denied = await signedFetch(bench.url, guest, both);
    expect([denied.status, await denied.text()]).toEqual([
      expect.any(Number),
      expect.stringMatching(/<Code>AccessDenied.*:secrets because no identity-based policy allows/s),
    ]);
    const twice = { ...form(message), body: `${form(message).body}&Action=PurgeQueue` };
    expect((await signedFetch(bench.url, guest, twice)).status).toBe(400);
    expect(target.got).toHaveLength(4);
  });

  it('[GA-NAME-3] names streams by name and functions by path', async () => {
    const put = (StreamName: string) => ({
      service: 'kinesis',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecord' },
      body: JSON.stringify({ StreamName, PartitionKey: 'a', Data: 'YQ==' }),
    });
    // What guests may do is scoped down to some services, and Kinesis is not one of them.
    expect((await signedFetch(bench.url, guest, put('clicks'))).status).toBe(400);
    const stream = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/clicks`;
    const { credentials } = await createUser(bench, allow('kinesis:PutRecord', stream));
    expect((await signedFetch(bench.url, credentials, put('clicks'))).status).toBe(200);
    expect((await signedFetch(bench.url, credentials, put('taps'))).status).toBe(400);
    const run = (name: string) => ({
      service: 'lambda',
      path: `/2015-03-31/functions/${name}/invocations`,
      body: '{}',
    });
    expect((await signedFetch(bench.url, guest, run('hello'))).status).toBe(200);
    expect(target.last()).toMatchObject({ url: '/2015-03-31/functions/hello/invocations' });
    expect(
      (await signedFetch(bench.url, guest, run(`arn:aws:lambda:us-east-1:${ACCOUNT}:function:hello`))).status,
    ).toBe(200);
    expect((await signedFetch(bench.url, guest, run('hello:live'))).status).toBe(403);
    expect((await signedFetch(bench.url, guest, run('other'))).status).toBe(403);
    expect(target.got).toHaveLength(3);
  });

  it('[GA-API-6] hands a call of an API on without the bench’s own path', async () => {
    const get = (path: string) => signedFetch(bench.url, guest, { service: 'execute-api', method: 'GET', path });
    expect((await get('/sample-api/iam/shop/prod/orders/7?page=2')).status).toBe(200);
    expect(target.last()).toMatchObject({ method: 'GET', url: '/orders/7?page=2' });
    expect((await get('/restapis/shop/prod/_user_request_/orders/7')).status).toBe(200);
    expect(target.last()).toMatchObject({ url: '/restapis/shop/prod/_user_request_/orders/7' });
    const denied = await get('/sample-api/iam/shop/prod/secrets');
    expect([denied.status, await denied.json()]).toEqual([
      403,
      { Message: expect.stringContaining('us-east-1:********0000:shop/prod/GET/secrets') as string },
    ]);
    expect(target.got).toHaveLength(2);
  });

  it('[GA-FORWARD-3] names a target that is silent, and one that hangs up', async () => {
    target.answers(() => undefined);
    expect(await refused(await signedFetch(bench.url, guest, sendMessage()))).toEqual({
      status: 503,
      __type: 'ServiceUnavailable',
      message: `Poolbench forwards sqs to ${target.url}, which was silent for 0.3 seconds.`,
    });
    target.answers((_got, response) => response.destroy());
    expect(await refused(await signedFetch(bench.url, guest, sendMessage()))).toMatchObject({
      status: 503,
      message: expect.stringContaining(`${target.url}, which closed the connection`) as string,
    });
    expect((await lastTrace(bench)).reasons.at(-1)).toMatchObject({ rule: 'GA-FORWARD-3', outcome: 'refuse' });
  });

  it('[GA-FORWARD-4] breaks off where the target’s answer breaks off, and says so', async () => {
    target.answers((_got, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('half', () => response.destroy());
    });
    await expect(signedFetch(bench.url, guest, sendMessage())).rejects.toThrow();
    await expect.poll(async () => (await lastTrace(bench)).reasons.at(-1)?.rule).toBe('GA-FORWARD-4');
  });

  it('[GA-FORWARD-5] answers 100-continue itself, and hands on nothing that is between two neighbours', async () => {
    const request = sendMessage();
    const headers = await signedHeaders(bench.url, guest, request);
    const answer = await send(bench.url, request, {
      ...headers,
      Expect: '100-continue',
      TE: 'trailers',
      'X-HTTP-Method-Override': 'DELETE',
      'Proxy-Authorization': 'Basic eA==',
    });
    expect(answer.status).toBe(200);
    for (const name of ['expect', 'te', 'x-http-method-override', 'proxy-authorization']) {
      expect(target.last().headers[name]).toBeUndefined();
    }
  });

  it('[GA-SIZE-1] refuses a body that no service would take', async () => {
    const request = sendMessage({ QueueUrl: QUEUE, MessageBody: 'x'.repeat(16 * 1024 * 1024) });
    const answer = await signedFetch(bench.url, bench.credentials, request);
    expect(answer.status).toBe(413);
    expect(target.got).toEqual([]);
  });

  it('[GA-FORWARD-7] shows what is stored there as a document without an origin', async () => {
    target.answers((_got, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': "img-src 'none'" });
      response.end('<script>fetch("/_bench/ui/")</script>');
    });
    const { headers } = await signedFetch(bench.url, bench.credentials, sendMessage());
    expect(headers.get('content-security-policy')).toBe("img-src 'none', sandbox");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('[GA-FORWARD-1] lets an app in a browser read the answer', async () => {
    const request = sendMessage();
    const headers = await signedHeaders(bench.url, guest, request);
    const answer = await send(bench.url, request, { ...headers, Origin: 'https://app.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('[GA-FORWARD-8] keeps secrets out of the trace', async () => {
    target.answers((_got, response) => response.end('{"SecretString":"hush-hush"}'));
    const answer = await signedFetch(bench.url, bench.credentials, {
      service: 'secretsmanager',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.PutSecretValue' },
      body: '{"SecretId":"a","SecretString":"hush-hush"}',
    });
    expect(await answer.json()).toEqual({ SecretString: 'hush-hush' });
    expect(target.last().body.toString()).toContain('hush-hush');
    const trace = await lastTrace(bench);
    expect(trace).toMatchObject({ service: 'secretsmanager', operation: 'PutSecretValue', response: { status: 200 } });
    expect(JSON.stringify(trace)).not.toContain('hush-hush');
  });

  it('[GA-FORWARD-2] forwards nothing for credentials that have expired', async () => {
    await bench.advance({ minutes: 61 });
    expect(await refused(await signedFetch(bench.url, guest, sendMessage()))).toMatchObject({
      __type: 'ExpiredTokenException',
    });
    expect(target.got).toEqual([]);
  });
});

describe('the gate in other modes', () => {
  let target: Target;
  beforeEach(async () => {
    target = await startTarget();
  });
  afterEach(() => target.stop());

  const forwarding = (credentials?: { accessKeyId: string; secretKey: string }) => [
    { service: 'sqs', url: target.url, credentials },
  ];

  it('[GA-SIGN-1] signs afresh with the target’s own credentials, at real time, without the session’s token', async () => {
    const { accessKeyId, secretAccessKey: secretKey } = TARGET_KEY;
    await using bench = await startBench({ forward: forwarding({ accessKeyId, secretKey }) });
    const guest = await guestOf(bench, allow('sqs:SendMessage', QUEUE_ARN));
    expect((await signedFetch(bench.url, guest, sendMessage())).status).toBe(200);
    const got = target.last();
    expect(got.headers['x-amz-security-token']).toBeUndefined();
    expect(got.headers.authorization).toContain(`Credential=${accessKeyId}/`);
    expect(got.headers.authorization).toBe(await expectedAuthorization(got, 'sqs'));
    const trace = await lastTrace(bench);
    expect(trace.reasons.at(-1)).toMatchObject({ rule: 'GA-FORWARD-1' });
    expect(JSON.stringify(trace)).not.toContain(secretKey);
  });

  it('[GA-FORWARD-6] tells with --auth soft what would have been denied, and asks nothing with --auth off', async () => {
    for (const [auth, rule] of [
      ['soft', 'AC-MODE-1'],
      ['off', 'AC-MODE-2'],
    ] as const) {
      await using bench = await startBench({ forward: forwarding(), auth });
      const guest = await guestOf(bench, allow('s3:GetObject'));
      expect((await signedFetch(bench.url, guest, sendMessage())).status).toBe(200);
      expect((await lastTrace(bench)).reasons.map((reason) => reason.rule)).toContain(rule);
    }
    expect(target.got).toHaveLength(2);
  });

  it('[GA-FORWARD-3] never calls itself', async () => {
    const port = Number(new URL(target.url).port);
    await target.stop();
    await using bench = await startBench({ port, forward: forwarding() });
    const answer = await signedFetch(bench.url, bench.credentials, sendMessage());
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('which is this bench itself')]);
    target = await startTarget();
  });

  it('[GA-FORWARD-3] takes no call twice, by whatever name or way it comes back', async () => {
    const port = Number(new URL(target.url).port);
    await target.stop();
    const back = await startBench({
      forward: [{ service: 'sqs', url: `http://0.0.0.0:${port}`, credentials: undefined }],
    });
    const forward = [{ service: 'sqs', url: back.url, credentials: { accessKeyId: 'LOCALKEY', secretKey: 'x' } }];
    await using bench = await startBench({ port, host: '0.0.0.0', forward });
    const answer = await signedFetch(`http://127.0.0.1:${port}`, bench.credentials, sendMessage());
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('leads back to this bench')]);
    const { records } = await back.call<{ records: TraceRecord[] }>('GET', '/trace?limit=5000');
    expect(records.filter(({ service }) => service === 'sqs')).toHaveLength(1);
    await back.stop();
    target = await startTarget();
  });

  it('[GA-FORWARD-3] sends one request, however many proxies it came through', async () => {
    await using bench = await startBench({ forward: forwarding() });
    const headers = await signedHeaders(bench.url, bench.credentials, sendMessage());
    expect((await send(bench.url, sendMessage(), { ...headers, via: '1.1 proxy' })).status).toBe(200);
    expect(target.last().headers.via).toMatch(/^1\.1 proxy, 1\.1 poolbench-[\w-]+$/);
  });

  it('[GA-FORWARD-3] names a target that is not there', async () => {
    await using bench = await startBench({
      forward: [{ service: 'sqs', url: 'http://127.0.0.1:1', credentials: undefined }],
    });
    const answer = await signedFetch(bench.url, bench.credentials, sendMessage());
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      message: 'Poolbench forwards sqs to http://127.0.0.1:1, which refused the connection.',
    });
  });
});
