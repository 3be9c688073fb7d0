import { X509Certificate } from 'node:crypto';
import type { SamlMetadata } from '../services.ts';
import { children, descendants, instant, isElement, METADATA, parseStrictly, SIGNATURE, textOf } from './saml-xml.ts';

/** The shortest key that IAM takes. [docs] */
const FEWEST_BITS = 1024;

/** What an identity provider says of itself; `undefined` for what is no metadata of one. [FED-SAML-9] */
export function readSamlMetadata(document: string): SamlMetadata | undefined {
  // A byte order mark is no part of the document.
  const root = parseStrictly(document.replace(/^\uFEFF/, '').trim())?.root;
  if (root === undefined || !isElement(root, METADATA, 'EntityDescriptor')) return undefined;
  const entityId = root.getAttribute('entityID') ?? '';
  const [descriptor] = children(root, METADATA, 'IDPSSODescriptor');
  if (entityId === '' || descriptor === undefined) return undefined;
  const certificates = children(descriptor, METADATA, 'KeyDescriptor')
    .filter((key) => (key.getAttribute('use') ?? 'signing') === 'signing')
    .flatMap((key) => descendants(key, SIGNATURE, 'X509Certificate'))
    .map((certificate) => readCertificate(textOf(certificate)));
  if (certificates.length === 0 || certificates.includes(undefined)) return undefined;
  const ends = [instant(root, 'validUntil'), instant(descriptor, 'validUntil')].filter((date) => date !== undefined);
  if (ends.includes('malformed')) return undefined;
  const validUntil = ends.filter((date) => date !== 'malformed').toSorted((a, b) => a.getTime() - b.getTime())[0];
  return {
    entityId,
    certificates: certificates.filter((certificate) => certificate !== undefined),
    ...(validUntil && { validUntil }),
  };
}

/** As PEM; how long a certificate is valid is not asked. [docs] */
function readCertificate(base64: string): string | undefined {
  try {
    const certificate = new X509Certificate(Buffer.from(base64, 'base64'));
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    return asymmetricKeyType === 'rsa' && bits >= FEWEST_BITS ? certificate.toString() : undefined;
  } catch {
    // OpenSSL's complaints mean the same each: not a certificate.
    return undefined;
  }
}
