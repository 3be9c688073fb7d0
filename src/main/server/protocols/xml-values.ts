import { DOMParser, type Element, type Node } from '@xmldom/xmldom';
import { s3Fault, type S3Fault } from '../../kernel/s3-fault.ts';
import type { Shape, StructureShape } from '../../model/shapes.ts';
import { fromIso } from './timestamps.ts';
import { isModest } from './xml-bounds.ts';

/** Values as the XML of REST services writes them, by the model. */

/** Documents are short: a thousand keys of a deletion are the longest. */
const LONGEST_DOCUMENT = 4 * 1024 * 1024;

const malformed = (): S3Fault =>
  s3Fault('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');

/** @throws Fault `MalformedXML` for what is no XML, has a document type, or misses what the model requires */
export function readXml(shape: StructureShape, body: Buffer, rootName: string): { [member: string]: unknown } {
  const root = parse(body);
  // Assumed: a namespace is not asked for, since clients are known to leave it out.
  if (root.localName !== rootName) throw malformed();
  return readStructure(shape, root);
}

function parse(body: Buffer): Element {
  if (body.length > LONGEST_DOCUMENT) throw malformed();
  const text = body.toString('utf8');
  // An entity can only come from a document type, which no client of S3 sends.
  if (text.includes('<!DOCTYPE') || !isModest(text)) throw malformed();
  try {
    const stop = (): never => {
      throw malformed();
    };
    const document = new DOMParser({ onError: stop, locator: false }).parseFromString(text, 'text/xml');
    if (document.documentElement) return document.documentElement;
  } catch {
    // Whatever the parser says of it, S3 says the same.
  }
  throw malformed();
}

function childrenOf(parent: Element): Map<string, Element[]> {
  const children = new Map<string, Element[]>();
  for (let node: Node | null = parent.firstChild; node; node = node.nextSibling) {
    if (node.nodeType !== node.ELEMENT_NODE) continue;
    const element = node as Element;
    const name = element.localName ?? '';
    const known = children.get(name);
    if (known) known.push(element);
    else children.set(name, [element]);
  }
  return children;
}

function readStructure(shape: StructureShape, element: Element): { [member: string]: unknown } {
  const children = childrenOf(element);
  const structure: { [member: string]: unknown } = {};
  for (const { name, wireName, shape: inner, required } of shape.members) {
    const found = children.get(wireName);
    if (!found) {
      if (required) throw malformed();
    } else if (inner.type === 'list' && inner.itemName === undefined) {
      structure[name] = found.map((item) => readValue(inner.item, item));
    } else if (found.length > 1) throw malformed();
    else structure[name] = readValue(inner, found[0]!);
  }
  return structure;
}

function readValue(shape: Shape, element: Element): unknown {
  switch (shape.type) {
    case 'structure':
      return readStructure(shape, element);
    case 'list':
      return (childrenOf(element).get(shape.itemName!) ?? []).map((item) => readValue(shape.item, item));
    default: {
      // Text alone: what stands in elements within was not meant for it.
      if (childrenOf(element).size > 0) throw malformed();
      const value = fromText(shape, element.textContent ?? '');
      if (value === undefined) throw malformed();
      return value;
    }
  }
}

/** A value of a header, a query or an element; `undefined` where the text is none of the shape's. */
export function fromText(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case 'integer':
    case 'long':
      return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
    case 'double':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'timestamp':
      return fromIso(text) ?? fromHttpDate(text);
    case 'blob':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}

function fromHttpDate(text: string): Date | undefined {
  const milliseconds = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds);
}

export function writeXml(shape: Shape, value: unknown): string {
  switch (shape.type) {
    case 'structure': {
      const structure = value as { readonly [member: string]: unknown };
      let text = '';
      for (const { name, wireName, location, shape: inner } of shape.members) {
        const held = structure[name];
        if (location !== 'body' || held === undefined || held === null) continue;
        if (inner.type === 'list' && inner.itemName === undefined) {
          for (const item of held as readonly unknown[]) text += element(wireName, writeXml(inner.item, item));
        } else text += element(wireName, writeXml(inner, held));
      }
      return text;
    }
    case 'list':
      return (value as readonly unknown[])
        .map((item) => element(shape.itemName ?? 'member', writeXml(shape.item, item)))
        .join('');
    case 'timestamp':
      // With milliseconds always, unlike the query protocol. [memory]
      return (value as Date).toISOString();
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return escapeXml(String(value));
  }
}

export function element(name: string, inner: string, namespace = ''): string {
  return `<${name}${namespace === '' ? '' : ` xmlns="${namespace}"`}>${inner}</${name}>`;
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// oxlint-disable-next-line no-control-regex
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g;

/** Characters that XML 1.0 cannot hold are written as references all the same, as S3 does. [memory] */
export function escapeXml(text: string): string {
  return text.replaceAll(SPECIAL, (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);
}
