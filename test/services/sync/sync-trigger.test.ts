import type { RecordPatch } from '../../../src/shared/aws/cognito-sync.ts';
import { describe, expect, it } from 'vitest';
import { eventRecords, patchesOf } from '../../../src/main/services/sync/sync-trigger.ts';
import type { StoredRecord } from '../../../src/main/store/repositories/datasets.ts';

const stored = (key: string, value: string | null, syncCount: number): [string, StoredRecord] => [
  key,
  { key, value, syncCount, modifiedAt: 0, modifiedBy: 'me', deviceModifiedAt: null },
];
const current = new Map([stored('kept', 'k', 1), stored('changed', 'old', 2), stored('gone', null, 3)]);
const replace = (Key: string, Value: string, SyncCount = 0) => ({ Op: 'replace' as const, Key, Value, SyncCount });
const remove = (Key: string, SyncCount = 0) => ({ Op: 'remove' as const, Key, SyncCount });

describe('what the function sees', () => {
  it('[SY-EVENT-3] is every record, tombstones as null, and the write upon them', () => {
    const patches = [replace('changed', 'new', 2), replace('added', 'a'), remove('kept', 1)];
    expect(eventRecords(current, patches)).toEqual({
      kept: { oldValue: 'k', op: 'remove' },
      changed: { oldValue: 'old', newValue: 'new', op: 'replace' },
      gone: null,
      added: { newValue: 'a', op: 'replace' },
    });
    expect(eventRecords(current, [replace('gone', 'back', 3)])).toMatchObject({
      kept: { oldValue: 'k', newValue: 'k', op: 'replace' },
      gone: { newValue: 'back', op: 'replace' },
    });
    expect(eventRecords(new Map(), [replace('__proto__', 'x')])).toHaveProperty(['__proto__'], {
      newValue: 'x',
      op: 'replace',
    });
  });
});

describe('[SY-EVENT-4] what is written', () => {
  const cases: [string, Parameters<typeof patchesOf>[0], RecordPatch[], RecordPatch[]][] = [
    [
      'is the write where the function changes nothing',
      eventRecords(current, [replace('changed', 'new', 2)]),
      [replace('changed', 'new', 2)],
      [replace('changed', 'new', 2)],
    ],
    [
      'is the value that the function gives',
      { changed: { newValue: 'better', op: 'replace' } },
      [replace('changed', 'new', 2)],
      [replace('changed', 'better', 2)],
    ],
    ['leaves out what the answer leaves out', {}, [replace('changed', 'new', 2)], []],
    ['removes for null', { changed: null }, [replace('changed', 'new', 2)], [remove('changed', 2)]],
    ['removes what was not part of the write', { kept: { op: 'remove' } }, [], [remove('kept', 1)]],
    ['adds a key', { added: { newValue: 'a', op: 'replace' } }, [], [replace('added', 'a')]],
    ['changes another key under its count', { kept: { newValue: 'K', op: 'replace' } }, [], [replace('kept', 'K', 1)]],
    ['revives a tombstone under its count', { gone: { newValue: 'b', op: 'replace' } }, [], [replace('gone', 'b', 3)]],
    ['does not remove what is not there', { gone: null, none: null }, [], []],
    [
      'turns a removal into a value',
      { kept: { newValue: 'k2', op: 'replace' } },
      [remove('kept', 1)],
      [replace('kept', 'k2', 1)],
    ],
  ];
  it.each(cases)('%s', (_title, answer, patches, written) => {
    const plain = patchesOf(answer, current, patches).map((patch) =>
      patch.Op === 'remove' ? remove(patch.Key, patch.SyncCount) : patch,
    );
    expect(plain).toEqual(written);
  });
});
