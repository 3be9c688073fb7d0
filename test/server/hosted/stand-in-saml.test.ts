import { deflateRawSync } from 'node:zlib';
import { CreateSAMLProviderCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleWithSAMLCommand, STSClient } from '@aws-sdk/client-sts';
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SPOILS_OF, type Spoil, type StandInToken, type StandInView } from '../../../src/shared/stand-ins.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { ATTRIBUTES, AWS, SIGN_IN } from '../../services/federation/saml-provider.ts';
import { roleFor } from '../../services/federation/setup.ts';
import { createPool, getId } from '../../services/identity-pools/setup.ts';

/** A service provider outside the bench, node-saml, signs people in with the SAML stand-in. */

const APP = 'https://app.example.test/saml';
const CALLBACK = 'http://127.0.0.1:4000/acs';

let bench: TestBench;
let url: string;
let app: SAML;
let metadata: string;
let provider: string;

beforeAll(async () => {
  // node-saml knows the machine's clock and no other.
  bench = await startBench({ clock: 'real' });
  url = `${bench.url}/stand-ins/${ACCOUNT}/saml`;
  metadata = await (await fetch(`${url}/saml/metadata`)).text();
  const iam = new IAMClient(bench.sdk);
  const answer = await iam.send(new CreateSAMLProviderCommand({ Name: 'saml', SAMLMetadataDocument: metadata }));
  provider = answer.SAMLProviderArn!;
});
afterAll(() => bench.stop());
beforeEach(async () => {
  app = new SAML({
    idpCert: /<ds:X509Certificate>([^<]*)/.exec(metadata)![1]!,
    entryPoint: /HTTP-Redirect" Location="([^"]*)"/.exec(metadata)![1]!,
    issuer: APP,
    audience: APP,
    callbackUrl: CALLBACK,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.ifPresent,
  });
  await spoil('none');
});

const spoil = (what: Spoil, once = false) => bench.call<StandInView>('POST', '/stand-ins/saml/spoil', { what, once });

interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly action: string;
  readonly fields: { readonly [name: string]: string };
  readonly people: readonly string[];
}

const plain = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', `'`)
    .replaceAll('&amp;', '&');

async function page(address: string, init?: RequestInit): Promise<Page> {
  const response = await fetch(address, init);
  const text = await response.text();
  return {
    status: response.status,
    text,
    headers: response.headers,
    action: new URL(plain(/<form method="post" action="([^"]*)"/.exec(text)?.[1] ?? '/'), address).href,
    fields: Object.fromEntries(
      [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [
        name!,
        plain(value!),
      ]),
    ),
    people: [...text.matchAll(/name="person" value="([^"]*)"/g)].map(([, value]) => plain(value!)),
  };
}

const post = (address: string, fields: { readonly [name: string]: string }, headers: { [name: string]: string } = {}) =>
  page(address, { method: 'POST', body: new URLSearchParams(fields), headers });

const choose = (asked: Page, person = asked.people[0]!, headers?: { [name: string]: string }) =>
  post(asked.action, { ...asked.fields, person }, headers);

const request = (attributes: string, inner = `<saml:Issuer>${APP}</saml:Issuer>`): string =>
  `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" ${attributes}>${inner}</samlp:AuthnRequest>`;
const redirected = (xml: string): string =>
  `${url}/saml/sso?SAMLRequest=${encodeURIComponent(deflateRawSync(Buffer.from(xml)).toString('base64'))}`;

describe('single sign-on', () => {
  it('[FED-SAML-13] begins with metadata that says who it is, where to go and what it signs with', async () => {
    const published = await fetch(`${url}/saml/metadata`);
    expect(published.headers.get('content-type')).toContain('application/samlmetadata+xml');
    expect(await published.text()).toBe(metadata);
    expect(metadata).toContain(`Location="${url}/saml/sso"`);
    expect((await fetch(`${bench.url}/stand-ins/${ACCOUNT}/google/saml/metadata`)).status).toBe(404);
    expect((await fetch(`${bench.url}/stand-ins/111111111111/nobody/saml/metadata`)).status).toBe(404);
  });

  it('[FED-SAML-11] [FED-SAML-14] signs a person in with a service that asks by redirect', async () => {
    const asked = await page(await app.getAuthorizeUrlAsync('where "I" was', undefined, {}));
    expect(asked.status).toBe(200);
    expect(asked.people).toEqual(['alice@example.test', 'bob@example.test']);
    const answer = await choose(asked, 'bob@example.test');
    expect(answer.action).toBe(CALLBACK);
    expect(answer.fields['RelayState']).toBe('where "I" was');
    const { profile } = await app.validatePostResponseAsync({ SAMLResponse: answer.fields['SAMLResponse']! });
    expect(profile).toMatchObject({
      issuer: /entityID="([^"]*)"/.exec(metadata)![1],
      nameID: 'bob@example.test',
      nameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      department: 'Sales',
    });
    expect(profile!['inResponseTo']).toMatch(/^_/);
  });

  it('[FED-SAML-11] [FED-SAML-14] signs a person in with a service that asks by post', async () => {
    const poster = new SAML({ ...app.options, skipRequestCompression: true, authnRequestBinding: 'HTTP-POST' });
    const form = await poster.getAuthorizeFormAsync('there');
    const [, SAMLRequest = ''] = /name="SAMLRequest" value="([^"]*)"/.exec(form)!;
    const asked = await post(
      `${url}/saml/sso`,
      { SAMLRequest, RelayState: 'there' },
      { origin: 'https://app.example.test' },
    );
    const answer = await choose(asked);
    const { profile } = await poster.validatePostResponseAsync({ SAMLResponse: answer.fields['SAMLResponse']! });
    expect(profile!.nameID).toBe('alice@example.test');
    expect(answer.fields['RelayState']).toBe('there');
  });

  it('[FED-SAML-14] loads nothing, is framed by nobody, and runs one script that sends the form', async () => {
    const asked = await page(await app.getAuthorizeUrlAsync('', undefined, {}));
    expect(asked.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
    expect(asked.headers.get('content-security-policy')).not.toContain('script-src');
    expect(asked.text).not.toContain('<script');
    const answer = await choose(asked);
    expect(answer.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[\w+/]+=*'$/);
    expect(answer.text.match(/<script>/g)).toHaveLength(1);
  });

  it('[FED-SAML-14] answers to this machine and to registered addresses alone', async () => {
    const elsewhere = request('AssertionConsumerServiceURL="https://app.example.test/acs"');
    expect(await page(redirected(elsewhere))).toMatchObject({
      status: 400,
      text: expect.stringContaining('not registered') as string,
    });
    for (const address of ['javascript:alert(1)', 'data:text/html,x', 'http://127.0.0.1.example.test/', 'nonsense']) {
      expect((await page(redirected(request(`AssertionConsumerServiceURL="${address}"`)))).status, address).toBe(400);
    }
    await bench.call('POST', '/stand-ins/saml/clients', {
      id: APP,
      redirectUris: ['https://app.example.test/acs', 'https://app.example.test/other'],
    });
    expect((await choose(await page(redirected(elsewhere)))).action).toBe('https://app.example.test/acs');
    expect((await choose(await page(redirected(request(''))))).action).toBe('https://app.example.test/acs');
    // What the page carries is asked again.
    const asked = await page(redirected(elsewhere));
    const swapped = { ...asked, fields: { ...asked.fields, recipient: 'https://evil.example.test/acs' } };
    expect((await choose(swapped)).status).toBe(400);
    await bench.call('DELETE', `/stand-ins/saml/clients/${encodeURIComponent(APP)}`);
  });

  it('[FED-SAML-14] refuses what is no request', async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000, ' ')).toString('base64');
    const wrong = [
      'nonsense',
      encodeURIComponent(Buffer.from(request('')).toString('base64')),
      encodeURIComponent(bomb),
      ...[
        `<!DOCTYPE x [<!ENTITY a "b">]>${request('', '<saml:Issuer>&a;</saml:Issuer>')}`,
        '<a/>',
        request('', ''),
        request('').slice(20),
      ].map((xml) => encodeURIComponent(deflateRawSync(Buffer.from(xml)).toString('base64'))),
    ];
    for (const text of wrong) {
      expect((await page(`${url}/saml/sso?SAMLRequest=${text}`)).status, text.slice(0, 30)).toBe(400);
    }
    expect(await page(redirected(request('IsPassive="true"')))).toMatchObject({
      status: 400,
      text: expect.stringContaining('has to choose') as string,
    });
    expect((await page(`${url}/saml/sso`, { method: 'PUT' })).status).toBe(405);
    expect((await page(`${url}/saml/respond`)).status).toBe(405);
    expect((await page(`${url}/saml/elsewhere`)).status).toBe(404);
  });

  it('[FED-SAML-14] [SI-PAGE-1] lets no other site choose, and nobody whom it does not know', async () => {
    const asked = await page(await app.getAuthorizeUrlAsync('', undefined, {}));
    expect((await choose(asked, undefined, { origin: 'https://evil.example.test' })).status).toBe(403);
    const nobody = await choose(asked, 'mallory');
    expect(nobody.status).toBe(400);
    expect(nobody.text).not.toContain('SAMLResponse');
  });

  it('[FED-SAML-14] writes what it was sent as text', async () => {
    const issuer = '"><img src=x onerror=alert(1)>';
    const xml = request(
      `AssertionConsumerServiceURL="${CALLBACK}"`,
      `<saml:Issuer>${issuer.replaceAll('<', '&lt;')}</saml:Issuer>`,
    );
    const asked = await page(`${redirected(xml)}&RelayState=${encodeURIComponent(issuer)}`);
    expect(asked.status).toBe(200);
    expect(asked.text).not.toContain('<img');
    expect((await choose(asked)).text).not.toContain('<img');
  });

  it('[FED-SAML-14] shows AWS’s response without a request, good for AssumeRoleWithSAML', async () => {
    const role = await roleFor(bench, provider, {}, { actions: ['sts:AssumeRoleWithSAML'] });
    await bench.call('POST', '/stand-ins/saml/people', {
      person: {
        subject: 'carol@example.test',
        name: 'Carol',
        claims: {
          [`${ATTRIBUTES}Role`]: `${role},${provider}`,
          [`${ATTRIBUTES}RoleSessionName`]: 'carol',
        },
      },
    });
    const shown = await choose(await page(`${url}/saml/sso`), 'carol@example.test');
    expect(shown.text).not.toContain('<script');
    expect(shown.text).not.toContain(`action="${SIGN_IN}"`);
    const answer = await new STSClient(bench.sdk).send(
      new AssumeRoleWithSAMLCommand({
        RoleArn: role,
        PrincipalArn: provider,
        SAMLAssertion: shown.fields['SAMLResponse']!,
      }),
    );
    expect(answer).toMatchObject({ Subject: 'carol@example.test', Audience: SIGN_IN });
  });
});

describe('spoiled responses', () => {
  /** What each may still be taken for. */
  const taken: { readonly [spoil: string]: string } = {
    none: 'alice@example.test',
    'comment-in-name': 'alice@example.test',
  };

  it.each(SPOILS_OF.assertion)('[FED-SAML-12] are what they say: %s', async (what) => {
    await spoil(what, true);
    const answer = await choose(await page(await app.getAuthorizeUrlAsync('', undefined, {})), 'alice@example.test');
    const name = await app.validatePostResponseAsync({ SAMLResponse: answer.fields['SAMLResponse']! }).then(
      ({ profile }) => profile!.nameID,
      () => 'refused',
    );
    // node-saml is not told who its provider is.
    if (what !== 'wrong-issuer') expect(name).toBe(taken[what] ?? 'refused');

    await spoil(what, true);
    const pool = await createPool(bench, [], { SamlProviderARNs: [provider] });
    const { token } = await bench.call<StandInToken>('POST', '/stand-ins/saml/tokens', {
      person: 'alice@example.test',
      audience: AWS,
    });
    const entered = await getId(bench, pool, { [provider]: token }).then(
      () => 'taken',
      (error: Error) => error.name,
    );
    expect(entered).toBe(what === 'none' ? 'taken' : 'NotAuthorizedException');
  });
});
