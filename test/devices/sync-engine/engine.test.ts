import { describe, expect, it } from 'vitest';
import { LocalCache } from '../../../src/main/devices/local-cache.ts';
import type { CachedRecord, Patch, RemoteRecord } from '../../../src/main/devices/sync-engine/changes.ts';
import { DELETED_HERE } from '../../../src/main/devices/sync-engine/checkpoint.ts';
import {
  RetriesExhausted,
  synchronize,
  type RecordsPage,
  type SyncTransport,
} from '../../../src/main/devices/sync-engine/engine.ts';
import schema from '../../../src/main/devices/schema.sql?raw';
import { openDatabase } from '../../../src/main/store/database.ts';

const ID = 'us-east-1:11111111-1111-4111-8111-111111111111';
const T0 = Date.parse('2026-01-01T00:00:00Z');

type Answer<Result> = Result | Error;

/** A store that answers from a script, and remembers what it was asked. */
function scripted(script: {
  pages?: Answer<Partial<RecordsPage>>[];
  writes?: Answer<RemoteRecord[]>[];
  deletions?: Answer<undefined>[];
}) {
  const asked: unknown[] = [];
  const next = <Result>(answers: Answer<Result>[] | undefined, what: string): Result => {
    const answer = answers?.shift();
    if (answer instanceof Error) throw answer;
    if (answer === undefined && what !== 'delete') throw new Error(`no more answers for ${what}`);
    return answer as Result;
  };
  const transport: SyncTransport = {
    async listRecords(_dataset, from) {
      asked.push({ list: from });
      return {
        records: [],
        datasetSyncCount: 0,
        exists: true,
        deletedSince: false,
        mergedDatasetNames: [],
        sessionToken: 'session',
        ...next(script.pages, 'list'),
      };
    },
    async updateRecords(_dataset, patches, sessionToken) {
      asked.push({ write: patches, sessionToken });
      return next(script.writes, 'write');
    },
    async deleteDataset(dataset) {
      asked.push({ delete: dataset });
      next(script.deletions, 'delete');
    },
  };
  return { transport, asked };
}

function device() {
  const database = openDatabase(':memory:');
  database.exec(schema);
  const local = new LocalCache(database);
  return { local, cache: local.forIdentity(ID, () => T0) };
}

const remote = (key: string, value: string | null, syncCount: number, modifiedAt = T0): RemoteRecord => ({
  key,
  value,
  syncCount,
  modifiedAt,
});
const cached = (key: string, value: string | null, syncCount: number, modified: boolean): CachedRecord => ({
  ...remote(key, value, syncCount),
  modified,
});
const aws = (name: string): Error => Object.assign(new Error(name), { name });
const written = (patches: readonly Patch[], syncCount: number): RemoteRecord[] =>
  patches.map(({ key, value }) => remote(key, value ?? null, syncCount));

describe('the sync engine', () => {
  it('[DV-SYNC-1] pulls since the last count, then pushes what was modified with the counts it is based on', async () => {
    const { cache, local } = device();
    cache.store('prefs', [cached('a', 'old', 3, false), cached('b', 'mine', 4, false)], 4);
    local.change(ID, 'prefs', 'b', 'new', T0 + 5);
    const { transport, asked } = scripted({
      pages: [{ records: [remote('a', 'theirs', 5)], datasetSyncCount: 5 }],
      writes: [[remote('b', 'new', 6)]],
    });

    const outcome = await synchronize('prefs', 'last-writer', { transport, cache });

    expect(outcome).toEqual({ status: 'synchronised', pulled: 1, pushed: 1 });
    expect(asked).toEqual([
      { list: { lastSyncCount: 4 } },
      { write: [{ op: 'replace', key: 'b', value: 'new', syncCount: 4, modifiedAt: T0 + 5 }], sessionToken: 'session' },
    ]);
    expect(cache.records('prefs')).toEqual([cached('a', 'theirs', 5, false), cached('b', 'new', 6, false)]);
    expect(cache.lastSyncCount('prefs')).toBe(6);
  });

  it('[DV-SYNC-2] sees no conflict in equal values, in a clean record, or in a change made on the current count', async () => {
    const { cache } = device();
    cache.store(
      'prefs',
      [cached('same', 'x', 1, true), cached('clean', 'old', 1, false), cached('current', 'mine', 2, true)],
      1,
    );
    const { transport, asked } = scripted({
      pages: [
        {
          records: [remote('same', 'x', 2), remote('clean', 'new', 2), remote('current', 'base', 2)],
          datasetSyncCount: 2,
        },
      ],
      writes: [[remote('current', 'mine', 3)]],
    });

    expect(await synchronize('prefs', 'ask', { transport, cache })).toMatchObject({
      status: 'synchronised',
      pushed: 1,
    });
    expect(asked[1]).toMatchObject({ write: [{ key: 'current', syncCount: 2 }] });
    expect(cache.record('prefs', 'clean')).toEqual(cached('clean', 'new', 2, false));
  });

  it.each([
    { resolver: 'remote', mineAt: T0 + 9, kept: 'theirs', pushes: false },
    { resolver: 'local', mineAt: T0 - 9, kept: 'mine', pushes: true },
    { resolver: 'last-writer', mineAt: T0 + 9, kept: 'mine', pushes: true },
    { resolver: 'last-writer', mineAt: T0, kept: 'mine', pushes: true },
    { resolver: 'last-writer', mineAt: T0 - 9, kept: 'theirs', pushes: false },
  ] as const)(
    '[DV-SYNC-3] settles by $resolver: a change at $mineAt leaves $kept',
    async ({ resolver, mineAt, kept, pushes }) => {
      const { cache, local } = device();
      cache.store('prefs', [cached('volume', '11', 1, false)], 1);
      local.change(ID, 'prefs', 'volume', 'mine', mineAt);
      const { transport, asked } = scripted({
        pages: [{ records: [remote('volume', 'theirs', 2)], datasetSyncCount: 2 }],
        writes: [[remote('volume', 'mine', 3)]],
      });

      await synchronize('prefs', resolver, { transport, cache });

      expect(cache.record('prefs', 'volume')).toMatchObject({
        value: kept,
        modified: false,
        syncCount: pushes ? 3 : 2,
      });
      expect(asked.slice(1)).toEqual(
        pushes ? [expect.objectContaining({ write: [expect.objectContaining({ value: 'mine', syncCount: 2 })] })] : [],
      );
    },
  );

  it('[DV-SYNC-3] stops to ask before anything is stored, and keeps the conflicts', async () => {
    const { cache, local } = device();
    cache.store('prefs', [cached('volume', '11', 1, false)], 1);
    local.change(ID, 'prefs', 'volume', '7', T0 + 1);
    const { transport } = scripted({
      pages: [{ records: [remote('volume', '9', 2), remote('other', 'x', 2)], datasetSyncCount: 2 }],
    });

    expect(await synchronize('prefs', 'ask', { transport, cache })).toMatchObject({ status: 'conflicts' });
    expect(local.conflicts(ID, 'prefs')).toMatchObject([
      { local: { value: '7' }, remote: { value: '9', syncCount: 2 } },
    ]);
    expect(cache.lastSyncCount('prefs')).toBe(1);
    expect(cache.record('prefs', 'other')).toBeUndefined();
  });

  it('[DV-SYNC-4] pulls again from the oldest count it sent when the write is refused', async () => {
    const { cache } = device();
    cache.store('prefs', [cached('a', 'mine', 3, true), cached('b', 'mine', 5, true)], 5);
    const { transport, asked } = scripted({
      pages: [{ datasetSyncCount: 5 }, { records: [remote('a', 'theirs', 6, T0 - 1)], datasetSyncCount: 6 }],
      writes: [aws('ResourceConflictException'), [remote('a', 'mine', 7), remote('b', 'mine', 7)]],
    });

    expect(await synchronize('prefs', 'last-writer', { transport, cache })).toMatchObject({ status: 'synchronised' });
    expect(asked[2]).toEqual({ list: { lastSyncCount: 3 } });
    expect(asked[3]).toMatchObject({
      write: [
        { key: 'a', syncCount: 6 },
        { key: 'b', syncCount: 5 },
      ],
    });
    expect(cache.lastSyncCount('prefs')).toBe(7);
  });

  it('[DV-SYNC-4] gives up after three retries', async () => {
    const { cache } = device();
    cache.store('prefs', [cached('a', 'mine', 1, true)], 1);
    const { transport, asked } = scripted({
      pages: Array.from({ length: 4 }, () => ({ datasetSyncCount: 1 })),
      writes: Array.from({ length: 4 }, () => aws('ResourceConflictException')),
    });

    await expect(synchronize('prefs', 'local', { transport, cache })).rejects.toBeInstanceOf(RetriesExhausted);
    expect(asked).toHaveLength(8);
    expect(cache.record('prefs', 'a')).toMatchObject({ value: 'mine', modified: true });
  });

  it('[DV-SYNC-4] passes other refusals on at once', async () => {
    const { cache } = device();
    cache.store('prefs', [cached('a', 'mine', 1, true)], 1);
    const { transport, asked } = scripted({ pages: [{}], writes: [aws('LimitExceededException')] });

    await expect(synchronize('prefs', 'local', { transport, cache })).rejects.toThrow('LimitExceededException');
    expect(asked).toHaveLength(2);
  });

  it('[DV-SYNC-5] follows a deletion elsewhere, but keeps what was never sent', async () => {
    const { cache } = device();
    cache.store(
      'prefs',
      [cached('theirs', 'x', 2, false), cached('mine', 'y', 2, true), cached('gone', null, 2, true)],
      2,
    );
    const { transport, asked } = scripted({
      pages: [
        { exists: false, datasetSyncCount: 3 },
        { exists: false, datasetSyncCount: 3 },
      ],
      writes: [[remote('mine', 'y', 4)]],
    });

    await synchronize('prefs', 'last-writer', { transport, cache });

    expect(asked[2]).toMatchObject({ write: [{ op: 'replace', key: 'mine', syncCount: 0 }] });
    expect(cache.records('prefs')).toEqual([cached('mine', 'y', 4, false)]);
  });

  it('[DV-SYNC-5] reads a recreated dataset from its beginning, and does not mind the flag on a first pull', async () => {
    const { cache } = device();
    cache.store('prefs', [cached('old', 'x', 2, false)], 2);
    const { transport, asked } = scripted({
      pages: [
        { deletedSince: true, records: [remote('new', 'y', 5)], datasetSyncCount: 5 },
        { deletedSince: true, records: [remote('new', 'y', 5)], datasetSyncCount: 5 },
      ],
    });

    await synchronize('prefs', 'last-writer', { transport, cache });

    expect(asked).toEqual([{ list: { lastSyncCount: 2 } }, { list: { lastSyncCount: 0 } }]);
    expect(cache.records('prefs')).toEqual([cached('new', 'y', 5, false)]);
    expect(cache.lastSyncCount('prefs')).toBe(5);
  });

  it('[DV-SYNC-13] forgets what a whole listing lacks, and keeps what was never sent', async () => {
    const { cache } = device();
    cache.store(
      'prefs',
      [cached('gone', 'x', 2, false), cached('removed', null, 2, true), cached('mine', 'y', 2, true)],
      0,
    );
    const { transport, asked } = scripted({
      pages: [{ records: [remote('new', 'z', 5)], datasetSyncCount: 5 }],
      writes: [[remote('mine', 'y', 6)]],
    });

    await synchronize('prefs', 'last-writer', { transport, cache });

    expect(asked[1]).toMatchObject({ write: [{ op: 'replace', key: 'mine', syncCount: 0 }] });
    expect(cache.records('prefs')).toEqual([cached('mine', 'y', 6, false), cached('new', 'z', 5, false)]);
  });

  it('[DV-SYNC-6] counts on from the life before when it makes a deleted dataset anew', async () => {
    const { cache } = device();
    cache.store('prefs', [cached('a', 'mine', 0, true)], 0);
    const { transport } = scripted({
      pages: [{ exists: false, datasetSyncCount: 4 }],
      writes: [[remote('a', 'mine', 5)]],
    });

    await synchronize('prefs', 'last-writer', { transport, cache });

    expect(cache.lastSyncCount('prefs')).toBe(5);
  });

  it('[DV-RESOLVE-1] settles by a function, with third values dated now', async () => {
    const { cache, local } = device();
    cache.store('prefs', [cached('a', 'old', 1, false), cached('b', 'old', 1, false)], 1);
    local.change(ID, 'prefs', 'a', 'mine', T0 + 1);
    local.change(ID, 'prefs', 'b', 'mine', T0 + 1);
    const { transport, asked } = scripted({
      pages: [{ records: [remote('a', 'theirs', 2), remote('b', 'theirs', 2)], datasetSyncCount: 2 }],
      writes: [[remote('a', 'both', 3)]],
    });

    await synchronize(
      'prefs',
      async (conflicts) => conflicts.map(({ local: { key } }) => (key === 'a' ? { value: 'both' } : 'remote')),
      { transport, cache },
    );

    expect(asked[1]).toMatchObject({ write: [{ key: 'a', value: 'both', syncCount: 2, modifiedAt: T0 }] });
    expect(cache.record('prefs', 'b')).toEqual(cached('b', 'theirs', 2, false));
  });

  it('[DV-SYNC-6] leaves the last count when others wrote in between', async () => {
    const { cache } = device();
    cache.store('prefs', [cached('a', 'mine', 1, true)], 1);
    const { transport } = scripted({ pages: [{ datasetSyncCount: 4 }], writes: [[remote('a', 'mine', 6)]] });

    await synchronize('prefs', 'local', { transport, cache });

    expect(cache.lastSyncCount('prefs')).toBe(4);
    expect(cache.record('prefs', 'a')).toEqual(cached('a', 'mine', 6, false));
  });

  it('[DV-SYNC-7] keeps a value that was written while the push was under way', async () => {
    const { cache, local } = device();
    cache.store('prefs', [cached('a', 'first', 1, true)], 1);
    const { transport } = scripted({ pages: [{ datasetSyncCount: 1 }] });
    const busy: SyncTransport = {
      ...transport,
      async updateRecords(_dataset, patches) {
        local.change(ID, 'prefs', 'a', 'second', T0 + 7);
        return written(patches, 2);
      },
    };

    await synchronize('prefs', 'local', { transport: busy, cache });

    expect(cache.record('prefs', 'a')).toMatchObject({ value: 'second', syncCount: 2, modified: true });
  });

  it('[DV-SYNC-8] deletes on the store what was deleted here, also when it is gone there already', async () => {
    const { cache, local } = device();
    cache.store('prefs', [cached('a', 'x', 1, false)], 1);
    local.markDeleted(ID, 'prefs');
    const { transport, asked } = scripted({ deletions: [aws('ResourceNotFoundException')] });

    expect(await synchronize('prefs', 'local', { transport, cache })).toEqual({ status: 'deleted' });
    expect(asked).toEqual([{ delete: 'prefs' }]);
    expect(local.dataset(ID, 'prefs')).toBeUndefined();
  });

  it('[DV-SYNC-8] keeps the mark when the deletion fails', async () => {
    const { cache, local } = device();
    local.markDeleted(ID, 'prefs');
    const { transport } = scripted({ deletions: [aws('TooManyRequestsException')] });

    await expect(synchronize('prefs', 'local', { transport, cache })).rejects.toThrow('TooManyRequestsException');
    expect(cache.lastSyncCount('prefs')).toBe(DELETED_HERE);
  });

  it('[DV-SYNC-8] starts a new life with what was written after the deletion', async () => {
    const { cache, local } = device();
    cache.store('prefs', [cached('old', 'x', 1, false)], 1);
    local.markDeleted(ID, 'prefs');
    local.change(ID, 'prefs', 'new', 'y', T0);
    const { transport, asked } = scripted({
      pages: [{ exists: false, datasetSyncCount: 1 }],
      writes: [[remote('new', 'y', 2)]],
    });

    expect(await synchronize('prefs', 'local', { transport, cache })).toMatchObject({
      status: 'synchronised',
      pushed: 1,
    });
    expect(asked[0]).toEqual({ delete: 'prefs' });
  });

  it('[DV-SYNC-9] sends an empty string as a value and a removal without one, and takes tombstones over', async () => {
    const { cache } = device();
    cache.store(
      'prefs',
      [cached('empty', '', 1, true), cached('gone', null, 1, true), cached('theirs', 'x', 1, false)],
      1,
    );
    const { transport, asked } = scripted({
      pages: [{ records: [remote('theirs', null, 2)], datasetSyncCount: 2 }],
      writes: [[remote('empty', '', 3), remote('gone', null, 3)]],
    });

    await synchronize('prefs', 'local', { transport, cache });

    expect(asked[1]).toMatchObject({
      write: [
        { op: 'replace', key: 'empty', value: '' },
        { op: 'remove', key: 'gone' },
      ],
    });
    expect(cache.records('prefs').map(({ key, value }) => [key, value])).toEqual([
      ['empty', ''],
      ['gone', null],
      ['theirs', null],
    ]);
  });

  it('[DV-SYNC-10] reads every page under one session token and writes with it', async () => {
    const { cache } = device();
    cache.store('prefs', [cached('mine', 'x', 0, true)], 0);
    const { transport, asked } = scripted({
      pages: [
        { records: [remote('a', '1', 1)], datasetSyncCount: 2, nextToken: 'two' },
        { records: [remote('b', '2', 2)], datasetSyncCount: 2 },
      ],
      writes: [[remote('mine', 'x', 3)]],
    });

    expect(await synchronize('prefs', 'local', { transport, cache })).toMatchObject({ pulled: 2, pushed: 1 });
    expect(asked).toMatchObject([
      { list: { lastSyncCount: 0 } },
      { list: { lastSyncCount: 0, sessionToken: 'session', nextToken: 'two' } },
      { sessionToken: 'session' },
    ]);
  });

  it('[DV-MERGE-1] notes merged guest datasets and goes on', async () => {
    const { cache, local } = device();
    const { transport } = scripted({ pages: [{ exists: false, mergedDatasetNames: ['prefs.us-east-1:0'] }] });

    expect(await synchronize('prefs', 'local', { transport, cache })).toMatchObject({ status: 'synchronised' });
    expect(local.dataset(ID, 'prefs')?.mergedNames).toEqual(['prefs.us-east-1:0']);
  });
});
