import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TraceLog } from '../kernel/trace-log.ts';
import { auditedCall } from './audit.ts';
import { ClientGone, type ServerCall } from './call.ts';
import { createCallOpener } from './open-call.ts';
import { answer, type PipelineParts } from './pipeline.ts';
import { restXml } from './protocols/rest-xml.ts';
import { traceSource } from './traces.ts';

/** AWS's services at their own addresses: everything that no other face takes. */

export interface AwsFaceParts extends PipelineParts {
  readonly traceLog: TraceLog;
  readonly region: string;
  /** The name of a simulated device, for its lane. */
  readonly deviceName?: ((deviceId: string) => string | undefined) | undefined;
}

const EXPOSED_HEADERS = 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date';
const IS_ASCII = /^[ -~]*$/;

export type AwsFace = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createAwsFace(parts: AwsFaceParts): AwsFace {
  const { services, traceLog } = parts;
  const open = createCallOpener(parts);

  return async (request, response) => {
    if (request.method === 'OPTIONS') return preflight(request, response, services.ids.uuid());
    const call = open(request);
    call.marks.push({ name: '', at: performance.now() });
    try {
      await answer(call, parts);
    } catch (error) {
      if (error instanceof ClientGone) return;
      throw error;
    }
    send(call, response);
    traceLog.close(traceSource(call));
    const audited = auditedCall(call, services.audit);
    if (audited) services.audit.record(audited);
  };
}

export function send(call: ServerCall, response: ServerResponse): void {
  const { status, headers, text, bytes } = call.encoded!;
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name]!);
  // On every answer, refusals too: an app in a browser must be able to read why. [user-pools 1.2, 1.3]
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (call.dialect === restXml) setObjectHeaders(response);
  else response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS);
  // What is left of a body that is too large is not waited for.
  if (status === 413) response.setHeader('Connection', 'close');
  // The answer to HEAD says how long the object is that it leaves out.
  if (headers['Content-Length'] === undefined && status !== 304) {
    response.setHeader('Content-Length', bytes?.length ?? Buffer.byteLength(text));
  }
  // Text goes out in one packet with the head, which is far quicker; but Node then writes the head as UTF-8, too,
  // and a message that is UTF-8 already must keep its bytes.
  const message = headers['x-amzn-ErrorMessage'];
  const body = bytes ?? (message !== undefined && !IS_ASCII.test(message) ? Buffer.from(text) : text);
  response.end(call.received.method === 'HEAD' ? undefined : body);
}

/**
 * What people store is shown by browsers at the bench's own address. Whoever can write an object must not get hold of
 * the page by it, so a document among them has no origin and runs nothing. [S3-FIND-4]
 */
function setObjectHeaders(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', 'sandbox');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  // Metadata of objects has names of its own.
  response.setHeader('Access-Control-Expose-Headers', '*');
}

/** Every path that is not another service's may be an object's. */
function allowedMethods(path: string): string {
  return path.startsWith('/identitypools') || path.startsWith('/2015-03-31/')
    ? 'GET, POST, DELETE, OPTIONS'
    : 'GET, HEAD, PUT, POST, DELETE, OPTIONS';
}

/** [user-pools 1.8, recorded; identity-and-sync 0] */
function preflight(request: IncomingMessage, response: ServerResponse, requestId: string): void {
  const path = request.url ?? '/';
  response.writeHead(200, {
    'x-amzn-RequestId': requestId,
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
    'Access-Control-Allow-Methods': path === '/' || path.startsWith('/?') ? 'POST' : allowedMethods(path),
    'Access-Control-Expose-Headers': EXPOSED_HEADERS,
    'Access-Control-Max-Age': '172800',
    'Content-Length': '0',
  });
  response.end();
}
