import { describe, expect, it } from 'vitest';
import { BENCH_APP_ID, DEVICE_APP_ID_PREFIX } from '../../src/shared/bench-api.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { fault } from '../../src/main/kernel/fault.ts';
import { laneOf } from '../../src/main/server/lanes.ts';
import type { Call } from '../../src/main/services/family.ts';
import { startFakeServer } from './fake-server.ts';

const IDP = 'AWSCognitoIdentityProviderService.';

describe('the trace', () => {
  it('[PR-TRACE-1] keeps request, reasons, steps and answer of a call', async () => {
    await using server = await startFakeServer({
      rows: {
        'cognito-idp': {
          InitiateAuth: {
            auth: 'anyone',
            run: (_input: never, call: Call) => {
              call.why.pass('UP-AUTH-1', 'The password is right.');
              return { AuthenticationResult: { AccessToken: 'token' }, ChallengeParameters: {} };
            },
          },
        },
      },
    });
    const body = {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: 'abc',
      AuthParameters: { USERNAME: 'ann', PASSWORD: 'hunter2' },
    };
    await server.json(`${IDP}InitiateAuth`, body, { 'user-agent': 'curl/8' });
    const [record] = await server.traces();
    expect(record).toMatchObject({
      id: 1,
      account: '000000000000',
      service: 'cognito-idp',
      operation: 'InitiateAuth',
      caller: { kind: 'anyone' },
      lane: { kind: 'app', id: 'curl' },
      request: { method: 'POST', path: '/', body, secrets: ['AuthParameters.PASSWORD'] },
      response: { status: 200, secrets: ['AuthenticationResult.AccessToken'] },
      reasons: [{ rule: 'UP-AUTH-1', outcome: 'pass', decided: 'The password is right.' }],
      summary: 'InitiateAuth answered: The password is right.',
    });
    expect(record!.steps.map(({ name }) => name)).toEqual([
      'receive',
      'identify',
      'decode',
      'verify signature',
      'validate',
      'authenticate',
      'authorize',
      'invoke',
      'check answer',
      'encode',
    ]);
  });

  it('[PR-TRACE-1] shows no token of a call that came as an address, or that is none', async () => {
    await using server = await startFakeServer();
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      WebIdentityToken: 'planted-secret',
      SAMLAssertion: 'planted-secret',
    });
    await fetch(`${server.url}/?${form.toString()}`);
    form.set('Action', 'AssumeRoleWithWebIdentityy');
    await fetch(server.url, { method: 'POST', body: form });
    await server.json('AWSCognitoIdentityService.GetIdd', { IdentityPoolId: 'pool', Logins: { x: 'planted-secret' } });
    const [asAddress, asForm, asJson] = await server.traces();
    for (const record of [asAddress, asForm]) {
      expect(JSON.stringify(record)).not.toContain('planted-secret');
      expect(JSON.stringify(record)).toContain('WebIdentityToken=***');
    }
    expect(asJson!.request).toMatchObject({ body: { IdentityPoolId: 'pool' }, secrets: ['Logins'] });
  });

  it('[PR-TRACE-1] keeps refused calls, in the account whose key they carry', async () => {
    await using server = await startFakeServer();
    const authorization = 'AWS4-HMAC-SHA256 Credential=123456789012/x';
    await server.json(`${IDP}Nothing`, 'not json', { authorization });
    const [record] = await server.traces('123456789012');
    expect(record).toMatchObject({
      account: '123456789012',
      request: { body: 'not json', secrets: ['headers.authorization'] },
      response: { status: 400 },
      fault: { code: 'UnknownOperationException' },
      steps: [{ name: 'receive' }, { name: 'identify' }, { name: 'check answer' }, { name: 'encode' }],
      summary:
        'A request was refused with UnknownOperationException: No service has the operation that X-Amz-Target names.',
    });
    expect(await server.traces()).toEqual([]);
  });

  it('[PR-TRACE-1] publishes each call on the bus, once', async () => {
    await using server = await startFakeServer();
    const records: TraceRecord[] = [];
    server.bus.on('trace.closed', ({ record }) => records.push(record));
    await server.json(`${IDP}GetUser`, { AccessToken: 'a' });
    expect(records.map(({ operation, fault: refused }) => [operation, refused?.code])).toEqual([
      ['GetUser', 'NotBuiltException'],
    ]);
    expect(JSON.parse(JSON.stringify(records[0]))).toMatchObject({ id: 1, operation: 'GetUser' });
  });

  it('[PR-TRACE-1] is listed in pages, and asked questions', async () => {
    await using server = await startFakeServer({
      rows: {
        'cognito-idp': {
          GetUser: { auth: 'anyone', run: () => Promise.reject(fault('NotAuthorizedException', 'No')) },
          ChangePassword: { auth: 'anyone', run: () => ({}) },
        },
      },
    });
    for (let index = 0; index < 3; index += 1)
      await server.json(`${IDP}ChangePassword`, { AccessToken: 'a', ProposedPassword: 'x' });
    await server.json(`${IDP}GetUser`, { AccessToken: 'a' });
    const bench = async (
      path: string,
      body?: object,
    ): Promise<Record<string, unknown> & { records: TraceRecord[] }> => {
      const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
      return (await fetch(`${server.url}/_bench${path}`, sent)).json() as never;
    };
    const first = await bench('/trace?limit=3');
    expect([first.records.map(({ id }) => id), first['next']]).toEqual([[1, 2, 3], 3]);
    const second = await bench(`/trace?since=3`);
    expect([second.records.map(({ id }) => id), second['next']]).toEqual([[4], 4]);
    expect(await bench('/trace/4')).toMatchObject({ id: 4, operation: 'GetUser' });
    expect(await bench('/trace/9')).toMatchObject({ error: { code: 'NotFound' } });
    const ask = (query: object): Promise<object> => bench('/trace/query', query);
    expect(await ask({ operation: 'ChangePassword', expect: { atLeast: 3, atMost: 3 } })).toMatchObject({
      matched: true,
      count: 3,
    });
    expect(await ask({ operation: 'ChangePassword', expect: { atMost: 2 } })).toMatchObject({
      matched: false,
      count: 3,
    });
    expect(await ask({ status: 400, fault: 'NotAuthorizedException', service: 'cognito-idp' })).toMatchObject({
      matched: true,
      count: 1,
    });
    expect(await ask({ contains: 'nowhere to be found' })).toMatchObject({ matched: false, count: 0, records: [] });
    expect(await ask({ operation: 'GetUser', expect: { atMost: 0 } })).toMatchObject({ matched: false });
    expect(await ask({ rule: 'PR-FIND-5', expect: { atMost: 0 } })).toMatchObject({ matched: true, count: 0 });
  });
});

describe('lanes', () => {
  it.each([
    [
      `aws-sdk-js/3.1169.0 ua/2.1 os/linux lang/js md/nodejs#24 app/${DEVICE_APP_ID_PREFIX}1`,
      'device',
      '1',
      'Ann’s phone',
    ],
    [`aws-sdk-js/3.1169.0 app/${DEVICE_APP_ID_PREFIX}2`, 'device', '2', '2'],
    [`aws-sdk-js/3.1169.0 app/${BENCH_APP_ID} md/x`, 'bench', 'bench', 'Bench'],
    ['Boto3/1.43 md/Botocore#1.43 app/my-shop', 'app', 'my-shop', 'my-shop'],
    ['aws-cli/2.30 md/awscrt', 'app', 'aws-cli', 'AWS CLI'],
    ['Boto3/1.43 md/Botocore#1.43', 'app', 'Boto3', 'Boto3'],
    ['Mozilla/5.0 (X11) aws-amplify/5.0.4 js', 'app', 'amazon-cognito-identity-js', 'amazon-cognito-identity-js'],
    ['Mozilla/5.0 (X11) aws-amplify/6.21.1 framework/1', 'app', 'aws-amplify', 'AWS Amplify'],
    ['Mozilla/5.0 (X11) aws-sdk-js/3.1169.0', 'app', 'aws-sdk-js', 'AWS SDK for JavaScript'],
    ['Mozilla/5.0 (X11)', 'app', 'app', 'Browser app'],
    ['', 'app', 'app', 'App'],
  ])('[PR-TRACE-2] reads %j', (userAgent, kind, id, name) => {
    expect(laneOf(userAgent, (device) => (device === '1' ? 'Ann’s phone' : undefined))).toEqual({ kind, id, name });
  });

  it('[PR-TRACE-2] reads the second user agent of browsers, and names devices', async () => {
    await using server = await startFakeServer();
    await server.json(
      `${IDP}GetUser`,
      {},
      { 'user-agent': 'Mozilla/5.0', 'x-amz-user-agent': 'aws-sdk-js/3.1169.0 app/shop' },
    );
    await server.json(
      `${IDP}GetUser`,
      {},
      { 'user-agent': `aws-sdk-js/3 app/${DEVICE_APP_ID_PREFIX}1`, 'x-amz-user-agent': 'aws-sdk-js/3' },
    );
    expect((await server.traces()).map(({ lane }) => lane)).toEqual([
      { kind: 'app', id: 'shop', name: 'shop' },
      { kind: 'device', id: '1', name: 'Ann’s phone' },
    ]);
  });
});

describe('step mode', () => {
  const rows = {
    'cognito-idp': {
      ChangePassword: {
        auth: 'anyone' as const,
        run: async (_input: never, call: Call) => {
          await call.decision('UP-PASSWORD-1');
          return {};
        },
      },
    },
  };
  const input = { AccessToken: 'a', ProposedPassword: 'x' };

  it('[PR-TRACE-3] holds request, decision and answer, one after the other', async () => {
    await using server = await startFakeServer({ rows });
    const seen: string[] = [];
    server.gate.keep(() => true);
    server.gate.onHeld(({ subject, release }) => {
      seen.push([subject.stage, subject.operation, subject.rule].join(' ').trim());
      release();
    });
    expect((await server.json(`${IDP}ChangePassword`, input)).status).toBe(200);
    expect(seen).toEqual([
      'request ChangePassword',
      'decision ChangePassword UP-PASSWORD-1',
      'response ChangePassword',
    ]);
  });

  it('[PR-TRACE-3] answers with the error that a held passage is failed with', async () => {
    await using server = await startFakeServer({ rows });
    server.gate.keep(({ stage }) => stage === 'request');
    server.gate.onHeld(({ fail }) => fail(fault('TooManyRequestsException', 'Rate exceeded')));
    const response = await server.json(`${IDP}ChangePassword`, input);
    expect(await response.json()).toEqual({ __type: 'TooManyRequestsException', message: 'Rate exceeded' });
  });

  it('[PR-TRACE-3] lets everything go when the bench stops', async () => {
    const server = await startFakeServer({ rows });
    server.gate.keep(({ stage }) => stage === 'response');
    const held = new Promise((resolve) => server.gate.onHeld(resolve));
    const answer = server.json(`${IDP}ChangePassword`, input);
    await held;
    const closed = server[Symbol.asyncDispose]();
    expect((await answer).status).toBe(200);
    await closed;
  });
});
