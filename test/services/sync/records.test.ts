import {
  DeleteDatasetCommand,
  ListDatasetsCommand,
  ListRecordsCommand,
  UpdateRecordsCommand,
  type CognitoSyncClient,
} from '@aws-sdk/client-cognito-sync';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { asIdentity, createGuest, createPool, developer, remove, replace, write, type Place } from './setup.ts';

let bench: TestBench;
let poolId: string;
let place: Place;
let phone: CognitoSyncClient;

beforeAll(async () => {
  bench = await startBench();
  poolId = await createPool(bench);
});
afterAll(() => bench.stop());

beforeEach(async () => {
  place = await createGuest(bench, poolId);
  phone = await asIdentity(bench, place);
});

const DatasetName = 'settings';
const list = (input: object = {}) => phone.send(new ListRecordsCommand({ ...place, DatasetName, ...input }));

const INVALID_TOKEN = {
  name: 'InvalidParameterException',
  message: 'SyncSessionToken not valid for these inputs',
  $metadata: { httpStatusCode: 400 },
};

describe('ListRecords', () => {
  it('[SY-LIST-3] [SY-LIST-4] answers for a dataset that was never written', async () => {
    const answer = await list();
    expect(answer).toMatchObject({
      Records: [],
      Count: 0,
      DatasetSyncCount: 0,
      DatasetExists: false,
      DatasetDeletedAfterRequestedSyncCount: false,
      SyncSessionToken: expect.stringMatching(/.{20}/) as string,
    });
    expect(answer.LastModifiedBy).toBeUndefined();
  });

  it('[SY-LIST-1] gives what changed after a count, with tombstones, and nothing at the newest count', async () => {
    await write(phone, place, DatasetName, [replace('a', '1'), replace('b', '2')]);
    await write(phone, place, DatasetName, [remove('a', 1)]);

    const all = await list();
    expect(all.Records?.map(({ Key, Value, SyncCount }) => [Key, Value, SyncCount])).toEqual([
      ['b', '2', 1],
      ['a', undefined, 2],
    ]);
    expect((await list({ LastSyncCount: 1 })).Records?.map(({ Key }) => Key)).toEqual(['a']);
    expect(await list({ LastSyncCount: 2 })).toMatchObject({ Records: [], Count: 0, DatasetSyncCount: 2 });
  });

  it.each([
    [3, 'No such SyncCount: 3 exists for this Dataset'],
    [-1, 'No such SyncCount: -1 exists for this Dataset'],
  ])('[SY-LIST-2] refuses the count %i that the dataset never had', async (LastSyncCount, message) => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await expect(list({ LastSyncCount })).rejects.toMatchObject({ name: 'InvalidParameterException', message });
  });

  it('[SY-LIST-5] pages by MaxResults under one session token, and sends everything without', async () => {
    const keys = Array.from({ length: 7 }, (_, index) => `key:${index}`);
    await write(
      phone,
      place,
      DatasetName,
      keys.map((key) => replace(key, 'x')),
    );
    expect((await list()).Count).toBe(7);

    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    let SyncSessionToken: string | undefined;
    let pages = 0;
    do {
      const page = await list({ MaxResults: 3, NextToken, SyncSessionToken });
      if (SyncSessionToken) expect(page.SyncSessionToken).toBe(SyncSessionToken);
      seen.push(...page.Records!.map(({ Key }) => Key));
      ({ NextToken, SyncSessionToken } = page);
      pages += 1;
    } while (NextToken);
    expect(seen).toEqual(keys);
    expect(pages).toBe(3);
    expect(await list({ MaxResults: 7 })).not.toHaveProperty('NextToken', expect.anything());
  });

  it('[SY-LIST-5] shows a record again that changes between two pages, and misses none', async () => {
    await write(phone, place, DatasetName, [replace('a', '1'), replace('b', '1'), replace('c', '1')]);
    const first = await list({ MaxResults: 1 });
    await write(phone, place, DatasetName, [replace('a', '2', 1)]);
    const rest = await list({ MaxResults: 10, NextToken: first.NextToken });
    expect(rest.Records?.map(({ Key, Value }) => [Key, Value])).toEqual([
      ['b', '1'],
      ['c', '1'],
      ['a', '2'],
    ]);
  });

  it('[SY-PAGE-1] [SY-PAGE-2] refuses a page of nothing and a foreign page token', async () => {
    await write(phone, place, DatasetName, [replace('a', '1'), replace('b', '1')]);
    const { NextToken } = await list({ MaxResults: 1 });
    await expect(list({ MaxResults: 0 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(list({ NextToken: 'made-up' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(list({ DatasetName: 'other', NextToken })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('sync sessions', () => {
  const update = (SyncSessionToken: string | undefined, patch = replace('a', '1'), dataset = DatasetName) =>
    phone.send(new UpdateRecordsCommand({ ...place, DatasetName: dataset, SyncSessionToken, RecordPatches: [patch] }));

  it('[SY-SESSION-1] keeps one token over several lists', async () => {
    const { SyncSessionToken } = await list();
    expect((await list({ SyncSessionToken })).SyncSessionToken).toBe(SyncSessionToken);
    expect((await list()).SyncSessionToken).not.toBe(SyncSessionToken);
  });

  it('[SY-SESSION-3] is over for lists and writes after one write', async () => {
    const { SyncSessionToken } = await list();
    await update(SyncSessionToken);
    await expect(update(SyncSessionToken, replace('a', '2', 1))).rejects.toMatchObject(INVALID_TOKEN);
    await expect(list({ SyncSessionToken })).rejects.toMatchObject(INVALID_TOKEN);
    expect((await list()).Records).toMatchObject([{ Key: 'a', Value: '1' }]);
  });

  it('[SY-SESSION-4] survives a conflict', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    const { SyncSessionToken } = await list();
    await expect(update(SyncSessionToken, replace('a', '2', 0))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    expect((await list({ SyncSessionToken })).SyncSessionToken).toBe(SyncSessionToken);
    expect((await update(SyncSessionToken, replace('a', '2', 1))).Records).toMatchObject([{ SyncCount: 2 }]);
  });

  it('[SY-SESSION-2] is worth nothing for another dataset or identity', async () => {
    const { SyncSessionToken } = await list();
    await expect(update(SyncSessionToken, replace('a', '1'), 'other')).rejects.toMatchObject(INVALID_TOKEN);

    const other = await createGuest(bench, poolId);
    const client = developer(bench);
    await expect(
      client.send(
        new UpdateRecordsCommand({ ...other, DatasetName, SyncSessionToken, RecordPatches: [replace('a', '1')] }),
      ),
    ).rejects.toMatchObject(INVALID_TOKEN);
    // The same identity may be written by its developer under the same session.
    await client.send(
      new UpdateRecordsCommand({ ...place, DatasetName, SyncSessionToken, RecordPatches: [replace('a', '1')] }),
    );
  });

  it('[SY-SESSION-2] cannot be forged', async () => {
    const token = (await list()).SyncSessionToken!;
    const forged = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    await expect(update(forged)).rejects.toMatchObject(INVALID_TOKEN);
    await expect(update('anything')).rejects.toMatchObject(INVALID_TOKEN);
    await expect(list({ SyncSessionToken: forged })).rejects.toMatchObject(INVALID_TOKEN);
  });

  it('[SY-SESSION-5] ends after an hour on the bench’s clock', async () => {
    const client = developer(bench);
    const { SyncSessionToken } = await client.send(new ListRecordsCommand({ ...place, DatasetName }));
    const send = () =>
      client.send(
        new UpdateRecordsCommand({ ...place, DatasetName, SyncSessionToken, RecordPatches: [replace('a', '1')] }),
      );
    await bench.advance({ minutes: 60 });
    await expect(send()).rejects.toMatchObject(INVALID_TOKEN);
    await bench.advance({ minutes: -1 });
    await expect(send()).resolves.toMatchObject({ Records: [{ Key: 'a' }] });
  });

  it('[SY-SESSION-2] is required to write', async () => {
    await expect(update(undefined)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('UpdateRecords', () => {
  it('[SY-UPDATE-1] [SY-UPDATE-2] [SY-UPDATE-8] makes the dataset and answers with full records', async () => {
    const at = new Date('2016-02-01T10:00:00.250Z');
    const answer = await write(phone, place, DatasetName, [
      { ...replace('a', '1'), DeviceLastModifiedDate: at },
      { ...remove('b', 0), Value: '' },
    ]);
    expect(answer.Records).toMatchObject([
      { Key: 'a', Value: '1', SyncCount: 1, DeviceLastModifiedDate: at, LastModifiedDate: expect.any(Date) as Date },
      { Key: 'b', SyncCount: 1 },
    ]);
    expect(answer.Records?.[1]).not.toHaveProperty('Value', expect.anything());
    const { Datasets } = await phone.send(new ListDatasetsCommand(place));
    expect(Datasets).toMatchObject([{ DatasetName, NumRecords: 1, DataStorage: 2 }]);
  });

  it('[SY-UPDATE-3] refuses the whole call when one record changed since', async () => {
    await write(phone, place, DatasetName, [replace('a', '1'), replace('b', '1')]);
    await write(phone, place, DatasetName, [replace('a', '2', 1)]);
    await expect(
      write(phone, place, DatasetName, [replace('b', 'lost', 1), replace('a', '3', 1)]),
    ).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Current SyncCount for: a is: 2 not: 1',
      $metadata: { httpStatusCode: 409 },
    });
    const { Records, DatasetSyncCount } = await list();
    expect(DatasetSyncCount).toBe(2);
    expect(Records?.map(({ Key, Value }) => [Key, Value])).toEqual([
      ['b', '1'],
      ['a', '2'],
    ]);
  });

  it('[SY-UPDATE-3] lets one of two writers at once win, and keeps the winner’s value', async () => {
    await write(phone, place, DatasetName, [replace('a', '0')]);
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, writer) => write(phone, place, DatasetName, [replace('a', `${writer}`, 1)])),
    );
    const won = results.flatMap((result, writer) => (result.status === 'fulfilled' ? [`${writer}`] : []));
    expect(won).toHaveLength(1);
    const { Records, DatasetSyncCount } = await list();
    expect(Records).toMatchObject([{ Key: 'a', Value: won[0], SyncCount: 2 }]);
    expect(DatasetSyncCount).toBe(2);
  });

  it('[SY-UPDATE-4] takes writers of different keys at once', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, writer) => write(phone, place, DatasetName, [replace(`key${writer}`, 'x')])),
    );
    const { Count, DatasetSyncCount, Records } = await list();
    expect([Count, DatasetSyncCount]).toEqual([8, 8]);
    expect(new Set(Records?.map(({ SyncCount }) => SyncCount)).size).toBe(8);
  });

  it('[SY-UPDATE-5] [SY-UPDATE-6] refuses a key twice and a replacement by nothing', async () => {
    await expect(write(phone, place, DatasetName, [replace('a', '1'), remove('a', 0)])).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(write(phone, place, DatasetName, [{ Op: 'replace', Key: 'a', SyncCount: 0 }])).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    expect((await list()).DatasetExists).toBe(false);
  });

  it('[SY-UPDATE-7] answers no patches with no records', async () => {
    expect((await write(phone, place, DatasetName, [])).Records).toEqual([]);
    expect(await list()).toMatchObject({ DatasetSyncCount: 0, DatasetExists: false });
  });

  it('[SY-UPDATE-9] remembers who wrote', async () => {
    await write(developer(bench), place, DatasetName, [replace('a', '1')]);
    expect(await list()).toMatchObject({ LastModifiedBy: '000000000000' });
    await write(phone, place, DatasetName, [replace('a', '2', 1)]);
    expect(await list()).toMatchObject({ LastModifiedBy: place.IdentityId });
    await write(phone, place, DatasetName, [replace('a', '3', 2)], 'my-phone');
    expect(await list()).toMatchObject({ LastModifiedBy: 'my-phone', Records: [{ LastModifiedBy: 'my-phone' }] });
  });

  it('[SY-LIMIT-1] [SY-LIMIT-5] refuses the 1,025th record', async () => {
    const patches = Array.from({ length: 1024 }, (_, index) => replace(`k${index}`, 'v'));
    await write(phone, place, DatasetName, patches);
    await expect(write(phone, place, DatasetName, [replace('more', 'v')])).rejects.toMatchObject({
      name: 'LimitExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    await write(phone, place, DatasetName, [remove('k0', 1), replace('more', 'v')]);
    expect((await list()).Count).toBe(1025);
  });

  it('[SY-LIMIT-2] takes the greatest value with the shortest key, and nothing beside it', async () => {
    const { Records } = await write(phone, place, DatasetName, [replace('k', 'x'.repeat(1_048_575))]);
    expect(Records?.[0]?.Value).toHaveLength(1_048_575);
    await expect(write(phone, place, DatasetName, [replace('l', '')])).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  });

  it('[SY-LIMIT-4] refuses the 21st dataset until one is deleted', async () => {
    for (let index = 0; index < 20; index += 1) await write(phone, place, `set${index}`, [replace('a', '1')]);
    await expect(write(phone, place, 'more', [replace('a', '1')])).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    await phone.send(new DeleteDatasetCommand({ ...place, DatasetName: 'set0' }));
    await write(phone, place, 'more', [replace('a', '1')]);
  });

  it.each(['', 'white space', 'slash/ed', 'ümlaut', 'x'.repeat(129)])(
    '[SY-UPDATE-8] refuses the dataset name "%s"',
    async (name) => {
      const SyncSessionToken = (await list()).SyncSessionToken;
      const refused = phone.send(
        new UpdateRecordsCommand({
          ...place,
          DatasetName: name,
          SyncSessionToken,
          RecordPatches: [replace('a', '1')],
        }),
      );
      await expect(refused).rejects.toThrow();
      expect((await phone.send(new ListDatasetsCommand(place))).Datasets).toEqual([]);
    },
  );

  it('[SY-UPDATE-8] takes every character that a dataset name may have', async () => {
    const name = 'aZ09_.:-';
    await write(phone, place, name, [replace('k', 'v')]);
    expect((await phone.send(new ListDatasetsCommand(place))).Datasets).toMatchObject([{ DatasetName: name }]);
  });
});
