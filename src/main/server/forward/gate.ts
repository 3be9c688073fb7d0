import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '../../kernel/fault.ts';
import { secureRandom } from '../../kernel/random.ts';
import type { TraceLog } from '../../kernel/trace-log.ts';
import type { ServiceModel } from '../../model/operations.ts';
import { send } from '../aws-face.ts';
import { sha256 } from '../authentication/canonical-form.ts';
import { readSignature } from '../authentication/read-signature.ts';
import { bySignature } from '../authentication/signature.ts';
import { ClientGone, type ServerCall } from '../call.ts';
import { createCallOpener, type CallOpenerParts } from '../open-call.ts';
import { answer, type PipelineParts, type Step } from '../pipeline.ts';
import { apiGateway } from '../protocols/api-gateway.ts';
import { awsJson } from '../protocols/aws-json.ts';
import type { Dialect, Received } from '../protocols/protocol.ts';
import { queryXml } from '../protocols/query-xml.ts';
import { restJson } from '../protocols/rest-json.ts';
import { restXml } from '../protocols/rest-xml.ts';
import { authorize } from '../steps/authorize.ts';
import { invoke } from '../steps/invoke.ts';
import { readBody } from '../steps/receive.ts';
import { traceSource } from '../traces.ts';
import { passBack } from './answer.ts';
import { apiCallOf, apiPermission } from './api-permissions.ts';
import { Unnamed, type Asked } from './asked.ts';
import { dynamoDbAsked } from './dynamodb-permissions.ts';
import { foreignOperation, foreignService } from './foreign-services.ts';
import { lambdaAsked } from './lambda-permissions.ts';
import { namedAsked } from './named-services.ts';
import { claimOf, outgoingOf } from './outgoing.ts';
import { s3Asked } from './s3-permissions.ts';
import { checkedBody, createSender, NoAnswer, WrongBody } from './send.ts';
import { createTableKeys, type TableKeys } from './table-keys.ts';
import { signedService, type ForwardTarget } from './target.ts';

/**
 * The gate: calls that are signed for a forwarded service are checked as if they were the bench's own, signature and
 * policies, and then answered by another endpoint. Their things live there, so what they ask for is read from the wire
 * alone, and what cannot be named is not forwarded.
 */
export interface ForwardingGate {
  /** Whether a request is the gate's. */
  takes(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): void;
}

export type GateParts = PipelineParts &
  CallOpenerParts & {
    readonly traceLog: TraceLog;
    readonly models: ReadonlyMap<string, ServiceModel>;
    readonly targets: readonly ForwardTarget[];
    /** Milliseconds that a target may be silent. */
    readonly patience: number;
  };

/** What these carry is secret by its nature, and no model tells which members are. */
const SECRETIVE = new Set(['kms', 'secretsmanager', 'ssm']);

const MOST_BYTES = 16 * 1024 * 1024;
/** Of S3, where the body cannot be streamed since its chunks are signed one by one. */
const MOST_FRAMED_BYTES = 65 * 1024 * 1024;
/** The longest object that one request may bring. [docs] */
const MOST_STREAMED_BYTES = 5 * 1024 * 1024 * 1024;

/** What the gate knows of a request besides the call. */
interface Passage {
  readonly target: ForwardTarget;
  readonly keys: TableKeys;
  readonly isStreamed: boolean;
  readonly gone: AbortSignal;
}

/** `undefined` where nothing is forwarded, so that a bench without targets loses no time over it. */
export function createForwardingGate(parts: GateParts): ForwardingGate | undefined {
  if (parts.targets.length === 0) return undefined;
  for (const { service, url } of parts.targets) {
    if (!isLoopback(new URL(url).hostname)) {
      parts.services.log.warn({ service, url }, 'calls of this service are forwarded to another machine');
    }
  }
  const sender = createSender(parts.patience);
  const targets = new Map(
    parts.targets.map((target) => [target.service, { target, keys: createTableKeys(target, sender) }]),
  );
  const open = createCallOpener(parts);
  // How a call is known that comes back, by whatever name of this machine or round another bench.
  const station = `poolbench-${secureRandom.bytes(9).toString('base64url')}`;
  const passages = new WeakMap<ServerCall, Passage>();
  const passage = (call: ServerCall): Passage => passages.get(call)!;

  const receive = async (call: ServerCall): Promise<void> => {
    if (passage(call).isStreamed) return;
    const most = call.dialect === restXml ? MOST_FRAMED_BYTES : MOST_BYTES;
    const body = await readBody(call.incoming, most);
    if (body === 'too-large') {
      const limit = `${most / 1024 / 1024} MiB`;
      throw call.why.refuse(
        'GA-SIZE-1',
        `The body is larger than ${limit}.`,
        fault('RequestEntityTooLarge', `Request size has exceeded the ${limit} limit.`, 413),
      );
    }
    call.received = { ...call.received, body };
  };

  const checkHash = (call: ServerCall): void => {
    const claim = claimOf(call.received) ?? '';
    if (passage(call).isStreamed || !/^[0-9a-f]{64}$/.test(claim) || sha256(call.received.body) === claim) return;
    throw altered(call);
  };

  const name = async (call: ServerCall): Promise<void> => {
    let asked: Asked;
    try {
      asked = await askedOf(call, passage(call), parts);
    } catch (error) {
      if (error instanceof Unnamed) throw unnamed(call, error.message);
      throw error instanceof NoAnswer ? unanswered(call, passage(call).target, error) : error;
    }
    call.operation = call.service!.operations.get(asked.operation) ?? foreignOperation(call.service!, asked.operation);
    call.row = {
      permissions: () => asked.permissions,
      run: () => forward(call, asked.path ?? call.received.path),
    };
  };

  const forward = async (call: ServerCall, path: string): Promise<IncomingMessage> => {
    const { target, isStreamed, gone, keys } = passage(call);
    const { via = '' } = call.received.headers;
    const passed = { ...call.received.headers, via: `${via === '' ? '' : `${via}, `}1.1 ${station}` };
    const outgoing = outgoingOf({ ...call.received, headers: passed }, target, path, call.region, isStreamed);
    const claim = claimOf(call.received) ?? '';
    const hash = /^[0-9a-f]{64}$/.test(claim) ? claim : undefined;
    const body = isStreamed ? checkedBody(call.incoming, hash, MOST_STREAMED_BYTES) : undefined;
    try {
      if (isThisBench(target, call.incoming)) throw new NoAnswer('is this bench itself');
      if (via.includes(station)) throw new NoAnswer('leads back to this bench');
      const answered = await sender.send(outgoing, body, gone);
      if (target.service === 'dynamodb' && call.operation!.name.endsWith('Table')) keys.forget();
      call.why.choose('GA-FORWARD-1', `Forwarded to ${target.url}, which answered ${answered.statusCode}.`, {
        target: target.url,
        signature: target.credentials ? 'afresh, with the credentials of the target' : 'as it came',
      });
      return answered;
    } catch (error) {
      if (gone.aborted) throw new ClientGone('the connection ended before the answer came');
      if (error instanceof WrongBody) throw error.message === 'altered' ? altered(call) : tooLong(call);
      throw error instanceof NoAnswer ? unanswered(call, target, error) : error;
    }
  };

  const journey: readonly Step[] = [
    { name: 'receive', run: receive },
    { name: 'verify signature', run: bySignature },
    { name: 'check body', run: checkHash },
    { name: 'name', run: name },
    { name: 'authorize', run: authorize },
    { name: 'forward', run: invoke },
    { name: 'encode', run: encode, always: true },
  ];

  return {
    takes(request) {
      const service = signedService(headOf(request));
      return service !== undefined && targets.has(service);
    },
    async handle(request, response) {
      const call = open(request);
      const service = signedService(call.received)!;
      const { target, keys } = targets.get(service)!;
      call.dialect = dialectOf(service, call.received);
      call.service = serviceOf(service, call.dialect, parts.models);
      const isSecret = SECRETIVE.has(service);
      if (isSecret) call.decoded = { body: '(not shown)', input: {}, shownBytes: 0 };
      const gone = new AbortController();
      response.once('close', () => {
        if (!response.writableFinished) gone.abort();
      });
      passages.set(call, { target, keys, isStreamed: isStreamable(service, call.received), gone: gone.signal });
      call.marks.push({ name: '', at: performance.now() });
      try {
        await answer(call, parts, journey);
        if (!call.fault)
          call.encoded = await passBack(call.output as IncomingMessage, call, response, {
            gone: gone.signal,
            isSecret,
          });
      } catch (error) {
        if (error instanceof ClientGone) return;
        throw error;
      }
      if (call.fault) {
        // Of a body that was not read the rest is dropped, so that the client gets to see the answer.
        request.resume();
        send(call, response);
      }
      parts.traceLog.close(traceSource(call));
    },
    close: () => sender.close(),
  };
}

function headOf(request: IncomingMessage): Pick<Received, 'headers' | 'query'> {
  const url = request.url ?? '/';
  const question = url.indexOf('?');
  return { headers: request.headers as Received['headers'], query: question < 0 ? '' : url.slice(question + 1) };
}

function isThisBench({ url }: ForwardTarget, { socket }: IncomingMessage): boolean {
  const { hostname, port } = new URL(url);
  return isLoopback(hostname) && Number(port || 80) === socket.localPort;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** Objects are streamed where their signature needs no more than the head. */
function isStreamable(service: string, received: Received): boolean {
  return service === 's3' && received.method === 'PUT' && !(claimOf(received) ?? '').startsWith('STREAMING-');
}

function dialectOf(service: string, { headers, query }: Received): Dialect {
  if (service === 's3') return restXml;
  if (service === 'execute-api') return apiGateway;
  if (headers['x-amz-target'] !== undefined) return awsJson;
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return isForm || /(?:^|&)Action=/.test(query) ? queryXml : restJson;
}

/** The model is the bench's own where it speaks as the request does. */
function serviceOf(name: string, dialect: Dialect, models: GateParts['models']): ServiceModel {
  const protocol =
    dialect === restXml ? 'rest-xml' : dialect === awsJson ? 'json' : dialect === queryXml ? 'query' : 'rest-json';
  const model = models.get(name);
  return model?.protocol === protocol ? model : foreignService(name, protocol);
}

async function askedOf(call: ServerCall, { keys, gone }: Passage, { models, table }: GateParts): Promise<Asked> {
  const { received, account, region, service } = call;
  switch (service!.name) {
    case 's3':
      return s3Asked(received, models.get('s3')!);
    case 'dynamodb': {
      const signature = readSignature(received);
      const accessKeyId = typeof signature === 'object' && 'accessKeyId' in signature ? signature.accessKeyId : '';
      const asking = { account, accessKeyId, region, signal: gone };
      return dynamoDbAsked(call, { model: models.get('dynamodb')!, table }, (name, index) =>
        keys.describe(asking, name, index),
      );
    }
    case 'execute-api': {
      const api = received.headers['x-amz-target'] === undefined ? apiCallOf(received.path) : undefined;
      if (!api) throw new Unnamed('its path names no API and stage');
      return { operation: 'Invoke', permissions: [apiPermission(api, received.method, call)], path: api.path };
    }
    case 'lambda':
      return lambdaAsked(received, call);
    default:
      return namedAsked(service!.name, received, call);
  }
}

function unnamed(call: ServerCall, reason: string): Error {
  const text = `Poolbench does not forward this request to ${call.service!.name}: ${reason}.`;
  return call.why.refuse('GA-NAME-1', `No action can be named: ${reason}.`, fault('NotBuiltException', text, 400));
}

function unanswered(call: ServerCall, { url }: ForwardTarget, { message }: NoAnswer): Error {
  return call.why.refuse(
    'GA-FORWARD-3',
    `${url} ${message}.`,
    fault('ServiceUnavailable', `Poolbench forwards ${call.service!.name} to ${url}, which ${message}.`, 503),
  );
}

function altered(call: ServerCall): Error {
  const text = 'The body is not the one whose hash was signed.';
  const code =
    call.dialect === queryXml || call.dialect === restXml ? 'SignatureDoesNotMatch' : 'InvalidSignatureException';
  return call.why.refuse('GA-BODY-1', text, fault(code, text, call.dialect === awsJson ? 400 : 403));
}

function tooLong(call: ServerCall): Error {
  const text = 'Your proposed upload exceeds the maximum allowed size';
  return call.why.refuse('GA-SIZE-1', 'The body is larger than 5 GiB.', fault('RequestEntityTooLarge', text, 413));
}

/** A refusal in the service's form. An answer passes by as it came, once step mode lets it go. */
async function encode(call: ServerCall): Promise<void> {
  const held = call.message('response');
  if (held) await held;
  call.encoded = call.fault
    ? call.dialect.encodeFault(call.service, call.fault, call.requestId)
    : { status: 0, headers: {}, text: '', body: null };
}
