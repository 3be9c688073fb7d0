import type { IncomingHttpHeaders } from 'node:http';
import { Fault, fault } from '../kernel/fault.ts';
import type { Gate } from '../kernel/gate.ts';
import type { OperationIndex } from '../model/operations.ts';
import type { Services } from '../services/services.ts';
import { ClientGone, type ServerCall } from './call.ts';
import type { OperationTable } from './operations.ts';
import { authenticate, verifySignature } from './steps/authenticate.ts';
import { authorize } from './steps/authorize.ts';
import { checkAnswer } from './steps/check-answer.ts';
import { decode } from './steps/decode.ts';
import { encode, encodeFault } from './steps/encode.ts';
import { identify } from './steps/identify.ts';
import { invoke } from './steps/invoke.ts';
import { receive } from './steps/receive.ts';
import { validate } from './steps/validate.ts';

export interface PipelineParts {
  readonly services: Services;
  readonly index: OperationIndex;
  readonly table: OperationTable;
  readonly gate: Gate;
  /** In tests an answer that does not fit its model fails; in use it is written on the trace. */
  readonly strictAnswers: boolean;
  /** Whether a page of another site sent it, which programs and the bench's own page are not. */
  readonly isForeignPage: (headers: IncomingHttpHeaders) => boolean;
}

/** A promise only where there is something to wait for: most requests never leave the stack. */
export interface Step {
  readonly name: string;
  readonly run: (call: ServerCall, parts: PipelineParts) => Promise<void> | void;
  /** Also taken after a refusal. */
  readonly always?: true;
}

/**
 * A request's journey, to be read aloud. Nothing else knows the order.
 *
 * A signature is checked before the input's constraints, and what the input names after them.
 * [user-pools 1.12]
 */
export const steps: readonly Step[] = [
  { name: 'receive', run: receive },
  { name: 'identify', run: identify },
  { name: 'decode', run: decode },
  { name: 'verify signature', run: verifySignature },
  { name: 'validate', run: validate },
  { name: 'authenticate', run: authenticate },
  { name: 'authorize', run: authorize },
  { name: 'invoke', run: invoke },
  { name: 'check answer', run: checkAnswer, always: true },
  { name: 'encode', run: encode, always: true },
];

/** Takes a call through every step; it has an answer afterwards, whatever happened. */
export async function answer(call: ServerCall, parts: PipelineParts, journey: readonly Step[] = steps): Promise<void> {
  for (const step of journey) {
    if (call.fault && !step.always) continue;
    try {
      const pending = step.run(call, parts);
      if (pending) await pending;
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      call.fault = asFault(error, call, parts);
    }
    call.marks.push({ name: step.name, at: performance.now() });
  }
  // The last step itself was refused, by step mode or by an answer that could not be written.
  if (!call.encoded) encodeFault(call, call.fault ?? fault('InternalFailure', ''));
}

function asFault(error: unknown, call: ServerCall, { services }: PipelineParts): Fault {
  if (error instanceof Fault) return error;
  services.log.error(
    { err: error, requestId: call.requestId, service: call.service?.name, operation: call.operation?.name },
    'an unexpected error while answering',
  );
  call.why.note('PR-ANSWER-6', 'refuse', 'Poolbench failed unexpectedly; its log has the details.');
  // A caller learns no detail. The JSON services model this error; the others name it InternalFailure.
  const modelled = call.service?.error('InternalErrorException') !== undefined;
  return fault(modelled ? 'InternalErrorException' : 'InternalFailure', 'An internal error occurred.');
}
