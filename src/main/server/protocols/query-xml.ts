import type { Json } from '../../../shared/json.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';
import type { Shape, StructureShape } from '../../model/shapes.ts';
import { writeJson } from './json-values.ts';
import { fromIso, toIso } from './timestamps.ts';
import type { Decoded, Dialect, Encoded, Received } from './protocol.ts';

const CONTENT_TYPE = 'text/xml';

/** The query protocol: STS, IAM, SNS. Parameters of a form or of the address in, XML out. */
export const queryXml: Dialect = {
  decode(operation: Operation, received: Received): Decoded {
    const input = readStructure(operation.input, parameterTree(queryParameters(received)));
    return { body: writeJson(operation.input, input) as Json, input };
  },

  encodeOutput(operation: Operation, output: unknown, requestId: string): Encoded {
    const { name, service, resultWrapper } = operation;
    const inner = operation.output === null ? '' : write(operation.output, output ?? {});
    const result = resultWrapper === undefined ? inner : element(resultWrapper, inner);
    const metadata = element('ResponseMetadata', element('RequestId', requestId));
    return {
      status: operation.status,
      headers: { 'Content-Type': CONTENT_TYPE, 'x-amzn-RequestId': requestId },
      text: `<${name}Response xmlns="${service.xmlNamespace}">${result}${metadata}</${name}Response>`,
      body: operation.output === null ? null : (writeJson(operation.output, output ?? {}) as Json),
    };
  },

  encodeFault(service: ServiceModel | undefined, refused: Fault, requestId: string): Encoded {
    const binding = service?.error(refused.code);
    const code = binding?.code ?? refused.code;
    const status = refused.status ?? binding?.status ?? frameworkStatus(code);
    const error =
      element('Type', status >= 500 ? 'Receiver' : 'Sender') +
      element('Code', escape(code)) +
      element('Message', escape(refused.message));
    return {
      status,
      headers: { 'Content-Type': CONTENT_TYPE, 'x-amzn-RequestId': requestId },
      text:
        `<ErrorResponse xmlns="${service?.xmlNamespace ?? ''}">` +
        `${element('Error', error)}${element('RequestId', requestId)}</ErrorResponse>`,
      body: { Error: { Code: code, Message: refused.message } },
    };
  },
};

/** [identity-and-sync 2.6, 4.5] */
function frameworkStatus(code: string): number {
  switch (code) {
    case 'AccessDenied':
    case 'ExpiredToken':
    case 'InvalidClientTokenId':
    case 'MissingAuthenticationToken':
    case 'SignatureDoesNotMatch':
      return 403;
    case 'RequestEntityTooLarge':
      return 413;
    case 'InternalFailure':
      return 500;
    default:
      return 400;
  }
}

/** Of the form, and of the address where there is no form: presigned calls are GET. */
export function queryParameters({ method, query, body }: Received): URLSearchParams {
  return new URLSearchParams(method === 'GET' ? query : body.toString('utf8'));
}

interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/** `Tags.member.1.Key=a` as a tree, so that reading a list does not search all parameters. */
function parameterTree(parameters: URLSearchParams): Node {
  const root: Node = { children: new Map() };
  for (const [name, value] of parameters) {
    let node = root;
    for (const part of name.split('.')) {
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value ??= value;
  }
  return root;
}

function readStructure(shape: StructureShape, node: Node): { [member: string]: unknown } {
  const structure: { [member: string]: unknown } = {};
  for (const { name, shape: inner } of shape.members) {
    const child = node.children.get(name);
    if (child) structure[name] = read(inner, child, name);
  }
  return structure;
}

function read(shape: Shape, node: Node, name: string): unknown {
  switch (shape.type) {
    case 'structure':
      return readStructure(shape, node);
    case 'list':
      return numbered(node.children.get('member')).map((item) => read(shape.item, item, name));
    case 'map': {
      const map = Object.create(null) as { [key: string]: unknown };
      for (const entry of numbered(node.children.get('entry'))) {
        const key = entry.children.get(shape.keyName)?.value;
        const value = entry.children.get(shape.valueName);
        if (key !== undefined && value) map[key] = read(shape.value, value, name);
      }
      return map;
    }
    default:
      return readScalar(shape, node.value ?? '', name);
  }
}

function numbered(node: Node | undefined): Node[] {
  if (!node) return [];
  return [...node.children]
    .filter(([index]) => /^\d{1,6}$/.test(index))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function readScalar(shape: Shape, text: string, name: string): unknown {
  // Assumed: the class is AWS's, the text is not known.
  const malformed = (): Fault => fault('MalformedInput', `The value of ${name} is not of the type ${shape.type}`);
  switch (shape.type) {
    case 'integer':
    case 'long':
      if (!/^-?\d{1,18}$/.test(text)) throw malformed();
      return Number(text);
    case 'double':
      if (text.trim() === '' || !Number.isFinite(Number(text))) throw malformed();
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw malformed();
      return text === 'true';
    case 'timestamp': {
      const date = fromIso(text);
      if (!date) throw malformed();
      return date;
    }
    case 'blob':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}

function write(shape: Shape, value: unknown): string {
  switch (shape.type) {
    case 'structure': {
      const structure = value as { readonly [member: string]: unknown };
      return shape.members
        .filter(({ name }) => structure[name] !== undefined && structure[name] !== null)
        .map(({ name, shape: inner }) => element(name, write(inner, structure[name])))
        .join('');
    }
    case 'list':
      return (value as readonly unknown[]).map((item) => element('member', write(shape.item, item))).join('');
    case 'map':
      return Object.entries(value as object)
        .map(([key, inner]) =>
          element('entry', element(shape.keyName, escape(key)) + element(shape.valueName, write(shape.value, inner))),
        )
        .join('');
    case 'timestamp':
      return toIso(value as Date);
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return escape(String(value));
  }
}

function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

function escape(text: string): string {
  return (
    text
      .replaceAll(/[&<>"\r]/g, (character) => ENTITIES[character]!)
      // XML 1.0 has no way to write these.
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}
