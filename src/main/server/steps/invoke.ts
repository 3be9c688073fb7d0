import { isBuilt } from '../../services/family.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';

/** Runs the handler, once step mode lets the request through. */
export async function invoke(call: ServerCall, { services }: PipelineParts): Promise<void> {
  const held = call.message('request');
  if (held) await held;
  const { row } = call;
  if (!row || !isBuilt(row)) throw new Error('an operation without a handler got past identify');
  call.output = await row.run(call.input as never, call, services as never);
}
