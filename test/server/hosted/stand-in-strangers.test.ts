import { createHash } from 'node:crypto';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT_HEADER } from '../../../src/shared/bench-api.ts';
import type { StandInView } from '../../../src/shared/stand-ins.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';

/** What those can make a stand-in do who show nothing: pages of other sites, and whoever finds the port. */

const OTHER = '333333333333';
const REDIRECT = 'http://localhost:5173/callback';
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0';

let bench: TestBench;
let provider: StandInView;
beforeAll(async () => {
  bench = await startBench();
  provider = await bench.call<StandInView>('GET', '/stand-ins/oidc');
});
afterAll(() => bench.stop());

const authorize = (changes: Record<string, string> = {}) => {
  const question = new URLSearchParams({
    client_id: provider.clients[0]!.id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid offline_access',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  });
  return fetch(`${provider.url}/authorize?${question.toString()}`, { redirect: 'manual' });
};

async function choose(page: Response, person = 'alice'): Promise<URL> {
  const [, request = ''] = /name="request" value="([^"]+)"/.exec(await page.text()) ?? [];
  const sent = await fetch(`${provider.url}/authorize`, {
    method: 'POST',
    body: new URLSearchParams({ request, person }),
    redirect: 'manual',
  });
  expect(sent.status).toBe(303);
  return new URL(sent.headers.get('location')!);
}

const codeFor = async (changes?: Record<string, string>): Promise<string> =>
  (await choose(await authorize(changes))).searchParams.get('code')!;

async function token(form: Record<string, string>): Promise<Record<string, string>> {
  const body = new URLSearchParams({ client_id: provider.clients[0]!.id, ...form });
  return (await (await fetch(`${provider.url}/token`, { method: 'POST', body })).json()) as Record<string, string>;
}

const redeem = (code: string) =>
  token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: VERIFIER });

const userInfo = (accessToken: string) =>
  fetch(`${provider.url}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });

describe('an account that is not in use', () => {
  const written = () => bench.services.standInRecords.list(OTHER).map(({ name }) => name);

  it('[SI-BOOK-7] gets nothing written down, whatever is asked for without credentials', async () => {
    for (const [method, path] of [
      ['GET', 'google/jwks'],
      ['GET', 'oidc/.well-known/openid-configuration'],
      ['GET', 'oidc/authorize?client_id=poolbench-app'],
      ['OPTIONS', 'oidc/token'],
      ['GET', 'saml/saml/metadata'],
      ['GET', 'facebook/me?access_token=x'],
    ] as const) {
      expect((await fetch(`${bench.url}/stand-ins/${OTHER}/${path}`, { method })).status, path).toBe(404);
    }
    const ofGoogle = [
      { alg: 'RS256', kid: 'x' },
      { iss: 'https://accounts.google.com', sub: 'x', aud: 'x' },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const sts = new STSClient({ ...bench.sdk, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
    const role = { RoleArn: `arn:aws:iam::${OTHER}:role/any`, RoleSessionName: 'any' };
    for (const input of [
      { WebIdentityToken: `${ofGoogle}.AAAA` },
      { WebIdentityToken: 'EAAmade-up', ProviderId: 'graph.facebook.com' },
    ]) {
      await expect(sts.send(new AssumeRoleWithWebIdentityCommand({ ...role, ...input }))).rejects.toThrow();
    }
    expect(written()).toEqual([]);
  });

  it('[SI-BOOK-7] has its providers once its own looked at one', async () => {
    const headers = { [ACCOUNT_HEADER]: OTHER };
    await fetch(`${bench.url}/_bench/stand-ins/oidc`, { headers });
    expect(written()).toEqual(['oidc']);
    const keys = await fetch(`${bench.url}/stand-ins/${OTHER}/google/jwks`);
    expect(keys.status).toBe(200);
    expect(written()).toEqual(['oidc', 'google']);
  });

  it('[SI-KEY-1] [SI-BOOK-7] makes one key, however many ask at once, and none for who verifies', async () => {
    const apple = await bench.call<StandInView>('GET', '/stand-ins/apple');
    expect(bench.services.standIns.keys(ACCOUNT, 'https://appleid.apple.com')?.keys).toEqual([]);
    const all = await Promise.all(Array.from({ length: 8 }, async () => (await fetch(`${apple.url}/jwks`)).text()));
    expect(new Set(all).size).toBe(1);
    expect((JSON.parse(all[0]!) as { keys: object[] }).keys).toHaveLength(1);
  });
});

describe('where a person is sent back', () => {
  it.each([
    'http://localhost\\@evil.example.test/cb',
    'http://localhost\n.evil.example.test/cb',
    'http://local\thost/cb',
    ' http://localhost/cb',
    'http://localhost/cb\r\nSet-Cookie: a=b',
    'http://localhost/\u0000',
    'http://localhost@evil.example.test',
    'http://localhost:80@evil.example.test/',
    'https:evil.example.test',
    '//localhost/cb',
    'java\nscript:alert(1)',
  ])('[SI-OIDC-2] is never what readers of addresses take for different places: %j', async (uri) => {
    const page = await authorize({ redirect_uri: uri });
    expect(page.status).toBe(400);
    expect(page.headers.get('location')).toBeNull();
  });

  it('[SI-OIDC-2] may have letters that a header has not', async () => {
    const uri = 'http://localhost:5173/zurück/☃';
    const back = await choose(await authorize({ redirect_uri: uri }));
    expect(back.origin + decodeURI(back.pathname)).toBe(uri);
    expect(back.searchParams.get('code')).toBeTruthy();
  });

  it('[SI-OIDC-3] carries what the app sent as one value, and no header of it', async () => {
    const state = 'a\r\nSet-Cookie: b=c&code=forged#x';
    const sent = await authorize({ state, response_type: 'token' });
    expect(sent.headers.get('set-cookie')).toBeNull();
    const { searchParams } = new URL(sent.headers.get('location')!);
    expect(searchParams.get('state')).toBe(state);
    expect(searchParams.get('code')).toBeNull();
  });
});

describe('tokens', () => {
  it('[SI-OIDC-5] end with a code that comes again while it is still being redeemed', async () => {
    const code = await codeFor();
    const answers = await Promise.all([1, 2, 3].map(() => redeem(code)));
    const [given, ...others] = answers.filter((answer) => answer['access_token'] !== undefined);
    expect(others).toEqual([]);
    expect((await userInfo(given!['access_token']!)).status).toBe(401);
    const refresh = { grant_type: 'refresh_token', refresh_token: given!['refresh_token']! };
    expect(await token(refresh)).toMatchObject({ error: 'invalid_grant' });
  });

  it('[SI-OIDC-5] that a refresh token brought end with the code, too', async () => {
    const code = await codeFor();
    const first = await redeem(code);
    const second = await token({ grant_type: 'refresh_token', refresh_token: first['refresh_token']! });
    expect((await userInfo(second['access_token']!)).status).toBe(200);
    await redeem(code);
    expect((await userInfo(second['access_token']!)).status).toBe(401);
  });

  it('[SI-TOKEN-3] that refresh can be revoked', async () => {
    const { refresh_token: refreshToken } = await redeem(await codeFor());
    expect(await bench.call('POST', '/stand-ins/oidc/revoke', { token: refreshToken })).toEqual({ revoked: true });
    expect(await token({ grant_type: 'refresh_token', refresh_token: refreshToken! })).toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('[SI-OIDC-4] are not given for a code of another account or another provider', async () => {
    const code = await codeFor();
    const elsewhere = await bench.call<StandInView>('GET', '/stand-ins/google');
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
      client_id: provider.clients[0]!.id,
    };
    for (const url of [elsewhere.url, provider.url.replace(ACCOUNT, OTHER)]) {
      const answer = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) });
      expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
    }
    expect(decodeJwt((await redeem(code))['id_token']!).sub).toBe('alice');
  });

  it('[SI-BOOK-5] say who somebody is, whatever else is said of them', async () => {
    const person = { subject: 'eve', name: 'Eve', claims: { azp: 'another', id: '1', user_id: '2' } };
    for (const name of ['google', 'facebook', 'amazon']) {
      await bench.call('POST', `/stand-ins/${name}/people`, { person });
    }
    const issue = async (name: string) =>
      bench.call<{ token: string; audience: string }>('POST', `/stand-ins/${name}/tokens`, { person: 'eve' });
    const { token: signed, audience } = await issue('google');
    expect(decodeJwt(signed)).toMatchObject({ sub: 'eve', azp: audience });
    const base = provider.url.replace(/oidc$/, '');
    const facebook = await fetch(`${base}facebook/me?access_token=${(await issue('facebook')).token}`);
    expect(await facebook.json()).toMatchObject({ id: 'eve' });
    const access = encodeURIComponent((await issue('amazon')).token);
    const amazon = await fetch(`${base}amazon/user/profile?access_token=${access}`);
    expect(await amazon.json()).toMatchObject({ user_id: 'eve' });
  });

  it('[SI-TOKEN-4] [FED-OAUTH-1] are worth nothing once the person was removed', async () => {
    const person = { subject: 'mallory', name: 'Mallory' };
    await bench.call('POST', '/stand-ins/facebook/people', { person });
    const { token: opaque } = await bench.call<{ token: string }>('POST', '/stand-ins/facebook/tokens', {
      person: 'mallory',
    });
    const ask = () => bench.services.standIns.inspect(ACCOUNT, 'graph.facebook.com', opaque);
    expect(ask()).toMatchObject({ isRevoked: false });
    await bench.call('DELETE', '/stand-ins/facebook/people/mallory');
    expect(ask()).toMatchObject({ isRevoked: true });
  });
});
