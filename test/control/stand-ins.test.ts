import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandInToken, StandInView } from '../../src/shared/stand-ins.ts';
import { ACCOUNT, startBench, type TestBench } from '../harness/bench.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const list = () => bench.call<StandInView[]>('GET', '/stand-ins');
const view = (name: string) => bench.call<StandInView>('GET', `/stand-ins/${name}`);
const sign = (name: string, order: object) => bench.call<StandInToken>('POST', `/stand-ins/${name}/tokens`, order);

let count = 0;
async function ownProvider(kind: 'oidc' | 'saml' = 'oidc'): Promise<StandInView> {
  count += 1;
  return bench.call('POST', '/stand-ins', { name: `own-${count}`, kind });
}

async function verify({ url }: StandInView, token: string) {
  const keys = (await (await fetch(`${url}/jwks`)).json()) as JSONWebKeySet;
  const { now } = await bench.call<{ now: string }>('GET', '/clock');
  return jwtVerify(token, createLocalJWKSet(keys), { currentDate: new Date(now) });
}

describe('the list of providers', () => {
  it('[SI-BOOK-1] has eight of them in an account that nobody used, each with people and an app', async () => {
    const found = await list();
    expect(found.filter(({ isReadyMade }) => isReadyMade).map(({ name }) => name)).toEqual([
      'google',
      'facebook',
      'amazon',
      'apple',
      'twitter',
      'digits',
      'oidc',
      'saml',
    ]);
    for (const { people, clients } of found.slice(0, 8)) {
      expect(people.length).toBeGreaterThanOrEqual(2);
      expect(clients).toHaveLength(1);
    }
  });

  it('[SI-BOOK-4] names the issuers that identity pools expect, and the keys of Logins', async () => {
    const found = await list();
    const named = Object.fromEntries(found.map(({ name, issuer, provider }) => [name, [issuer, provider]]));
    const host = bench.url.replace('http://', '');
    expect(named).toMatchObject({
      google: ['https://accounts.google.com', 'accounts.google.com'],
      apple: ['https://appleid.apple.com', 'appleid.apple.com'],
      facebook: [expect.anything(), 'graph.facebook.com'],
      amazon: [expect.anything(), 'www.amazon.com'],
      twitter: [expect.anything(), 'api.twitter.com'],
      digits: [expect.anything(), 'www.digits.com'],
      oidc: [`${bench.url}/stand-ins/${ACCOUNT}/oidc`, `${host}/stand-ins/${ACCOUNT}/oidc`],
      saml: [`${bench.url}/stand-ins/${ACCOUNT}/saml`, `arn:aws:iam::${ACCOUNT}:saml-provider/saml`],
    });
  });

  it.each(['Upper', '-dash', 'dash-', 'has space', 'a/b', 'x'.repeat(33)])(
    '[SI-BOOK-2] refuses the name %j',
    async (name) => {
      await expect(bench.call('POST', '/stand-ins', { name, kind: 'oidc' })).rejects.toThrow('400');
    },
  );

  it('[SI-BOOK-2] refuses a name that is taken, and a vendor more than once', async () => {
    const { name } = await ownProvider();
    await expect(bench.call('POST', '/stand-ins', { name, kind: 'saml' })).rejects.toThrow('AlreadyExists');
    await expect(bench.call('POST', '/stand-ins', { name: 'google', kind: 'oidc' })).rejects.toThrow('AlreadyExists');
    await expect(bench.call('POST', '/stand-ins', { name: 'second', kind: 'google' })).rejects.toThrow('InvalidInput');
  });

  it('[SI-BOOK-3] loses a provider of one’s own, and begins anew with a ready-made one', async () => {
    const { name } = await ownProvider();
    await bench.call('DELETE', `/stand-ins/${name}`);
    await expect(view(name)).rejects.toThrow('404');
    await expect(bench.call('DELETE', `/stand-ins/${name}`)).rejects.toThrow('404');

    await bench.call('POST', '/stand-ins/digits/people', { person: { subject: '1', name: 'Carol' } });
    await bench.call('DELETE', '/stand-ins/digits');
    expect((await view('digits')).people.map(({ name: person }) => person)).toEqual(['Alice Moreau', 'Bob Tanaka']);
  });

  it('[SI-BOOK-5] keeps people, changes them by their subject and removes them', async () => {
    const { name } = await ownProvider();
    const person = { subject: 'carol/1', name: 'Carol', email: 'carol@example.test', claims: { level: 3 } };
    await bench.call('POST', `/stand-ins/${name}/people`, { person });
    await bench.call('POST', `/stand-ins/${name}/people`, { person: { ...person, name: 'Caroline' } });
    expect((await view(name)).people).toContainEqual({ ...person, name: 'Caroline' });
    await bench.call('DELETE', `/stand-ins/${name}/people/${encodeURIComponent('carol/1')}`);
    expect((await view(name)).people).toHaveLength(2);
    await expect(bench.call('DELETE', `/stand-ins/${name}/people/nobody`)).rejects.toThrow('404');
  });

  it.each([
    ['an empty subject', { subject: '', name: 'A' }],
    ['a control character in the subject', { subject: 'a\u0000b', name: 'A' }],
    ['a line end in the name', { subject: 'a', name: 'A\nB' }],
    ['an address that is none', { subject: 'a', name: 'A', email: 'nowhere' }],
    ['a claim that tokens have of their own', { subject: 'a', name: 'A', claims: { iss: 'https://evil.test' } }],
    ['too many claims', { subject: 'a', name: 'A', claims: { long: 'x'.repeat(17_000) } }],
  ])('[SI-BOOK-5] refuses a person with %s', async (_what, person) => {
    const before = await view('oidc');
    await expect(bench.call('POST', '/stand-ins/oidc/people', { person })).rejects.toThrow('InvalidInput');
    expect(await view('oidc')).toEqual(before);
  });

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001data:text/html,x',
    'FILE:///etc/passwd',
    'nowhere',
    'https://app.example.test/#here',
    'https://app.example.test/a b',
  ])('[SI-OIDC-2] refuses to register the address %j', async (uri) => {
    const client = { id: 'app', redirectUris: [uri] };
    await expect(bench.call('POST', '/stand-ins/oidc/clients', client)).rejects.toThrow('InvalidInput');
  });
});

describe('tokens by hand', () => {
  it('[SI-TOKEN-1] are signed, and say who, for whom and until when', async () => {
    const google = await view('google');
    const [alice] = google.people;
    const { token, provider, claims } = await sign('google', { person: alice!.subject, nonce: 'n-1' });
    expect(provider).toBe('accounts.google.com');
    const { payload } = await verify(google, token);
    expect(payload).toEqual(claims);
    expect(payload).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: google.clients[0]!.id,
      azp: google.clients[0]!.id,
      sub: alice!.subject,
      email: 'alice@example.test',
      email_verified: true,
      nonce: 'n-1',
      name: 'Alice Moreau',
    });
    expect(payload.exp! - payload.iat!).toBe(3600);
  });

  it('[SI-TOKEN-4] are for another app where one is named, and for nobody who is unknown', async () => {
    const { claims } = await sign('oidc', { person: 'alice', audience: 'some-app' });
    expect(claims).toMatchObject({ aud: 'some-app', department: 'Engineering' });
    await expect(sign('oidc', { person: 'mallory' })).rejects.toThrow('404');
    await expect(sign('nowhere', { person: 'alice' })).rejects.toThrow('404');
    await bench.call('DELETE', `/stand-ins/${(await ownProvider()).name}/clients/poolbench-app`);
    await expect(sign(`own-${count}`, { person: 'alice' })).rejects.toThrow('audience');
  });

  it('[SI-KEY-2] are signed by a new key after a rotation, while the old ones still verify, for a day', async () => {
    const provider = await ownProvider();
    const before = await sign(provider.name, { person: 'alice' });
    await bench.call('POST', `/stand-ins/${provider.name}/keys`, {});
    const after = await sign(provider.name, { person: 'alice' });
    expect(decodeProtectedHeader(after.token).kid).not.toBe(decodeProtectedHeader(before.token).kid);
    await verify(provider, before.token);
    await verify(provider, after.token);
    await bench.advance({ hours: 25 });
    expect((await view(provider.name)).keys).toHaveLength(1);
  });

  it('[SI-KEY-3] no longer verify when a rotation withdrew their key', async () => {
    const provider = await ownProvider();
    const before = await sign(provider.name, { person: 'alice' });
    const { keys } = await bench.call<StandInView>('POST', `/stand-ins/${provider.name}/keys`, { withdraw: true });
    expect(keys).toHaveLength(1);
    await expect(verify(provider, before.token)).rejects.toThrow();
  });

  it('[SI-KEY-4] lose an old key that is withdrawn by its id, and never the one that signs', async () => {
    const provider = await ownProvider();
    await sign(provider.name, { person: 'alice' });
    const { keys } = await bench.call<StandInView>('POST', `/stand-ins/${provider.name}/keys`, {});
    const [current, old] = keys;
    const path = `/stand-ins/${provider.name}/keys/`;
    await expect(bench.call('DELETE', path + current!.kid)).rejects.toThrow('KeyInUse');
    const left = await bench.call<StandInView>('DELETE', path + old!.kid);
    expect(left.keys.map(({ kid }) => kid)).toEqual([current!.kid]);
    await expect(bench.call('DELETE', path + old!.kid)).rejects.toThrow('404');
  });

  it('[SI-SPOIL-1] are spoiled once, or until it is ended', async () => {
    const { name } = await ownProvider();
    await bench.call('POST', `/stand-ins/${name}/spoil`, { what: 'expired', once: true });
    expect((await sign(name, { person: 'alice', spoil: 'none' })).spoil).toBe('none');
    expect((await sign(name, { person: 'alice' })).spoil).toBe('expired');
    expect((await sign(name, { person: 'alice' })).spoil).toBe('none');

    await bench.call('POST', `/stand-ins/${name}/spoil`, { what: 'wrong-audience' });
    expect((await sign(name, { person: 'alice' })).claims).toMatchObject({ aud: 'another-app' });
    expect((await sign(name, { person: 'alice' })).spoil).toBe('wrong-audience');
    await bench.call('POST', `/stand-ins/${name}/spoil`, { what: 'none' });
    expect((await sign(name, { person: 'alice' })).spoil).toBe('none');
  });

  it.each([
    ['expired', 'exp'],
    ['not-yet-valid', 'nbf'],
    ['wrong-key', 'signature'],
    ['alg-none', '"alg"'],
  ])('[SI-SPOIL-2] do not verify when they are %s', async (spoil, words) => {
    const provider = await view('oidc');
    const { token } = await sign('oidc', { person: 'alice', spoil });
    await expect(verify(provider, token)).rejects.toThrow(words);
  });

  it('[SI-SPOIL-2] name another issuer or another app, with a good signature', async () => {
    const provider = await view('oidc');
    const [issuer, audience] = await Promise.all(
      ['wrong-issuer', 'wrong-audience'].map((spoil) => sign('oidc', { person: 'alice', spoil })),
    );
    expect((await verify(provider, issuer!.token)).payload.iss).not.toBe(provider.issuer);
    expect((await verify(provider, audience!.token)).payload.aud).not.toBe(provider.clients[0]!.id);
  });

  it.each([
    ['google', 'unsigned'],
    ['facebook', 'wrong-key'],
    ['saml', 'alg-none'],
  ])('[SI-SPOIL-5] of %s cannot be %s', async (name, spoil) => {
    const [person] = (await view(name)).people;
    await expect(sign(name, { person: person!.subject, spoil })).rejects.toThrow('InvalidInput');
    await expect(bench.call('POST', `/stand-ins/${name}/spoil`, { what: spoil })).rejects.toThrow('InvalidInput');
  });

  it('[SI-TOKEN-3] are revoked where only the provider can read them', async () => {
    const [person] = (await view('amazon')).people;
    const { token } = await sign('amazon', { person: person!.subject });
    const revoke = (value: string) => bench.call('POST', '/stand-ins/amazon/revoke', { token: value });
    expect(await revoke(token)).toEqual({ revoked: true });
    expect(await revoke('Atza|made-up')).toEqual({ revoked: false });
  });
});

describe('accounts', () => {
  it('[SI-BOOK-6] keep their own people and keys, and a reset empties them', async () => {
    await using own = await startBench();
    const asOther = { 'x-poolbench-account': '222222222222', 'content-type': 'application/json' };
    const carol = { person: { subject: 'carol', name: 'Carol' } };
    await own.call('POST', '/stand-ins/oidc/people', carol);
    const others = await fetch(`${own.url}/_bench/stand-ins/oidc`, { headers: asOther });
    expect(((await others.json()) as StandInView).people).toHaveLength(2);
    const issuedHere = await own.call<StandInToken>('POST', '/stand-ins/oidc/tokens', { person: 'carol' });
    const keysThere = (await (await fetch(`${own.url}/stand-ins/222222222222/oidc/jwks`)).json()) as JSONWebKeySet;
    await expect(jwtVerify(issuedHere.token, createLocalJWKSet(keysThere))).rejects.toThrow();

    await own.call('POST', '/reset', {});
    const after = await own.call<StandInView>('GET', '/stand-ins/oidc');
    expect(after.people).toHaveLength(2);
    expect(after.keys).toEqual([]);
  });
});
