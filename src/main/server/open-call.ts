import type { IncomingMessage } from 'node:http';
import { DEFAULT_ACCOUNT } from '../../shared/bench-api.ts';
import type { Lane } from '../../shared/trace.ts';
import type { Gate } from '../kernel/gate.ts';
import type { Services } from '../services/services.ts';
import { accessKeyOf } from './authentication/read-signature.ts';
import { accountOfKey } from './authentication/signature.ts';
import { ServerCall } from './call.ts';
import { laneOf } from './lanes.ts';
import type { Received } from './protocols/protocol.ts';
import { wireKind } from './steps/identify.ts';

export interface CallOpenerParts {
  readonly services: Pick<Services, 'clock' | 'ids'>;
  readonly gate: Gate;
  readonly region: string;
  /** The name of a simulated device, for its lane. */
  readonly deviceName?: ((deviceId: string) => string | undefined) | undefined;
}

const NO_BYTES = Buffer.alloc(0);
/** User agents are few; parsing one again for each request would be waste. */
const MOST_LANES = 1000;
const LONGEST_USER_AGENT = 1024;

/** Opens a call for a request whose body is still to be read. */
export function createCallOpener(parts: CallOpenerParts): (request: IncomingMessage) => ServerCall {
  const { services, gate } = parts;
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

  return (request) => {
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
}
