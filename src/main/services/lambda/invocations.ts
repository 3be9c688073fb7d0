import type { InvocationRequest, InvocationResponse } from '../../../shared/aws/lambda.ts';
import type { FunctionInvocation } from '../../../shared/bench-api.ts';
import type { Json } from '../../../shared/json.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import { type Call, family } from '../family.ts';
import type { FunctionRun, Services } from '../services.ts';
import { functionResource, requireFunction } from './lookup.ts';
import { MEMORY } from './wire.ts';

type Needs = Pick<Services, 'lambda' | 'log'>;

export const invocations = family<'lambda', Needs>('lambda', 'invocations', {
  Invoke: { resources: invokeResource, run: invoke },
});

/** Lambda hands back the end of a function's output. */
const TAIL_BYTES = 4096;

function invokeResource(input: InvocationRequest, call: Call): readonly string[] {
  return functionResource(input, call);
}

async function invoke(input: InvocationRequest, call: Call, services: Needs): Promise<InvocationResponse> {
  const { lambda, log } = services;
  const record = requireFunction(call, input.FunctionName, services);
  const run: FunctionRun = {
    payload: readPayload(call, input.Payload),
    purpose: 'Invoke',
    requestId: call.requestId,
    ...readClientContext(call, input.ClientContext),
  };
  if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
  if (input.InvocationType === 'Event') {
    call.why.choose('FN-INVOKE-2', 'The answer does not wait for the function.', { function: record.name });
    void lambda.invoke(record, run).catch((error: unknown) => log.error({ err: error }, 'an invocation failed'));
    return { StatusCode: 202 };
  }
  const invocation = await lambda.invoke(record, run);
  const { id, outcome, milliseconds, error } = invocation;
  call.why.note('FN-INVOKE-1', 'note', `${record.name} ran.`, { invocation: id, outcome, milliseconds });
  const tail = input.LogType === 'Tail' ? { LogResult: logTail(invocation, record.settings.MemorySize ?? MEMORY) } : {};
  switch (outcome) {
    case 'answered':
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: bytes(invocation.answer ?? null), ...tail };
    case 'failed':
      return {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        FunctionError: 'Unhandled',
        Payload: bytes({ errorType: error!.errorType, errorMessage: error!.errorMessage, trace: [...error!.trace] }),
        ...tail,
      };
    default:
      throw call.why.refuse(
        'FN-INVOKE-4',
        'The function’s endpoint gave nothing to pass on.',
        endpointFault(invocation),
      );
  }
}

function endpointFault({ outcome, error }: FunctionInvocation): Fault {
  if (outcome === 'throttled') return fault('TooManyRequestsException', 'Rate Exceeded.');
  return fault('ServiceException', `The function’s endpoint failed: ${error?.errorMessage ?? outcome}`);
}

function readPayload(call: Call, payload: Uint8Array | undefined): Json {
  const text = Buffer.from(payload ?? []).toString('utf8');
  // Assumed, and what AWS's console sends: an absent payload is an empty object.
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw call.why.refuse(
      'FN-INVOKE-3',
      'The payload is not JSON.',
      fault('InvalidRequestContentException', `Could not parse request body into json: ${(error as Error).message}`),
    );
  }
}

function readClientContext(call: Call, text: string | undefined): Pick<FunctionRun, 'clientContext'> {
  if (text === undefined) return {};
  try {
    return { clientContext: JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Json };
  } catch {
    throw call.why.refuse(
      'FN-INVOKE-3',
      'The client context is not JSON in Base64.',
      fault('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.'),
    );
  }
}

function bytes(value: Json): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(value)));
}

function logTail({ id, log, milliseconds }: FunctionInvocation, memory: number): string {
  const billed = Math.max(1, Math.ceil(milliseconds));
  const text = [
    `START RequestId: ${id} Version: $LATEST`,
    ...log,
    `END RequestId: ${id}`,
    `REPORT RequestId: ${id}\tDuration: ${milliseconds.toFixed(2)} ms\tBilled Duration: ${billed} ms\tMemory Size: ${memory} MB`,
    '',
  ].join('\n');
  return Buffer.from(Buffer.from(text).subarray(-TAIL_BYTES)).toString('base64');
}
