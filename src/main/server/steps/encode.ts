import type { Fault } from '../../kernel/fault.ts';
import type { ServerCall } from '../call.ts';

/** The same dialect turns output or fault into bytes, status and headers, once step mode lets the answer go. */
export function encode(call: ServerCall): Promise<void> | void {
  const held = call.message('response');
  if (held) return held.then(() => write(call));
  write(call);
}

function write(call: ServerCall): void {
  if (call.fault) encodeFault(call, call.fault);
  else call.encoded = call.dialect.encodeOutput(call.operation!, call.output, call.requestId);
}

export function encodeFault(call: ServerCall, fault: Fault): void {
  call.encoded = call.dialect.encodeFault(call.service, fault, call.requestId);
}
