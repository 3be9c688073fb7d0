import assert from 'node:assert/strict';
import { callbackify } from 'node:util';
import { SignedXml } from 'xml-crypto';

/** A signed SAML response of a stand-in, sound or spoiled in one way. Pure: the same options give the same response. */

export interface SamlPerson {
  readonly nameId: string;
  /** `persistent`, `transient`, or a whole URI; default `persistent`. */
  readonly nameIdFormat?: string;
  readonly attributes: { readonly [name: string]: readonly string[] };
}

/** Ways in which a response can be wrong. */
export const SAML_SPOILS = [
  'expired',
  'not-yet-valid',
  'wrong-audience',
  'wrong-key',
  'unsigned',
  'wrapped',
  'comment-in-name',
] as const;
export type SamlSpoil = (typeof SAML_SPOILS)[number];

export interface SamlResponseOptions {
  /** The stand-in's entity id. */
  readonly issuer: string;
  /** Private RSA key for SHA-256. */
  readonly signingKey: CryptoKey;
  /** Base64 DER of the certificate that goes with it, as `selfSignedCertificate` returns it. */
  readonly certificate: string;
  /** Signs instead where the response is spoiled with `wrong-key`. */
  readonly wrongKey?: CryptoKey;
  /** `urn:amazon:webservices`, or a service provider's entity id. */
  readonly audience: string;
  /** Where the response is posted to. */
  readonly recipient: string;
  /** The id of the request that it answers; absent where the provider began. */
  readonly inResponseTo?: string;
  readonly person: SamlPerson;
  /** A UUID; the ids of response and assertion are made of it. */
  readonly id: string;
  readonly now: Date;
  /** Default 300. */
  readonly lifetimeSeconds?: number;
  /** Until when the session of the application may last. */
  readonly sessionNotOnOrAfter?: Date;
  readonly spoil?: SamlSpoil;
}

const HOUR_MS = 3_600_000;
const DEFAULT_LIFETIME_SECONDS = 300;
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const ASSERTION = "/*[local-name(.)='Response']/*[local-name(.)='Assertion']";
const NAME = /(<saml:NameID[^>]*>)[^]*?(<\/saml:NameID>)/;
const FORMATS = 'urn:oasis:names:tc:SAML:2.0:nameid-format:';

/** Base64, as a form posts it. */
export async function samlResponse(options: SamlResponseOptions): Promise<string> {
  return Buffer.from(await samlResponseXml(options)).toString('base64');
}

export async function samlResponseXml(options: SamlResponseOptions): Promise<string> {
  switch (options.spoil) {
    case 'unsigned':
      return unsignedResponse(options);
    case 'wrong-key':
      return signed(unsignedResponse(options), { ...options, signingKey: options.wrongKey ?? options.signingKey });
    case 'expired':
      return signed(unsignedResponse({ ...options, now: shifted(options.now, -2 * lifetimeMs(options)) }), options);
    case 'not-yet-valid':
      return signed(unsignedResponse({ ...options, now: shifted(options.now, HOUR_MS) }), options);
    case 'wrong-audience':
      return signed(unsignedResponse({ ...options, audience: 'urn:example:somebody-else' }), options);
    case 'wrapped':
      return wrapped(await signed(unsignedResponse(options), options), options);
    case 'comment-in-name':
      return commented(await signed(unsignedResponse(options), options), options);
    default:
      return signed(unsignedResponse(options), options);
  }
}

/** What is then signed. */
export function unsignedResponse(options: SamlResponseOptions): string {
  const { issuer, recipient, id, now, inResponseTo } = options;
  const answers = inResponseTo === undefined ? '' : ` InResponseTo="${escaped(inResponseTo)}"`;
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"` +
    ` ID="_r${id}" Version="2.0" IssueInstant="${now.toISOString()}" Destination="${escaped(recipient)}"${answers}>` +
    `<saml:Issuer>${escaped(issuer)}</saml:Issuer>` +
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` +
    `${assertion(options, answers)}</samlp:Response>`
  );
}

function assertion(options: SamlResponseOptions, answers: string): string {
  const { issuer, recipient, audience, person, id, now, sessionNotOnOrAfter } = options;
  const end = shifted(now, lifetimeMs(options)).toISOString();
  const format = person.nameIdFormat ?? 'persistent';
  const attributes = Object.entries(person.attributes).filter(([, values]) => values.length > 0);
  const session =
    sessionNotOnOrAfter === undefined ? '' : ` SessionNotOnOrAfter="${sessionNotOnOrAfter.toISOString()}"`;
  return (
    `<saml:Assertion ID="_a${id}" Version="2.0" IssueInstant="${now.toISOString()}">` +
    `<saml:Issuer>${escaped(issuer)}</saml:Issuer>` +
    `<saml:Subject>` +
    `<saml:NameID Format="${escaped(format.includes(':') ? format : FORMATS + format)}">${escaped(person.nameId)}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
    `<saml:SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${escaped(recipient)}"${answers}/>` +
    `</saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${now.toISOString()}" NotOnOrAfter="${end}">` +
    `<saml:AudienceRestriction><saml:Audience>${escaped(audience)}</saml:Audience></saml:AudienceRestriction>` +
    `</saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${now.toISOString()}" SessionIndex="_s${id}"${session}><saml:AuthnContext>` +
    `<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef>` +
    `</saml:AuthnContext></saml:AuthnStatement>` +
    (attributes.length === 0
      ? ''
      : `<saml:AttributeStatement>${attributes.map(attribute).join('')}</saml:AttributeStatement>`) +
    `</saml:Assertion>`
  );
}

function attribute([name, values]: readonly [string, readonly string[]]): string {
  const inner = values.map((value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`).join('');
  return `<saml:Attribute Name="${escaped(name)}">${inner}</saml:Attribute>`;
}

/** The assertion is what is signed, as most providers do it. */
function signed(xml: string, { signingKey, certificate }: SamlResponseOptions): Promise<string> {
  const signer = new SignedXml({
    // The key stays where it is; this only fills the place of one.
    privateKey: 'WebCrypto',
    publicCert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signer.SignatureAlgorithms = {
    [RSA_SHA256]: signatureWith(signingKey),
  } as unknown as typeof signer.SignatureAlgorithms;
  signer.addReference({
    xpath: ASSERTION,
    transforms: [ENVELOPED, EXCLUSIVE],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  const location = { reference: `${ASSERTION}/*[local-name(.)='Issuer']`, action: 'after' } as const;
  return new Promise((resolve, reject) => {
    signer.computeSignature(xml, { prefix: 'ds', location }, (error) => {
      if (error) reject(error);
      else resolve(signer.getSignedXml());
    });
  });
}

/** xml-crypto takes keys as text, and the bench's private keys cannot be read out. */
function signatureWith(key: CryptoKey): new () => object {
  assert.equal((key.algorithm as { name: string; hash?: { name: string } }).hash?.name, 'SHA-256');
  return class {
    getAlgorithmName = (): string => RSA_SHA256;
    // Its second parameter is the key as text, which there is not.
    getSignature = callbackify(async (signedInfo: string, _key: string): Promise<string> => {
      const bytes = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, Buffer.from(signedInfo));
      return Buffer.from(bytes).toString('base64');
    });
  };
}

/** An assertion that nobody signed stands around the signed one: a reader that takes the first is fooled. */
function wrapped(xml: string, { id }: SamlResponseOptions): string {
  const start = xml.indexOf('<saml:Assertion');
  const end = xml.indexOf('</samlp:Response>');
  const genuine = xml.slice(start, end);
  const forged = genuine
    .replace(/<ds:Signature[^]*<\/ds:Signature>/, '')
    .replace(`ID="_a${id}"`, `ID="_x${id}"`)
    .replace(NAME, '$1somebody-else$2')
    .replace('</saml:Assertion>', () => `<saml:Advice>${genuine}</saml:Advice></saml:Assertion>`);
  return xml.slice(0, start) + forged + xml.slice(end);
}

/** The signature still holds, since comments are no part of what it signs: a reader that takes the first text is fooled. */
function commented(xml: string, { person: { nameId } }: SamlResponseOptions): string {
  const letters = Array.from(nameId);
  const middle = Math.ceil(letters.length / 2);
  const halves = [letters.slice(0, middle), letters.slice(middle)];
  const cut = halves.map((half) => escaped(half.join(''))).join('<!-- -->');
  return xml.replace(NAME, (_name, before: string, after: string) => before + cut + after);
}

function lifetimeMs({ lifetimeSeconds = DEFAULT_LIFETIME_SECONDS }: SamlResponseOptions): number {
  return lifetimeSeconds * 1000;
}

function shifted(date: Date, milliseconds: number): Date {
  return new Date(date.getTime() + milliseconds);
}

const NOT_IN_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Line ends and tabs as references: a parser would turn them into spaces. What XML cannot say becomes a question mark. */
export function escaped(text: string): string {
  return text
    .replaceAll(NOT_IN_XML, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\n\r]/g, (character) => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`);
}
