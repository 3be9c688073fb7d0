import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandInToken, StandInView } from '../../../src/shared/stand-ins.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';

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
      expect((await bench.services.standIns.keys(ACCOUNT, issuer))?.keys).toHaveLength(1);
    },
  );

  it('[SI-KEY-1] are public parts alone, and the same for two who ask at once', async () => {
    const issuer = `${bench.url}/stand-ins/${ACCOUNT}/oidc`;
    const [first, second] = await Promise.all([1, 2].map(() => bench.services.standIns.keys(ACCOUNT, issuer)));
    expect(first).toEqual(second);
    expect(first?.keys.map((key) => Object.keys(key).toSorted())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
  });

  it.each([
    'https://accounts.google.com.example.test',
    'http://accounts.google.com',
    'https://graph.facebook.com',
    'https://issuer.example.test',
    '',
  ])('[SI-BOOK-4] are not found for the issuer %j', async (issuer) => {
    expect(await bench.services.standIns.keys(ACCOUNT, issuer)).toBeUndefined();
  });

  it('[SI-BOOK-6] are not found for an issuer of another account, nor for a provider that is not there', async () => {
    const { keys } = bench.services.standIns;
    expect(await keys(OTHER, `${bench.url}/stand-ins/${ACCOUNT}/oidc`)).toBeUndefined();
    expect(await keys(ACCOUNT, `${bench.url}/stand-ins/${ACCOUNT}/nothing`)).toBeUndefined();
    expect(await keys(ACCOUNT, `${bench.url}/stand-ins/${ACCOUNT}/saml`)).toBeUndefined();
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
