import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { FOREIGN_CLIENT, startForeignProvider } from '../../harness/foreign-provider.ts';
import { CLIENT, handMadeKey, startIssuer, type HandMadeIssuer } from '../../harness/hand-made-issuer.ts';
import { createUserPool, getId, refusal, signIn } from '../identity-pools/setup.ts';
import { assume, identitiesOf, poolWith, register, roleFor } from './setup.ts';

const DISCOVERY = '/.well-known/openid-configuration';

let bench: TestBench;
let issuer: HandMadeIssuer;
let poolId: string;
let role: string;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

beforeEach(async () => {
  issuer = await startIssuer();
  const arn = await register(bench, issuer.url, [CLIENT]);
  [poolId, role] = await Promise.all([poolWith(bench, arn), roleFor(bench, arn)]);
  return () => issuer.stop();
});

const sign = (): Promise<string> => issuer.token(bench.services.clock.now());
const login = async (token?: string): Promise<string> =>
  getId(bench, poolId, { [issuer.name]: token ?? (await sign()) });
const fetches = (): number => issuer.asked.get('/keys') ?? 0;

const UNVERIFIED = refusal('NotAuthorizedException', `Invalid login token. Couldn't verify signed token.`);

async function expectUnfit(): Promise<void> {
  await expect(login()).rejects.toMatchObject(UNVERIFIED);
  await expect(assume(bench, role, await sign())).rejects.toMatchObject({
    name: expect.stringMatching(/^InvalidIdentityToken/) as string,
    message: expect.stringMatching(/^Couldn't retrieve verification key/) as string,
  });
  expect(await identitiesOf(bench, poolId)).toBe(0);
}

async function expectDown(): Promise<void> {
  await expect(login()).rejects.toMatchObject({ name: 'ExternalServiceException' });
  await expect(assume(bench, role, await sign())).rejects.toMatchObject({
    name: expect.stringMatching(/^IDPCommunicationError/) as string,
  });
  expect(await identitiesOf(bench, poolId)).toBe(0);
}

describe('keys', () => {
  it('[FED-KEYS-1] are fetched once for many calls, and again after an hour of bench time', async () => {
    await using moved = await startBench();
    const pool = await poolWith(moved, await register(moved, issuer.url, [CLIENT]));
    const enter = async (): Promise<string> =>
      getId(moved, pool, { [issuer.name]: await issuer.token(moved.services.clock.now()) });
    await Promise.all([enter(), enter(), enter()]);
    await moved.advance({ minutes: 59 });
    await enter();
    expect(fetches()).toBe(1);
    await moved.advance({ minutes: 1 });
    await enter();
    expect(fetches()).toBe(2);
  });

  it('[FED-KEYS-2] may change at any time, and the old one ends then', async () => {
    const old = await sign();
    await login(old);
    issuer.keys = [await handMadeKey('second')];
    await login();
    await expect(login(old)).rejects.toMatchObject(UNVERIFIED);
  });

  it('[FED-KEYS-2] are not fetched for every forged token', async () => {
    await using moved = await startBench();
    const pool = await poolWith(moved, await register(moved, issuer.url, [CLIENT]));
    const [own] = issuer.keys;
    const forge = async (kid: string): Promise<void> => {
      issuer.keys = [{ ...(await handMadeKey(kid)) }];
      const token = await issuer.token(moved.services.clock.now());
      issuer.keys = [own!];
      await expect(getId(moved, pool, { [issuer.name]: token })).rejects.toMatchObject(UNVERIFIED);
    };
    for (let count = 0; count < 5; count += 1) await forge(`forged${count}`);
    expect(fetches()).toBe(2);
    await moved.advance({ seconds: 30 });
    await forge('again');
    expect(fetches()).toBe(3);
  });

  it('[FED-KEYS-2] of a foreign provider may change, too', async () => {
    const foreign = await startForeignProvider();
    const pool = await poolWith(bench, await register(bench, foreign.issuer, [FOREIGN_CLIENT]));
    const old = await foreign.idToken('alice');
    const id = await getId(bench, pool, { [foreign.name]: old });
    await foreign.rotateKeys();
    expect(await getId(bench, pool, { [foreign.name]: await foreign.idToken('alice') })).toBe(id);
    await expect(getId(bench, pool, { [foreign.name]: old })).rejects.toMatchObject(UNVERIFIED);
    await foreign.stop();
  });

  it('[FED-KEYS-6] need no matching thumbprint', async () => {
    // The provider was registered with forty zeros.
    expect(await login()).toMatch(/^us-east-1:/);
  });
});

describe('documents', () => {
  const answering = (path: string, answer: (response: ServerResponse) => void): void => {
    issuer.answers.set(path, (_request, response) => answer(response));
  };
  const redirecting = (location: string) => (response: ServerResponse) => {
    response.writeHead(302, { location }).end();
  };

  it.each([
    ['are not JSON', (response: ServerResponse) => response.end('<html>')],
    ['are no object', (response: ServerResponse) => response.end('[]')],
    ['are huge', (response: ServerResponse) => response.end(JSON.stringify({ x: 'y'.repeat(300 * 1024) }))],
    [
      'unpack to more than they may have',
      (response: ServerResponse) => {
        const packed = gzipSync(JSON.stringify({ x: 'y'.repeat(20 * 1024 * 1024) }));
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
      },
    ],
    ['are not there', (response: ServerResponse) => response.writeHead(404).end('{}')],
    ['redirect to nowhere', (response: ServerResponse) => response.writeHead(302).end()],
    ['redirect without an end', redirecting('?again')],
  ])('[FED-KEYS-3] [IP-LOGIN-5] [STS-TOKEN-3] that %s are refused', async (_title, answer) => {
    answering(DISCOVERY, answer);
    issuer.answers.set(`${DISCOVERY}?again`, issuer.answers.get(DISCOVERY)!);
    await expectUnfit();
    issuer.answers.clear();
    answering('/keys', answer);
    issuer.answers.set('/keys?again', issuer.answers.get('/keys')!);
    await expectUnfit();
    issuer.answers.clear();
    await login();
  });

  it('[FED-KEYS-3] may redirect within their origin, and to no other', async () => {
    const other = await startIssuer();
    other.keys = issuer.keys;
    answering('/keys', redirecting(`${other.url}/keys`));
    await expectUnfit();
    expect(other.asked.size).toBe(0);
    await other.stop();
    answering('/keys', redirecting('/moved'));
    answering('/moved', (response) => {
      void issuer.jwks().then((keys) => response.end(JSON.stringify(keys)));
    });
    await login();
  });

  it('[FED-KEYS-3] [IP-OIDC-4] [STS-TOKEN-8] that fail or are not reached are the provider’s trouble', async () => {
    answering(DISCOVERY, (response) => response.writeHead(503).end());
    await expectDown();
    answering(DISCOVERY, (response) => response.destroy());
    await expectDown();
    issuer.answers.clear();
    answering('/keys', (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"keys":');
      setImmediate(() => response.destroy());
    });
    await expectDown();
    issuer.answers.clear();
    await login();
    const { url, name } = issuer;
    const token = await sign();
    await issuer.stop();
    // What is known stays known while the provider is away.
    expect(await login(token)).toMatch(/^us-east-1:/);
    await using later = await startBench();
    const pool = await poolWith(later, await register(later, url, [CLIENT]));
    await expect(getId(later, pool, { [name]: token })).rejects.toMatchObject({ name: 'ExternalServiceException' });
  });

  it('[FED-KEYS-3] [IP-OIDC-4] that never come are not waited for', async () => {
    answering(DISCOVERY, (response) => {
      response.writeHead(200);
      response.write('{');
    });
    await expect(login()).rejects.toMatchObject({ name: 'ExternalServiceException' });
    issuer.answers.clear();
    await login();
  });

  it('[FED-KEYS-4] that name another issuer are refused', async () => {
    for (const name of ['https://other.example.test', `${issuer.url}/`, undefined]) {
      issuer.discovery = { issuer: name };
      await expectUnfit();
    }
    expect(fetches()).toBe(0);
  });

  it('[FED-KEYS-4] that point to keys where none may be are refused', async () => {
    const elsewhere = [
      'http://keys.example.test/keys',
      'http://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      `${issuer.url.replace('http://', 'http://user:password@')}/keys`,
      '/keys',
      7,
    ];
    for (const place of elsewhere) {
      issuer.discovery = { jwks_uri: place };
      await expectUnfit();
    }
    expect(fetches()).toBe(0);
  });

  it('[FED-KEYS-4] with keys that are none are refused', async () => {
    for (const keys of [
      {},
      { keys: {} },
      { keys: [7] },
      { keys: [] },
      { keys: [{ kty: 'oct', k: 'AAAA', kid: 'first' }] },
    ]) {
      answering('/keys', (response) => response.end(JSON.stringify(keys)));
      await expectUnfit();
    }
    answering('/keys', (response) =>
      response.end(JSON.stringify({ keys: [{ kty: 'RSA', kid: 'first', n: 'AA', e: 'AQAB' }] })),
    );
    await expectUnfit();
  });
});

it('[FED-KEYS-5] asks nobody whom no developer registered', async () => {
  const stranger = await startIssuer();
  const token = await stranger.token(bench.services.clock.now());
  await expect(getId(bench, poolId, { [stranger.name]: token })).rejects.toMatchObject({
    message: 'Token is not from a supported provider of this identity pool.',
  });
  await expect(assume(bench, role, token)).rejects.toMatchObject({
    message: `No OpenIDConnect provider found in your account for ${stranger.url}`,
  });
  expect(stranger.asked.size).toBe(0);
  await stranger.stop();
});

it('[FED-KEYS-5] knows the keys of its own user pools, under whatever name they issue', async () => {
  await using aws = await startBench({ issuer: 'aws' });
  const people = await createUserPool(aws);
  const arn = await register(aws, `https://${people.provider}`, [people.clientId]);
  const trusted = await roleFor(aws, arn);
  const { idToken, accessToken } = await signIn(aws, people, 'direct');
  expect((await assume(aws, trusted, idToken)).answer.Provider).toBe(arn);
  await expect(assume(aws, trusted, accessToken)).rejects.toMatchObject({ message: 'Missing a required claim: aud' });
  const others = await createUserPool(aws);
  const { idToken: foreign } = await signIn(aws, others, 'direct');
  await expect(assume(aws, trusted, foreign)).rejects.toMatchObject({
    message: `No OpenIDConnect provider found in your account for https://${others.provider}`,
  });
});
