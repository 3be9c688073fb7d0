import { createHash, createSign, KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateSAMLProviderCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleWithSAMLCommand, STSClient, type AssumeRoleWithSAMLCommandInput } from '@aws-sdk/client-sts';
import express from 'express';
import samlp from 'samlp';
import { SignedXml } from 'xml-crypto';
import { selfSignedCertificate } from '../../../src/main/services/stand-ins/saml-certificate.ts';
import { samlMetadata } from '../../../src/main/services/stand-ins/saml-metadata.ts';
import { unsignedResponse, type SamlResponseOptions } from '../../../src/main/services/stand-ins/saml-response.ts';
import type { TestBench } from '../../harness/bench.ts';
import { unique } from '../iam/setup.ts';

/** SAML identity providers that are not the bench's, and what they say. */

export const AWS = 'urn:amazon:webservices';
export const SIGN_IN = 'https://signin.aws.amazon.com/saml';
export const ATTRIBUTES = 'https://aws.amazon.com/SAML/Attributes/';

export interface SigningPair {
  readonly privateKey: CryptoKey;
  /** Base64 DER. */
  readonly certificate: string;
  readonly pem: { readonly key: string; readonly certificate: string };
}

export async function signingPair(commonName: string, modulusLength = 2048): Promise<SigningPair> {
  const pair = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    true,
    ['sign', 'verify'],
  );
  const certificate = await selfSignedCertificate({ commonName, notBefore: new Date('2020-01-01T00:00:00Z'), ...pair });
  return {
    privateKey: pair.privateKey,
    certificate,
    pem: {
      key: KeyObject.from(pair.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string,
      certificate: `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    },
  };
}

export interface Person {
  readonly nameId: string;
  readonly attributes: { readonly [name: string]: readonly string[] };
}

export interface ForeignProvider {
  readonly entityId: string;
  readonly pair: SigningPair;
  /** As it is published at the provider's address. */
  readonly metadata: string;
  /** Base64 of what samlp makes of a person, for AWS and now by the clock of this machine. */
  respond(person: Person, changes?: object): Promise<string>;
  stop(): Promise<void>;
}

/** samlp behind Express, as somebody's own identity provider on this machine. */
export async function startForeignProvider(entityId = 'https://corp.example.com/saml'): Promise<ForeignProvider> {
  const pair = await signingPair('corp');
  const { key, certificate: cert } = pair.pem;
  const app = express();
  app.get(
    '/metadata',
    samlp.metadata({ issuer: entityId, cert, redirectEndpointPath: '/sso', postEndpointPath: '/sso' }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const metadata = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metadata`);
  return {
    entityId,
    pair,
    metadata: await metadata.text(),
    respond: ({ nameId, attributes }, changes = {}) =>
      new Promise((resolve, reject) => {
        const options = {
          issuer: entityId,
          cert,
          key,
          audience: AWS,
          recipient: SIGN_IN,
          destination: SIGN_IN,
          lifetimeInSeconds: 300,
          signatureAlgorithm: 'rsa-sha256',
          digestAlgorithm: 'sha256',
          profileMapper: () => ({
            getClaims: () => attributes,
            getNameIdentifier: () => ({
              nameIdentifier: nameId,
              nameIdentifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
            }),
          }),
          ...changes,
        };
        samlp.getSamlResponse(options, {}, (error, xml) => {
          if (error) reject(error);
          else resolve(Buffer.from(xml).toString('base64'));
        });
      }),
    async stop() {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Registers metadata with IAM; gives the provider's ARN. */
export async function registerSaml(bench: TestBench, metadata: string, sdk = bench.sdk): Promise<string> {
  const { SAMLProviderArn } = await new IAMClient(sdk).send(
    new CreateSAMLProviderCommand({ Name: unique('Corp'), SAMLMetadataDocument: metadata }),
  );
  return SAMLProviderArn!;
}

export function metadataOf(entityId: string, ...pairs: readonly SigningPair[]): string {
  return samlMetadata({
    entityId,
    signInUrl: 'https://idp.example.com/sso',
    certificate: pairs.map(({ certificate }) => certificate),
  });
}

/** What AWS wants to be told of a person. */
export function awsAttributes(role: string, provider: string, more: Person['attributes'] = {}): Person['attributes'] {
  return { [`${ATTRIBUTES}Role`]: [`${role},${provider}`], [`${ATTRIBUTES}RoleSessionName`]: ['alice'], ...more };
}

export function assumeWithSaml(
  bench: TestBench,
  input: Pick<AssumeRoleWithSAMLCommandInput, 'RoleArn' | 'PrincipalArn' | 'SAMLAssertion'> &
    Partial<AssumeRoleWithSAMLCommandInput>,
) {
  return new STSClient({ ...bench.sdk, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } }).send(
    new AssumeRoleWithSAMLCommand(input),
  );
}

export const base64 = (xml: string): string => Buffer.from(xml).toString('base64');

/** An unsigned response, to be spoiled and signed by hand. */
export function unsignedXml(
  entityId: string,
  pair: SigningPair,
  person: Person,
  changes: Partial<SamlResponseOptions>,
): string {
  return unsignedResponse({
    issuer: entityId,
    signingKey: pair.privateKey,
    certificate: pair.certificate,
    audience: AWS,
    recipient: SIGN_IN,
    person,
    id: 'b1946ac9-2bcb-4bca-8d0e-5d6b2e7a1f10',
    now: new Date(),
    ...changes,
  });
}

export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const SHA384 = 'http://www.w3.org/2001/04/xmldsig-more#sha384';
export const RSA_SHA384 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Signs the response or its assertion, with whatever algorithms. */
export function signXml(
  xml: string,
  pair: SigningPair,
  {
    what = 'Assertion',
    signatureAlgorithm = RSA_SHA256,
    digestAlgorithm = SHA256,
    transforms = [ENVELOPED, EXCLUSIVE],
    canonicalizationAlgorithm = EXCLUSIVE,
    keyInfo = pair,
    also = undefined as 'Subject' | undefined,
  } = {},
): string {
  const response = `/*[local-name(.)='Response']`;
  const place = what === 'Response' ? response : `${response}/*[local-name(.)='Assertion']`;
  const signer = new SignedXml({
    privateKey: pair.pem.key,
    publicCert: keyInfo.pem.certificate,
    signatureAlgorithm: signatureAlgorithm,
    canonicalizationAlgorithm,
  });
  // Not in the library.
  signer.HashAlgorithms[SHA384] = class {
    getAlgorithmName = (): string => SHA384;
    getHash = (text: string): string => createHash('sha384').update(text).digest('base64');
  };
  signer.SignatureAlgorithms[RSA_SHA384] = class {
    getAlgorithmName = (): string => RSA_SHA384;
    getSignature = (text: string): string => createSign('RSA-SHA384').update(text).sign(pair.pem.key, 'base64');
    verifySignature = (): boolean => false;
  };
  signer.addReference({
    xpath: what === 'Subject' ? `${place}/*[local-name(.)='Subject']` : place,
    transforms: transforms,
    digestAlgorithm: digestAlgorithm,
  });
  if (also !== undefined) {
    signer.addReference({ xpath: `${place}/*[local-name(.)='${also}']`, transforms: [EXCLUSIVE], digestAlgorithm });
  }
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${place}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signer.getSignedXml();
}
