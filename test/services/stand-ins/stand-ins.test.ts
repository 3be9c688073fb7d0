import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandInToken, StandInView } from '../../../src/shared/stand-ins.ts';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { registerSaml } from '../federation/saml-provider.ts';
import { poolWith, register, standInToken } from '../federation/setup.ts';
import { createPool, getId } from '../identity-pools/setup.ts';

/** What identity pools and STS ask of the stand-ins. */

const OTHER = '222222222222';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

async function sign(name: string, order: object = {}): Promise<StandInToken> {
  const { people } = await bench.call<StandInView>('GET', `/stand-ins/${name}`);
  return bench.call('POST', `/stand-ins/${name}/tokens`, { person: people[0]!.subject, ...order });
}

describe('published keys', () => {
  it.each(['https://accounts.google.com', 'accounts.google.com', 'https://appleid.apple.com'])(
    '[SI-BOOK-4] are found by the issuer %s',
    async (issuer) => {
      await sign(issuer.includes('google') ? 'google' : 'apple');
      expect(bench.services.standIns.keys(ACCOUNT, issuer)?.keys).toHaveLength(1);
    },
  );

  it('[SI-KEY-1] are public parts alone', async () => {
    await sign('oidc');
    const published = bench.services.standIns.keys(ACCOUNT, `${bench.url}/stand-ins/${ACCOUNT}/oidc`);
    expect(published?.keys.map((key) => Object.keys(key).toSorted())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
  });

  it.each([
    'https://accounts.google.com.example.test',
    'http://accounts.google.com',
    'https://graph.facebook.com',
    'https://issuer.example.test',
    '',
  ])('[SI-BOOK-4] are not found for the issuer %j', (issuer) => {
    expect(bench.services.standIns.keys(ACCOUNT, issuer)).toBeUndefined();
  });

  it('[SI-BOOK-6] are not found for an issuer of another account, nor for a provider that is not there', async () => {
    await sign('google');
    const { keys } = bench.services.standIns;
    expect(keys(OTHER, `${bench.url}/stand-ins/${ACCOUNT}/oidc`)).toBeUndefined();
    expect(keys(ACCOUNT, `${bench.url}/stand-ins/${ACCOUNT}/nothing`)).toBeUndefined();
    expect(keys(ACCOUNT, `${bench.url}/stand-ins/${ACCOUNT}/saml`)).toBeUndefined();
    // It issues under its vendor's name alone.
    expect(keys(ACCOUNT, `${bench.url}/stand-ins/${ACCOUNT}/google`)).toBeUndefined();
  });
});

describe('opaque tokens', () => {
  it.each([
    ['facebook', 'graph.facebook.com', /^EAA/],
    ['amazon', 'www.amazon.com', /^Atza\|/],
    ['twitter', 'api.twitter.com', /^[^;]+;[^;]+$/],
    ['digits', 'www.digits.com', /^[^;]+;[^;]+$/],
  ])('[SI-TOKEN-2] of %s are known to the provider, with app, person and end', async (name, provider, form) => {
    const { clients, people } = await bench.call<StandInView>('GET', `/stand-ins/${name}`);
    const [client] = clients;
    const { token } = await sign(name);
    expect(token).toMatch(form);
    const isPair = token.includes(';');
    const facts = bench.services.standIns.inspect(ACCOUNT, provider, token);
    expect(facts).toMatchObject({
      appId: isPair ? `${client!.id};${client!.secret}` : client!.id,
      userId: people[0]!.subject,
      isRevoked: false,
    });
    const lasts = facts!.expiresAt.getTime() - bench.services.clock.now().getTime();
    if (isPair) expect(lasts).toBeGreaterThan(3600_000);
    else expect(lasts).toBe(3600_000);
  });

  it('[SI-TOKEN-2] are unknown to other providers, in other accounts, and when they are made up', async () => {
    const { token } = await sign('facebook');
    const { inspect } = bench.services.standIns;
    expect(inspect(ACCOUNT, 'www.amazon.com', token)).toBeUndefined();
    expect(inspect(OTHER, 'graph.facebook.com', token)).toBeUndefined();
    expect(inspect(ACCOUNT, 'graph.facebook.com', `${token}x`)).toBeUndefined();
    expect(inspect(ACCOUNT, 'nowhere.example.test', token)).toBeUndefined();
  });

  it('[SI-TOKEN-2] are nowhere in the data folder, and still known after a restart', async () => {
    const data = await mkdtemp(join(tmpdir(), 'poolbench-stand-ins-'));
    const first = await startBench({ data });
    const { people } = await first.call<StandInView>('GET', '/stand-ins/facebook');
    const order = { person: people[0]!.subject };
    const { token } = await first.call<StandInToken>('POST', '/stand-ins/facebook/tokens', order);
    await first.stop();
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      expect(bytes.includes(token), entry.name).toBe(false);
    }
    const second = await startBench({ data });
    expect(second.services.standIns.inspect(ACCOUNT, 'graph.facebook.com', token)).toMatchObject({ isRevoked: false });
    await second.stop();
    await rm(data, { recursive: true });
  });

  it('[SI-TOKEN-3] are known as revoked once they were', async () => {
    const { token } = await sign('amazon');
    await bench.call('POST', '/stand-ins/amazon/revoke', { token });
    expect(bench.services.standIns.inspect(ACCOUNT, 'www.amazon.com', token)).toMatchObject({ isRevoked: true });
  });

  it('[SI-SPOIL-3] can be expired, for another app, revoked, or unknown', async () => {
    const now = bench.services.clock.now();
    const inspected = async (spoil: string) => {
      const { token } = await sign('facebook', { spoil });
      return bench.services.standIns.inspect(ACCOUNT, 'graph.facebook.com', token);
    };
    expect((await inspected('expired'))!.expiresAt.getTime()).toBeLessThan(now.getTime());
    expect(await inspected('wrong-audience')).toMatchObject({ appId: 'another-app' });
    expect(await inspected('revoked')).toMatchObject({ isRevoked: true });
    expect(await inspected('unknown')).toBeUndefined();
  });
});

it('[SI-BOOK-8] [FED-TOKEN-2] [FED-SAML-4] issue under the bench’s new address, and the reason of a refusal names both', async () => {
  const data = await mkdtemp(join(tmpdir(), 'poolbench-'));
  const before = await startBench({ data });
  const { issuer, clients, provider } = await before.call<StandInView>('GET', '/stand-ins/oidc');
  const pool = await poolWith(before, await register(before, issuer, [clients[0]!.id]));
  const { metadata } = await before.call<{ metadata: string }>('GET', '/stand-ins/saml/metadata');
  const arn = await registerSaml(before, metadata);
  const samlPool = await createPool(before, [], { SamlProviderARNs: [arn] });
  await before.stop();

  const after = await startBench({ data, publicUrl: 'https://bench.example.test' });
  const { token } = await standInToken(after, 'oidc', { person: 'alice' });
  const wrong = { message: `Invalid login token. Issuer doesn't match providerName` };
  await expect(getId(after, pool, { [provider]: token })).rejects.toMatchObject(wrong);
  const response = await standInToken(after, 'saml', { person: 'alice@example.test' });
  await expect(getId(after, samlPool, { [arn]: response.token })).rejects.toMatchObject(wrong);
  const { records } = await after.call<{ records: TraceRecord[] }>('GET', '/trace');
  const why = records.map(({ reasons }) => reasons.at(-1)!.decided);
  const now = `https://bench.example.test/stand-ins/${ACCOUNT}`;
  expect(why).toEqual([
    `It names the issuer ${now}/oidc, and the provider is ${provider}.`,
    `The issuer is ${now}/saml, and the metadata is of ${issuer.replace(/oidc$/, 'saml')}.`,
  ]);
  await after.stop();
  await rm(data, { recursive: true });
});
