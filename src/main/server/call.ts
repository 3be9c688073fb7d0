import type { IncomingMessage } from 'node:http';
import type { Lane } from '../../shared/trace.ts';
import type { Fault } from '../kernel/fault.ts';
import type { Gate } from '../kernel/gate.ts';
import { Reasons } from '../kernel/reasons.ts';
import type { Operation, ServiceModel } from '../model/operations.ts';
import type { AnyRow, Call, Caller } from '../services/family.ts';
import type { Decoded, Dialect, Encoded, Received } from './protocols/protocol.ts';

const ANYONE: Caller = { kind: 'anyone' };

/**
 * One request on its way down the pipeline. Each step fills in its part and leaves the rest alone; handlers
 * see it as a {@link Call}.
 */
export class ServerCall implements Call {
  readonly incoming: IncomingMessage;
  readonly why = new Reasons();
  readonly requestId: string;
  readonly now: Date;
  readonly lane: Lane;
  readonly userAgent: string;
  readonly sourceIp: string;
  account: string;
  region: string;
  caller: Caller = ANYONE;

  received: Received;
  dialect: Dialect;
  /** Known as soon as the request says which service it means. */
  service: ServiceModel | undefined;
  operation: Operation | undefined;
  row: AnyRow | undefined;
  /** Members that the path carries. */
  path: { readonly [member: string]: string } = {};
  decoded: Decoded | undefined;
  output: unknown;
  fault: Fault | undefined;
  encoded: Encoded | undefined;
  /** Real time at the start and after each step, in the order of the pipeline. */
  readonly marks: { readonly name: string; readonly at: number }[] = [];

  readonly #gate: Gate;

  constructor(
    start: Pick<
      ServerCall,
      | 'incoming'
      | 'requestId'
      | 'now'
      | 'lane'
      | 'userAgent'
      | 'sourceIp'
      | 'account'
      | 'region'
      | 'received'
      | 'dialect'
    >,
    gate: Gate,
  ) {
    this.incoming = start.incoming;
    this.requestId = start.requestId;
    this.now = start.now;
    this.lane = start.lane;
    this.userAgent = start.userAgent;
    this.sourceIp = start.sourceIp;
    this.account = start.account;
    this.region = start.region;
    this.received = start.received;
    this.dialect = start.dialect;
    this.#gate = gate;
  }

  get input(): { readonly [member: string]: unknown } {
    return this.decoded?.input ?? {};
  }

  /** The text of an input member, for those that name a client, a pool or an identity. */
  text(member: string): string | undefined {
    const value = this.input[member];
    return typeof value === 'string' ? value : undefined;
  }

  decision(rule: string): Promise<void> | undefined {
    return this.#pass('decision', rule);
  }

  /** Waits while step mode holds the message. */
  message(stage: 'request' | 'response'): Promise<void> | undefined {
    return this.#pass(stage);
  }

  #pass(stage: 'request' | 'decision' | 'response', rule?: string): Promise<void> | undefined {
    return this.#gate.pass({
      stage,
      lane: this.lane.id,
      account: this.account,
      ...(this.service ? { service: this.service.name } : {}),
      ...(this.operation ? { operation: this.operation.name } : {}),
      ...(rule === undefined ? {} : { rule }),
    });
  }
}

/** The connection ended before the request did: there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}
