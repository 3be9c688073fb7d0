import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lane } from '../../shared/trace.ts';
import { DEFAULT_ACCOUNT } from '../../shared/bench-api.ts';
import type { TraceLog } from '../kernel/trace-log.ts';
import { accessKeyOf } from './authentication/read-signature.ts';
import { accountOfKey } from './authentication/signature.ts';
import { ClientGone, ServerCall } from './call.ts';
import { laneOf } from './lanes.ts';
import { answer, type PipelineParts } from './pipeline.ts';
import type { Received } from './protocols/protocol.ts';
import { wireKind } from './steps/identify.ts';
import { traceSource } from './traces.ts';

/** AWS's services at their own addresses: everything that no other face takes. */

export interface AwsFaceParts extends PipelineParts {
  readonly traceLog: TraceLog;
  readonly region: string;
  /** The name of a simulated device, for its lane. */
  readonly deviceName?: ((deviceId: string) => string | undefined) | undefined;
}

const EXPOSED_HEADERS = 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date';
const NO_BYTES = Buffer.alloc(0);
const IS_ASCII = /^[ -~]*$/;
/** User agents are few; parsing one again for each request would be waste. */
const MOST_LANES = 1000;
const LONGEST_USER_AGENT = 1024;

export type AwsFace = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createAwsFace(parts: AwsFaceParts): AwsFace {
  const { services, gate, traceLog } = parts;
  const lanes = new Map<string, Lane>();

  const laneFor = (userAgent: string): Lane => {
    let lane = lanes.get(userAgent);
    if (!lane) {
      if (lanes.size >= MOST_LANES) lanes.clear();
      lane = laneOf(userAgent);
      lanes.set(userAgent, lane);
    }
    if (lane.kind !== 'device') return lane;
    const name = parts.deviceName?.(lane.id);
    return name === undefined ? lane : { ...lane, name };
  };

  const open = (request: IncomingMessage): ServerCall => {
    const headers = request.headers as Received['headers'];
    const url = request.url ?? '/';
    const question = url.indexOf('?');
    const received: Received = {
      method: request.method ?? 'GET',
      path: question < 0 ? url : url.slice(0, question),
      query: question < 0 ? '' : url.slice(question + 1),
      headers,
      body: NO_BYTES,
    };
    // Browsers do not let an app set its user agent, so SDKs send a second header; elsewhere the first says more.
    const second = headers['x-amz-user-agent'];
    const userAgent = second === undefined ? (headers['user-agent'] ?? '') : `${headers['user-agent']} ${second}`;
    const accessKey = accessKeyOf(received);
    return new ServerCall(
      {
        incoming: request,
        requestId: services.ids.uuid(),
        now: services.clock.now(),
        lane: laneFor(userAgent.slice(0, LONGEST_USER_AGENT)),
        userAgent: headers['user-agent'] ?? '',
        sourceIp: request.socket.remoteAddress ?? '',
        // So that a request which is refused early still shows up in its account's trace.
        account: accessKey === undefined ? DEFAULT_ACCOUNT : accountOfKey(accessKey),
        region: parts.region,
        received,
        dialect: wireKind(received).dialect,
      },
      gate,
    );
  };

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
  };
}

function send(call: ServerCall, response: ServerResponse): void {
  const { status, headers, text } = call.encoded!;
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name]!);
  // On every answer, refusals too: an app in a browser must be able to read why. [user-pools 1.2, 1.3]
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS);
  // What is left of a body that is too large is not waited for.
  if (status === 413) response.setHeader('Connection', 'close');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  // Text goes out in one packet with the head, which is far quicker; but Node then writes the head as UTF-8, too,
  // and a message that is UTF-8 already must keep its bytes.
  const message = headers['x-amzn-ErrorMessage'];
  const body = message !== undefined && !IS_ASCII.test(message) ? Buffer.from(text) : text;
  response.end(call.received.method === 'HEAD' ? undefined : body);
}

/** [user-pools 1.8, recorded; identity-and-sync 0] */
function preflight(request: IncomingMessage, response: ServerResponse, requestId: string): void {
  const path = request.url ?? '/';
  response.writeHead(200, {
    'x-amzn-RequestId': requestId,
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
    'Access-Control-Allow-Methods': path === '/' || path.startsWith('/?') ? 'POST' : 'GET, POST, DELETE, OPTIONS',
    'Access-Control-Expose-Headers': EXPOSED_HEADERS,
    'Access-Control-Max-Age': '172800',
    'Content-Length': '0',
  });
  response.end();
}
