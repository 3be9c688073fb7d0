import type { Json } from '../../../../shared/json.ts';
import type { Call } from '../../family.ts';
import type { SyncTriggerAnswer, SyncTriggerEvent, SyncTriggerRecord } from '../../services.ts';
import { type AskNeeds, findFunction, noteRun } from '../ask.ts';

/** Cognito Events: a function sees a dataset's records before a write, and may change or refuse it. */
export async function syncTrigger(
  call: Call,
  arn: string,
  event: SyncTriggerEvent,
  services: AskNeeds,
): Promise<SyncTriggerAnswer> {
  await call.decision('FN-SYNC-1');
  const found = findFunction(
    call,
    arn,
    {
      service: 'cognito-sync.amazonaws.com',
      sourceArn: `arn:aws:cognito-identity:${call.region}:${call.account}:identitypool/${event.identityPoolId}`,
      sourceAccount: call.account,
    },
    services,
  );
  if ('code' in found) return { outcome: 'not-invoked', code: found.code };
  const { identityPoolId, identityId, datasetName, datasetRecords } = event;
  const invocation = await services.lambda.invoke(found.record, {
    payload: {
      version: 2,
      eventType: 'SyncTrigger',
      region: call.region,
      identityPoolId,
      identityId,
      datasetName,
      datasetRecords: datasetRecords as Json,
    },
    purpose: 'SyncTrigger',
    patience: services.config.functionLimits.trigger,
    requestId: call.requestId,
  });
  noteRun(call, 'SyncTrigger', invocation);
  const { outcome, answer = null, error } = invocation;
  switch (outcome) {
    case 'answered':
      return readRecords(answer, { identityPoolId, identityId, datasetName });
    case 'timed-out':
    case 'throttled':
      return { outcome };
    case 'unreadable':
      return { outcome: 'bad-output', problem: 'the answer is not JSON' };
    case 'failed':
      return { outcome, message: error?.errorMessage ?? '' };
    default:
      return { outcome: 'not-invoked', code: 'ServiceException' };
  }
}

type JsonObject = { [member: string]: Json };

function readRecords(answer: Json, readOnly: { readonly [member: string]: string }): SyncTriggerAnswer {
  const bad = (problem: string): SyncTriggerAnswer => ({ outcome: 'bad-output', problem });
  if (!isObject(answer)) return bad('the answer is not the event');
  const changed = Object.keys(readOnly).find((member) => (answer[member] ?? readOnly[member]) !== readOnly[member]);
  // AWS's documents: changing a member beside datasetRecords fails the write. [SY-EVENT-6]
  if (changed !== undefined) return bad(`${changed} is not the function’s to change`);
  const given = answer['datasetRecords'];
  if (given === undefined || !isObject(given)) return bad('datasetRecords is no object');
  // Without a prototype: the keys are the function's.
  const records = Object.create(null) as { [key: string]: SyncTriggerRecord | null };
  for (const [key, value] of Object.entries(given)) {
    if (value === null) {
      records[key] = null;
      continue;
    }
    if (!isObject(value)) return bad(`the record ${key} is no object`);
    const { op, oldValue, newValue } = value;
    if (op !== 'replace' && op !== 'remove') return bad(`the record ${key} has no op of replace or remove`);
    if ([oldValue, newValue].some((text) => text !== undefined && text !== null && typeof text !== 'string')) {
      return bad(`a value of the record ${key} is no text`);
    }
    // A record goes by the op remove, or by a value of null. [SY-EVENT-4]
    if (op === 'replace' && newValue === null) {
      records[key] = null;
      continue;
    }
    if (op === 'replace' && typeof newValue !== 'string') return bad(`the record ${key} is replaced by nothing`);
    records[key] = {
      ...(typeof oldValue === 'string' ? { oldValue } : {}),
      ...(typeof newValue === 'string' ? { newValue } : {}),
      op,
    };
  }
  return { outcome: 'answered', records };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
