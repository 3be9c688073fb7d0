import { X509Certificate } from 'node:crypto';
import { IAMClient, UpdateSAMLProviderCommand } from '@aws-sdk/client-iam';
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { refusal } from '../identity-pools/setup.ts';
import {
  assumeWithSaml,
  ATTRIBUTES,
  AWS,
  awsAttributes,
  base64,
  metadataOf,
  registerSaml,
  RSA_SHA256,
  RSA_SHA384,
  SHA384,
  SIGN_IN,
  signingPair,
  signXml,
  startForeignProvider,
  unsignedXml,
  type ForeignProvider,
  type Person,
  type SigningPair,
} from './saml-provider.ts';
import { roleFor } from './setup.ts';

let bench: TestBench;
let corp: ForeignProvider;
let stranger: SigningPair;
let provider: string;
let role: string;
let alice: Person;

beforeAll(async () => {
  // samlp and node-saml know the machine's clock and no other.
  bench = await startBench({ clock: 'real' });
  corp = await startForeignProvider();
  stranger = await signingPair('stranger');
  provider = await registerSaml(bench, corp.metadata);
  role = await roleFor(bench, provider, {}, { actions: ['sts:AssumeRoleWithSAML', 'sts:TagSession'] });
  alice = { nameId: 'alice@corp.example.com', attributes: awsAttributes(role, provider) };
});
afterAll(async () => {
  await corp.stop();
  await bench.stop();
});

const assume = (SAMLAssertion: string) =>
  assumeWithSaml(bench, { RoleArn: role, PrincipalArn: provider, SAMLAssertion });

const invalid = (message: string) => refusal('InvalidIdentityTokenException', message);
const NONE = invalid('Invalid base64 SAMLResponse');
const UNSIGNED = invalid('Response signature invalid');

/** A service provider outside the bench, which trusts the same provider. */
const outside = (pair = corp.pair) =>
  new SAML({
    idpCert: pair.pem.certificate,
    issuer: AWS,
    audience: AWS,
    callbackUrl: SIGN_IN,
    idpIssuer: corp.entityId,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: 60_000,
    validateInResponseTo: ValidateInResponseTo.never,
  });

const unsigned = (changes: Parameters<typeof unsignedXml>[3] = {}): string =>
  unsignedXml(corp.entityId, corp.pair, alice, changes);
const signed = (xml = unsigned(), options: Parameters<typeof signXml>[2] = {}): string =>
  signXml(xml, corp.pair, options);

/** Signed, and changed before or after. */
const spoiled = (change: (xml: string) => string): string => {
  const xml = signed();
  const changed = change(xml);
  expect(changed).not.toBe(xml);
  return changed;
};

describe('responses of a provider that is not the bench’s', () => {
  it.each([
    ['the assertion signed', {}],
    ['the response signed', { signAssertion: false, signResponse: true }],
    ['both signed', { signResponse: true }],
    ['prefixes', { signatureNamespacePrefix: 'ds' }],
  ])('[FED-SAML-2] [FED-SAML-3] are taken with %s', async (_name, changes) => {
    const response = await corp.respond(alice, changes);
    expect((await assume(response)).Subject).toBe(alice.nameId);
    if (!('signAssertion' in changes)) {
      const { profile } = await outside().validatePostResponseAsync({ SAMLResponse: response });
      expect(profile!.nameID).toBe(alice.nameId);
    }
  });

  it('[FED-SAML-2] are taken from the bytes that were signed, whatever the response says around them', async () => {
    // With the assertion signed alone, all else is anybody's.
    const around = spoiled((xml) => xml.replace('Destination="', 'Consent="urn:x" Destination="'));
    expect((await assume(base64(around))).Issuer).toBe(corp.entityId);
    const response = spoiled((xml) => xml.replace(alice.nameId, 'mallory@corp.example.com'));
    await expect(assume(base64(response))).rejects.toMatchObject(UNSIGNED);
  });

  it('[FED-SAML-3] are taken with RSA and SHA-2, and not with SHA-1', async () => {
    for (const strong of [
      { signatureAlgorithm: RSA_SHA384, digestAlgorithm: SHA384 },
      {
        signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
        digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha512',
      },
    ]) {
      await assume(base64(signed(unsigned(), strong)));
    }
    for (const weak of [
      { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' },
      { digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' },
    ]) {
      await expect(assume(base64(signed(unsigned(), weak))), JSON.stringify(weak)).rejects.toMatchObject(UNSIGNED);
    }
    await expect(
      corp.respond(alice, { signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' }).then(assume),
    ).rejects.toMatchObject(UNSIGNED);
  });

  it.each(['Assertion', 'Response'])('[FED-SAML-3] are taken in the inclusive canonical form: the %s', async (what) => {
    const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
    const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
    const xml = signed(unsigned().replace('<samlp:Response ', '<samlp:Response xmlns="urn:y" xmlns:x="urn:x" '), {
      what,
      canonicalizationAlgorithm: inclusive,
      transforms: [enveloped, inclusive],
    });
    expect((await assume(base64(xml))).Subject).toBe(alice.nameId);
  });

  it('[FED-SAML-2] are not gone through for a list of digests that the provider did not sign', async () => {
    const long = unsigned().replace('</saml:AttributeValue>', `</saml:AttributeValue>${'<b/>'.repeat(10_000)}`);
    const time = async (xml: string): Promise<number> => {
      const start = performance.now();
      await assume(base64(xml)).catch(() => {});
      return performance.now() - start;
    };
    const xml = signed(long);
    const genuine = await time(xml);
    expect(await time(xml.replace(/(<ds:SignatureValue>)..../, '$1AAAA'))).toBeLessThan(genuine * 0.6);
    // Nor is a signature that has more in it than signatures have.
    const stuffed = xml.replace('</ds:Signature>', `<ds:Object>${'<b/>'.repeat(100)}</ds:Object></ds:Signature>`);
    await expect(assume(base64(stuffed))).rejects.toMatchObject(UNSIGNED);
  });

  it('[FED-SAML-3] are never believed by the certificate that they bring along', async () => {
    for (const keyInfo of [stranger, corp.pair]) {
      const response = base64(signXml(unsigned(), stranger, { keyInfo }));
      await expect(assume(response)).rejects.toMatchObject(UNSIGNED);
      await expect(outside().validatePostResponseAsync({ SAMLResponse: response })).rejects.toThrow();
    }
    // An HMAC whose secret is the certificate, which everybody knows.
    const confused = spoiled((xml) => xml.replace(RSA_SHA256, 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'));
    await expect(assume(base64(confused))).rejects.toMatchObject(UNSIGNED);
  });

  it('[FED-SAML-3] are verified by the provider that is named, and no other of the same entity id', async () => {
    const twin = await registerSaml(bench, metadataOf(corp.entityId, stranger));
    const itsRole = await roleFor(bench, twin, {}, { actions: ['sts:AssumeRoleWithSAML'] });
    const person = { ...alice, attributes: awsAttributes(itsRole, twin) };
    const input = { RoleArn: itsRole, PrincipalArn: twin };
    const xml = unsignedXml(corp.entityId, corp.pair, person, {});
    await expect(
      assumeWithSaml(bench, { ...input, SAMLAssertion: base64(signXml(xml, corp.pair)) }),
    ).rejects.toMatchObject(UNSIGNED);
    const own = base64(signXml(xml, stranger));
    expect((await assumeWithSaml(bench, { ...input, SAMLAssertion: own })).Subject).toBe(alice.nameId);
    await expect(assume(own)).rejects.toMatchObject(UNSIGNED);
  });

  it('[FED-SAML-9] may be signed by any certificate of the metadata', async () => {
    const next = await signingPair('next');
    const rolled = await registerSaml(bench, metadataOf(corp.entityId, stranger, next));
    const itsRole = await roleFor(bench, rolled, {}, { actions: ['sts:AssumeRoleWithSAML'] });
    const person = { ...alice, attributes: awsAttributes(itsRole, rolled) };
    const response = (pair: SigningPair): string => base64(signXml(unsignedXml(corp.entityId, pair, person, {}), pair));
    const input = { RoleArn: itsRole, PrincipalArn: rolled };
    await assumeWithSaml(bench, { ...input, SAMLAssertion: response(stranger) });
    await assumeWithSaml(bench, { ...input, SAMLAssertion: response(next) });
    await expect(assumeWithSaml(bench, { ...input, SAMLAssertion: response(corp.pair) })).rejects.toMatchObject(
      UNSIGNED,
    );
  });
});

describe('wrapping', () => {
  const parts = (xml = signed()) => {
    const start = xml.indexOf('<saml:Assertion');
    const end = xml.indexOf('</samlp:Response>');
    const assertion = xml.slice(start, end);
    const signature = /<ds:Signature[^]*<\/ds:Signature>/.exec(assertion)?.[0] ?? '';
    const evil = assertion
      .replace(signature, '')
      .replace(/ID="_a/, 'ID="_x')
      .replace(alice.nameId, 'mallory@corp.example.com');
    return { head: xml.slice(0, start), assertion, signature, evil, tail: xml.slice(end) };
  };
  const inside = (outer: string, inner: string): string =>
    outer.replace('</saml:Assertion>', () => `${inner}</saml:Assertion>`);
  const sameId = (evil: string): string => evil.replace('ID="_x', 'ID="_a');

  const attacks: { readonly [name: string]: () => string } = {
    'a forged assertion before the signed one': () => {
      const { head, assertion, evil, tail } = parts();
      return head + evil + assertion + tail;
    },
    'a forged assertion after the signed one': () => {
      const { head, assertion, evil, tail } = parts();
      return head + assertion + evil + tail;
    },
    'the signed assertion inside the forged one': () => {
      const { head, assertion, evil, tail } = parts();
      return head + inside(evil, `<saml:Advice>${assertion}</saml:Advice>`) + tail;
    },
    'the signed assertion inside the signature of the forged one': () => {
      const { head, assertion, signature, evil, tail } = parts();
      const moved = signature.replace(
        '</ds:Signature>',
        () => `<ds:Object>${assertion.replace(signature, '')}</ds:Object></ds:Signature>`,
      );
      return head + evil.replace('</saml:Issuer>', () => `</saml:Issuer>${moved}`) + tail;
    },
    'the signed assertion among the extensions': () => {
      const { head, assertion, evil, tail } = parts();
      return (
        head.replace('<samlp:Status>', () => `<samlp:Extensions>${assertion}</samlp:Extensions><samlp:Status>`) +
        evil +
        tail
      );
    },
    'a forged assertion with the id of the signed one': () => {
      const { head, assertion, evil, tail } = parts();
      return head + sameId(evil) + assertion + tail;
    },
    'a forged assertion with the signature of another': () => {
      const { head, signature, evil, tail } = parts();
      return head + evil.replace('</saml:Issuer>', () => `</saml:Issuer>${signature}`) + tail;
    },
    'a forged assertion with the id and the signature of another': () => {
      const { head, signature, evil, tail } = parts();
      return head + sameId(evil).replace('</saml:Issuer>', () => `</saml:Issuer>${signature}`) + tail;
    },
    'the signed response inside a forged one': () => {
      const xml = signed(unsigned(), { what: 'Response' });
      const { head, assertion, tail } = parts(signed());
      const evil = assertion.replace(/<ds:Signature[^]*<\/ds:Signature>/, '').replace(alice.nameId, 'mallory');
      const [signature] = /<ds:Signature[^]*<\/ds:Signature>/.exec(xml)!;
      const forged = head.replace('ID="_r', 'ID="_x').replace('</saml:Issuer>', () => `</saml:Issuer>${signature}`);
      return `${forged}<samlp:Extensions>${xml}</samlp:Extensions>${evil}${tail}`;
    },
    'a signature that holds, over the subject alone': () =>
      signed(unsigned(), { what: 'Subject' }).replace('>alice</saml:AttributeValue>', '>mallory</saml:AttributeValue>'),
    'a signature that holds, over the assertion and more': () => signed(unsigned(), { also: 'Subject' }),
    'a signature that holds, over the response, inside the assertion': () => {
      const { head, assertion, tail } = parts(signed(unsigned(), { what: 'Response' }));
      const [signature] = /<ds:Signature[^]*<\/ds:Signature>/.exec(head)!;
      const moved = assertion.replace('</saml:Issuer>', () => `</saml:Issuer>${signature}`);
      return head.replace(signature, '') + moved + tail;
    },
    'a second signature that does not hold': () => {
      const { head, assertion, signature, tail } = parts();
      return head.replace('<samlp:Status>', () => `${signature}<samlp:Status>`) + assertion + tail;
    },
    'no signature at all': () => unsigned(),
    'no assertion at all': () => {
      const { head, tail } = parts();
      return head + tail;
    },
  };

  it('[FED-SAML-2] is what the attacks below have that this one has not', async () => {
    const { head, assertion, tail } = parts();
    expect((await assume(base64(head + assertion + tail))).Subject).toBe(alice.nameId);
  });

  it.each(Object.entries(attacks))('[FED-SAML-2] is refused: %s', async (_name, attack) => {
    const response = base64(attack());
    await expect(assume(response)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
    const verdict = await outside()
      .validatePostResponseAsync({ SAMLResponse: response })
      .then(
        ({ profile }) => profile?.nameID,
        () => undefined,
      );
    expect(verdict ?? 'refused', 'nobody else believes it either').not.toMatch(/mallory/);
  });
});

describe('what is no response', () => {
  const entities = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
  const cases: { readonly [name: string]: () => string } = {
    'no Base64': () => 'not base64!',
    'no XML': () => base64('hello'),
    'another document': () => base64('<html/>'),
    'a bare assertion': () => base64(/<saml:Assertion[^]*<\/saml:Assertion>/.exec(signed())![0]),
    'a document type': () => base64(`<!DOCTYPE x>${signed()}`),
    'a document type with an external part': () =>
      base64(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${signed().replace(alice.nameId, '&a;')}`),
    'a document type from elsewhere': () => base64(`<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">${signed()}`),
    'entities that grow': () => base64(`${entities}${signed().replace(alice.nameId, '&b;')}`),
    'an entity that nobody declared': () => base64(signed().replace(alice.nameId, '&a;')),
    nesting: () => base64(`${'<a>'.repeat(9000)}${'</a>'.repeat(9000)}`),
    'nesting in a response': () =>
      base64(signed().replace('<samlp:Status>', `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}<samlp:Status>`)),
    'many namespaces': () =>
      base64(Array.from({ length: 2000 }, (_, index) => `<a xmlns:n${index}="x">`).join('') + '</a>'.repeat(2000)),
    'half a document': () => base64(signed().slice(0, 2000)),
    'bytes that are no UTF-8': () => Buffer.from([0xff, 0xfe, 0x3c, 0x00]).toString('base64'),
    'UTF-16': () => Buffer.from(signed(), 'utf16le').toString('base64'),
    'a name cut by a comment': () =>
      base64(spoiled((xml) => xml.replace(alice.nameId, 'alice@corp.example.com<!---->'))),
    'a name cut by a comment, signed so': () =>
      base64(
        signed(unsigned().replace(alice.nameId, 'alice@corp.example.com<!-- -->.evil.example'), {
          transforms: [
            'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
            'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
          ],
        }),
      ),
    'a comment in a role': () =>
      base64(spoiled((xml) => xml.replace(`${role},${provider}`, `${role},${provider}<!-- -->`))),
    'a processing instruction': () => base64(spoiled((xml) => xml.replace(alice.nameId, `${alice.nameId}<?x y?>`))),
  };

  it.each(Object.entries(cases))('[FED-SAML-1] is refused: %s', async (_name, make) => {
    await expect(assume(make())).rejects.toMatchObject(NONE);
  });

  it('[FED-SAML-1] is refused when it is too long, before it is read', async () => {
    await expect(assume(base64(`${signed()}${' '.repeat(80_000)}`))).rejects.toMatchObject({ name: 'ValidationError' });
    await assume(base64(`${signed()}${'\n'.repeat(50_000)}`));
  });

  it('[FED-SAML-1] is refused when the provider reports a failure', async () => {
    const failed = spoiled((xml) => xml.replace('status:Success', 'status:Responder'));
    await expect(assume(base64(failed))).rejects.toMatchObject(invalid('Response status is not Success'));
  });

  it('[FED-SAML-10] is refused by name when it is encrypted', async () => {
    const { certificate } = stranger.pem;
    const encryptionPublicKey = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'pem' });
    const response = await corp.respond(alice, { encryptionCert: certificate, encryptionPublicKey });
    await expect(assume(response)).rejects.toMatchObject({
      message: expect.stringContaining('Encrypted SAML assertions are not built yet') as string,
    });
  });
});

describe('what an assertion says', () => {
  const change = (from: string | RegExp, to: string): string => {
    const xml = unsigned();
    const changed = xml.replace(from, to);
    expect(changed).not.toBe(xml);
    return base64(signed(changed));
  };
  const at = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

  it('[FED-SAML-4] is of the provider that the metadata names', async () => {
    const elsewhere = await corp.respond(alice, { issuer: 'https://other.example.com' });
    await expect(assume(elsewhere)).rejects.toMatchObject(invalid('Issuer not present in specified provider'));
    await expect(assume(change(/(<saml:Assertion[^>]*>)<saml:Issuer>[^<]*/, '$1<saml:Issuer>x'))).rejects.toMatchObject(
      invalid('Issuer not present in specified provider'),
    );
  });

  it('[FED-SAML-4] is not believed once the metadata has expired', async () => {
    await using later = await startBench({ clock: 'real' });
    const until = new Date(Date.now() + 3_600_000);
    const metadata = metadataOf(corp.entityId, corp.pair).replace(
      /(entityID="[^"]*")/,
      `$1 validUntil="${until.toISOString()}"`,
    );
    const arn = await registerSaml(later, metadata);
    const itsRole = await roleFor(later, arn, {}, { actions: ['sts:AssumeRoleWithSAML'] });
    const person = { ...alice, attributes: awsAttributes(itsRole, arn) };
    const input = () => ({
      RoleArn: itsRole,
      PrincipalArn: arn,
      SAMLAssertion: base64(
        signXml(unsignedXml(corp.entityId, corp.pair, person, { now: later.services.clock.now() }), corp.pair),
      ),
    });
    await assumeWithSaml(later, input());
    await later.advance({ minutes: 61 });
    await expect(assumeWithSaml(later, input())).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
    await new IAMClient(later.sdk).send(
      new UpdateSAMLProviderCommand({
        SAMLProviderArn: arn,
        SAMLMetadataDocument: metadataOf(corp.entityId, corp.pair),
      }),
    );
    await assumeWithSaml(later, input());
  });

  it('[FED-SAML-9] has metadata whose end is a time', async () => {
    const metadata = metadataOf(corp.entityId, corp.pair).replace(/(entityID="[^"]*")/, '$1 validUntil="next year"');
    await expect(registerSaml(bench, metadata)).rejects.toMatchObject({
      name: expect.stringMatching(/^InvalidInput/) as string,
    });
  });

  it('[FED-SAML-5] is for AWS', async () => {
    await corp.respond(alice, { audience: SIGN_IN }).then(assume);
    await corp.respond(alice, { audience: ['https://x.example.com', AWS] }).then(assume);
    const wrong = invalid('Response does not contain the required audience.');
    for (const audience of ['https://x.example.com', `${AWS}:x`, `x${SIGN_IN}`, AWS.toUpperCase()]) {
      await expect(corp.respond(alice, { audience }).then(assume), audience).rejects.toMatchObject(wrong);
    }
    await expect(assume(change(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ''))).rejects.toMatchObject(
      wrong,
    );
    const second =
      '</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction>';
    await expect(assume(change('</saml:AudienceRestriction>', second))).rejects.toMatchObject(wrong);
  });

  it('[FED-SAML-6] holds from NotBefore until NotOnOrAfter, give or take a minute', async () => {
    const now = (minutes: number): Promise<unknown> =>
      assume(base64(signed(unsigned({ now: at(minutes), lifetimeSeconds: 120 }))));
    await now(0.5);
    await now(-2.5);
    await expect(now(2)).rejects.toMatchObject(invalid('Response is not valid yet'));
    await expect(now(-3.5)).rejects.toMatchObject(refusal('ExpiredTokenException', 'Response has expired'));
    const late = /(<saml:Conditions[^>]*NotOnOrAfter=")[^"]*/;
    await expect(assume(change(late, `$1${at(-2).toISOString()}`))).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
    await expect(assume(change(late, '$1soon'))).rejects.toMatchObject(NONE);
    await expect(assume(change(/(<saml:AuthnStatement )/, '$1SessionNotOnOrAfter="soon" '))).rejects.toMatchObject(
      NONE,
    );
    await expect(
      assume(change(/(<saml:Conditions NotBefore=")[^"]*/, `$1${at(2).toISOString()}`)),
    ).rejects.toMatchObject(invalid('Response is not valid yet'));
    await expect(
      assume(change(/(Assertion ID="[^"]*" Version="2.0" IssueInstant=")[^"]*/, '$1')),
    ).rejects.toMatchObject(NONE);
  });

  it('[FED-SAML-6] goes by the bench’s clock', async () => {
    await using later = await startBench();
    const arn = await registerSaml(later, corp.metadata);
    const itsRole = await roleFor(later, arn, {}, { actions: ['sts:AssumeRoleWithSAML'] });
    const person = { ...alice, attributes: awsAttributes(itsRole, arn) };
    const say = (now: Date) =>
      assumeWithSaml(later, {
        RoleArn: itsRole,
        PrincipalArn: arn,
        SAMLAssertion: base64(signXml(unsignedXml(corp.entityId, corp.pair, person, { now }), corp.pair)),
      });
    await later.advance({ days: 400 });
    await say(later.services.clock.now());
    await expect(say(new Date())).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });

  it('[FED-SAML-7] is confirmed to its bearer, in time and with a recipient', async () => {
    const none = invalid('SubjectConfirmationData with Recipient and NotOnOrAfter is required in AuthnResponse');
    const data = /<saml:SubjectConfirmationData[^>]*\/>/;
    await expect(assume(change('cm:bearer', 'cm:sender-vouches'))).rejects.toMatchObject(none);
    await expect(assume(change(/ Recipient="[^"]*"/, ''))).rejects.toMatchObject(none);
    await expect(assume(change(data, ''))).rejects.toMatchObject(none);
    await expect(assume(change(data, `<saml:SubjectConfirmationData Recipient="${SIGN_IN}"/>`))).rejects.toMatchObject(
      none,
    );
    await expect(
      assume(
        change(data, `<saml:SubjectConfirmationData Recipient="${SIGN_IN}" NotOnOrAfter="${at(-2).toISOString()}"/>`),
      ),
    ).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    const two = '<saml:SubjectConfirmation Method="urn:x"/><saml:SubjectConfirmation ';
    expect(await assume(change('<saml:SubjectConfirmation ', two))).toMatchObject({ Audience: SIGN_IN });
  });

  it('[FED-SAML-8] is of one subject with a plain name', async () => {
    const name = invalid('NameID is required in AuthnResponse');
    const element = /<saml:NameID[^>]*>.*<\/saml:NameID>/;
    for (const wrong of [
      '',
      '<saml:NameID/>',
      '<saml:NameID>  </saml:NameID>',
      '<saml:NameID>alice<b>mallory</b></saml:NameID>',
      '<saml:NameID>alice</saml:NameID><saml:NameID>mallory</saml:NameID>',
    ]) {
      await expect(assume(change(element, wrong)), wrong).rejects.toMatchObject(name);
    }
    const odd = await assume(change(element, '<saml:NameID><![CDATA[al<ice]]>&amp;&#x42;</saml:NameID>'));
    expect(odd.Subject).toBe('al<ice&B');
  });

  it('[FED-SAML-2] joins attributes of one name, and leaves those of other namespaces alone', async () => {
    const twice = change(
      '</saml:AttributeStatement>',
      `<x:Attribute xmlns:x="urn:x" Name="${ATTRIBUTES}RoleSessionName"><x:AttributeValue>mallory</x:AttributeValue></x:Attribute></saml:AttributeStatement>`,
    );
    expect((await assume(twice)).AssumedRoleUser!.Arn).toMatch(/\/alice$/);
    const more = change(
      '</saml:AttributeStatement>',
      `</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name="${ATTRIBUTES}RoleSessionName"><saml:AttributeValue>mallory</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
    );
    await expect(assume(more)).rejects.toMatchObject(invalid('RoleSessionName is required in AuthnResponse'));
  });
});
