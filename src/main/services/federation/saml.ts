import type { Element } from '@xmldom/xmldom';
import type { SamlAssertions, SamlExpectation, SamlMetadata, SamlVerdict, Services } from '../services.ts';
import { readAssertion } from './saml-assertion.ts';
import { readSamlMetadata } from './saml-metadata.ts';
import { signedAssertion } from './saml-signature.ts';
import { ASSERTION, children, descendants, isElement, parseStrictly, PROTOCOL, textOf } from './saml-xml.ts';

type Needs = Pick<Services, 'bus' | 'iamProviders'>;

/** As many as STS takes. [docs] */
const LONGEST = 100_000;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const MOST_REMEMBERED = 10_000;
const MOST_METADATA = 100;

const RULES = {
  malformed: 'FED-SAML-1',
  'not-successful': 'FED-SAML-1',
  'unknown-provider': 'FED-SAML-4',
  unsigned: 'FED-SAML-2',
  signature: 'FED-SAML-2',
  issuer: 'FED-SAML-4',
  'metadata-expired': 'FED-SAML-4',
  audience: 'FED-SAML-5',
  'not-yet-valid': 'FED-SAML-6',
  expired: 'FED-SAML-6',
  confirmation: 'FED-SAML-7',
  subject: 'FED-SAML-8',
  encrypted: 'FED-SAML-10',
} as const;

/** Verifies what SAML providers say of people, by the metadata that IAM keeps of them. */
export function createSamlAssertions({ bus, iamProviders }: Needs): SamlAssertions {
  const metadata = new Map<string, { readonly document: string; readonly read: SamlMetadata | undefined }>();
  /** Assertions for one use that were used, until when they would be good. */
  const used = new Map<string, number>();
  bus.on('account.reset', () => used.clear());
  bus.on('bench.reset', () => used.clear());

  const readKept = (arn: string, document: string): SamlMetadata | undefined => {
    const known = metadata.get(arn);
    if (known?.document === document) return known.read;
    if (metadata.size >= MOST_METADATA) metadata.clear();
    const read = readSamlMetadata(document);
    metadata.set(arn, { document, read });
    return read;
  };

  return {
    readMetadata: readSamlMetadata,
    verify(response, expected) {
      const provider = iamProviders.findSaml(expected.account, expected.providerArn);
      const kept = provider && readKept(provider.arn, provider.metadata);
      if (kept === undefined) return refused('unknown-provider', 'IAM has no such SAML provider.');
      return verifyWith(kept, response, expected);
    },
    takeOnce({ issuer, id, isForOneUse, notOnOrAfter }, now) {
      if (!isForOneUse) return true;
      const key = JSON.stringify([issuer, id]);
      if (used.has(key)) return false;
      if (used.size >= MOST_REMEMBERED) {
        for (const [each, until] of used) if (until < now.getTime()) used.delete(each);
        // Still full: the oldest makes room.
        if (used.size >= MOST_REMEMBERED) used.delete(used.keys().next().value!);
      }
      // Longer than the grace that expiry is given.
      used.set(key, notOnOrAfter.getTime() + 3_600_000);
      return true;
    },
  };
}

function verifyWith(
  { entityId, certificates, validUntil }: SamlMetadata,
  response: string,
  { now }: SamlExpectation,
): SamlVerdict {
  if (validUntil !== undefined && validUntil <= now) {
    return refused('metadata-expired', 'The metadata that IAM keeps of the provider has expired.');
  }
  const decoded = decode(response);
  if (decoded === undefined) {
    return refused('malformed', 'This is no Base64 of a SAML response: sound XML without document type and comments.');
  }
  const { xml, root } = decoded;
  const failure = failedStatus(root);
  if (failure !== undefined) return refused('not-successful', failure);
  if (descendants(root, ASSERTION, 'EncryptedAssertion').length > 0) {
    return refused('encrypted', 'The assertion is encrypted, and encrypted assertions are not built yet.');
  }
  // First what the response claims, since its signature cannot hold when it is another provider's.
  const claimed = claimedIssuer(root);
  if (claimed !== entityId) {
    return refused('issuer', `The issuer is ${claimed || 'missing'}, and the metadata is of ${entityId}.`);
  }
  const signed = signedAssertion(xml, root, certificates);
  if (!signed.ok) return refused(signed.why, signed.decided);
  const reading = readAssertion(signed.assertion, now);
  if (!reading.ok) return { ...reading, rule: RULES[reading.why] };
  if (reading.assertion.issuer !== entityId) {
    return refused('issuer', 'The issuer of the assertion is not the provider of the metadata.');
  }
  return { ok: true, assertion: reading.assertion };
}

function refused(
  why: Exclude<keyof typeof RULES, 'expired' | 'not-yet-valid' | 'audience'>,
  decided: string,
): SamlVerdict & { ok: false } {
  return { ok: false, why, decided, rule: RULES[why] };
}

/** [FED-SAML-1] */
function decode(response: string): { readonly xml: string; readonly root: Element } | undefined {
  if (response.length > LONGEST || !BASE64.test(response)) return undefined;
  let xml: string;
  try {
    xml = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(response, 'base64'));
  } catch {
    // Not UTF-8, and nothing else is read.
    return undefined;
  }
  const document = parseStrictly(xml.trim());
  if (document === undefined || document.hasAsides || !isElement(document.root, PROTOCOL, 'Response')) {
    return undefined;
  }
  return { xml: xml.trim(), root: document.root };
}

function failedStatus(root: Element): string | undefined {
  const [status] = children(root, PROTOCOL, 'Status');
  const [code] = status ? children(status, PROTOCOL, 'StatusCode') : [];
  if (code?.getAttribute('Value') === SUCCESS) return undefined;
  return 'The status of the response is not Success.';
}

function claimedIssuer(root: Element): string {
  const [assertion] = children(root, ASSERTION, 'Assertion');
  return textOf(assertion && children(assertion, ASSERTION, 'Issuer')[0]).trim();
}
