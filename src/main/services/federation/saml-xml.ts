import { DOMParser, onWarningStopParsing, type Document, type Element } from '@xmldom/xmldom';

/** XML as strangers send it: parsed strictly, or not at all. */

export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
export const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';

const DEEPEST = 64;
const PROCESSING_INSTRUCTION_NODE = 7;
const COMMENT_NODE = 8;

/** Anything that begins with `<!` but comments and CDATA: document types and entities, which the parser would follow. */
const DECLARATION = /<!(?!--|\[CDATA\[)/;

export interface StrictDocument {
  readonly root: Element;
  /** Comments or processing instructions below the root. */
  readonly hasAsides: boolean;
}

/** `undefined` for what is not well-formed, declares a document type, or is nested too deeply. [FED-SAML-1] */
export function parseStrictly(text: string): StrictDocument | undefined {
  if (DECLARATION.test(text)) return undefined;
  let document: Document;
  try {
    document = new DOMParser({ onError: onWarningStopParsing }).parseFromString(text, 'text/xml');
  } catch {
    // Whatever stops the parser, its reader learns the same: this is no XML.
    return undefined;
  }
  const root = document.documentElement;
  if (root === null) return undefined;
  return walk(root);
}

/** Without recursion, since what it looks for is nesting. */
function walk(root: Element): StrictDocument | undefined {
  let hasAsides = false;
  let depth = 1;
  for (let node = root.firstChild; node !== null;) {
    if (node.nodeType === COMMENT_NODE || node.nodeType === PROCESSING_INSTRUCTION_NODE) hasAsides = true;
    if (node.firstChild !== null) {
      depth += 1;
      if (depth > DEEPEST) return undefined;
      node = node.firstChild;
      continue;
    }
    while (node !== null && node.nextSibling === null && node.parentNode !== root) {
      node = node.parentNode;
      depth -= 1;
    }
    node = node?.nextSibling ?? null;
  }
  return { root, hasAsides };
}

export function isElement(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name;
}

export function children(parent: Element, namespace: string, name: string): Element[] {
  return [...parent.childNodes].filter(
    (node): node is Element => node.nodeType === 1 && isElement(node as Element, namespace, name),
  );
}

/** Wherever they stand. */
export function descendants(parent: Element, namespace: string, name: string): Element[] {
  return [...parent.getElementsByTagNameNS(namespace, name)];
}

/** The whole text, also where markup stands in its middle. */
export function textOf(element: Element | undefined): string {
  return element?.textContent ?? '';
}

/** Times of SAML are in UTC, which some write without saying so; a machine would take that for its own time. */
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/;

/** `undefined` where the attribute is missing, `malformed` where it is no instant. */
export function instant(element: Element, attribute: string): Date | 'malformed' | undefined {
  const text = element.getAttribute(attribute);
  if (text === null) return undefined;
  const [, time = '', zone = 'Z'] = INSTANT.exec(text.trim()) ?? [];
  const millis = Date.parse(time + zone);
  return Number.isNaN(millis) ? 'malformed' : new Date(millis);
}
