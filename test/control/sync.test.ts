import { DeleteDatasetCommand, type CognitoSyncClient } from '@aws-sdk/client-cognito-sync';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetView, IdentityOverview, KeyChange } from '../../src/shared/sync-views.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { startBench, type TestBench } from '../harness/bench.ts';
import {
  asIdentity,
  createGuest,
  createPool,
  developer,
  remove,
  replace,
  write,
  type Place,
} from '../services/sync/setup.ts';

let bench: TestBench;
let place: Place;
let phone: CognitoSyncClient;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

beforeEach(async () => {
  place = await createGuest(bench, await createPool(bench));
  phone = await asIdentity(bench, place);
});

const path = (suffix = '', of: Place = place) =>
  `/sync/identities/${encodeURIComponent(of.IdentityId)}/datasets${suffix}`;
const identities = (query: string) =>
  bench.call<{ identities: IdentityOverview[]; nextToken?: string }>('GET', `/sync/identities?${query}`);

describe('the sync store on screen', () => {
  it('lists identities that have data, a page at a time, by pool and by a part of the id', async () => {
    const pool = encodeURIComponent(place.IdentityPoolId);
    const places = [place];
    for (let index = 0; index < 4; index += 1) places.push(await createGuest(bench, place.IdentityPoolId));
    const empty = await createGuest(bench, place.IdentityPoolId);
    for (const at of places) await write(developer(bench), at, 'notes', [replace('key', 'value')]);
    const ids = places.map(({ IdentityId }) => IdentityId).toSorted();

    const first = await identities(`pool=${pool}&limit=3`);
    const second = await identities(`pool=${pool}&limit=3&nextToken=${first.nextToken}`);
    expect([...first.identities, ...second.identities].map(({ identityId }) => identityId)).toEqual(ids);
    expect(second.nextToken).toBeUndefined();
    expect(first.identities[0]).toMatchObject({ datasets: 1, bytes: 8, isDisabled: false, logins: [] });
    expect((await identities(`pool=${pool}&empty=true`)).identities.map(({ identityId }) => identityId)).toContain(
      empty.IdentityId,
    );
    const part = place.IdentityId.slice(-12);
    expect((await identities(`search=${part}`)).identities.map(({ identityId }) => identityId)).toEqual([
      place.IdentityId,
    ]);
    expect((await identities('search=%25')).identities).toEqual([]);
    await expect(identities('nextToken=x')).rejects.toThrow(/400/);
    await expect(identities('limit=0')).rejects.toThrow(/400/);
  });

  it('shows datasets and records with their sizes against the limits', async () => {
    await write(phone, place, 'notes', [replace('ä', 'öö'), replace('b', '2')]);
    await write(phone, place, 'notes', [remove('b', 1)]);
    expect(await bench.call('GET', path())).toMatchObject({
      identityPoolId: place.IdentityPoolId,
      bytes: 6,
      limits: { datasetBytes: 1_048_576, datasetRecords: 1024, identityBytes: 20 * 1_048_576, identityDatasets: 20 },
      datasets: [{ name: 'notes', syncCount: 2, records: 1, bytes: 6, merged: [] }],
    });
    const dataset = await bench.call<DatasetView>('GET', path('/notes'));
    expect(dataset).toMatchObject({ isPresent: true, records: 1, subscribers: [] });
    expect(dataset.recordsByKey.map(({ key, value, syncCount, bytes }) => [key, value, syncCount, bytes])).toEqual([
      ['b', null, 2, 1],
      ['ä', 'öö', 1, 6],
    ]);
    await expect(bench.call('GET', path('/none'))).rejects.toThrow(/404/);
    await expect(bench.call('GET', path('', { ...place, IdentityId: 'us-east-1:x' }))).rejects.toThrow(/404/);
  });

  it('[SY-HISTORY-1] tells the history of a key', async () => {
    const history = (key: string) =>
      bench.call<KeyChange[]>('GET', path(`/notes/keys/${encodeURIComponent(key)}/history`));
    const key = 'a/b %';
    await write(phone, place, 'notes', [replace(key, '1'), replace('other', 'x')]);
    await write(phone, place, 'notes', [replace('other', 'y', 1)]);
    await write(phone, place, 'notes', [remove(key, 1)]);
    await phone.send(new DeleteDatasetCommand({ ...place, DatasetName: 'notes' }));
    await write(developer(bench), place, 'notes', [replace(key, '2')]);
    expect(
      (await history(key)).map(({ syncCount, value, isDeletion, by }) => [syncCount, value, isDeletion, by]),
    ).toEqual([
      [5, '2', false, '000000000000'],
      [4, null, true, place.IdentityId],
      [3, null, false, place.IdentityId],
      [1, '1', false, place.IdentityId],
    ]);
    expect((await history('never')).map(({ isDeletion }) => isDeletion)).toEqual([true]);
  });

  it('[SY-HISTORY-1] goes back a hundred writes', async () => {
    for (let count = 0; count < 130; count += 1) {
      await write(developer(bench), place, 'notes', [replace('a', `${count}`, count)]);
    }
    const history = await bench.call<KeyChange[]>('GET', path('/notes/keys/a/history'));
    expect(history).toHaveLength(100);
    expect(history[0]).toMatchObject({ syncCount: 130, value: '129' });
    for (let count = 0; count < 6; count += 1) {
      await write(developer(bench), place, 'large', [replace('a', `${count}`.repeat(900_000), count)]);
    }
    const large = await bench.call<KeyChange[]>('GET', path('/large/keys/a/history'));
    expect(large.map(({ syncCount }) => syncCount)).toEqual([6, 5, 4, 3]);
  });
});

describe('a developer’s hand', () => {
  it('[SY-HISTORY-2] writes by UpdateRecords, under the store’s counts', async () => {
    await write(phone, place, 'notes', [replace('a', '1'), replace('b', '2')]);
    const { next } = await bench.call<{ next: number }>('GET', '/trace');
    const patches = [
      { op: 'replace', key: 'a', value: 'edited' },
      { op: 'remove', key: 'b' },
      { op: 'replace', key: 'c', value: 'new' },
    ];
    expect(await bench.call('POST', path('/notes/records'), { patches })).toEqual({ syncCount: 2 });
    const { recordsByKey } = await bench.call<DatasetView>('GET', path('/notes'));
    expect(recordsByKey.map(({ key, value, modifiedBy }) => [key, value, modifiedBy])).toEqual([
      ['a', 'edited', '000000000000'],
      ['b', null, '000000000000'],
      ['c', 'new', '000000000000'],
    ]);
    const { records } = await bench.call<{ records: TraceRecord[] }>('GET', `/trace?since=${next}`);
    expect(records.map(({ operation, lane }) => [operation, lane.kind])).toEqual([
      ['ListRecords', 'bench'],
      ['UpdateRecords', 'bench'],
    ]);
  });

  it('[SY-HISTORY-2] meets conflicts and limits like anyone', async () => {
    await write(phone, place, 'notes', [replace('a', '1')]);
    const edit = (patches: object[]) => bench.call('POST', path('/notes/records'), { patches });
    await expect(edit([{ op: 'replace', key: 'a', value: 'x', syncCount: 0 }])).rejects.toThrow(
      /422.*ResourceConflictException.*Current SyncCount for: a is: 1 not: 0/,
    );
    await expect(edit([{ op: 'replace', key: 'big', value: 'x'.repeat(1_048_574) }])).rejects.toThrow(
      /LimitExceededException/,
    );
    await expect(edit([{ op: 'replace', key: 'a' }])).rejects.toThrow(/400/);
    await expect(edit([])).rejects.toThrow(/400/);
  });

  it('[SY-HISTORY-2] deletes a dataset', async () => {
    await write(phone, place, 'notes', [replace('a', '1')]);
    await bench.call('DELETE', path('/notes'));
    expect(await bench.call('GET', path('/notes'))).toMatchObject({ isPresent: false, syncCount: 2, recordsByKey: [] });
    await expect(bench.call('DELETE', path('/notes'))).rejects.toThrow(/ResourceNotFoundException/);
  });
});
