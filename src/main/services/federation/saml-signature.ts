import type { Element } from '@xmldom/xmldom';
import type { SignedXml } from 'xml-crypto';
import { signatureChecker } from './saml-algorithms.ts';
import { ASSERTION, children, descendants, isElement, parseStrictly, PROTOCOL, SIGNATURE, textOf } from './saml-xml.ts';

export type SignedAssertion =
  | { readonly ok: true; readonly assertion: Element }
  | { readonly ok: false; readonly why: 'unsigned' | 'signature'; readonly decided: string };

/** Taking the signature out, and one canonical form. */
const MOST_TRANSFORMS = 2;
/** A DOM of another version, with the same methods. */
type CheckerNode = Parameters<SignedXml['getCanonXml']>[1];
/** Usual ones have twenty, with one more for each certificate that they bring along. */
const MOST_IN_SIGNATURE = 100;

/**
 * The one assertion of a response, read from the very bytes that were signed. A signature stands in what it signs:
 * in the assertion, in the response around it, or in both; elsewhere it is part of an attack. [FED-SAML-2]
 */
export function signedAssertion(xml: string, response: Element, certificates: readonly string[]): SignedAssertion {
  const [assertion, ...others] = descendants(response, ASSERTION, 'Assertion');
  if (assertion === undefined || others.length > 0 || assertion.parentNode !== response) {
    return { ok: false, why: 'signature', decided: 'A response has exactly one assertion, right below its root.' };
  }
  const signatures = descendants(response, SIGNATURE, 'Signature');
  if (signatures.length === 0) {
    return { ok: false, why: 'unsigned', decided: 'Neither the response nor its assertion is signed.' };
  }
  const places = signatures.map(({ parentNode }) => parentNode);
  const isProper = places.every((place) => place === response || place === assertion);
  if (!isProper || new Set(places).size < places.length) {
    return { ok: false, why: 'signature', decided: 'A signature stands elsewhere than in what it signs.' };
  }
  let signed: Element | undefined;
  for (const signature of signatures) {
    const root = verified(xml, signature, signature.parentNode as Element, certificates);
    if (root === undefined) {
      return {
        ok: false,
        why: 'signature',
        decided: 'A signature does not hold with a certificate of the metadata, or covers something else.',
      };
    }
    if (signature.parentNode === assertion || signed === undefined) signed = root;
  }
  const found = isElement(signed!, ASSERTION, 'Assertion') ? [signed!] : children(signed!, ASSERTION, 'Assertion');
  if (found.length !== 1) {
    return { ok: false, why: 'signature', decided: 'The signed bytes do not have exactly one assertion.' };
  }
  return { ok: true, assertion: found[0]! };
}

/** What was signed, parsed anew; it must be the element that the signature stands in. */
function verified(
  xml: string,
  signature: Element,
  parent: Element,
  certificates: readonly string[],
): Element | undefined {
  if (signature.getElementsByTagNameNS('*', '*').length > MOST_IN_SIGNATURE) return undefined;
  for (const certificate of certificates) {
    const checker = signatureChecker(certificate);
    try {
      checker.loadSignature(signature);
      // Before the signature is checked each reference costs work, and anybody can send many.
      const [reference, ...more] = checker.getReferences();
      if (reference === undefined || more.length > 0 || reference.transforms.length > MOST_TRANSFORMS) return undefined;
      if (!isKeyRight(checker, signature, certificate) || !checker.checkSignature(xml)) continue;
    } catch {
      // The checker throws for a wrong value, an unknown algorithm and a strange structure alike.
      continue;
    }
    const [bytes, ...others] = checker.getSignedReferences();
    if (bytes === undefined || others.length > 0) return undefined;
    const root = parseStrictly(bytes)?.root;
    if (root === undefined || !isSame(root, parent)) return undefined;
    return root;
  }
  return undefined;
}

/**
 * Whether the certificate's key signed the list of what is signed. The checker asks this last, after digests that take
 * seconds for a long response; anybody can send one, and only the provider can sign a list.
 */
function isKeyRight(checker: SignedXml, signature: Element, certificate: string): boolean {
  const [info] = children(signature, SIGNATURE, 'SignedInfo');
  const [value] = children(signature, SIGNATURE, 'SignatureValue');
  const { canonicalizationAlgorithm: form = '', signatureAlgorithm = '' } = checker;
  const Algorithm = checker.SignatureAlgorithms[signatureAlgorithm];
  if (info === undefined || Algorithm === undefined) return false;
  const text = checker.getCanonXml([form], info as object as CheckerNode, {
    ancestorNamespaces: namespacesAround(info),
  });
  return new Algorithm().verifySignature(text, certificate, textOf(value));
}

/** The nearest of each prefix: an inclusive canonical form has them all. */
function namespacesAround(element: Element): { prefix: string; namespaceURI: string }[] {
  const found = new Map<string, string>();
  for (let at = element.parentNode as Element | null; at?.attributes; at = at.parentNode as Element | null) {
    for (const { nodeName, value } of at.attributes) {
      const prefix = nodeName === 'xmlns' ? '' : /^xmlns:(.+)/.exec(nodeName)?.[1];
      if (prefix !== undefined && !found.has(prefix)) found.set(prefix, value);
    }
  }
  return [...found].map(([prefix, namespaceURI]) => ({ prefix, namespaceURI }));
}

function isSame(signed: Element, parent: Element): boolean {
  const id = parent.getAttribute('ID');
  return (
    id !== null &&
    id !== '' &&
    signed.getAttribute('ID') === id &&
    isElement(signed, parent.namespaceURI === PROTOCOL ? PROTOCOL : ASSERTION, parent.localName ?? '')
  );
}
