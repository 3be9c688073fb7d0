import { expect, it } from 'vitest';
import { SynchroniseRounds } from '../../../src/main/services/meter/synchronise-rounds.ts';

const sync = { account: '0', identityId: 'i', datasetName: 'd', caller: 'phone' };

/** `l`: lists nothing, `r`: lists records, `w`: writes, `c`: meets a conflict, `.`: is silent for two minutes. */
function synchronises(calls: string, rounds = new SynchroniseRounds()): number {
  let at = 0;
  let count = 0;
  for (const call of calls) {
    at += call === '.' ? 120_000 : 10;
    if (call === 'l' || call === 'r') count += Number(rounds.began(sync, call === 'r', at));
    else if (call === 'w') count += Number(rounds.wrote(sync, at));
    else if (call === 'c') rounds.conflicted(sync, at);
  }
  return count;
}

it.each([
  ['l', 1, 'nothing new'],
  ['ll', 2, 'nothing new, twice'],
  ['rl', 1, 'amazon-cognito-js: records came in, and it lists again'],
  ['lwl', 1, 'amazon-cognito-js: it writes, and lists again'],
  ['rlwl', 1, 'amazon-cognito-js: both'],
  ['lwllwl', 2, 'amazon-cognito-js: two writes'],
  ['lw', 1, 'Android: it writes and is done'],
  ['lwlw', 2, 'Android: two writes'],
  ['lwlwlw', 3, 'Android: three writes'],
  ['lcrw', 1, 'a conflict on the way'],
  ['lw.l', 2, 'a listing long after a write'],
  ['r.l', 2, 'a listing long after another'],
])('[MT-SYNC-2] %s is %i synchronise calls: %s', (calls, count) => {
  expect(synchronises(calls)).toBe(count);
});

it('[MT-SYNC-2] two devices do not meet', () => {
  const rounds = new SynchroniseRounds();
  expect(rounds.began(sync, true, 0)).toBe(true);
  expect(rounds.began({ ...sync, caller: 'tablet' }, false, 1)).toBe(true);
  expect(rounds.began({ ...sync, datasetName: 'other' }, false, 1)).toBe(true);
  expect(rounds.began(sync, false, 2)).toBe(false);
});
