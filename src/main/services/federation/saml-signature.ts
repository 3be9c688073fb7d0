import type { Element } from '@xmldom/xmldom';
import { signatureChecker } from './saml-algorithms.ts';
import { ASSERTION, children, descendants, isElement, parseStrictly, PROTOCOL, SIGNATURE } from './saml-xml.ts';

export type SignedAssertion =
  | { readonly ok: true; readonly assertion: Element }
  | { readonly ok: false; readonly why: 'unsigned' | 'signature'; readonly decided: string };

/** Taking the signature out, and one canonical form. */
const MOST_TRANSFORMS = 2;

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
  for (const certificate of certificates) {
    const checker = signatureChecker(certificate);
    try {
      checker.loadSignature(signature);
      // Before the signature is checked each reference costs work, and anybody can send many.
      const [reference, ...more] = checker.getReferences();
      if (reference === undefined || more.length > 0 || reference.transforms.length > MOST_TRANSFORMS) return undefined;
      if (!checker.checkSignature(xml)) continue;
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

function isSame(signed: Element, parent: Element): boolean {
  const id = parent.getAttribute('ID');
  return (
    id !== null &&
    id !== '' &&
    signed.getAttribute('ID') === id &&
    isElement(signed, parent.namespaceURI === PROTOCOL ? PROTOCOL : ASSERTION, parent.localName ?? '')
  );
}
