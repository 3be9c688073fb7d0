import type { Json } from '../../../shared/json.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';
import type { Member, Shape } from '../../model/shapes.ts';
import { errorHeaders, parseBody } from './aws-json.ts';
import { readJson, writeJson } from './json-values.ts';
import { fromIso } from './timestamps.ts';
import type { Decoded, Dialect, Encoded, Received } from './protocol.ts';

const CONTENT_TYPE = 'application/json';

/** REST JSON: sync and Lambda. Members travel in path, query, headers and body. */
export const restJson: Dialect = {
  decode(operation: Operation, received: Received, path: { readonly [member: string]: string }): Decoded {
    const { bound, hasBody, payload } = bindings(operation);
    const body = hasBody ? parseBody(received.body) : payload ? shownPayload(received.body) : null;
    const input = (hasBody ? readJson(operation.input, body) : {}) as { [member: string]: unknown };
    if (payload && received.body.length > 0) input[payload.name] = new Uint8Array(received.body);
    const query = received.query === '' ? undefined : parseQuery(received.query);
    for (const member of bound) {
      const text =
        member.location === 'uri'
          ? path[member.wireName]
          : member.location === 'querystring'
            ? query?.get(member.wireName)
            : received.headers[member.wireName.toLowerCase()];
      if (text !== undefined) input[member.name] = fromText(member.shape, text);
    }
    return { body, input };
  },

  encodeOutput(operation: Operation, output: unknown, requestId: string): Encoded {
    const headers: { [name: string]: string } = { 'Content-Type': CONTENT_TYPE, 'x-amzn-RequestId': requestId };
    if (operation.output === null) return { status: operation.status, headers, text: '', body: null };
    const { members } = operation.output;
    const value = (output ?? {}) as { readonly [member: string]: unknown };
    const at = (location: Member['location']): readonly Member[] =>
      members.filter((member) => member.location === location && value[member.name] !== undefined);
    for (const { name, wireName } of at('header')) headers[wireName] = String(value[name]);
    const status = at('status').map(({ name }) => value[name] as number)[0] ?? operation.status;
    if (members.some(({ location }) => location === 'payload')) {
      const text = at('payload').map(({ name }) => Buffer.from(value[name] as Uint8Array).toString('utf8'))[0] ?? '';
      return { status, headers, text, body: shownPayload(text) };
    }
    // An answer that holds nothing but its status has no body at all.
    if (status === 204) return { status, headers, text: '', body: null };
    const body = writeJson(operation.output, value) as Json;
    return { status, headers, text: JSON.stringify(body), body };
  },

  encodeFault(service: ServiceModel | undefined, refused: Fault, requestId: string): Encoded {
    // The body holds only the message: the header is the only carrier of the code. [identity-and-sync 0, recorded]
    const body: Json = refused.message === '' ? {} : { message: refused.message };
    return {
      status: refused.status ?? service?.error(refused.code)?.status ?? frameworkStatus(refused.code),
      headers: {
        'Content-Type': CONTENT_TYPE,
        'x-amzn-RequestId': requestId,
        ...errorHeaders(refused.code, refused.message),
      },
      text: JSON.stringify(body),
      body,
    };
  },
};

/** Statuses of errors that no model lists. [identity-and-sync 4.5; the rest assumed] */
function frameworkStatus(code: string): number {
  switch (code) {
    case 'AccessDeniedException':
    case 'ExpiredTokenException':
    case 'IncompleteSignatureException':
    case 'InvalidSignatureException':
    case 'MissingAuthenticationTokenException':
    case 'UnrecognizedClientException':
      return 403;
    case 'UnknownOperationException':
      return 404;
    case 'MethodNotAllowed':
      return 405;
    case 'RequestEntityTooLarge':
      return 413;
    case 'ThrottlingException':
      return 429;
    case 'InternalFailure':
      return 500;
    default:
      return 400;
  }
}

interface Bindings {
  readonly bound: readonly Member[];
  readonly hasBody: boolean;
  /** The member that is the whole body, as bytes. */
  readonly payload: Member | undefined;
}

/** For the trace: most payloads are JSON. */
function shownPayload(bytes: Buffer | string): Json {
  const text = bytes.toString('utf8');
  try {
    return text === '' ? null : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}

const known = new WeakMap<Operation, Bindings>();

function bindings(operation: Operation): Bindings {
  let found = known.get(operation);
  if (!found) {
    const { members } = operation.input;
    found = {
      bound: members.filter(({ location }) => location !== 'body' && location !== 'payload'),
      hasBody: members.some(({ location }) => location === 'body'),
      payload: members.find(({ location }) => location === 'payload'),
    };
    known.set(operation, found);
  }
  return found;
}

function fromText(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case 'integer':
    case 'long':
      // Assumed: a number in a query that is none is a fault of serialization, as in a body.
      if (!/^-?\d{1,18}$/.test(text)) throw fault('SerializationException', `${text} can not be converted to a number`);
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'timestamp': {
      const date = fromIso(text);
      if (!date) throw fault('SerializationException', `${text} can not be converted to a date`);
      return date;
    }
    default:
      return text;
  }
}

/** Percent decoding alone: a plus is a plus, since opaque tokens may carry one. */
export function parseQuery(query: string): Map<string, string> {
  const members = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (!members.has(name)) members.set(name, equals < 0 ? '' : decode(part.slice(equals + 1)));
  }
  return members;
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
