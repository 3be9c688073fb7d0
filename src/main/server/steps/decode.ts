import { Fault } from '../../kernel/fault.ts';
import type { ServerCall } from '../call.ts';

/** The dialect turns bytes, path and query into the model's input. */
export function decode(call: ServerCall): void {
  try {
    call.decoded = call.dialect.decode(call.operation!, call.received, call.path);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw call.why.refuse('PR-READ-2', 'The body is not what the service model describes.', error);
  }
}
