import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreateSAMLProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteSAMLProviderCommand,
  GetOpenIDConnectProviderCommand,
  GetSAMLProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  ListSAMLProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
  UpdateSAMLProviderCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { samlMetadata } from '../../../src/main/services/stand-ins/saml-metadata.ts';
import { signingPair, type SigningPair } from '../federation/saml-provider.ts';
import { refusal } from '../identity-pools/setup.ts';
import { unique } from './setup.ts';

let bench: TestBench;
let iam: IAMClient;

beforeAll(async () => {
  bench = await startBench();
  iam = new IAMClient(bench.sdk);
});
afterAll(() => bench.stop());

const THUMBPRINT = '0123456789abcdef0123456789abcdef01234567';

describe('OpenID Connect providers', () => {
  const create = (Url: string, more: object = {}) => iam.send(new CreateOpenIDConnectProviderCommand({ Url, ...more }));

  it('[AC-PROVIDER-1] are kept with their client ids and thumbprints', async () => {
    const { OpenIDConnectProviderArn } = await create('https://login.example.com/tenant', {
      ClientIDList: ['one'],
      ThumbprintList: [THUMBPRINT],
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    expect(OpenIDConnectProviderArn).toBe(`arn:aws:iam::${ACCOUNT}:oidc-provider/login.example.com/tenant`);
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'two' }));
    await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'one' }));
    await iam.send(
      new UpdateOpenIDConnectProviderThumbprintCommand({
        OpenIDConnectProviderArn,
        ThumbprintList: [THUMBPRINT.toUpperCase()],
      }),
    );
    expect(await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).toMatchObject({
      Url: 'login.example.com/tenant',
      ClientIDList: ['two'],
      ThumbprintList: [THUMBPRINT.toUpperCase()],
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
    await expect(create('https://login.example.com/tenant')).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
    });
    await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    await expect(iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).rejects.toMatchObject(
      refusal('NoSuchEntityException', `OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`),
    );
  });

  it('[AC-PROVIDER-1] are at https addresses, or on this machine', async () => {
    for (const url of ['login.example.com', 'http://login.example.com', 'https://login.example.com?x=1', 'ftp://x']) {
      await expect(create(url)).rejects.toMatchObject(
        refusal('ValidationError', 'Invalid Open ID Connect Provider URL'),
      );
    }
    const { OpenIDConnectProviderArn } = await create('http://127.0.0.1:3000');
    expect(OpenIDConnectProviderArn).toBe(`arn:aws:iam::${ACCOUNT}:oidc-provider/127.0.0.1:3000`);
  });

  it('[AC-PROVIDER-1] [AC-ENTITY-4] have proper thumbprints and a hundred client ids at most', async () => {
    await expect(create('https://a.example.com', { ThumbprintList: ['z'.repeat(40)] })).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    await expect(
      create('https://a.example.com', { ThumbprintList: Array.from({ length: 6 }, () => THUMBPRINT) }),
    ).rejects.toMatchObject({ name: 'InvalidInputException' });
    await expect(
      create('https://a.example.com', { ClientIDList: Array.from({ length: 101 }, (_, index) => `client${index}`) }),
    ).rejects.toMatchObject(
      refusal('LimitExceededException', 'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100'),
    );
  });
});

describe('SAML providers', () => {
  let pair: SigningPair;
  let short: SigningPair;
  beforeAll(async () => {
    pair = await signingPair('idp');
    short = await signingPair('short', 768);
  });
  const metadata = (validUntil = '2040-01-01T00:00:00Z', by = pair): string =>
    samlMetadata({
      entityId: 'https://idp.example.com',
      signInUrl: 'https://idp.example.com/sso',
      certificate: by.certificate,
      validUntil: new Date(validUntil),
    });

  it('[AC-PROVIDER-2] are kept with their metadata', async () => {
    const { SAMLProviderArn } = await iam.send(
      new CreateSAMLProviderCommand({ Name: 'Corp', SAMLMetadataDocument: metadata() }),
    );
    expect(SAMLProviderArn).toBe(`arn:aws:iam::${ACCOUNT}:saml-provider/Corp`);
    expect(await iam.send(new GetSAMLProviderCommand({ SAMLProviderArn }))).toMatchObject({
      SAMLMetadataDocument: metadata(),
      ValidUntil: new Date('2040-01-01T00:00:00Z'),
    });
    const newer = metadata('2050-01-01T00:00:00Z');
    await iam.send(new UpdateSAMLProviderCommand({ SAMLProviderArn, SAMLMetadataDocument: newer }));
    const { SAMLProviderList } = await iam.send(new ListSAMLProvidersCommand({}));
    expect(SAMLProviderList).toMatchObject([{ Arn: SAMLProviderArn, ValidUntil: new Date('2050-01-01T00:00:00Z') }]);
    await expect(
      iam.send(new CreateSAMLProviderCommand({ Name: 'Corp', SAMLMetadataDocument: metadata() })),
    ).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
    await iam.send(new DeleteSAMLProviderCommand({ SAMLProviderArn }));
    await expect(iam.send(new DeleteSAMLProviderCommand({ SAMLProviderArn }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('[AC-PROVIDER-2] are valid for a hundred years where the metadata does not say until when', async () => {
    const SAMLMetadataDocument = metadata().replace(/ validUntil="[^"]*"/, '');
    const { SAMLProviderArn } = await iam.send(new CreateSAMLProviderCommand({ Name: 'Long', SAMLMetadataDocument }));
    const { ValidUntil } = await iam.send(new GetSAMLProviderCommand({ SAMLProviderArn }));
    expect(ValidUntil!.getTime() - bench.services.clock.millis()).toBeGreaterThan(99 * 365 * 86_400_000);
  });

  it('[AC-PROVIDER-2] [FED-SAML-9] may have comments, a byte order mark and keys for encryption in their metadata', async () => {
    const encryption = /<md:KeyDescriptor[^]*<\/md:KeyDescriptor>/
      .exec(metadata())![0]
      .replace('signing', 'encryption');
    const SAMLMetadataDocument = `\uFEFF<!-- ours -->${metadata()
      .replace(/<\?xml[^>]*>/, '')
      .replace('<md:NameIDFormat>', `${encryption}<!-- names --><md:NameIDFormat>`)}`;
    await iam.send(new CreateSAMLProviderCommand({ Name: 'Commented', SAMLMetadataDocument }));
  });

  it.each<[string, () => string]>([
    ['text', () => 'x'.repeat(1000)],
    ['another document', () => `<html>${'x'.repeat(1000)}</html>`],
    ['half a document', () => metadata().slice(0, 1200)],
    ['a service provider', () => metadata().replaceAll('IDPSSODescriptor', 'SPSSODescriptor')],
    ['another namespace', () => metadata().replace('SAML:2.0:metadata', 'SAML:2.0:other')],
    ['a document type', () => metadata().replace('<md:Entity', '<!DOCTYPE x><md:Entity')],
    [
      'entities',
      () =>
        metadata()
          .replace('<md:Entity', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><md:Entity')
          .replace('entityID="', 'entityID="&a;'),
    ],
    ['no entity id', () => metadata().replace(/entityID="[^"]*"/, `x="${'x'.repeat(100)}"`)],
    ['no certificate', () => metadata().replace(/<ds:X509Certificate>[^<]*/, `<ds:X509Certificate>${'A'.repeat(900)}`)],
    ['no key to sign with', () => metadata().replace('use="signing"', 'use="encryption"')],
    ['too short a key', () => `${metadata(undefined, short)}${' '.repeat(500)}`],
  ])('[AC-PROVIDER-2] [FED-SAML-9] are not made of %s', async (_name, document) => {
    const SAMLMetadataDocument = document();
    const bad = refusal('InvalidInputException', 'Could not parse metadata');
    await expect(iam.send(new CreateSAMLProviderCommand({ Name: 'Bad', SAMLMetadataDocument }))).rejects.toMatchObject(
      bad,
    );
    const { SAMLProviderArn } = await iam.send(
      new CreateSAMLProviderCommand({ Name: unique('Good'), SAMLMetadataDocument: metadata() }),
    );
    await expect(
      iam.send(new UpdateSAMLProviderCommand({ SAMLProviderArn, SAMLMetadataDocument })),
    ).rejects.toMatchObject(bad);
    expect((await iam.send(new GetSAMLProviderCommand({ SAMLProviderArn }))).SAMLMetadataDocument).toBe(metadata());
  });

  it('[AC-PROVIDER-2] name what is not built yet', async () => {
    await expect(
      iam.send(
        new CreateSAMLProviderCommand({
          Name: 'Secret',
          SAMLMetadataDocument: metadata(),
          AssertionEncryptionMode: 'Required',
        }),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('AssertionEncryptionMode') as string });
  });
});
