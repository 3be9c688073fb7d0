import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  CLIENT,
  confusedToken,
  handMadeKey,
  startIssuer,
  unsignedToken,
  type HandMadeIssuer,
} from '../../harness/hand-made-issuer.ts';
import { getId, refusal } from '../identity-pools/setup.ts';
import { assume, identitiesOf, poolWith, register, roleFor } from './setup.ts';

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
  const arn = await register(bench, issuer.url, [CLIENT, 'second']);
  [poolId, role] = await Promise.all([poolWith(bench, arn), roleFor(bench, arn)]);
  return () => issuer.stop();
});

const now = (): Date => bench.services.clock.now();
const seconds = (): number => Math.floor(now().getTime() / 1000);
const sign = (changes: { readonly [claim: string]: unknown } = {}, header: object = {}): Promise<string> =>
  issuer.token(now(), changes, header);

const login = (token: string): Promise<string> => getId(bench, poolId, { [issuer.name]: token });

const UNVERIFIED = refusal('NotAuthorizedException', `Invalid login token. Couldn't verify signed token.`);
const NO_KEY = {
  name: expect.stringMatching(/^InvalidIdentityToken/) as string,
  message: expect.stringMatching(
    /^Couldn't retrieve verification key from your identity provider, {2}please/,
  ) as string,
};
const invalidToken = (message: string) => ({ name: expect.stringMatching(/^InvalidIdentityToken/) as string, message });

/** Refused by an identity pool and by STS, in the words of each, and nothing is left of it. */
async function expectRefused(token: string, byPool: object, bySts: object): Promise<void> {
  await expect(login(token)).rejects.toMatchObject(byPool);
  await expect(assume(bench, role, token)).rejects.toMatchObject(bySts);
  expect(await identitiesOf(bench, poolId)).toBe(0);
}

async function expectTaken(token: string): Promise<void> {
  expect(await login(token)).toMatch(/^us-east-1:/);
  expect((await assume(bench, role, token)).answer.SubjectFromWebIdentityToken).toBe('somebody');
}

describe('a signature', () => {
  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'])(
    '[FED-TOKEN-1] by %s is taken',
    async (alg) => {
      issuer.keys = [await handMadeKey('own', alg)];
      await expectTaken(await sign());
    },
  );

  it('[FED-TOKEN-1] by another key under the issuer’s name for its own is refused', async () => {
    const stranger = await startIssuer();
    const token = await stranger.token(now(), { iss: issuer.url });
    await stranger.stop();
    await expectRefused(token, UNVERIFIED, NO_KEY);
    const [header, , signature] = (await sign()).split('.');
    const [, payload] = (await sign({ sub: 'admin' })).split('.');
    await expectRefused(`${header}.${payload}.${signature}`, UNVERIFIED, NO_KEY);
  });

  it('[FED-TOKEN-1] is not done without, nor made with the public key as a secret', async () => {
    const claims = { iss: issuer.url, aud: CLIENT, sub: 'admin', iat: seconds(), exp: seconds() + 600 };
    await expectRefused(unsignedToken(claims), UNVERIFIED, NO_KEY);
    await expectRefused(await confusedToken(issuer, claims), UNVERIFIED, NO_KEY);
    // Nothing of that is worth a question to the issuer.
    expect(issuer.asked.size).toBe(0);
  });

  it('[FED-TOKEN-1] with a key that the token brings along is refused', async () => {
    const stranger = await startIssuer();
    const [jwk] = (await stranger.jwks()).keys;
    for (const header of [
      { jwk },
      { jku: `${stranger.url}/keys` },
      { kid: `${stranger.url}/keys` },
      { kid: undefined },
    ]) {
      await expectRefused(await stranger.token(now(), { iss: issuer.url }, header), UNVERIFIED, NO_KEY);
    }
    expect(stranger.asked.size).toBe(0);
    await stranger.stop();
  });

  it('[FED-TOKEN-1] with extensions that are called critical is refused', async () => {
    for (const header of [
      { crit: ['b64'], b64: false },
      { crit: ['b64'], b64: true },
      { crit: [] },
      { crit: ['exp'] },
    ]) {
      await expectRefused(await signAnything(sound(), header), UNVERIFIED, NO_KEY);
    }
  });

  it('[FED-TOKEN-1] may leave out which key, where there is one', async () => {
    await expectTaken(await sign({}, { kid: undefined }));
    issuer.keys = [await handMadeKey('next')];
    await expectTaken(await sign({}, { kid: undefined }));
  });

  it('[FED-TOKEN-1] with a key that is published for another algorithm is refused', async () => {
    const [own] = issuer.keys;
    const token = await sign({}, { alg: 'RS256' });
    issuer.keys = [{ ...own!, alg: 'RS512' }];
    await expectRefused(token, UNVERIFIED, NO_KEY);
  });
});

it('[FED-TOKEN-1] [IP-LOGIN-5] [STS-TOKEN-1] refuses what is no token', async () => {
  const [header, payload, signature] = (await sign()).split('.');
  for (const text of [
    'nonsense',
    'a.b.c',
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.${signature}`,
    ` ${header}.${payload}.${signature}`,
    `${header}.${payload}.${signature}\n`,
    `${header}.${payload}.${signature!.slice(0, 9)}\n${signature!.slice(9)}`,
    `${header}.${payload}.${signature}==`,
    `${header}.${payload}.${signature!.replaceAll(/[-_]/g, (letter) => (letter === '-' ? '+' : '/'))}/`,
    JSON.stringify({ protected: header, payload, signature }),
  ]) {
    await expectRefused(
      text,
      refusal('NotAuthorizedException', 'Invalid login token. Not a valid OpenId Connect identity token.'),
      invalidToken('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'),
    );
  }
});

describe('an issuer', () => {
  it('[FED-TOKEN-2] [IP-LOGIN-4] [STS-TOKEN-2] other than the one that is registered is refused', async () => {
    for (const iss of ['https://other.example.test', `${issuer.url}/tenant`, `${issuer.url}.example.test`]) {
      await expectRefused(
        await sign({ iss }),
        refusal('NotAuthorizedException', `Invalid login token. Issuer doesn't match providerName`),
        invalidToken(`No OpenIDConnect provider found in your account for ${iss}`),
      );
    }
    expect(issuer.asked.size).toBe(0);
  });

  it('[FED-TOKEN-2] [IP-LOGIN-4] without a scheme, or with another, is refused', async () => {
    for (const iss of [issuer.name, `ftp://${issuer.name}`]) {
      await expect(login(await sign({ iss }))).rejects.toMatchObject({
        message: `Invalid login token. Issuer doesn't match providerName`,
      });
    }
    const plain = 'idp.example.test';
    const arn = await register(bench, `https://${plain}`, [CLIENT]);
    const pool = await poolWith(bench, arn);
    const token = await sign({ iss: `http://${plain}` });
    await expect(getId(bench, pool, { [plain]: token })).rejects.toMatchObject({
      message: `Invalid login token. Issuer doesn't match providerName`,
    });
  });

  it('[FED-TOKEN-2] [IP-OIDC-1] may end with a slash', async () => {
    issuer.discovery = { issuer: `${issuer.url}/` };
    const token = await sign({ iss: `${issuer.url}/` });
    const id = await login(token);
    expect(await getId(bench, poolId, { [`${issuer.name}/`]: token })).toBe(id);
  });
});

describe('claims', () => {
  it.each(['sub', 'aud', 'exp', 'iat'])('[FED-TOKEN-3] [IP-LOGIN-6] [STS-TOKEN-6] need %s', async (claim) => {
    await expectRefused(
      await sign({ [claim]: null }),
      refusal('NotAuthorizedException', `Invalid login token. Missing a required claim: ${claim}`),
      invalidToken(`Missing a required claim: ${claim}`),
    );
  });

  it('[FED-TOKEN-3] need their proper types', async () => {
    for (const changes of [
      { sub: '' },
      { sub: 7 },
      { aud: [] },
      { aud: [7, ''] },
      { exp: 'tomorrow' },
      { exp: -1e300 },
      { iat: '0' },
      { iat: 1e300 },
      { nbf: '0' },
      { nbf: 1e300 },
    ]) {
      const claim = Object.keys(changes)[0]!;
      // jose writes no such token: it is put together by hand.
      await expectRefused(
        await signAnything({ ...sound(), ...changes }),
        refusal('NotAuthorizedException', `Invalid login token. Missing a required claim: ${claim}`),
        invalidToken(`Missing a required claim: ${claim}`),
      );
    }
  });

  it('[FED-TOKEN-4] [IP-LOGIN-3] [STS-TOKEN-5] are for a registered client', async () => {
    for (const changes of [
      { aud: 'stranger' },
      { aud: ['a', 'b'] },
      { azp: 'stranger' },
      { azp: [CLIENT] },
      { aud: CLIENT.toUpperCase() },
    ]) {
      await expectRefused(
        await sign(changes),
        refusal('NotAuthorizedException', 'Token is not from a supported provider of this identity pool.'),
        invalidToken('Incorrect token audience'),
      );
    }
  });

  it.each([{ aud: 'second' }, { aud: ['stranger', CLIENT] }, { aud: 'api', azp: CLIENT }])(
    '[FED-TOKEN-4] are for the authorised party before the audience: %o',
    async (changes) => {
      await expectTaken(await sign(changes));
    },
  );

  it('[FED-TOKEN-5] [IP-LOGIN-7] [STS-TOKEN-4] end at their second', async () => {
    const exp = seconds();
    await expectRefused(
      await sign({ iat: exp - 600, exp }),
      refusal('NotAuthorizedException', `Invalid login token. Token expired: ${exp} >= ${exp}`),
      { name: 'ExpiredTokenException', message: expect.stringMatching(/^Token expired: current date\/time/) as string },
    );
    await expectTaken(await sign({ iat: exp - 600, exp: exp + 1 }));
  });

  it.each(['iat', 'nbf'])('[FED-TOKEN-5] [IP-OIDC-3] [STS-TOKEN-7] begin within five minutes by %s', async (claim) => {
    const from = seconds() + 301;
    await expectRefused(
      await sign({ [claim]: from, exp: from + 600 }),
      refusal('NotAuthorizedException', `Invalid login token. Token is not yet valid: ${seconds()} < ${from}`),
      invalidToken(`Token is not valid before ${new Date(from * 1000).toISOString()}`),
    );
    await expectTaken(await sign({ [claim]: from - 1, exp: from + 600 }));
  });

  it('[FED-TOKEN-5] age by the bench’s clock', async () => {
    await using moved = await startBench();
    const arn = await register(moved, issuer.url, [CLIENT]);
    const pool = await poolWith(moved, arn);
    const token = await issuer.token(moved.services.clock.now());
    await getId(moved, pool, { [issuer.name]: token });
    await moved.advance({ minutes: 10 });
    await expect(getId(moved, pool, { [issuer.name]: token })).rejects.toMatchObject({
      message: expect.stringMatching(/^Invalid login token\. Token expired: /) as string,
    });
  });
});

function sound(): { [claim: string]: unknown } {
  return { iss: issuer.url, aud: CLIENT, sub: 'somebody', iat: seconds(), exp: seconds() + 600 };
}

async function signAnything(claims: object, header: object = {}): Promise<string> {
  const [key] = issuer.keys;
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: key!.kid, ...header })}.${part(claims)}`;
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key!.privateKey, new TextEncoder().encode(text));
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
}
