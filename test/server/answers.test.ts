import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/main/kernel/clock.ts';
import { fault } from '../../src/main/kernel/fault.ts';
import { serviceModel } from '../../src/main/model/load.ts';
import { headerText } from '../../src/main/server/protocols/protocol.ts';
import { queryXml } from '../../src/main/server/protocols/query-xml.ts';
import type { AnyRow } from '../../src/main/services/family.ts';
import { DEVELOPER, startFakeServer } from './fake-server.ts';

const IDP = 'AWSCognitoIdentityProviderService.';
const NOW = new Date('2026-01-02T03:04:05.678Z');

const row = (run: () => unknown): AnyRow => ({ auth: 'anyone', run });
const refuse = (...refusal: Parameters<typeof fault>): AnyRow =>
  row(() => {
    throw fault(...refusal);
  });
const sync = {
  authorization: DEVELOPER.authorization.replace('cognito-idp', 'cognito-sync'),
  'x-amz-date': DEVELOPER['x-amz-date'],
};

describe('answers of the JSON services', () => {
  it('[PR-ANSWER-1] are empty without an output in the model, and `{}` with an empty one', async () => {
    await using server = await startFakeServer({
      rows: { 'cognito-idp': { DeleteUser: row(() => undefined), ChangePassword: row(() => ({})) } },
    });
    const none = await server.json(`${IDP}DeleteUser`, { AccessToken: 'a' });
    expect([none.status, await none.text(), none.headers.get('content-length')]).toEqual([200, '', '0']);
    const empty = await server.json(`${IDP}ChangePassword`, { AccessToken: 'a', ProposedPassword: 'x' });
    expect([empty.status, await empty.text()]).toEqual([200, '{}']);
    expect(empty.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(empty.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  it('[PR-ANSWER-2] write epoch seconds with milliseconds, and leave unset members out', async () => {
    const user = { Username: 'ann', UserCreateDate: NOW, UserMFASettingList: undefined };
    await using server = await startFakeServer({ rows: { 'cognito-idp': { AdminGetUser: { run: () => user } } } });
    const response = await server.json(`${IDP}AdminGetUser`, { UserPoolId: 'us-east-1_a', Username: 'ann' }, DEVELOPER);
    expect(await response.text()).toBe(`{"Username":"ann","UserCreateDate":${NOW.getTime() / 1000}}`);
  });

  it('[PR-ANSWER-3] carry an error in body and headers', async () => {
    await using server = await startFakeServer({
      rows: { 'cognito-idp': { GetUser: refuse('NotAuthorizedException', 'Zugang für „Ann“\nverweigert') } },
    });
    const response = await server.json(`${IDP}GetUser`, { AccessToken: 'a' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      __type: 'NotAuthorizedException',
      message: 'Zugang für „Ann“\nverweigert',
    });
    expect(response.headers.get('x-amzn-errortype')).toBe('NotAuthorizedException:');
    expect(Buffer.from(response.headers.get('x-amzn-errormessage')!, 'latin1').toString()).toBe(
      'Zugang für „Ann“ verweigert',
    );
  });

  it('[PR-ANSWER-3] are 500 for the service’s own faults alone', async () => {
    await using server = await startFakeServer({
      rows: {
        'cognito-idp': {
          GetUser: refuse('InternalErrorException', 'x'),
          ListDevices: refuse('TooManyRequestsException', 'x'),
        },
      },
    });
    expect((await server.json(`${IDP}GetUser`, { AccessToken: 'a' })).status).toBe(500);
    expect((await server.json(`${IDP}ListDevices`, { AccessToken: 'a' })).status).toBe(400);
  });

  it('[PR-ANSWER-3] never let a long message break the headers', () => {
    expect(headerText('x'.repeat(100_000))).toHaveLength(1024);
  });

  it('[PR-ANSWER-4] of sync say the code in the header and the status of the model', async () => {
    await using server = await startFakeServer({
      rows: {
        'cognito-sync': {
          ListIdentityPoolUsage: { run: () => Promise.reject(fault('TooManyRequestsException', 'Slow down')) },
        },
      },
    });
    const response = await fetch(`${server.url}/identitypools`, { headers: sync });
    expect([response.status, await response.json(), response.headers.get('x-amzn-errortype')]).toEqual([
      429,
      { message: 'Slow down' },
      'TooManyRequestsException:',
    ]);
  });

  it.each(['cognito-idp', 'sts'] as const)('[PR-ANSWER-6] of %s hide an unexpected failure', async (service) => {
    const broken = row(() => {
      throw new Error('a secret of the house');
    });
    await using server = await startFakeServer({
      rows: { 'cognito-idp': { GetUser: broken }, sts: { AssumeRoleWithSAML: broken } },
    });
    const response =
      service === 'cognito-idp'
        ? await server.json(`${IDP}GetUser`, { AccessToken: 'a' })
        : await fetch(server.url, {
            method: 'POST',
            body: new URLSearchParams(
              'Action=AssumeRoleWithSAML&Version=2011-06-15&RoleArn=arn:aws:iam::123456789012:role/r&PrincipalArn=arn:aws:iam::123456789012:saml-provider/p&SAMLAssertion=abcd',
            ),
          });
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).toMatch(/InternalErrorException|InternalFailure/);
    expect(text).not.toContain('secret');
  });

  it('[PR-ANSWER-7] note a misfit on the trace, and fail where answers are strict', async () => {
    const rows = { 'cognito-idp': { GetUser: row(() => ({ Nothing: 1 })) } };
    await using lenient = await startFakeServer({ rows });
    expect((await lenient.json(`${IDP}GetUser`, { AccessToken: 'a' })).status).toBe(200);
    const [record] = await lenient.traces();
    expect(record!.reasons.at(-1)).toMatchObject({
      rule: 'PR-ANSWER-7',
      decided: expect.stringContaining('Nothing is not in the model') as unknown,
    });
    await using strict = await startFakeServer({ rows, strictAnswers: true });
    expect((await strict.json(`${IDP}GetUser`, { AccessToken: 'a' })).status).toBe(500);
    await using undeclared = await startFakeServer({
      rows: { 'cognito-idp': { GetUser: refuse('UsernameExistsException', 'x') } },
      strictAnswers: true,
    });
    expect((await undeclared.json(`${IDP}GetUser`, { AccessToken: 'a' })).status).toBe(500);
  });

  it('[PR-ANSWER-9] have a date in real time, whatever the bench’s clock says', async () => {
    await using server = await startFakeServer({
      clock: createClock(new Date('2030-01-01')),
      rows: { 'cognito-idp': { ChangePassword: row(() => ({})) } },
    });
    const response = await server.json(`${IDP}ChangePassword`, { AccessToken: 'a', ProposedPassword: 'x' });
    expect(Math.abs(Date.parse(response.headers.get('date')!) - Date.now())).toBeLessThan(5000);
  });
});

describe('answers of the query services', () => {
  it('[PR-ANSWER-5] are read by the SDK', async () => {
    await using server = await startFakeServer({
      rows: { sts: { GetCallerIdentity: { run: () => ({ Arn: 'a<&>"b\r\u0001' }) } } },
    });
    const client = new STSClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('a<&>"b\r\ufffd');
  });

  it('[PR-ANSWER-5] carry code and status of the model', () => {
    const refused = queryXml.encodeFault(serviceModel('sts'), fault('IDPRejectedClaimException', 'no <b>'), 'id');
    expect(refused.status).toBe(403);
    expect(refused.text).toBe(
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
        '<Code>IDPRejectedClaim</Code><Message>no &lt;b&gt;</Message></Error><RequestId>id</RequestId></ErrorResponse>',
    );
  });

  it('[PR-ANSWER-2] write ISO 8601, lists and nested structures', () => {
    const operation = serviceModel('sts').operations.get('AssumeRole')!;
    const { text } = queryXml.encodeOutput(
      operation,
      {
        PackedPolicySize: 6,
        Credentials: {
          AccessKeyId: 'a',
          SecretAccessKey: 'b',
          SessionToken: 'c',
          Expiration: new Date('2015-01-01T00:00:00Z'),
        },
      },
      'id',
    );
    expect(text).toContain('<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>');
    expect(text).toContain('<Expiration>2015-01-01T00:00:00Z</Expiration></Credentials>');
    expect(text).toContain('<PackedPolicySize>6</PackedPolicySize>');
    expect(text).toMatch(/<ResponseMetadata><RequestId>id<\/RequestId><\/ResponseMetadata><\/AssumeRoleResponse>$/);
  });

  it('[PR-FIND-2] read nested lists, numbers and flags of a form', () => {
    const operation = serviceModel('sts').operations.get('AssumeRole')!;
    const form =
      'RoleArn=r&DurationSeconds=900&Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=1&TransitiveTagKeys.member.1=a';
    const received = { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.from(form) };
    expect(queryXml.decode(operation, received, {}).input).toEqual({
      RoleArn: 'r',
      DurationSeconds: 900,
      Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }],
      TransitiveTagKeys: ['a'],
    });
    const wrong = { ...received, body: Buffer.from('DurationSeconds=soon') };
    expect(() => queryXml.decode(operation, wrong, {})).toThrow(/DurationSeconds is not of the type integer/);
  });
});

describe('apps in browsers', () => {
  it('[PR-ANSWER-8] may read every answer, refusals too', async () => {
    await using server = await startFakeServer();
    for (const response of [
      await server.json(`${IDP}Nothing`, {}, { origin: 'https://app.example' }),
      await server.json(`${IDP}GetUser`, '{', { origin: 'https://app.example' }),
      await fetch(`${server.url}/identitypools/x/y/z`, { headers: { origin: 'https://app.example' } }),
      await fetch(server.url, { method: 'POST', headers: { 'content-type': 'text/plain' } }),
    ]) {
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-expose-headers')).toBe(
        'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
      );
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it.each([
    ['/', 'POST'],
    ['/identitypools/p/identities/i/datasets/d', 'GET, POST, DELETE, OPTIONS'],
  ])('[PR-ANSWER-8] get a preflight for %s without authentication', async (path, methods) => {
    await using server = await startFakeServer();
    const response = await fetch(server.url + path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'cache-control,content-type,x-amz-target,x-amz-user-agent',
      },
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'cache-control,content-type,x-amz-target,x-amz-user-agent',
      'access-control-max-age': '172800',
      'content-length': '0',
    });
    expect(response.headers.get('x-amzn-requestid')).toBeTruthy();
  });
});
