import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reasons } from '../../../src/main/kernel/reasons.ts';
import type { Call } from '../../../src/main/services/family.ts';
import type { SyncTriggerAnswer, SyncTriggerEvent } from '../../../src/main/services/services.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { addFunction } from './setup.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench({ functionLimits: { trigger: 700, load: 10_000 } });
});
afterAll(() => bench.stop());

const EVENT: SyncTriggerEvent = {
  identityPoolId: 'us-east-1:00000000-0000-0000-0000-000000000001',
  identityId: 'us-east-1:00000000-0000-0000-0000-000000000002',
  datasetName: 'settings',
  datasetRecords: {
    colour: { oldValue: 'red', newValue: 'blue', op: 'replace' },
    size: { oldValue: '7', newValue: '7', op: 'replace' },
    gone: null,
  },
};

/** What sync hands over of the call that it answers. */
function callOf(): Call {
  return {
    requestId: '11111111-1111-4111-8111-111111111111',
    account: ACCOUNT,
    region: REGION,
    why: new Reasons(),
    decision: () => undefined,
  } as Partial<Call> as Call;
}

async function ask(body: string): Promise<SyncTriggerAnswer> {
  const { arn } = await addFunction(bench, body);
  return bench.services.triggers.sync(callOf(), arn, EVENT);
}

describe('the SyncTrigger of Cognito Events', () => {
  it('[FN-SYNC-1] sees every record of the dataset, and may change them', async () => {
    const fn = await addFunction(
      bench,
      `event.datasetRecords.colour.newValue = 'green';
       event.datasetRecords.size = { op: 'remove' };
       event.datasetRecords.added = { newValue: 'x', op: 'replace' };`,
    );
    const call = callOf();
    expect(await bench.services.triggers.sync(call, fn.arn, EVENT)).toEqual({
      outcome: 'answered',
      records: {
        colour: { oldValue: 'red', newValue: 'green', op: 'replace' },
        size: { op: 'remove' },
        gone: null,
        added: { newValue: 'x', op: 'replace' },
      },
    });
    expect(await fn.event()).toEqual({ version: 2, eventType: 'SyncTrigger', region: REGION, ...EVENT });
    expect((await fn.asked())[0]).toMatchObject({ purpose: 'SyncTrigger', requestId: call.requestId });
    expect(call.why.list).toMatchObject([{ rule: 'FN-TRIGGER-1', inputs: { outcome: 'answered' } }]);
  });

  it('[FN-SYNC-2] may refuse, and tells apart why it has nothing to say', async () => {
    expect(await ask('throw new Error("no such colour");')).toEqual({ outcome: 'failed', message: 'no such colour' });
    expect(await ask('for (;;);')).toEqual({ outcome: 'timed-out' });
    expect(
      await bench.services.triggers.sync(callOf(), 'arn:aws:lambda:us-east-1:000000000000:function:nowhere', EVENT),
    ).toEqual({ outcome: 'not-invoked', code: 'ResourceNotFoundException' });
    const { arn } = await bench.call<{ arn: string }>('POST', '/functions', {
      name: 'down',
      url: 'http://127.0.0.1:9/',
    });
    expect(await bench.services.triggers.sync(callOf(), arn, EVENT)).toEqual({
      outcome: 'not-invoked',
      code: 'ServiceException',
    });
  });

  it.each([
    ['nothing', 'return null;', 'the answer is not the event'],
    ['no records', 'return {};', 'datasetRecords is no object'],
    ['a list of records', 'event.datasetRecords = [];', 'datasetRecords is no object'],
    ['a record that is a text', 'event.datasetRecords.colour = "green";', 'the record colour is no object'],
    ['another op', 'event.datasetRecords.colour.op = "paint";', 'the record colour has no op of replace or remove'],
    ['a number', 'event.datasetRecords.colour.newValue = 7;', 'a value of the record colour is no text'],
    [
      'a replacement by nothing',
      'delete event.datasetRecords.colour.newValue;',
      'the record colour is replaced by nothing',
    ],
  ])('[FN-SYNC-3] takes no %s', async (_what, body, problem) => {
    expect(await ask(body)).toEqual({ outcome: 'bad-output', problem });
  });
});
