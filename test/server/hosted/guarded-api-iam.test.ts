import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser, policy } from '../../services/iam/setup.ts';
import { createPool, createUserPool, getCredentials, getId, signIn } from '../../services/identity-pools/setup.ts';
import { signedFetch, type Credentials, type RawRequest } from '../forward/signing.ts';

const ARN = `arn:aws:execute-api:us-east-1:${ACCOUNT}:shop/prod`;

describe('an API that is guarded by IAM', () => {
  let bench: TestBench;
  let poolId: string;
  let guest: Awaited<ReturnType<typeof getCredentials>>;
  let user: Awaited<ReturnType<typeof getCredentials>>;
  let provider: string;

  beforeAll(async () => {
    bench = await startBench();
    const people = await createUserPool(bench);
    provider = people.provider;
    poolId = await createPool(bench, [people]);
    guest = await getCredentials(bench, await getId(bench, poolId));
    const { idToken } = await signIn(bench, people, 'ann');
    const Logins = { [people.provider]: idToken };
    user = await getCredentials(bench, await getId(bench, poolId, Logins), Logins);
    await grant(allow('execute-api:Invoke', [`${ARN}/GET/orders/*`, `${ARN}/POST/orders`, `${ARN}/*/secret/*`]), {
      Effect: 'Deny',
      Action: 'execute-api:Invoke',
      Resource: `${ARN}/*/secret/*`,
    });
  });
  afterAll(() => bench.stop());

  const grant = (...statements: object[]) =>
    new IAMClient(bench.sdk).send(
      new PutRolePolicyCommand({ RoleName: 'User', PolicyName: 'api', PolicyDocument: policy(...statements) }),
    );
  const call = async (credentials: Credentials, method: string, path: string, more: Partial<RawRequest> = {}) => {
    const at = `/sample-api/iam/shop/prod${path}`;
    const response = await signedFetch(bench.url, credentials, { service: 'execute-api', method, path: at, ...more });
    return {
      status: response.status,
      type: response.headers.get('x-amzn-errortype'),
      body: (await response.json()) as { [member: string]: unknown },
    };
  };
  const lastTrace = async (): Promise<TraceRecord> => {
    const { records } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace?limit=5000');
    return records.at(-1)!;
  };

  it('[GA-API-3] [GA-API-4] lets in whom a policy lets in, and says who called', async () => {
    const answer = await call(user.credentials, 'GET', '/orders/7?page=2');
    const identityId = user.identityId;
    expect(answer).toMatchObject({
      status: 200,
      body: {
        message: 'Authorized',
        requestContext: {
          apiId: 'shop',
          stage: 'prod',
          httpMethod: 'GET',
          path: '/prod/orders/7',
          identity: {
            accountId: ACCOUNT,
            accessKey: user.credentials.accessKeyId,
            userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/User/CognitoIdentityCredentials`,
            cognitoIdentityId: identityId,
            cognitoIdentityPoolId: poolId,
            cognitoAuthenticationType: 'authenticated',
            cognitoAuthenticationProvider: expect.stringMatching(
              new RegExp(`^${provider},${provider}:CognitoSignIn:[0-9a-f-]{36}$`),
            ) as string,
          },
        },
      },
    });
    expect(await call(user.credentials, 'POST', '/orders', { body: '{"item":1}' })).toMatchObject({ status: 200 });
    expect(await lastTrace()).toMatchObject({
      service: 'execute-api',
      operation: 'Invoke',
      caller: { kind: 'session', identityId },
      request: { body: { item: 1 } },
      reasons: [{ rule: 'PR-SIGN-8' }, { rule: 'AC-EVAL-2', outcome: 'pass' }, { rule: 'GA-API-4' }],
    });
  });

  it('[GA-API-3] denies the rest in the words of API Gateway, with the account masked', async () => {
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/User/CognitoIdentityCredentials`;
    const denied = (path: string) =>
      `User: ${arn} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:shop/prod/${path}`;
    expect(await call(user.credentials, 'DELETE', '/orders/7')).toEqual({
      status: 403,
      type: 'AccessDeniedException',
      body: { Message: denied('DELETE/orders/7') },
    });
    expect(await call(user.credentials, 'GET', '')).toMatchObject({ body: { Message: denied('GET/') } });
    expect(await call(user.credentials, 'GET', '/secret/1')).toMatchObject({
      status: 403,
      body: { Message: `${denied('GET/secret/1')} with an explicit deny` },
    });
    expect((await lastTrace()).reasons.at(-1)).toMatchObject({ rule: 'AC-EVAL-1', outcome: 'refuse' });
    expect(await call(guest.credentials, 'GET', '/orders/7')).toMatchObject({ status: 403 });
  });

  it('[GA-API-5] asks policies for the path decoded, so that no spelling slips past a Deny', async () => {
    await grant(allow('execute-api:Invoke'), {
      Effect: 'Deny',
      Action: 'execute-api:Invoke',
      Resource: `${ARN}/*/secret/*`,
    });
    expect(await call(user.credentials, 'GET', '/open')).toMatchObject({ status: 200 });
    for (const path of ['/%73ecret/1', '/secret%2F1']) {
      expect(await call(user.credentials, 'GET', path)).toMatchObject({ status: 403 });
    }
    for (const path of ['/open/%2e%2e/secret/1', '//secret/1', '/open%5C..', '/open/%']) {
      expect(await call(user.credentials, 'GET', path)).toMatchObject({ status: 404 });
    }
    await grant(allow('execute-api:Invoke', `${ARN}/GET/orders/*`));
  });

  it('[GA-API-2] answers unsigned calls with 403, and wrong signatures as wrong', async () => {
    const unsigned = await fetch(`${bench.url}/sample-api/iam/shop/prod/orders/7`);
    expect(unsigned.status).toBe(403);
    expect(await unsigned.json()).toEqual({ message: 'Missing Authentication Token' });

    const forged = { ...user.credentials, secretAccessKey: 'f'.repeat(40) };
    expect(await call(forged, 'GET', '/orders/7')).toMatchObject({ status: 403, type: 'InvalidSignatureException' });
    const { sessionToken: _sessionToken, ...tokenless } = user.credentials;
    expect(await call(tokenless, 'GET', '/orders/7')).toMatchObject({
      status: 403,
      body: { message: 'The security token included in the request is invalid.' },
    });
    const foreign = await signedFetch(bench.url, user.credentials, {
      service: 'cognito-sync',
      method: 'GET',
      path: '/sample-api/iam/shop/prod/orders/7',
    });
    expect(foreign.status).toBe(403);
  });

  it('[GA-API-1] answers a path that names no API with 404, and browsers of any origin', async () => {
    const response = await signedFetch(bench.url, user.credentials, {
      service: 'execute-api',
      method: 'GET',
      path: '/sample-api/iam/shop',
    });
    expect(response.status).toBe(404);
    const preflight = await fetch(`${bench.url}/sample-api/iam/shop/prod/orders`, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('X-Amz-Security-Token');
  });

  it('[GA-API-4] knows developers and IAM users, who have no identity', async () => {
    expect(await call(bench.credentials, 'GET', '/orders/7')).toMatchObject({
      body: { requestContext: { identity: { userArn: `arn:aws:iam::${ACCOUNT}:root`, cognitoIdentityId: null } } },
    });
    const person = await createUser(bench, allow('execute-api:Invoke', `${ARN}/GET/orders/*`));
    expect(await call(person.credentials, 'GET', '/orders/7')).toMatchObject({
      status: 200,
      body: { requestContext: { identity: { userArn: person.arn, user: person.id } } },
    });
    expect(await call(person.credentials, 'PUT', '/orders/7')).toMatchObject({ status: 403 });
  });

  it('[GA-API-2] refuses credentials that have expired', async () => {
    await bench.advance({ minutes: 61 });
    expect(await call(user.credentials, 'GET', '/orders/7')).toEqual({
      status: 403,
      type: 'ExpiredTokenException',
      body: { message: 'The security token included in the request is expired' },
    });
  });
});
