import type { Json } from '../../../shared/json.ts';
import type { Fault } from '../../kernel/fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';
import type { Decoded, Dialect, Encoded, Received } from './protocol.ts';

/** An API behind API Gateway: the answer is the API's own, refusals are the gateway's. [identity-and-sync 3.7] */
export const apiGateway: Dialect = {
  decode(_operation: Operation, { body }: Received): Decoded {
    const text = body.toString('utf8');
    try {
      return { body: text === '' ? null : (JSON.parse(text) as Json), input: {} };
    } catch {
      return { body: text, input: {} };
    }
  },

  encodeOutput(_operation: Operation, output: unknown, requestId: string): Encoded {
    return encoded(200, output as Json, requestId);
  },

  encodeFault(_service: ServiceModel | undefined, { code, message, status }: Fault, requestId: string): Encoded {
    const isDenial = code === 'AccessDeniedException';
    const text = isDenial ? denial(message) : message;
    const answer = encoded(status ?? statusOf(code), { [isDenial ? 'Message' : 'message']: text }, requestId);
    return { ...answer, headers: { ...answer.headers, 'x-amzn-ErrorType': code } };
  },
};

function encoded(status: number, body: Json, requestId: string): Encoded {
  const headers = { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId };
  return { status, headers, text: JSON.stringify(body), body };
}

function statusOf(code: string): number {
  switch (code) {
    case 'InternalFailure':
      return 500;
    case 'NotBuiltException':
      return 400;
    case 'UnknownOperationException':
      return 404;
    case 'RequestEntityTooLarge':
      return 413;
    case 'ServiceUnavailable':
      return 503;
    default:
      // Everything about signatures, and denials.
      return 403;
  }
}

/**
 * Without the reason, and with the account down to its last four digits [recorded]; that an explicit deny is told is
 * from memory.
 */
function denial(message: string): string {
  const [, head = message, explicit = ''] =
    /^(.*?)(?: because no .*|( with an explicit deny) in .*)?$/s.exec(message) ?? [];
  return head.replace(/(on resource: arn:aws:execute-api:[^:]*:)\d{8}(\d{4}:)/, '$1********$2') + explicit;
}
