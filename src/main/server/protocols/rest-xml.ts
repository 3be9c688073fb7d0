import type { Json } from '../../../shared/json.ts';
import type { Fault } from '../../kernel/fault.ts';
import { S3Fault, s3Fault, s3Status } from '../../kernel/s3-fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';
import type { Member, StructureShape } from '../../model/shapes.ts';
import { parseQuery } from './rest-json.ts';
import { readPayload } from './s3-payload.ts';
import { element, escapeXml, fromText, readXml, writeXml } from './xml-values.ts';
import type { Decoded, Dialect, Encoded, Received } from './protocol.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Of the root elements that are not named in the model. [docs] */
const ROOTS: { readonly [output: string]: string } = {
  CompleteMultipartUploadOutput: 'CompleteMultipartUploadResult',
  CreateMultipartUploadOutput: 'InitiateMultipartUploadResult',
  DeleteObjectsOutput: 'DeleteResult',
  GetObjectTaggingOutput: 'Tagging',
  ListBucketsOutput: 'ListAllMyBucketsResult',
  ListMultipartUploadsOutput: 'ListMultipartUploadsResult',
  ListObjectsOutput: 'ListBucketResult',
  ListObjectsV2Output: 'ListBucketResult',
  ListPartsOutput: 'ListPartsResult',
};

/** REST XML: S3. Members travel in path, query, headers and body, which is XML or an object's bytes. */
export const restXml: Dialect = {
  decode(operation: Operation, received: Received, path: { readonly [member: string]: string }): Decoded {
    const { bytes, headers } = readPayload(received);
    const query = parseQuery(received.query);
    const input: { [member: string]: unknown } = {};
    let body: Json = null;
    for (const member of operation.input.members) {
      const { name, wireName, location } = member;
      if (location === 'headers') input[name] = headersOf(headers, wireName);
      else if (location === 'payload' && member.shape.type === 'blob') {
        input[name] = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
        body = shownBytes(bytes, headers['content-type']);
      } else if (location === 'payload') {
        if (bytes.length > 0) input[name] = readXml(member.shape as StructureShape, bytes, wireName);
        else if (member.required) throw s3Fault('MissingRequestBodyError', 'Request Body is empty');
        if (bytes.length > 0) body = bytes.toString('utf8');
      } else {
        const text =
          location === 'uri'
            ? path[wireName]
            : location === 'querystring'
              ? query.get(wireName)
              : headers[wireName.toLowerCase()];
        if (text !== undefined) input[name] = boundValue(member, text);
      }
    }
    return { body, input, shownBytes: JSON.stringify(body).length };
  },

  encodeOutput(operation: Operation, output: unknown, requestId: string): Encoded {
    const headers: { [name: string]: string } = idHeaders(requestId);
    const answer = (output ?? {}) as { readonly [member: string]: unknown };
    const { output: shape } = operation;
    if (shape === null) return { status: operation.status, headers, text: '', body: null };
    for (const member of shape.members) {
      const value = answer[member.name];
      if (value === undefined || value === null) continue;
      if (member.location === 'header') headers[member.wireName] = headerValue(value);
      else if (member.location === 'headers') {
        for (const [name, text] of Object.entries(value)) headers[`${member.wireName}${name}`] = String(text);
      }
    }
    // Part of an object is an answer of its own kind, which the model does not tell.
    const status = headers['Content-Range'] === undefined ? operation.status : 206;
    const payload = shape.members.find(({ location }) => location === 'payload');
    if (payload?.shape.type === 'blob') {
      const bytes = answer[payload.name] as Uint8Array;
      return { status, headers, text: '', bytes, body: shownBytes(bytes, headers['Content-Type']) };
    }
    const text = documentOf(shape, payload, answer);
    if (text !== '') headers['Content-Type'] = 'application/xml';
    return { status, headers, text, body: text === '' ? null : text };
  },

  encodeFault(service: ServiceModel | undefined, refused: Fault, requestId: string): Encoded {
    const { elements = {}, headers = {} } = refused instanceof S3Fault ? refused.details : {};
    const { code, message } = named(refused);
    const status = refused.status ?? s3Status(code) ?? service?.error(code)?.status ?? 400;
    const known = { Code: code, Message: message, ...elements, RequestId: requestId, HostId: hostId(requestId) };
    const inner = Object.entries(known).map(([name, value]) => element(name, escapeXml(value)));
    return {
      status,
      headers: { ...idHeaders(requestId), 'Content-Type': 'application/xml', ...headers },
      // An answer that nothing has changed has no body.
      text: status === 304 ? '' : `${DECLARATION}${element('Error', inner.join(''))}`,
      body: { Error: { Code: code, Message: message, ...elements } },
    };
  },
};

/** Failures of the bench, and refusals that a person injects, by S3's names. */
function named({ code, message }: Fault): { readonly code: string; readonly message: string } {
  if (code === 'InternalFailure') {
    return { code: 'InternalError', message: 'We encountered an internal error. Please try again.' };
  }
  return { code, message };
}

function idHeaders(requestId: string): { [name: string]: string } {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) };
}

/** Opaque, as AWS's is. */
function hostId(requestId: string): string {
  return Buffer.from(requestId).toString('base64');
}

function headersOf(headers: Received['headers'], prefix: string): { readonly [name: string]: string } {
  const entries = Object.entries(headers).filter(([name, value]) => value !== undefined && name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value!]));
}

function boundValue({ shape, wireName, location }: Member, text: string): unknown {
  if (shape.type === 'list') return text.split(',').map((item) => item.trim());
  const value = fromText(shape, text);
  if (value !== undefined) return value;
  // A date that cannot be read counts as absent, as HTTP has it. [assumed]
  if (shape.type === 'timestamp') return undefined;
  const isNumber = location === 'querystring' && (shape.type === 'integer' || shape.type === 'long');
  throw s3Fault(
    'InvalidArgument',
    isNumber ? `Provided ${wireName} not an integer or within integer range` : `The value of ${wireName} is not valid`,
    { elements: { ArgumentName: wireName, ArgumentValue: text.slice(0, 1024) } },
  );
}

function headerValue(value: unknown): string {
  return value instanceof Date ? value.toUTCString() : String(value);
}

function documentOf(
  shape: StructureShape,
  payload: Member | undefined,
  answer: { readonly [member: string]: unknown },
): string {
  if (payload) {
    const value = answer[payload.name];
    if (value === undefined) return '';
    return DECLARATION + element(payload.wireName, writeXml(payload.shape, value), NAMESPACE);
  }
  // The one answer whose root is a value. [docs]
  if (shape.name === 'GetBucketLocationOutput') {
    const place = answer['LocationConstraint'];
    return DECLARATION + element('LocationConstraint', typeof place === 'string' ? escapeXml(place) : '', NAMESPACE);
  }
  if (!shape.members.some(({ location }) => location === 'body')) return '';
  return DECLARATION + element(ROOTS[shape.name] ?? shape.name, writeXml(shape, answer), NAMESPACE);
}

const MOST_SHOWN = 16 * 1024;

/** For the trace: short texts, and of everything else how long it was. */
function shownBytes(bytes: Uint8Array, type: string | undefined): Json {
  if (bytes.length === 0) return null;
  const isText = /^text\/|json|xml|x-www-form/.test(type ?? '') && bytes.length <= MOST_SHOWN;
  return isText ? Buffer.from(bytes).toString('utf8') : { bytes: bytes.length };
}
