import { request as httpRequest } from 'node:http';
import { GlobalSignOutCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../harness/bench.ts';
import { addUser, createApp, signIn, type App } from '../services/user-pools/setup.ts';

const API_SCOPE = 'aws.cognito.signin.user.admin';

describe('an API behind an authorizer of a user pool', () => {
  let bench: TestBench;
  let app: App;
  let tokens: { id: string; access: string };

  beforeAll(async () => {
    bench = await startBench();
    app = await createApp(bench);
    await addUser(app, 'ann');
    tokens = await signIn(app, 'ann');
  });
  afterAll(() => bench.stop());

  const get = async (token?: string, query = '', pool = app.userPoolId) => {
    const response = await fetch(`${bench.url}/sample-api/${pool}/orders${query}`, {
      headers: token === undefined ? {} : { Authorization: token },
    });
    return { status: response.status, body: (await response.json()) as { message: string; claims?: object } };
  };
  const lastReason = async (): Promise<{ rule: string; outcome: string }> => {
    const { records } = await bench.call<{ records: { reasons: { rule: string; outcome: string }[] }[] }>(
      'GET',
      '/trace?limit=5000',
    );
    return records.at(-1)!.reasons.at(-1)!;
  };

  it('[PR-API-5] lets a user of the pool in, with or without the word Bearer', async () => {
    expect(await get(tokens.id)).toMatchObject({ status: 200, body: { claims: { 'cognito:username': 'ann' } } });
    expect(await get(`Bearer ${tokens.id}`)).toMatchObject({ status: 200 });
    expect(await lastReason()).toMatchObject({ rule: 'PR-API-5', outcome: 'pass' });
  });

  it('[PR-API-5] reads the path of a whole address, whoever that names', async () => {
    const { hostname, port } = new URL(bench.url);
    const path = `http://nobody:99999/sample-api/${app.userPoolId}/orders`;
    const status = await new Promise<number>((resolve, reject) => {
      const asking = httpRequest({ hostname, port, path, headers: { Authorization: tokens.id } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      });
      asking.on('error', reject).end();
    });
    expect(status).toBe(200);
  });

  it('[PR-API-1] refuses a request without a token, and the timeline says why', async () => {
    expect(await get()).toEqual({ status: 401, body: { message: 'Unauthorized' } });
    expect(await lastReason()).toMatchObject({ rule: 'PR-API-1', outcome: 'refuse' });
  });

  it('[PR-API-2] refuses a forged token, one of another pool, and what is no token', async () => {
    const [header, payload, signature] = tokens.id.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, 'cognito:username': 'mallory' })).toString('base64url');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const token of [`${header}.${forged}.${signature}`, unsigned, 'nonsense']) {
      expect(await get(token)).toEqual({ status: 401, body: { message: 'Unauthorized' } });
      expect(await lastReason()).toMatchObject({ rule: 'PR-API-2', outcome: 'refuse' });
    }
    const other = await createApp(bench);
    expect(await get(tokens.id, '', other.userPoolId)).toMatchObject({ status: 401 });
    expect(await get(tokens.id, '', 'us-east-1_Nowhere00')).toMatchObject({ status: 404 });
  });

  it('[PR-API-4] takes access tokens where the method asks for a scope that they have, and only there', async () => {
    expect(await get(tokens.access)).toMatchObject({ status: 401 });
    expect(await get(tokens.access, `?scope=${API_SCOPE}`)).toMatchObject({
      status: 200,
      body: { claims: { token_use: 'access' } },
    });
    expect(await get(tokens.access, '?scope=orders/read')).toMatchObject({ status: 401 });
    expect(await get(tokens.id, `?scope=${API_SCOPE}`)).toMatchObject({ status: 401 });
    expect(await lastReason()).toMatchObject({ rule: 'PR-API-4', outcome: 'refuse' });
  });

  it('answers browsers of any origin, as an API does', async () => {
    const preflight = await fetch(`${bench.url}/sample-api/${app.userPoolId}/orders`, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it('[PR-API-3] [PR-API-5] goes by the clock, not by sign-out', async () => {
    await app.idp.send(new GlobalSignOutCommand({ AccessToken: tokens.access }));
    expect(await get(tokens.id)).toMatchObject({ status: 200 });
    await bench.advance({ minutes: 61 });
    expect(await get(tokens.id)).toEqual({ status: 401, body: { message: 'The incoming token has expired' } });
  });
});
