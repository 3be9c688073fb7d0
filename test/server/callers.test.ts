import { describe, expect, it } from 'vitest';
import { fault } from '../../src/main/kernel/fault.ts';
import type { Authentication, Call } from '../../src/main/services/family.ts';
import type { AccessTokenClaims, Services } from '../../src/main/services/services.ts';
import { startFakeServer, type FakeServer } from './fake-server.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };
const IDP = 'AWSCognitoIdentityProviderService.';
const IDENTITY = 'AWSCognitoIdentityService.';
const POOL = 'eu-west-1:11111111-2222-3333-4444-555555555555';
const OTHER = 'eu-west-1:99999999-2222-3333-4444-555555555555';

const services = {
  directory: {
    userPool: (id: string) => (id === 'eu-west-1_a' ? PLACE : undefined),
    appClient: (id: string) => (id === 'known' ? { ...PLACE, userPoolId: 'eu-west-1_a' } : undefined),
    identityPool: (id: string) => (id === POOL ? PLACE : undefined),
    identity: (id: string) => (id === POOL ? { ...PLACE, identityPoolId: POOL } : undefined),
  },
  tokens: {
    verifyAccessToken(token: string) {
      if (token !== 'good') return Promise.reject(fault('NotAuthorizedException', 'Invalid Access Token'));
      return Promise.resolve({ username: 'ann', userPoolId: 'eu-west-1_a', client_id: 'known' } as AccessTokenClaims);
    },
  },
} as unknown as Partial<Services>;

async function seenBy(
  run: (server: FakeServer) => Promise<Response>,
  operation: [service: 'cognito-idp' | 'cognito-identity' | 'sts', name: string, auth: Authentication],
): Promise<{ calls: Call[]; response: Response }> {
  const calls: Call[] = [];
  const [service, name, auth] = operation;
  await using server = await startFakeServer({
    services,
    rows: { [service]: { [name]: { auth, run: (_input: never, call: Call) => void calls.push(call) } } },
  });
  const response = await run(server);
  await response.clone().text();
  return { calls, response };
}

describe('callers of unsigned operations', () => {
  it('[PR-CALLER-1] are found by their app client', async () => {
    const { calls } = await seenBy(
      (server) => server.json(`${IDP}SignUp`, { ClientId: 'known', Username: 'ann' }),
      ['cognito-idp', 'SignUp', 'app-client'],
    );
    expect(calls[0]).toMatchObject({
      ...PLACE,
      caller: { kind: 'app-client', clientId: 'known', userPoolId: 'eu-west-1_a' },
    });
  });

  it.each<[operation: string, auth: Authentication, input: object]>([
    ['SignUp', 'app-client', { Username: 'ann' }],
    ['RespondToAuthChallenge', 'auth-session', { ChallengeName: 'PASSWORD_VERIFIER' }],
  ])('[PR-CALLER-1] are refused by %s with an unknown app client', async (operation, auth, input) => {
    const { calls, response } = await seenBy(
      (server) => server.json(IDP + operation, { ClientId: 'unknown', ...input }),
      ['cognito-idp', operation, auth],
    );
    expect(calls).toEqual([]);
    expect([response.status, await response.json()]).toEqual([
      400,
      { __type: 'ResourceNotFoundException', message: 'User pool client unknown does not exist.' },
    ]);
  });

  it('[PR-CALLER-2] are found by their access token', async () => {
    const { calls } = await seenBy(
      (server) => server.json(`${IDP}GetUser`, { AccessToken: 'good' }),
      ['cognito-idp', 'GetUser', 'access-token'],
    );
    expect(calls[0]).toMatchObject({ ...PLACE, caller: { kind: 'user', claims: { username: 'ann' } } });
    const { calls: none, response } = await seenBy(
      (server) => server.json(`${IDP}GetUser`, { AccessToken: 'forged' }),
      ['cognito-idp', 'GetUser', 'access-token'],
    );
    expect([none, response.status]).toEqual([[], 400]);
  });

  it('[PR-CALLER-2] may carry a signature that nobody looks at', async () => {
    const { calls } = await seenBy(
      (server) => server.json(`${IDP}GetUser`, { AccessToken: 'good' }, { authorization: 'Bearer nonsense' }),
      ['cognito-idp', 'GetUser', 'access-token'],
    );
    expect(calls).toHaveLength(1);
  });

  it('[PR-CALLER-3] are found by identity pool or identity', async () => {
    const byPool = await seenBy(
      (server) => server.json(`${IDENTITY}GetId`, { IdentityPoolId: POOL }),
      ['cognito-identity', 'GetId', 'login-tokens'],
    );
    expect(byPool.calls[0]).toMatchObject(PLACE);
    const byIdentity = await seenBy(
      (server) => server.json(`${IDENTITY}GetCredentialsForIdentity`, { IdentityId: POOL }),
      ['cognito-identity', 'GetCredentialsForIdentity', 'login-tokens'],
    );
    expect(byIdentity.calls[0]).toMatchObject(PLACE);
  });

  it('[PR-CALLER-3] are refused with the texts that clients compare', async () => {
    const { response: pool } = await seenBy(
      (server) => server.json(`${IDENTITY}GetId`, { IdentityPoolId: OTHER }),
      ['cognito-identity', 'GetId', 'login-tokens'],
    );
    expect(await pool.json()).toEqual({
      __type: 'ResourceNotFoundException',
      message: `IdentityPool '${OTHER}' not found.`,
    });
    const { response: identity } = await seenBy(
      (server) => server.json(`${IDENTITY}GetOpenIdToken`, { IdentityId: OTHER }),
      ['cognito-identity', 'GetOpenIdToken', 'login-tokens'],
    );
    expect(await identity.json()).toEqual({
      __type: 'ResourceNotFoundException',
      message: `Identity '${OTHER}' not found.`,
    });
  });

  it('[PR-CALLER-4] belong to the account of the role they name', async () => {
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::444455556666:role/guests',
      RoleSessionName: 'me',
      WebIdentityToken: 'token',
    });
    const { calls } = await seenBy(
      (server) => fetch(server.url, { method: 'POST', body: form }),
      ['sts', 'AssumeRoleWithWebIdentity', 'anyone'],
    );
    expect(calls[0]).toMatchObject({ account: '444455556666', region: 'us-east-1', caller: { kind: 'anyone' } });
  });
});
