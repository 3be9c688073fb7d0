import { createServer } from 'node:http';
import {
  GetCognitoEventsCommand,
  ListRecordsCommand,
  SetCognitoEventsCommand,
  UpdateRecordsCommand,
  type CognitoSyncClient,
  type RecordPatch,
} from '@aws-sdk/client-cognito-sync';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BenchEvents } from '../../../src/shared/events.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { asIdentity, createGuest, createPool, developer, remove, replace, write, type Place } from './setup.ts';

const DatasetName = 'game';
const BAD_OUTPUT = { name: 'InvalidLambdaFunctionOutputException', $metadata: { httpStatusCode: 400 } };

let bench: TestBench;
let place: Place;
let phone: CognitoSyncClient;
let functions = 0;
let changes: BenchEvents['dataset.synchronised'][];

beforeAll(async () => {
  bench = await startBench({ functionLimits: { trigger: 1_000, load: 5_000 } });
  bench.follow((event) => {
    if (event.type === 'dataset.synchronised') changes.push(event.data);
  });
});
afterAll(() => bench.stop());

beforeEach(async () => {
  place = await createGuest(bench, await createPool(bench));
  phone = await asIdentity(bench, place);
  changes = [];
});

const setEvents = (Events: Record<string, string>) =>
  developer(bench).send(new SetCognitoEventsCommand({ IdentityPoolId: place.IdentityPoolId, Events }));
const events = async () =>
  (await developer(bench).send(new GetCognitoEventsCommand({ IdentityPoolId: place.IdentityPoolId }))).Events;
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** Registers a function from the text of its body, and makes it the pool's. */
async function trigger(body: string): Promise<void> {
  functions += 1;
  const { arn } = await bench.call<{ arn: string }>('POST', '/functions', {
    name: `trigger-${functions}`,
    source: `export const handler = async (event) => {\n${body}\n};`,
  });
  await setEvents({ SyncTrigger: arn });
}

const invocations = () =>
  bench.call<{ payload: { datasetRecords: object } }[]>('GET', `/functions/trigger-${functions}/invocations`);

async function records(): Promise<Record<string, string | null>> {
  const { Records } = await developer(bench).send(new ListRecordsCommand({ ...place, DatasetName }));
  return Object.fromEntries(Records!.map(({ Key, Value }): [string, string | null] => [Key!, Value ?? null]));
}

describe('configuration', () => {
  it('[SY-EVENT-1] keeps a function until an empty text takes it away', async () => {
    expect(await events()).toEqual({});
    await setEvents({ SyncTrigger: arnOf('f') });
    await setEvents({});
    expect(await events()).toEqual({ SyncTrigger: arnOf('f') });
    await setEvents({ SyncTrigger: '' });
    expect(await events()).toEqual({});
  });

  it('[SY-EVENT-2] refuses other events, and what is no function', async () => {
    const refused = { name: 'InvalidParameterException', $metadata: { httpStatusCode: 400 } };
    await expect(setEvents({ Other: arnOf('f') })).rejects.toMatchObject(refused);
    await expect(setEvents({ SyncTrigger: 'not an arn' })).rejects.toMatchObject(refused);
    await expect(setEvents({ SyncTrigger: 'arn:aws:s3:::bucket' })).rejects.toMatchObject(refused);
    await expect(phone.send(new GetCognitoEventsCommand({ IdentityPoolId: place.IdentityPoolId }))).rejects.toThrow();
  });
});

describe('the function', () => {
  it('[SY-EVENT-3] sees every record and the write upon them', async () => {
    await write(phone, place, DatasetName, [replace('a', '1'), replace('b', '2'), replace('c', '3')]);
    await write(phone, place, DatasetName, [remove('c', 1)]);
    await trigger('return event;');
    await write(phone, place, DatasetName, [replace('a', 'one', 1), replace('d', '4')]);
    const [{ payload }] = (await invocations()) as [{ payload: object }];
    expect(payload).toEqual({
      version: 2,
      eventType: 'SyncTrigger',
      region: 'us-east-1',
      identityPoolId: place.IdentityPoolId,
      identityId: place.IdentityId,
      datasetName: DatasetName,
      datasetRecords: {
        a: { oldValue: '1', newValue: 'one', op: 'replace' },
        b: { oldValue: '2', newValue: '2', op: 'replace' },
        c: null,
        d: { newValue: '4', op: 'replace' },
      },
    });
    expect(await records()).toEqual({ a: 'one', b: '2', c: null, d: '4' });
  });

  it('[SY-EVENT-4] changes, removes and adds', async () => {
    await write(phone, place, DatasetName, [replace('a', '1'), replace('b', '2'), replace('kept', 'k')]);
    await trigger(`
      event.datasetRecords.a.newValue = 'changed';
      event.datasetRecords.b.newValue = null;
      event.datasetRecords.award = { newValue: 'level 2', op: 'replace' };
      delete event.datasetRecords.left;
      return event;`);
    const answer = await write(phone, place, DatasetName, [replace('a', 'x', 1), replace('left', 'out')]);
    expect(answer.Records!.map(({ Key, Value, SyncCount }) => [Key, Value, SyncCount])).toEqual([
      ['a', 'changed', 2],
      ['b', undefined, 2],
      ['award', 'level 2', 2],
    ]);
    expect(await records()).toEqual({ a: 'changed', b: null, award: 'level 2', kept: 'k' });
  });

  it('[SY-EVENT-4] that leaves nothing of a write lets the count stay', async () => {
    await trigger('return { ...event, datasetRecords: {} };');
    expect((await write(phone, place, DatasetName, [replace('a', '1')])).Records).toEqual([]);
    expect(await records()).toEqual({});
    expect(changes).toEqual([]);
  });

  it('[SY-EVENT-3] is not asked about a developer’s write, a conflict or nothing', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await trigger(`throw new Error('asked');`);
    await write(developer(bench), place, DatasetName, [replace('a', '2', 1)]);
    await expect(write(phone, place, DatasetName, [replace('a', '3', 1)])).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    await write(phone, place, DatasetName, []);
    expect(await invocations()).toEqual([]);
  });

  it.each([
    ['throws', `throw new Error('no cheating');`, BAD_OUTPUT],
    ['answers nothing', 'return undefined;', BAD_OUTPUT],
    ['answers a text', `return 'fine';`, BAD_OUTPUT],
    ['answers a list of records', 'return { ...event, datasetRecords: [] };', BAD_OUTPUT],
    ['gives a number as a value', 'event.datasetRecords.a.newValue = 7; return event;', BAD_OUTPUT],
    ['gives another op', `event.datasetRecords.a.op = 'add'; return event;`, BAD_OUTPUT],
    [
      'adds a key without a name',
      `event.datasetRecords[''] = { newValue: 'x', op: 'replace' }; return event;`,
      BAD_OUTPUT,
    ],
    ['[SY-EVENT-6] changes what is only to be read', `event.identityId = 'other'; return event;`, BAD_OUTPUT],
    [
      'hangs',
      'await new Promise((resolve) => setTimeout(resolve, 60_000));',
      { name: 'LambdaSocketTimeoutException', $metadata: { httpStatusCode: 400 } },
    ],
    ['never comes back', 'for (;;);', { name: 'LambdaSocketTimeoutException' }],
  ])('[SY-EVENT-5] that %s stops the write, and nothing is lost', async (_title, body, refused) => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    changes = [];
    await trigger(body);
    const { SyncSessionToken } = await phone.send(new ListRecordsCommand({ ...place, DatasetName }));
    const update = { ...place, DatasetName, SyncSessionToken, RecordPatches: [replace('a', '2', 1)] };
    await expect(phone.send(new UpdateRecordsCommand(update))).rejects.toMatchObject(refused);
    expect(await records()).toEqual({ a: '1' });
    expect(changes).toEqual([]);

    await setEvents({ SyncTrigger: '' });
    await phone.send(new UpdateRecordsCommand(update));
    expect(await records()).toEqual({ a: '2' });
  });

  it('[SY-EVENT-5] that is not there stops the write', async () => {
    await setEvents({ SyncTrigger: arnOf('none') });
    await expect(write(phone, place, DatasetName, [replace('a', '1')])).rejects.toMatchObject(BAD_OUTPUT);
    expect(await records()).toEqual({});
  });

  it('[SY-EVENT-5] that is throttled says so', async () => {
    const endpoint = createServer((_request, response) => response.writeHead(429).end('{}'));
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    const { port } = endpoint.address() as { port: number };
    try {
      const { arn } = await bench.call<{ arn: string }>('POST', '/functions', {
        name: 'throttled',
        url: `http://127.0.0.1:${port}/`,
      });
      await setEvents({ SyncTrigger: arn });
      await expect(write(phone, place, DatasetName, [replace('a', '1')])).rejects.toMatchObject({
        name: 'LambdaThrottledException',
        $metadata: { httpStatusCode: 429 },
      });
    } finally {
      endpoint.closeAllConnections();
      endpoint.close();
    }
  });
});

describe('two writers while a function thinks', () => {
  /** A function that writes by itself, as another device would, before it answers. */
  const meanwhile = (patch: RecordPatch) => `
    const path = '/_bench/sync/identities/' + encodeURIComponent(event.identityId) + '/datasets/' + event.datasetName + '/records';
    const answer = await fetch('${bench.url}' + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ${JSON.stringify(JSON.stringify({ patches: [{ op: 'replace', key: patch.Key, value: patch.Value }] }))},
    });
    if (!answer.ok) throw new Error(await answer.text());`;

  it('[SY-EVENT-4] the same key is a conflict', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await trigger(`${meanwhile(replace('a', 'first'))}\nreturn event;`);
    await expect(write(phone, place, DatasetName, [replace('a', 'second', 1)])).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Current SyncCount for: a is: 2 not: 1',
    });
    expect(await records()).toEqual({ a: 'first' });
  });

  it('[SY-EVENT-4] a key that only the function touched is one, too', async () => {
    await write(phone, place, DatasetName, [replace('a', '1'), replace('total', '1')]);
    await trigger(`${meanwhile(replace('total', '10'))}
      event.datasetRecords.total.newValue = '2';
      return event;`);
    await expect(write(phone, place, DatasetName, [replace('a', '2', 1)])).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    expect(await records()).toEqual({ a: '1', total: '10' });
  });

  it('[SY-EVENT-4] different keys are both kept', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await trigger(`${meanwhile(replace('b', 'other'))}\nreturn event;`);
    await write(phone, place, DatasetName, [replace('a', '2', 1)]);
    expect(await records()).toEqual({ a: '2', b: 'other' });
  });
});
