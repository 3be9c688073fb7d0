import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVELOPER, startFakeServer, type FakeServer } from './fake-server.ts';

let server: FakeServer;
let invoked: unknown[];

beforeAll(async () => {
  const keep = (input: unknown): object => {
    invoked.push(input);
    return {};
  };
  server = await startFakeServer({
    rows: {
      'cognito-idp': {
        UpdateUserPool: { run: keep },
        SignUp: { auth: 'anyone', run: (input) => (keep(input), { UserConfirmed: false, UserSub: 's' }) },
      },
      'cognito-sync': { DeleteDataset: { run: keep }, ListRecords: { run: keep } },
    },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const SIGN_UP = 'AWSCognitoIdentityProviderService.SignUp';
const sync = {
  authorization: DEVELOPER.authorization.replace('cognito-idp', 'cognito-sync'),
  'x-amz-date': DEVELOPER['x-amz-date'],
};

/** A request that fetch would not send. */
function raw(options: {
  method: string;
  path: string;
  headers?: { [name: string]: string };
  body?: string;
}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, ...options }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

describe('finding the operation', () => {
  it.each([
    ['an unknown service', 'Nobody.SignUp'],
    ['no dot', 'SignUp'],
  ])('[PR-FIND-1] refuses a target with %s, without a text', async (_title, target) => {
    const response = await server.json(target, {});
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ __type: 'UnknownOperationException' });
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException:');
  });

  it('[PR-FIND-1] names an operation that it does not know of a service that it does', async () => {
    const response = await server.json('DynamoDB_20120810.ExecuteStatement', {});
    expect([response.status, await response.json()]).toEqual([
      400,
      { __type: 'UnknownOperationException', message: 'Poolbench does not implement dynamodb ExecuteStatement.' },
    ]);
  });

  it('[PR-FIND-1] refuses a missing target', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/x-amz-json-1.1' },
    });
    expect([response.status, await response.json()]).toEqual([400, { __type: 'UnknownOperationException' }]);
  });

  it('[PR-FIND-2] refuses a form without an action, and with an unknown one', async () => {
    const post = (body: string): Promise<Response> =>
      fetch(server.url, { method: 'POST', body: new URLSearchParams(body) });
    const missing = await post('Version=2011-06-15');
    expect([missing.status, await missing.text()]).toEqual([
      400,
      expect.stringContaining('<Code>MissingAction</Code>'),
    ]);
    const unknown = await post('Action=Assume%3CRole&Version=2011-06-15');
    const text = await unknown.text();
    expect(unknown.status).toBe(400);
    expect(text).toContain(
      '<Code>InvalidAction</Code><Message>Could not find operation Assume&lt;Role for version 2011-06-15</Message>',
    );
    expect(text).toContain('xmlns="https://sts.amazonaws.com/doc/2011-06-15/"');
  });

  it('[PR-FIND-3] refuses unknown paths and methods of sync', async () => {
    const unknown = await fetch(`${server.url}/identitypools/p/nothing/here`, { headers: sync });
    expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownOperationException:']);
    const method = await fetch(`${server.url}/identitypools/p/identities/i/datasets/d`, {
      method: 'PUT',
      headers: sync,
    });
    expect([method.status, method.headers.get('x-amzn-errortype')]).toEqual([405, 'MethodNotAllowed:']);
  });

  const notUnderstood = {
    code: 'BadRequest',
    message: 'The server did not understand the operation that was requested.',
    type: 'client',
  };

  it.each<[title: string, method: string, path: string, headers: { [name: string]: string }]>([
    ['another content type', 'POST', '/', { 'content-type': 'text/plain', 'x-amz-target': SIGN_UP }],
    [
      'a form in place of JSON',
      'POST',
      '/',
      { 'content-type': 'application/x-www-form-urlencoded', 'x-amz-target': SIGN_UP },
    ],
    ['no content type', 'POST', '/', { 'x-amz-target': SIGN_UP }],
    ['a GET of the root', 'GET', '/', {}],
    ['a PUT of the root', 'PUT', '/', { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': SIGN_UP }],
    ['a path of nobody', 'POST', '/nowhere', {}],
  ])('[PR-FIND-4] does not understand %s', async (_title, method, path, headers) => {
    const { status, text } = await raw({ method, path, headers });
    expect([status, JSON.parse(text)]).toEqual([404, notUnderstood]);
  });

  it.each([
    ['AWSCognitoIdentityProviderService.CreateUserPoolDomain', 'CreateUserPoolDomain'],
    ['Kinesis_20131202.PutRecord', 'PutRecord'],
  ])('[PR-FIND-5] names an operation that is not built: %s', async (target, name) => {
    const response = await server.json(target, {});
    const body = (await response.json()) as { __type: string; message: string };
    expect([response.status, body.__type]).toEqual([400, 'NotBuiltException']);
    expect(body.message).toContain(name);
  });

  it('[PR-FIND-5] names it in the words of each protocol', async () => {
    const iam = await fetch(server.url, {
      method: 'POST',
      body: new URLSearchParams('Action=CreateRole&Version=2010-05-08'),
    });
    expect([iam.status, await iam.text()]).toEqual([
      400,
      expect.stringMatching(/<Code>NotBuiltException<\/Code>.*CreateRole/s),
    ]);
    const usage = await fetch(`${server.url}/identitypools`);
    expect([usage.status, usage.headers.get('x-amzn-errortype')]).toEqual([400, 'NotBuiltException:']);
    expect(((await usage.json()) as { message: string }).message).toContain('ListIdentityPoolUsage');
    const lambda = await fetch(`${server.url}/2015-03-31/functions/`, { headers: sync });
    expect([lambda.status, ((await lambda.json()) as { message: string }).message]).toEqual([
      400,
      expect.stringContaining('ListFunctions'),
    ]);
  });

  it('[PR-FIND-6] honours the method override on sync', async () => {
    invoked = [];
    const path = `/identitypools/us-east-1%3A11111111-2222-3333-4444-555555555555/identities/us-east-1:11111111-2222-3333-4444-555555555555/datasets/d`;
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { ...sync, 'x-http-method-override': 'DELETE' },
    });
    expect(response.status).toBe(200);
    expect(invoked).toEqual([expect.objectContaining({ DatasetName: 'd' })]);
  });
});

describe('reading the request', () => {
  it('[PR-READ-1] refuses a body of more than 2 MiB, announced or not', async () => {
    const body = 'x'.repeat(2 * 1024 * 1024 + 1);
    const announced = await server.json(SIGN_UP, body);
    expect([announced.status, await announced.json()]).toEqual([
      413,
      expect.objectContaining({ __type: 'RequestEntityTooLarge' }),
    ]);
    const streamed = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': SIGN_UP },
      body: new Blob([body]).stream(),
      duplex: 'half',
    });
    expect(streamed.status).toBe(413);
  });

  it('[PR-READ-1] reads a body of just under 2 MiB', async () => {
    const response = await server.json(SIGN_UP, { ClientId: 'abc', Username: 'x'.repeat(2 * 1024 * 1024 - 100) });
    expect([response.status, ((await response.json()) as { __type: string }).__type]).toEqual([
      400,
      'InvalidParameterException',
    ]);
  });

  it.each<[title: string, body: string, message: string | undefined]>([
    ['no JSON', '{"ClientId":', undefined],
    ['nothing but a word', 'hello', undefined],
    ['a list', '[]', 'Start of list found where not expected'],
    ['null', 'null', 'Unexpected null'],
    ['a number for a string', '{"ClientId":5}', 'NUMBER_VALUE can not be converted to a String'],
    ['true for a string', '{"Username":true}', 'TRUE_VALUE can not be converted to a String'],
    ['a structure for a string', '{"Username":{}}', 'Start of structure or map found where not expected.'],
    ['a list for a string', '{"Username":[]}', 'Start of list found where not expected'],
    ['a string for a list', '{"UserAttributes":"x"}', 'Expected list or null'],
    ['a string for a map', '{"ClientMetadata":"x"}', 'Expected map or null'],
    ['a list for a map', '{"ClientMetadata":["x"]}', 'Expected map or null'],
  ])('[PR-READ-2] refuses %s', async (_title, body, message) => {
    const response = await server.json(SIGN_UP, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      __type: 'SerializationException',
      ...(message === undefined ? {} : { Message: message }),
    });
  });

  it('[PR-READ-2] refuses a number in the address of sync that is none', async () => {
    const response = await fetch(`${server.url}/identitypools/p/identities/i/datasets/d/records?lastSyncCount=x`, {
      headers: sync,
    });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([400, 'SerializationException:']);
  });

  it('[PR-READ-3] takes null for absent, leaves out unknown members, and keeps maps free of a prototype', async () => {
    invoked = [];
    const response = await server.json(
      SIGN_UP,
      '{"ClientId":"abc","Username":"ann","UserAttributes":null,"Nothing":1,"ClientMetadata":{"a":null,"__proto__":"b"}}',
    );
    expect(response.status).toBe(200);
    const input = invoked[0] as { ClientMetadata: { [key: string]: string } };
    expect(Object.keys(input)).toEqual(['ClientId', 'Username', 'ClientMetadata']);
    expect(Object.entries(input.ClientMetadata)).toEqual([['__proto__', 'b']]);
    expect(input.ClientMetadata['constructor']).toBeUndefined();
  });
});
