import { describe, expect, it } from 'vitest';
import { issueSessionToken, readSessionToken } from '../../../src/main/services/sync/session-token.ts';

const KEY = Buffer.alloc(32, 1);
const SESSION = Buffer.alloc(16, 2);
const NOW = Date.parse('2016-02-01T10:00:00Z');
const HOUR = 3_600_000;
const PLACE = { identityPoolId: 'us-east-1:pool', identityId: 'us-east-1:me', datasetName: 'settings' };

const token = issueSessionToken(KEY, SESSION, PLACE, NOW);
const read = (text: string, place = PLACE, now = NOW, key = KEY) => readSessionToken(key, text, place, now, HOUR);

describe('session tokens', () => {
  it('[SY-SESSION-1] carries the session and its end', () => {
    expect(read(token)).toEqual({ ok: true, session: { id: SESSION.toString('base64url'), expiresAt: NOW + HOUR } });
    expect(token).toMatch(/^[\w-]+$/);
  });

  it.each([
    ['dataset', { ...PLACE, datasetName: 'other' }],
    ['identity', { ...PLACE, identityId: 'us-east-1:you' }],
    ['pool', { ...PLACE, identityPoolId: 'us-east-1:lake' }],
  ])('[SY-SESSION-2] is foreign to another %s', (_, place) => {
    expect(read(token, place)).toEqual({ ok: false, why: 'foreign' });
  });

  it.each([
    ['nothing', ''],
    ['another text', 'not-a-token'],
    ['a cut one', token.slice(0, -1)],
    ['a longer one', `${token}A`],
    ['text of the right length that is no Base64', '*'.repeat(token.length)],
  ])('[SY-SESSION-2] is forged when it is %s', (_, text) => {
    expect(read(text)).toEqual({ ok: false, why: 'forged' });
  });

  it('[SY-SESSION-2] is forged when any byte was altered, or another key made it', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const altered = Buffer.from(bytes);
      altered[index]! ^= 1;
      expect(read(altered.toString('base64url'))).toEqual({ ok: false, why: 'forged' });
    }
    expect(read(token, PLACE, NOW, Buffer.alloc(32, 9))).toEqual({ ok: false, why: 'forged' });
  });

  it('[SY-SESSION-5] ends after an hour', () => {
    expect(read(token, PLACE, NOW + HOUR - 1).ok).toBe(true);
    expect(read(token, PLACE, NOW + HOUR)).toEqual({ ok: false, why: 'expired' });
  });
});
