import type { RecordPatch, UpdateRecordsRequest } from '../../../shared/aws/cognito-sync.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { StoredRecord } from '../../store/repositories/datasets.ts';
import type { Call } from '../family.ts';
import type { Services, SyncTriggerAnswer, SyncTriggerRecord } from '../services.ts';

type Needs = Pick<Services, 'datasets' | 'triggers'>;
type Records = { readonly [key: string]: SyncTriggerRecord | null };

const LONGEST_KEY = 1024;

/**
 * Shows a write to the pool's function and gives back what is to be written. No transaction is open meanwhile: the
 * write checks every count again, those of records that only the function touched too.
 */
export async function askSyncTrigger(
  input: UpdateRecordsRequest,
  call: Call,
  { datasets, triggers }: Needs,
  functionArn: string,
): Promise<RecordPatch[]> {
  const patches = input.RecordPatches ?? [];
  const dataset = datasets.find(input.IdentityId, input.DatasetName);
  const current = new Map(
    (dataset?.isPresent ? datasets.changedSince(dataset.id, 0, '', undefined) : []).map((record) => [
      record.key,
      record,
    ]),
  );
  const answer = await triggers.sync(call, functionArn, {
    identityPoolId: input.IdentityPoolId,
    identityId: input.IdentityId,
    datasetName: input.DatasetName,
    datasetRecords: eventRecords(current, patches),
  });
  if (answer.outcome !== 'answered') throw refusal(call, answer);
  const wanted = patchesOf(answer.records, current, patches);
  const bad = wanted.find(({ Key }) => Key === '' || Key.length > LONGEST_KEY);
  if (bad) throw refusal(call, { outcome: 'bad-output', problem: `the key ${bad.Key.slice(0, 50)} is no key` });
  call.why.choose('SY-EVENT-4', 'what the function left of the write, and what it added', {
    sent: patches.length,
    written: wanted.length,
  });
  return wanted;
}

/** Every record of the dataset, with what the write would make of it; tombstones are null. [SY-EVENT-3] */
export function eventRecords(current: ReadonlyMap<string, StoredRecord>, patches: readonly RecordPatch[]): Records {
  const records = new Map<string, SyncTriggerRecord | null>();
  for (const { key, value } of current.values()) {
    records.set(key, value === null ? null : { oldValue: value, newValue: value, op: 'replace' });
  }
  for (const { Key, Op, Value } of patches) {
    const old = current.get(Key)?.value ?? undefined;
    records.set(Key, {
      ...(old === undefined ? {} : { oldValue: old }),
      ...(Op === 'replace' && Value != null ? { newValue: Value } : {}),
      op: Op,
    });
  }
  return Object.fromEntries(records);
}

/**
 * The patches that an answer stands for. A record that it leaves out is not written; one that it names is written
 * where it differs from the store, under the count that the function saw. [SY-EVENT-4]
 */
export function patchesOf(
  answer: Records,
  current: ReadonlyMap<string, StoredRecord>,
  patches: readonly RecordPatch[],
): RecordPatch[] {
  const sent = new Map(patches.map((patch) => [patch.Key, patch]));
  return Object.entries(answer).flatMap(([key, record]): RecordPatch[] => {
    const patch = sent.get(key);
    const stored = current.get(key);
    const newValue = record === null || record.op === 'remove' ? null : (record.newValue ?? null);
    if (!patch && newValue === (stored?.value ?? null)) return [];
    const base = patch ?? { Key: key, SyncCount: stored?.syncCount ?? 0 };
    return [newValue === null ? { ...base, Op: 'remove' } : { ...base, Op: 'replace', Value: newValue }];
  });
}

/** What the caller is told where the function gives no answer to go by. The texts are guessed. */
function refusal(call: Call, answer: Exclude<SyncTriggerAnswer, { outcome: 'answered' }>): Fault {
  const refuse = (decided: string, refused: Fault): Fault => call.why.refuse('SY-EVENT-5', decided, refused);
  switch (answer.outcome) {
    case 'timed-out':
      return refuse(
        'the function did not answer in time, and nothing is written',
        fault('LambdaSocketTimeoutException', 'Socket timeout while invoking Lambda function.', 400),
      );
    case 'throttled':
      return refuse(
        'the function is throttled, and nothing is written',
        fault('LambdaThrottledException', 'Lambda throttled your account, please retry the operation.'),
      );
    case 'failed':
      return refuse(
        'the function refuses, and nothing is written',
        fault('InvalidLambdaFunctionOutputException', `Lambda function failed with error: ${answer.message}`),
      );
    case 'bad-output':
      return refuse(
        `the function’s answer is not of the event’s shape: ${answer.problem}`,
        fault('InvalidLambdaFunctionOutputException', `Invalid Lambda function output: ${answer.problem}`),
      );
    default:
      return refuse(
        'the function cannot be run, and nothing is written',
        fault('InvalidLambdaFunctionOutputException', `Lambda function could not be invoked: ${answer.code}`),
      );
  }
}
