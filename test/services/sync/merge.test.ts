import { describe, expect, it } from 'vitest';
import { mergePatches, syncLimits, type MergeInput } from '../../../src/main/services/sync/merge.ts';
import type { StoredRecord } from '../../../src/main/store/repositories/datasets.ts';

const NOW = Date.parse('2016-02-01T10:00:00Z');
const MEGABYTE = 1_048_576;

function stored(key: string, value: string | null, syncCount: number): StoredRecord {
  return { key, value, syncCount, modifiedAt: 1, modifiedBy: 'someone', deviceModifiedAt: null };
}

/** A dataset at count 7 that holds `a` = `one` (changed at 5) and the tombstone of `gone` (changed at 7). */
function merge(patches: MergeInput['patches'], changes: Partial<MergeInput> = {}) {
  const records = new Map([stored('a', 'one', 5), stored('gone', null, 7)].map((record) => [record.key, record]));
  return mergePatches({
    dataset: { isPresent: true, syncCount: 7, recordCount: 1, bytes: 4 },
    identity: { datasets: 1, bytes: 4 },
    current: (key) => records.get(key),
    patches,
    limits: syncLimits('seed'),
    now: NOW,
    by: 'me',
    ...changes,
  });
}

function change(outcome: ReturnType<typeof merge>) {
  if (!outcome.ok) throw outcome.refusal.fault;
  return outcome.change;
}

function refusal(outcome: ReturnType<typeof merge>) {
  if (outcome.ok) throw new Error('was accepted');
  return {
    rule: outcome.refusal.rule,
    code: outcome.refusal.fault.code,
    message: outcome.refusal.fault.message,
  };
}

const replace = (Key: string, Value: string, SyncCount: number) => ({ Op: 'replace' as const, Key, Value, SyncCount });
const remove = (Key: string, SyncCount: number) => ({ Op: 'remove' as const, Key, SyncCount });

describe('counts', () => {
  it('[SY-UPDATE-1] gives every patched record the dataset’s next count', () => {
    const { syncCount, records } = change(merge([replace('a', 'two', 5), replace('b', 'new', 0)]));
    expect(syncCount).toBe(8);
    expect(records.map((record) => [record.key, record.value, record.syncCount])).toEqual([
      ['a', 'two', 8],
      ['b', 'new', 8],
    ]);
    expect(records[0]).toMatchObject({ modifiedAt: NOW, modifiedBy: 'me' });
  });

  it.each([
    ['the record’s own count', replace('a', 'two', 5)],
    ['the dataset’s count', replace('a', 'two', 7)],
    ['a count above the dataset’s', replace('a', 'two', 99)],
    ['a tombstone’s count', replace('gone', 'back', 7)],
    ['any count for a new key', replace('b', 'new', 4)],
  ])('[SY-UPDATE-4] takes %s', (_, patch) => {
    expect(merge([patch]).ok).toBe(true);
  });

  it.each([
    ['a record that changed since', replace('a', 'two', 4), 'Current SyncCount for: a is: 5 not: 4'],
    ['a removal of one that changed since', remove('a', 0), 'Current SyncCount for: a is: 5 not: 0'],
    ['a record that was removed since', replace('gone', 'back', 6), 'Current SyncCount for: gone is: 7 not: 6'],
    ['a count below zero', replace('b', 'new', -1), 'Current SyncCount for: b is: 0 not: -1'],
  ])('[SY-UPDATE-3] refuses %s', (_, patch, message) => {
    expect(refusal(merge([replace('ok', 'x', 0), patch]))).toEqual({
      rule: 'SY-UPDATE-3',
      code: 'ResourceConflictException',
      message,
    });
  });

  it('[SY-UPDATE-5] refuses the same key twice', () => {
    expect(refusal(merge([replace('b', '1', 0), remove('b', 0)]))).toMatchObject({
      rule: 'SY-UPDATE-5',
      code: 'InvalidParameterException',
    });
  });

  it('[SY-UPDATE-6] refuses to replace by nothing, and takes an empty text for a value', () => {
    expect(refusal(merge([{ Op: 'replace', Key: 'b', SyncCount: 0 }])).rule).toBe('SY-UPDATE-6');
    expect(change(merge([replace('b', '', 0)])).records[0]?.value).toBe('');
  });

  it('[SY-UPDATE-6] leaves a tombstone for a removal, whatever value came with it, also of an absent key', () => {
    const { records } = change(merge([{ ...remove('a', 5), Value: '' }, remove('never', 0)]));
    expect(records.map((record) => [record.key, record.value])).toEqual([
      ['a', null],
      ['never', null],
    ]);
  });
});

describe('sizes', () => {
  it.each([
    ['a new record', [replace('key', 'ä', 0)], 2, 4 + 3 + 2],
    ['a longer value', [replace('a', 'longer', 5)], 1, 1 + 6],
    ['a removal', [remove('a', 5)], 0, 0],
    ['a removal of a tombstone', [remove('gone', 7)], 1, 4],
    ['a record that comes back', [replace('gone', 'x', 7)], 2, 4 + 5],
  ])('[SY-LIMIT-2] counts keys and values in UTF-8 for %s', (_, patches, recordCount, bytes) => {
    expect(change(merge(patches))).toMatchObject({ recordCount, bytes });
  });
});

describe('limits', () => {
  const full = { isPresent: true, syncCount: 7, recordCount: 1024, bytes: 4 };

  it('[SY-LIMIT-1] refuses the 1,025th record, and lets a full dataset change and shrink', () => {
    expect(refusal(merge([replace('b', '', 0)], { dataset: full }))).toMatchObject({
      rule: 'SY-LIMIT-1',
      code: 'LimitExceededException',
    });
    expect(merge([replace('a', 'two', 5)], { dataset: full }).ok).toBe(true);
    expect(change(merge([remove('a', 5), replace('b', '', 0)], { dataset: full })).recordCount).toBe(1024);
  });

  it('[SY-LIMIT-2] takes a dataset of exactly 1 MB and refuses one byte more', () => {
    const room = MEGABYTE - 4;
    expect(change(merge([replace('k', 'x'.repeat(room - 1), 0)])).bytes).toBe(MEGABYTE);
    expect(refusal(merge([replace('k', 'x'.repeat(room), 0)])).rule).toBe('SY-LIMIT-2');
  });

  it('[SY-LIMIT-3] refuses what takes the identity over 20 MB', () => {
    const identity = { datasets: 3, bytes: 20 * MEGABYTE - 1 };
    expect(refusal(merge([replace('ab', 'x', 0)], { identity })).rule).toBe('SY-LIMIT-3');
    expect(merge([replace('b', '', 0)], { identity }).ok).toBe(true);
  });

  it('[SY-LIMIT-4] refuses a 21st dataset, but not a write to one of twenty', () => {
    const none = { isPresent: false, syncCount: 0, recordCount: 0, bytes: 0 };
    const identity = { datasets: 20, bytes: 100 };
    expect(refusal(merge([replace('b', 'x', 0)], { dataset: none, identity }))).toMatchObject({
      rule: 'SY-LIMIT-4',
      code: 'LimitExceededException',
    });
    expect(merge([replace('b', 'x', 0)], { identity }).ok).toBe(true);
  });

  it('[SY-LIMIT-5] lets an identity above its limits shrink', () => {
    const identity = { datasets: 25, bytes: 30 * MEGABYTE };
    const dataset = { isPresent: true, syncCount: 7, recordCount: 2000, bytes: 2 * MEGABYTE };
    expect(merge([remove('a', 5)], { identity, dataset }).ok).toBe(true);
  });

  it('[SY-LIMIT-6] has no limits when they are off', () => {
    const identity = { datasets: 25, bytes: 30 * MEGABYTE };
    expect(merge([replace('b', 'x', 0)], { identity, dataset: full, limits: syncLimits('off') }).ok).toBe(true);
    expect(syncLimits('current')).toEqual(syncLimits('seed'));
  });
});
