import type { Json } from '../../../shared/json.ts';
import type { Fault } from '../../kernel/fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';

/** What came over the wire, untouched: signatures and traces need it so. */
export interface Received {
  readonly method: string;
  /** Path without query, as sent. */
  readonly path: string;
  /** Query without `?`, as sent. */
  readonly query: string;
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body: Buffer;
}

export interface Decoded {
  /** The body for the trace; its text where it could not be read. */
  readonly body: Json;
  /** The model's input. */
  readonly input: { readonly [member: string]: unknown };
  /** How much of the body the trace holds, where that is not all of it. */
  readonly shownBytes?: number;
}

export interface Encoded {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  /** The body in the place of `text`, where it is none. */
  readonly bytes?: Uint8Array;
  /** The body for the trace. */
  readonly body: Json;
}

/** One of the three ways in which AWS services speak. */
export interface Dialect {
  /** @throws Fault where the bytes are not what the model describes. */
  decode(operation: Operation, received: Received, path: { readonly [member: string]: string }): Decoded;
  encodeOutput(operation: Operation, output: unknown, requestId: string): Encoded;
  /** @param service `undefined` where the request did not say which it meant. */
  encodeFault(service: ServiceModel | undefined, fault: Fault, requestId: string): Encoded;
}

/** Longest text of a message header; clients read the body first and bound the size of headers. */
const LONGEST_HEADER = 1024;

/** A header's bytes may not hold control characters; other text goes out as UTF-8. */
export function headerText(message: string): string {
  // oxlint-disable-next-line no-control-regex
  const line = message.slice(0, LONGEST_HEADER).replaceAll(/[\u0000-\u001f\u007f]+/g, ' ');
  return Buffer.from(line, 'utf8').toString('latin1');
}
