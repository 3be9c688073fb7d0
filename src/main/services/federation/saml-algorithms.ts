import { createHash, createVerify } from 'node:crypto';
import { SignedXml } from 'xml-crypto';

/**
 * The algorithms that a signature may use. SHA-1 is not among them, nor is anything with a shared secret: a secret
 * would be the public key that everybody has. [FED-SAML-3]
 */

const TRANSFORMS = new Set([
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
]);

const HASHES = [
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
] as const;

const SIGNATURES = [
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'RSA-SHA256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha384', 'RSA-SHA384'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'RSA-SHA512'],
] as const;

/** Checks one signature with one certificate, and never with one that comes along with the signature. */
export function signatureChecker(certificate: string): SignedXml {
  const checker = new SignedXml({ publicCert: certificate, getCertFromKeyInfo: () => null });
  // The other spellings are not SAML's, and looking for each goes through the whole document.
  checker.idAttributes = ['ID'];
  checker.CanonicalizationAlgorithms = Object.fromEntries(
    Object.entries(checker.CanonicalizationAlgorithms).filter(([name]) => TRANSFORMS.has(name)),
  );
  checker.HashAlgorithms = Object.fromEntries(
    HASHES.map(([name, hash]) => [
      name,
      class {
        getAlgorithmName = (): string => name;
        getHash = (xml: string): string => createHash(hash).update(xml, 'utf8').digest('base64');
      },
    ]),
  );
  checker.SignatureAlgorithms = Object.fromEntries(
    SIGNATURES.map(([name, algorithm]) => [
      name,
      class {
        getAlgorithmName = (): string => name;
        getSignature = (): string => '';
        verifySignature = (material: string, key: never, value: string): boolean =>
          createVerify(algorithm).update(material, 'utf8').verify(key, value, 'base64');
      },
    ]),
  );
  return checker;
}
