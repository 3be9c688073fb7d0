import { SAML } from '@node-saml/node-saml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPOILS_OF, type StandInToken, type StandInView } from '../../../src/shared/stand-ins.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';

/** Assertions that are signed by hand, read by a service's library that is none of ours. */

const SERVICE = 'urn:amazon:webservices';
const ADDRESS = 'https://signin.aws.amazon.com/saml';

let bench: TestBench;
beforeAll(async () => {
  // The library knows the machine's clock and no other.
  bench = await startBench({ clock: 'real' });
});
afterAll(() => bench.stop());

const sign = (order: object = {}) =>
  bench.call<StandInToken>('POST', '/stand-ins/saml/tokens', { person: 'alice@example.test', ...order });

async function certificates(): Promise<string[]> {
  const { metadata } = await bench.call<{ metadata: string }>('GET', '/stand-ins/saml/metadata');
  return [...metadata.matchAll(/<ds:X509Certificate>([^<]*)/g)].map(([, text]) => text ?? '');
}

async function read(token: string) {
  const service = new SAML({
    idpCert: await certificates(),
    issuer: SERVICE,
    audience: SERVICE,
    callbackUrl: ADDRESS,
    wantAuthnResponseSigned: false,
  });
  const { profile } = await service.validatePostResponseAsync({ SAMLResponse: token });
  return profile;
}

describe('an assertion by hand', () => {
  it('[SI-TOKEN-5] is taken by a service, with name and attributes', async () => {
    const { token, provider, audience, xml, expiresAt } = await sign();
    expect(provider).toMatch(/:saml-provider\/saml$/);
    expect(audience).toBe(SERVICE);
    expect(Buffer.from(token, 'base64').toString()).toBe(xml);
    expect(xml).toContain(`Recipient="${ADDRESS}"`);
    expect(Date.parse(expiresAt!)).toBeGreaterThan(bench.services.clock.now().getTime());
    expect(await read(token)).toMatchObject({
      nameID: 'alice@example.test',
      attributes: { department: 'Engineering', email: 'alice@example.test' },
    });
  });

  it('[SI-TOKEN-5] has several values of an attribute where the person has a list of them', async () => {
    const person = { subject: 'carol', name: 'Carol', claims: { groups: ['a', 'b'], level: 3 } };
    await bench.call<StandInView>('POST', '/stand-ins/saml/people', { person });
    const profile = await read((await sign({ person: 'carol' })).token);
    expect(profile).toMatchObject({ nameID: 'carol', attributes: { groups: ['a', 'b'], level: '3' } });
  });

  it('[SI-TOKEN-5] is sound whatever people are called, and says nothing more', async () => {
    const name = `"><saml:Attribute Name="x">]]>&amp;<!-- -->\u{1F600}'`;
    const claims = { [`a" b="`]: `\u0000\u0008<\uD800>\uFFFE${name}\t\r\n.`, list: ['a,b', null] };
    await bench.call('POST', '/stand-ins/saml/people', { person: { subject: name, name, claims } });
    const profile = await read((await sign({ person: name })).token);
    expect(profile).toMatchObject({ nameID: name });
    expect(profile!['attributes']).toEqual({
      name,
      [`a" b="`]: `\uFFFD\uFFFD<\uFFFD>\uFFFD${name}\t\r\n.`,
      list: ['a,b', 'null'],
    });
    const commented = await sign({ person: name, spoil: 'comment-in-name' });
    expect(commented.xml).not.toContain('\uFFFD<!-- -->');
  });

  it('[SI-SPOIL-4] can be spoiled in every way that is offered', async () => {
    const sound = await sign();
    for (const spoil of SPOILS_OF.assertion.filter((one) => one !== 'none')) {
      const { token, xml } = await sign({ spoil });
      if (spoil === 'wrong-issuer') expect(xml).toContain('.example.test</saml:Issuer>');
      else if (spoil === 'comment-in-name') expect(xml).toContain('<!--');
      else await expect(read(token), spoil).rejects.toThrow();
    }
    expect(sound.xml).not.toContain('<!--');
    expect(sound.xml).not.toContain('.example.test</saml:Issuer>');
  });

  it('[SI-KEY-2] is verified by old metadata until the key is withdrawn, and the new metadata has both keys', async () => {
    const before = await sign();
    await bench.call('POST', '/stand-ins/saml/keys', {});
    expect(await certificates()).toHaveLength(2);
    expect(await read(before.token)).toMatchObject({ nameID: 'alice@example.test' });
    await bench.call('POST', '/stand-ins/saml/keys', { withdraw: true });
    expect(await certificates()).toHaveLength(1);
    await expect(read(before.token)).rejects.toThrow();
    expect(await read((await sign()).token)).toMatchObject({ nameID: 'alice@example.test' });
  });

  it('[SI-TOKEN-5] comes from a SAML provider alone, as its metadata does', async () => {
    await expect(bench.call('GET', '/stand-ins/oidc/metadata')).rejects.toThrow('InvalidInput');
  });
});
