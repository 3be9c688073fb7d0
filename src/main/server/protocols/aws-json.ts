import type { Json } from '../../../shared/json.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';
import { readJson, writeJson } from './json-values.ts';
import { headerText, type Decoded, type Dialect, type Encoded, type Received } from './protocol.ts';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** Framework errors say `Message` with a capital; service exceptions say `message`. [user-pools 1.3, 1.5] */
const CAPITAL_MESSAGE = new Set(['SerializationException', 'AccessDeniedException']);

/** AWS JSON 1.1: user pools, identity pools, Kinesis. */
export const awsJson: Dialect = {
  decode(operation: Operation, { body }: Received): Decoded {
    const parsed = parseBody(body);
    return { body: parsed, input: readJson(operation.input, parsed) as Decoded['input'] };
  },

  encodeOutput(operation: Operation, output: unknown, requestId: string): Encoded {
    const headers = { 'Content-Type': CONTENT_TYPE, 'x-amzn-RequestId': requestId };
    if (operation.output === null) return { status: operation.status, headers, text: '', body: null };
    const body = writeJson(operation.output, output ?? {}) as Json;
    return { status: operation.status, headers, text: JSON.stringify(body), body };
  },

  encodeFault(service: ServiceModel | undefined, refused: Fault, requestId: string): Encoded {
    const { code, message } = refused;
    const body: { [member: string]: Json } = { __type: code };
    if (message !== '') body[CAPITAL_MESSAGE.has(code) ? 'Message' : 'message'] = message;
    return {
      status: refused.status ?? statusOf(service, code),
      headers: {
        'Content-Type': CONTENT_TYPE,
        'x-amzn-RequestId': requestId,
        ...errorHeaders(code, message),
      },
      text: JSON.stringify(body),
      body,
    };
  },
};

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
