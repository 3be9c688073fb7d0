import { createHash } from 'node:crypto';
import { JwtRsaVerifier } from 'aws-jwt-verify';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandInToken, StandInView } from '../../../src/shared/stand-ins.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';

const formed = (members: Record<string, string>): string => new URLSearchParams(members).toString();

/** An app that signs people in with a stand-in, over HTTP alone. */

const REDIRECT = 'http://localhost:5173/callback';
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

let bench: TestBench;
let provider: StandInView;
beforeAll(async () => {
  bench = await startBench();
  provider = await bench.call<StandInView>('GET', '/stand-ins/oidc');
});
afterAll(() => bench.stop());

interface Discovery {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly userinfo_endpoint: string;
  readonly jwks_uri: string;
}

const discover = async ({ url }: { readonly url: string } = provider): Promise<Discovery> =>
  (await fetch(`${url}/.well-known/openid-configuration`)).json() as Promise<Discovery>;

const client = () => provider.clients[0]!;

function question(changes: Record<string, string | undefined> = {}): string {
  const members: Record<string, string | undefined> = {
    client_id: client().id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid email',
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  const given = Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}

const open = (changes: Record<string, string | undefined> = {}, at = provider.url) =>
  fetch(`${at}/authorize?${question(changes)}`, { redirect: 'manual' });

async function wishOf(page: Response): Promise<string> {
  const [, value] = /name="request" value="([^"]+)"/.exec(await page.text()) ?? [];
  if (value === undefined) throw new Error('the page has no form');
  return value;
}

const choose = (form: Record<string, string>, headers: Record<string, string> = {}, at = provider.url) =>
  fetch(`${at}/authorize`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

const landing = (response: Response): URL => new URL(response.headers.get('location') ?? '');

async function codeFor(person: string, changes: Record<string, string | undefined> = {}): Promise<string> {
  const sent = await choose({ request: await wishOf(await open(changes)), person });
  return landing(sent).searchParams.get('code') ?? '';
}

async function redeem(form: Record<string, string>, headers: Record<string, string> = {}, at = provider.url) {
  const response = await fetch(`${at}/token`, { method: 'POST', body: new URLSearchParams(form), headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const proof = (code: string, changes: Record<string, string> = {}) => ({
  grant_type: 'authorization_code',
  code,
  client_id: client().id,
  redirect_uri: REDIRECT,
  code_verifier: VERIFIER,
  ...changes,
});

const userInfo = (token: string) =>
  fetch(`${provider.url}/userinfo`, { headers: { authorization: `Bearer ${token}` } });

describe('a sign-in by code', () => {
  it('[SI-OIDC-1] goes from discovery to tokens that a verifier takes, and to userinfo', async () => {
    const found = await discover();
    const page = await fetch(`${found.authorization_endpoint}?${question()}`);
    const sent = await choose({ request: await wishOf(page), person: 'alice' });
    expect(sent.status).toBe(303);
    const back = landing(sent);
    expect(back.origin + back.pathname).toBe(REDIRECT);
    expect(back.searchParams.get('state')).toBe('state-1');
    expect(back.searchParams.get('iss')).toBe(found.issuer);

    const { status, body } = await redeem(proof(back.searchParams.get('code')!));
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid email' });
    expect(body['refresh_token']).toBeUndefined();

    const { issuer, jwks_uri: jwksUri } = found;
    const verifier = JwtRsaVerifier.create({ issuer, audience: client().id, jwksUri });
    verifier.cacheJwks((await (await fetch(jwksUri)).json()) as Parameters<typeof verifier.cacheJwks>[0]);
    const claims = await verifier.verify(body['id_token']!);
    expect(claims).toMatchObject({ sub: 'alice', nonce: 'nonce-1', department: 'Engineering' });

    const about = await userInfo(body['access_token']!);
    expect(await about.json()).toMatchObject({ sub: 'alice', email: 'alice@example.test' });
  });

  it('[SI-OIDC-1] may be made by a web page of another origin, but for the choice', async () => {
    const origin = { origin: 'http://localhost:5173' };
    const { url } = provider;
    for (const path of ['.well-known/openid-configuration', 'jwks', 'userinfo']) {
      const response = await fetch(`${url}/${path}`, { headers: origin });
      expect(response.headers.get('access-control-allow-origin'), path).toBe('*');
    }
    const asked = await fetch(`${url}/token`, { method: 'OPTIONS', headers: origin });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect((await open()).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('[SI-OIDC-4] asks for the verifier, the app and the address that the code was made for', async () => {
    const wrong: [string, Record<string, string>][] = [
      ['verifier', { code_verifier: 'another-verifier-of-at-least-forty-three-chars' }],
      ['address', { redirect_uri: 'http://localhost:5173/other' }],
    ];
    for (const [what, change] of wrong) {
      const { status, body } = await redeem(proof(await codeFor('alice'), change));
      expect([status, body['error']], what).toEqual([400, 'invalid_grant']);
    }
    const { code_verifier: _left, ...unproven } = proof(await codeFor('alice'));
    expect((await redeem(unproven)).body['error']).toBe('invalid_grant');
    await bench.call('POST', '/stand-ins/oidc/clients', { id: 'other-app' });
    const byOther = await redeem(proof(await codeFor('alice'), { client_id: 'other-app' }));
    expect(byOther.body['error']).toBe('invalid_grant');
    expect((await redeem(proof('made-up'))).body['error']).toBe('invalid_grant');
  });

  it('[SI-OIDC-4] is over after a minute', async () => {
    const code = await codeFor('alice');
    await bench.advance({ seconds: 61 });
    expect((await redeem(proof(code))).body['error']).toBe('invalid_grant');
  });

  it('[SI-OIDC-5] revokes what a code led to when the code comes again', async () => {
    const code = await codeFor('alice');
    const { body } = await redeem(proof(code));
    expect((await userInfo(body['access_token']!)).status).toBe(200);
    expect((await redeem(proof(code))).body['error']).toBe('invalid_grant');
    expect((await userInfo(body['access_token']!)).status).toBe(401);
  });

  it('[SI-OIDC-6] takes a secret by Basic and in the form, and refuses a wrong or missing one', async () => {
    const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
    const { id, secret = '' } = client();
    const form = async () => {
      const { client_id: _id, code_verifier: _verifier, ...rest } = proof(await codeFor('bob', withoutPkce));
      return rest;
    };
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(`${id}:${text}`).toString('base64')}` });
    expect((await redeem(await form(), basic(secret))).status).toBe(200);
    expect((await redeem({ ...(await form()), client_id: id, client_secret: secret })).status).toBe(200);
    const wrong = await redeem(await form(), basic(`${secret}x`));
    expect([wrong.status, wrong.body['error']]).toEqual([401, 'invalid_client']);
    const missing = await redeem({ ...(await form()), client_id: id });
    expect([missing.status, missing.body['error']]).toEqual([401, 'invalid_client']);
    const wrongWithPkce = await redeem(proof(await codeFor('bob'), { client_secret: 'wrong' }));
    expect(wrongWithPkce.body['error']).toBe('invalid_client');
    expect((await redeem(await form(), { authorization: 'Bearer x' })).status).toBe(401);
  });

  it('[SI-OIDC-7] gives a refresh token where it is asked for, which no other app can use', async () => {
    const code = await codeFor('alice', { scope: 'openid offline_access' });
    const { body } = await redeem(proof(code));
    const refresh = { grant_type: 'refresh_token', refresh_token: body['refresh_token']!, client_id: client().id };
    await bench.advance({ hours: 2 });
    const fresh = await redeem(refresh);
    expect(decodeJwt(fresh.body['id_token']!).sub).toBe('alice');
    expect((await userInfo(fresh.body['access_token']!)).status).toBe(200);
    expect((await userInfo(body['access_token']!)).status).toBe(401);
    await bench.call('POST', '/stand-ins/oidc/clients', { id: 'other-app' });
    expect((await redeem({ ...refresh, client_id: 'other-app' })).body['error']).toBe('invalid_grant');
    await bench.advance({ days: 31 });
    expect((await redeem(refresh)).body['error']).toBe('invalid_grant');
  });

  it('[SI-OIDC-9] says nothing about a token that expired or was made up', async () => {
    const { body } = await redeem(proof(await codeFor('alice')));
    await bench.advance({ minutes: 61 });
    for (const token of [body['access_token']!, 'made-up']) {
      const response = await userInfo(token);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('invalid_token');
    }
    expect((await fetch(`${provider.url}/userinfo`)).status).toBe(401);
  });

  it('[SI-SPOIL-1] carries a spoiled token once where the provider is told so', async () => {
    await bench.call('POST', '/stand-ins/oidc/spoil', { what: 'wrong-issuer', once: true });
    const { body } = await redeem(proof(await codeFor('alice')));
    expect(decodeJwt(body['id_token']!).iss).not.toBe(provider.issuer);
    const next = await redeem(proof(await codeFor('alice')));
    expect(decodeJwt(next.body['id_token']!).iss).toBe(provider.issuer);
  });

  it.each(['client_credentials', 'password', ''])('[SI-OIDC-3] refuses the grant %j', async (grant) => {
    const { body } = await redeem(proof('x', { grant_type: grant }));
    expect(body['error']).toBe('unsupported_grant_type');
  });

  it('[SI-OIDC-3] refuses a token request that is no form, or too long', async () => {
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    expect((await fetch(`${provider.url}/token`, json)).status).toBe(400);
    const long = await redeem(proof('x'.repeat(2 * 1024 * 1024 + 1)));
    expect(long.body['error']).toBe('invalid_request');
  });
});

describe('where a person is sent back', () => {
  it.each([
    'http://127.0.0.1:1/cb',
    'https://localhost/cb',
    'http://app.localhost:3000/cb?tenant=1',
    'http://[::1]:3000/cb',
  ])('[SI-OIDC-2] may be %s, on this machine', async (uri) => {
    const sent = await choose({ request: await wishOf(await open({ redirect_uri: uri })), person: 'alice' });
    expect(landing(sent).href.startsWith(uri)).toBe(true);
    expect(landing(sent).searchParams.get('code')).toBeTruthy();
  });

  it.each([
    'https://evil.example.test/cb',
    'http://localhost.evil.test/cb',
    'http://127.0.0.1.evil.test/cb',
    'http://user:pw@localhost/cb',
    'http://localhost/cb#fragment',
    'javascript:alert(1)',
    'nowhere',
    '',
  ])('[SI-OIDC-2] is never %j, unless it is registered', async (uri) => {
    const page = await open({ redirect_uri: uri });
    expect(page.status).toBe(400);
    expect(page.headers.get('location')).toBeNull();
  });

  it('[SI-OIDC-2] may be registered, letter by letter', async () => {
    await bench.call('POST', '/stand-ins/oidc/clients', { id: 'mobile', redirectUris: ['myapp://done'] });
    const at = (uri: string) => open({ client_id: 'mobile', redirect_uri: uri });
    expect((await at('myapp://done')).status).toBe(200);
    expect((await at('myapp://done/')).status).toBe(400);
    expect((await at('MYAPP://done')).status).toBe(400);
  });

  it('[SI-OIDC-2] is nowhere for an app that is unknown, or where a member comes twice', async () => {
    expect((await open({ client_id: 'nobody' })).status).toBe(400);
    const twice = await fetch(`${provider.url}/authorize?${question()}&redirect_uri=${REDIRECT}`, {
      redirect: 'manual',
    });
    expect(twice.status).toBe(400);
  });

  it.each([
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { response_mode: 'form_post' }],
    ['request_not_supported', { request: 'eyJ' }],
    ['login_required', { prompt: 'none' }],
    ['invalid_request', { code_challenge: 'short' }],
    ['invalid_request', { code_challenge_method: 'S512' }],
  ])('[SI-OIDC-3] tells the app %s for %j', async (error, change) => {
    const sent = await open(change);
    expect(sent.status).toBe(303);
    expect(Object.fromEntries(landing(sent).searchParams)).toMatchObject({ error, state: 'state-1' });
  });

  it('[SI-OIDC-8] has the signed token in the fragment for response_type=id_token, with a nonce alone', async () => {
    const implicit = { response_type: 'id_token', code_challenge: undefined, code_challenge_method: undefined };
    const sent = await choose({ request: await wishOf(await open(implicit)), person: 'bob' });
    const { hash, search } = landing(sent);
    expect(search).toBe('');
    expect(decodeJwt(new URLSearchParams(hash.slice(1)).get('id_token')!)).toMatchObject({
      sub: 'bob',
      nonce: 'nonce-1',
    });
    const unasked = await open({ ...implicit, nonce: undefined });
    expect(landing(unasked).hash).toContain('error=invalid_request');
  });
});

describe('the page where a person is chosen', () => {
  it('[SI-PAGE-1] works once', async () => {
    const request = await wishOf(await open());
    expect((await choose({ request, person: 'alice' })).status).toBe(303);
    expect((await choose({ request, person: 'alice' })).status).toBe(400);
  });

  it('[SI-PAGE-1] is over after ten minutes, and belongs to one provider', async () => {
    const late = await wishOf(await open());
    await bench.advance({ minutes: 11 });
    expect((await choose({ request: late, person: 'alice' })).status).toBe(400);
    const elsewhere = await choose(
      { request: await wishOf(await open()), person: 'alice' },
      {},
      provider.url.replace(/oidc$/, 'google'),
    );
    expect(elsewhere.status).toBe(400);
  });

  it.each([
    ['an origin', { origin: 'https://evil.example.test' }],
    ['a hidden origin', { origin: 'null' }],
    ['a cross-site form', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ])('[SI-PAGE-1] takes no answer from %s', async (_what, headers) => {
    const request = await wishOf(await open());
    const refused = await choose({ request, person: 'alice' }, headers);
    expect(refused.status).toBe(403);
    // It was not used up by the attempt.
    expect((await choose({ request, person: 'alice' }, { origin: bench.url })).status).toBe(303);
  });

  it('[SI-PAGE-1] takes no answer without its value, and none for a person who is unknown', async () => {
    expect((await choose({ person: 'alice' })).status).toBe(400);
    expect((await choose({ request: 'made-up', person: 'alice' })).status).toBe(400);
    expect((await choose({ request: await wishOf(await open()), person: 'mallory' })).status).toBe(400);
    expect((await choose({ request: await wishOf(await open()) })).status).toBe(400);
  });

  it('[SI-PAGE-2] is framed by nobody, runs nothing, and shows names as text', async () => {
    const evil = { subject: '"><script>1</script>', name: '<img src=x onerror=1>' };
    await bench.call('POST', '/stand-ins/oidc/people', { person: evil });
    const page = await open();
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('script-src');
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    const html = await page.text();
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
    await bench.call('DELETE', `/stand-ins/oidc/people/${encodeURIComponent(evil.subject)}`);
  });

  it('[SI-PAGE-3] lets a person refuse', async () => {
    const sent = await choose({ request: await wishOf(await open()), refuse: 'yes' });
    expect(Object.fromEntries(landing(sent).searchParams)).toMatchObject({ error: 'access_denied', state: 'state-1' });
  });
});

describe('addresses', () => {
  it.each([
    ['GET', '/stand-ins/123/oidc/jwks', 404],
    ['GET', `/stand-ins/${ACCOUNT}/nothing/jwks`, 404],
    ['GET', `/stand-ins/${ACCOUNT}/facebook/jwks`, 404],
    ['GET', `/stand-ins/${ACCOUNT}/twitter/authorize`, 404],
    ['GET', `/stand-ins/${ACCOUNT}/oidc/constructor`, 404],
    ['GET', `/stand-ins/${ACCOUNT}/oidc`, 404],
    ['DELETE', `/stand-ins/${ACCOUNT}/oidc/jwks`, 405],
    ['GET', `/stand-ins/${ACCOUNT}/oidc/token`, 405],
  ])('[SI-OIDC-1] %s %s answers %i', async (method, path, status) => {
    expect((await fetch(bench.url + path, { method })).status).toBe(status);
  });

  it.each([
    ['oidc', 'described at /.well-known/openid-configuration'],
    ['saml/sign-on', 'described at /saml/metadata'],
    ['twitter', 'nothing at this path.'],
    ['nobody', 'GET /_bench/stand-ins'],
  ])('[SI-OIDC-1] says what to ask for instead of %s', async (path, hint) => {
    const response = await fetch(`${bench.url}/stand-ins/${ACCOUNT}/${path}`);
    const { error_description: said } = (await response.json()) as { error_description: string };
    expect([response.status, said]).toEqual([404, expect.stringContaining(hint)]);
  });
});

describe('Facebook and Amazon', () => {
  async function signIn(name: string): Promise<{ found: StandInView; token: string }> {
    const found = await bench.call<StandInView>('GET', `/stand-ins/${name}`);
    const [person] = found.people;
    const { token } = await bench.call<StandInToken>('POST', `/stand-ins/${name}/tokens`, { person: person!.subject });
    return { found, token };
  }

  it('[SI-VENDOR-1] Facebook tells its app about a token, and the bearer about the person', async () => {
    const { found, token } = await signIn('facebook');
    const { id, secret } = found.clients[0]!;
    const debug = (appToken: string) =>
      fetch(`${found.url}/debug_token?${formed({ input_token: token, access_token: appToken })}`);
    expect(await (await debug(`${id}|${secret}`)).json()).toMatchObject({
      data: { app_id: id, is_valid: true, user_id: found.people[0]!.subject },
    });
    expect((await debug(`${id}|wrong`)).status).toBe(400);
    const me = await fetch(`${found.url}/me?${formed({ access_token: token, fields: 'id,email' })}`);
    expect(await me.json()).toEqual({ id: found.people[0]!.subject, email: 'alice@example.test' });
    expect((await fetch(`${found.url}/me?access_token=made-up`)).status).toBe(400);
    await bench.call('POST', '/stand-ins/facebook/revoke', { token });
    expect(await (await debug(`${id}|${secret}`)).json()).toMatchObject({ data: { is_valid: false } });
  });

  it('[SI-VENDOR-1] Amazon tells for which app a token is, until it expires', async () => {
    const { found, token } = await signIn('amazon');
    const ask = (path: string) => fetch(`${found.url}/${path}?${formed({ access_token: token })}`);
    const info = await ask('auth/O2/tokeninfo');
    expect(await info.json()).toMatchObject({
      aud: found.clients[0]!.id,
      user_id: found.people[0]!.subject,
      exp: 3600,
    });
    expect(await (await ask('user/profile')).json()).toMatchObject({ name: 'Alice Moreau', postal_code: '98101' });
    await bench.advance({ minutes: 61 });
    expect((await ask('auth/O2/tokeninfo')).status).toBe(400);
    expect((await ask('user/profile')).status).toBe(400);
  });

  it('[SI-VENDOR-1] both give access tokens for codes, and no ID token', async () => {
    for (const [name, page, exchange] of [
      ['facebook', 'dialog/oauth', 'oauth/access_token'],
      ['amazon', 'ap/oa', 'auth/o2/token'],
    ] as const) {
      const { clients, people, url } = await bench.call<StandInView>('GET', `/stand-ins/${name}`);
      const { id, secret = '' } = clients[0]!;
      const asked = formed({
        client_id: id,
        redirect_uri: REDIRECT,
        response_type: 'code',
        scope: 'openid profile',
      });
      const request = await wishOf(await fetch(`${url}/${page}?${asked}`));
      const code = landing(await choose({ request, person: people[0]!.subject }, {}, url)).searchParams.get('code')!;
      const form = {
        grant_type: 'authorization_code',
        code,
        client_id: id,
        client_secret: secret,
        redirect_uri: REDIRECT,
      };
      const answer = await fetch(`${url}/${exchange}`, { method: 'POST', body: new URLSearchParams(form) });
      const body = (await answer.json()) as Record<string, string>;
      expect(body['id_token'], name).toBeUndefined();
      const provided = bench.services.standIns.inspect(
        ACCOUNT,
        name === 'facebook' ? 'graph.facebook.com' : 'www.amazon.com',
        body['access_token']!,
      );
      expect(provided, name).toMatchObject({ appId: id, userId: people[0]!.subject });
    }
  });
});
