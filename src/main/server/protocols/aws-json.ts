import { crc32 } from 'node:zlib';
import type { Json } from '../../../shared/json.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';
import { readJson, writeJson } from './json-values.ts';
import { headerText, type Decoded, type Dialect, type Encoded, type Received } from './protocol.ts';

/** Framework errors say `Message` with a capital; service exceptions say `message`. [user-pools 1.3, 1.5] */
const CAPITAL_MESSAGE = new Set(['SerializationException', 'AccessDeniedException']);

/** AWS JSON 1.1: user pools, identity pools, Kinesis; 1.0: DynamoDB. */
export const awsJson: Dialect = {
  decode(operation: Operation, { body }: Received): Decoded {
    const parsed = parseBody(body);
    try {
      return { body: parsed, input: readJson(operation.input, parsed) as Decoded['input'] };
    } catch (error) {
      // Values that hold values, deeper than the stack; the text is assumed.
      if (error instanceof RangeError) throw fault('SerializationException', 'The request is nested too deeply');
      throw error;
    }
  },

  encodeOutput(operation: Operation, output: unknown, requestId: string): Encoded {
    const { service, status } = operation;
    if (operation.output === null) return { status, headers: headersOf(service, requestId, ''), text: '', body: null };
    const body = writeJson(operation.output, output ?? {}) as Json;
    const text = JSON.stringify(body);
    return { status, headers: headersOf(service, requestId, text), text, body };
  },

  encodeFault(service: ServiceModel | undefined, refused: Fault, requestId: string): Encoded {
    const { code, message } = refused;
    const isOld = service?.jsonVersion === '1.0';
    const body: { [member: string]: Json } = { __type: isOld ? namespaceOf(service, code) + code : code };
    if (message !== '') body[messageMember(service, code)] = message;
    if (refused.members && service) Object.assign(body, writeJson(service.shape(code), refused.members));
    const text = JSON.stringify(body);
    return {
      status: refused.status ?? statusOf(service, code),
      headers: { ...headersOf(service, requestId, text), ...(isOld ? {} : errorHeaders(code, message)) },
      text,
      body,
    };
  },
};

function headersOf(service: ServiceModel | undefined, requestId: string, text: string): { [name: string]: string } {
  const version = service?.jsonVersion ?? '1.1';
  const headers = { 'Content-Type': `application/x-amz-json-${version}`, 'x-amzn-RequestId': requestId };
  // DynamoDB's older clients read the body again by it.
  return version === '1.0' ? { ...headers, 'x-amz-crc32': String(crc32(text)) } : headers;
}

/** JSON 1.0 says whose the error is: the model's, the framework's or its validation's. [memory] */
function namespaceOf(service: ServiceModel, code: string): string {
  if (code === 'ValidationException') return 'com.amazon.coral.validate#';
  if (!service.error(code)) return 'com.amazon.coral.service#';
  return `com.amazonaws.${service.targetPrefix!.toLowerCase().replace('_', '.v')}#`;
}

function messageMember(service: ServiceModel | undefined, code: string): string {
  if (CAPITAL_MESSAGE.has(code)) return 'Message';
  const shape = service?.error(code) ? service.shape(code) : undefined;
  const isCapital = shape?.type === 'structure' && shape.members.some(({ name }) => name === 'Message');
  return service?.jsonVersion === '1.0' && isCapital ? 'Message' : 'message';
}

/** The service's own faults are 500, everything else that it refuses is 400. [user-pools 1.4] */
function statusOf(service: ServiceModel | undefined, code: string): number {
  if (code === 'InternalFailure' || service?.error(code)?.serverFault) return 500;
  return code === 'RequestEntityTooLarge' ? 413 : 400;
}

export function errorHeaders(code: string, message: string): { [name: string]: string } {
  // The colon is the service's. [user-pools 1.3, recorded]
  const headers: { [name: string]: string } = { 'x-amzn-ErrorType': `${code}:` };
  if (message !== '') headers['x-amzn-ErrorMessage'] = headerText(message);
  return headers;
}

/** An empty body is an empty structure. */
export function parseBody(body: Buffer): Json {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch {
    // Without a text: clients show `null` for it, as was seen. [user-pools 1.5]
    throw fault('SerializationException', '');
  }
}
