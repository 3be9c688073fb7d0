import type { Json } from '../../shared/json.ts';
import type { Reason, TraceCaller, TraceRecord, TraceStep } from '../../shared/trace.ts';
import type { Fault } from '../kernel/fault.ts';
import { S3Fault } from '../kernel/s3-fault.ts';
import type { TraceSource } from '../kernel/trace-log.ts';
import type { Operation } from '../model/operations.ts';
import { SECRET_MEMBERS, secretPaths } from '../model/secrets.ts';
import type { Caller } from '../services/family.ts';
import type { ServerCall } from './call.ts';

/** Bytes of an object that the trace shows where it was never decoded. */
const MOST_OF_OBJECT = 1024;

/**
 * A finished call for the trace log: references only, until somebody looks. The call itself is let go, since it
 * holds on to its connection.
 */
export function traceSource(call: ServerCall): TraceSource {
  // The bytes are not needed any more once they were read; only what they said is kept.
  const unread = call.decoded || call.received.body.length === 0 ? undefined : shownPart(call);
  const { received, encoded, operation, fault } = call;
  const read = call.decoded?.body;
  const reasons = call.why.list;
  const size = (call.decoded?.shownBytes ?? unread?.length ?? received.body.length) + (encoded?.text.length ?? 0);
  const answer = encoded && { status: encoded.status, headers: encoded.headers, body: encoded.body };
  const { method, path, query, headers } = received;
  const { account, region, lane, requestId, now, caller, service, marks } = call;
  return {
    account,
    bytes: size,
    describe: (id): TraceRecord => {
      const body: Json = read ?? (unread ? unreadBody(unread, headers['content-type']) : null);
      const steps = stepsOf(marks);
      return {
        id,
        requestId,
        account,
        region,
        at: now.toISOString(),
        milliseconds: round(marks.at(-1)!.at - marks[0]!.at),
        lane,
        ...(service ? { service: service.name } : {}),
        ...(operation ? { operation: operation.name } : {}),
        caller: traceCaller(caller),
        request: {
          method,
          path: query === '' ? path : `${path}?${shownQuery(query)}`,
          headers: shownHeaders(headers),
          body,
          secrets: [
            ...headerSecrets(headers),
            ...(operation ? secretPaths(operation.input, body) : namedSecrets(body)),
          ],
        },
        response: {
          status: answer?.status ?? 0,
          headers: answer?.headers ?? {},
          body: answer?.body ?? null,
          secrets: responseSecrets(operation, fault, answer?.body ?? null),
        },
        ...(fault ? { fault: { code: fault.code, message: firstLine(fault.message) } } : {}),
        reasons,
        steps,
        summary: summaryOf(operation, fault, reasons),
      };
    },
  };
}

/** Of an object that was refused the beginning is enough; the trace shall not hold on to the rest. */
function shownPart({ service, received: { body } }: ServerCall): Buffer {
  return service?.protocol === 'rest-xml' ? Buffer.from(body.subarray(0, MOST_OF_OBJECT)) : body;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function stepsOf(marks: ServerCall['marks']): TraceStep[] {
  return marks.slice(1).map(({ name, at }, index) => ({ name, milliseconds: round(at - marks[index]!.at) }));
}

function traceCaller(caller: Caller): TraceCaller {
  switch (caller.kind) {
    case 'session': {
      const { accessKeyId, arn, identity } = caller.credentials;
      return { kind: 'session', accessKeyId, arn, ...(identity ? { identityId: identity.identityId } : {}) };
    }
    case 'iam-user': {
      const { accessKeyId, arn } = caller.credentials;
      return { kind: 'iam-user', accessKeyId, arn };
    }
    case 'user': {
      const { username, userPoolId, client_id: clientId } = caller.claims;
      return { kind: 'user', username, userPoolId, clientId };
    }
    default:
      return caller;
  }
}

const DEEPEST_SHOWN = 500;

/** The text of a body that was never decoded, with the secrets of a form left out. */
function unreadBody(body: Buffer, type: string | undefined): Json {
  const text = body.toString('utf8');
  if (type?.includes('json')) {
    // Whatever looks at a trace goes down into it, and the stack ends somewhere.
    if (isNestedDeeply(text)) return 'nested too deeply to be shown';
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
  return type?.includes('form') ? shownQuery(text) : text;
}

/** Where the operation is not known, only names tell. */
function namedSecrets(body: Json): string[] {
  return typeof body === 'object' && body !== null ? Object.keys(body).filter((name) => SECRET_MEMBERS.has(name)) : [];
}

/** Brackets within texts count, too: such a body is only shown less often than it could be. */
function isNestedDeeply(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length && depth < DEEPEST_SHOWN; at += 1) {
    const character = text[at];
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
  }
  return depth === DEEPEST_SHOWN;
}

function shownHeaders(headers: { readonly [name: string]: string | undefined }): { [name: string]: string } {
  const shown: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) shown[name] = value;
  return shown;
}

const S3_QUOTATIONS = ['CanonicalRequest', 'CanonicalRequestBytes'];
const CUSTOMER_KEYS = ['', 'copy-source-'].map((of) => `x-amz-${of}server-side-encryption-customer-key`);

/** Paths below the message rather than its body: `headers.authorization`. */
function headerSecrets(headers: { readonly [name: string]: string | undefined }): string[] {
  return ['authorization', 'x-amz-security-token', ...CUSTOMER_KEYS]
    .filter((name) => headers[name] !== undefined)
    .map((name) => `headers.${name}`);
}

function responseSecrets(operation: Operation | undefined, fault: Fault | undefined, body: Json): string[] {
  if (!fault) return operation?.output ? secretPaths(operation.output, body) : [];
  if (fault instanceof S3Fault)
    return S3_QUOTATIONS.filter((name) => fault.details.elements?.[name] !== undefined).map((name) => `Error.${name}`);
  // The text about a wrong signature quotes the request, with its session token.
  return fault.message.includes('x-amz-security-token') ? ['message', 'Error.Message'] : [];
}

const SECRETS_OF_QUERY = new RegExp(`((?:^|&)(?:X-Amz-Security-Token|${[...SECRET_MEMBERS].join('|')})=)[^&]+`, 'gi');

/** A presigned address has the session token in it, and STS takes whole calls as an address. */
function shownQuery(query: string): string {
  return query.replaceAll(SECRETS_OF_QUERY, '$1***');
}

function firstLine(message: string): string {
  const end = message.indexOf('\n');
  return end < 0 ? message : message.slice(0, end);
}

/** One sentence: what was asked, how it went, and the reason that settled it. */
function summaryOf(operation: Operation | undefined, fault: Fault | undefined, reasons: readonly Reason[]): string {
  const asked = operation?.name ?? 'A request';
  if (!fault) {
    // Who called is said elsewhere; what the service decided is what settles an answer.
    const last = reasons.findLast(({ rule, outcome }) => outcome !== 'note' && !rule.startsWith('PR-'));
    return last ? `${asked} answered: ${last.decided}` : `${asked} answered.`;
  }
  const refusal = reasons.findLast(({ outcome }) => outcome === 'refuse');
  return `${asked} was refused with ${fault.code}: ${refusal?.decided ?? (firstLine(fault.message) || 'no reason was noted.')}`;
}
