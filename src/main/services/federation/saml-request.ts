import { inflateRawSync } from 'node:zlib';
import { ASSERTION, children, isElement, parseStrictly, PROTOCOL, textOf } from './saml-xml.ts';

/** A service provider's wish to have a person signed in. */
export interface SamlRequest {
  readonly id: string;
  /** The service's entity id. */
  readonly issuer: string;
  /** Where it wants the answer. */
  readonly assertionConsumerService: string | undefined;
  /** It wants no person to be asked. */
  readonly isPassive: boolean;
}

const LONGEST = 100_000;

/** As it comes in an address, deflated, or in a form; `undefined` for what is no request. Signatures are not asked. */
export function readSamlRequest(text: string, binding: 'redirect' | 'post'): SamlRequest | undefined {
  if (text.length > LONGEST) return undefined;
  let xml: string;
  try {
    const bytes = Buffer.from(text, 'base64');
    const plain = binding === 'redirect' ? inflateRawSync(bytes, { maxOutputLength: LONGEST }) : bytes;
    xml = new TextDecoder('utf-8', { fatal: true }).decode(plain).trim();
  } catch {
    // Not deflated, longer than anybody needs, or no UTF-8.
    return undefined;
  }
  const root = parseStrictly(xml)?.root;
  if (root === undefined || !isElement(root, PROTOCOL, 'AuthnRequest')) return undefined;
  const id = root.getAttribute('ID') ?? '';
  const issuer = textOf(children(root, ASSERTION, 'Issuer')[0]).trim();
  if (id === '' || issuer === '') return undefined;
  return {
    id,
    issuer,
    assertionConsumerService: root.getAttribute('AssertionConsumerServiceURL') ?? undefined,
    isPassive: ['true', '1'].includes(root.getAttribute('IsPassive') ?? ''),
  };
}
