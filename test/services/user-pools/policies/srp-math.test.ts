import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { createPowers, SRP_GENERATOR, SRP_MODULUS } from '../../../../src/main/kernel/powers.ts';
import {
  formatTimestamp,
  pad,
  parseTimestamp,
  privateKey,
  proof,
  publicValue,
  scrambling,
  sessionKey,
  sharedSecret,
  type SrpGroup,
  verifier,
} from '../../../../src/main/services/user-pools/policies/srp-math.ts';

const powers = createPowers();
const group: SrpGroup = { modulus: SRP_MODULUS, generator: SRP_GENERATOR, power: powers.power };
afterAll(() => powers.stop());

/** The values that were checked with amazon-cognito-identity-js. */
const VECTOR = {
  poolName: 'AbCdEf123',
  userId: '34c84488-e0e1-70ae-d2ee-991ad1a898c8',
  password: 'Passw0rd!',
  salt: '8606a52510686d9ae1b5e41648e8eead',
  a: 0x4d418c7d05dc2e3bd3bf93f27aacc9581ad169d32e6cc20d804ce0dbcb19a6ccn,
  b: 0x852270fe1a4894159b71bc16d510bacedb86edddbe15486940ccf4ff82408df1n,
  secretBlock: 'cG9vbGJlbmNoIHNlY3JldCBibG9jaw==',
  timestamp: 'Tue Sep 1 01:02:03 UTC 2026',
};

describe('SRP', () => {
  it('rests on the group of RFC 3526', () => {
    const bytes = Buffer.from(SRP_MODULUS.toString(16), 'hex');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '48cf8b092fbce4359d9871abf74f98e25b6163379eaa15cd9087e800c6d1c55c',
    );
  });

  it('[UP-AUTH-8] computes what amazon-cognito-identity-js computes, from salt to signature', async () => {
    const x = privateKey(VECTOR.salt, VECTOR.poolName, VECTOR.userId, VECTOR.password);
    expect(x.toString(16)).toBe('8fee2b5fe92797fc7f5a79220fc8d47be431fa9a8711fd80035d955c779297ec');
    const v = await verifier(group, x);
    expect(v.toString(16)).toMatch(/^f996a5f11f247e1bdb1f3c7b9f717e5c/);
    const A = await group.power(group.generator, VECTOR.a);
    expect(A.toString(16)).toMatch(/^f822d938766e3a6e6575c967cf742d83.*be1a808b892c57817e1313d8ebaf0a73$/);
    const B = await publicValue(group, v, VECTOR.b);
    expect(B.toString(16)).toMatch(/^1b3f934bb7853ce4c402646ba76530ca.*8021e600c58aafab964b449a65ed1b0b$/);
    const u = scrambling(A, B);
    expect(u.toString(16)).toBe('2050f65ff318cc1289730b02d9ab349b1d7293e71e2b6240ef830e2ffb3c9e9b');
    const secret = await sharedSecret(group, { A, v, u, b: VECTOR.b });
    expect(secret.toString(16)).toMatch(/d8c4b53bf93d18f6164cc5250efff023$/);
    const key = sessionKey(u, secret);
    expect(key.toString('hex')).toBe('0533572c57ca4836a66ad82c811514fb');
    expect(proof(key, VECTOR).toString('base64')).toBe('UiosdCpLDeo7xMvyHwc9f3uHIE9RqYBkctF34/BlUs0=');
  });

  it.each([
    [0n, '00'],
    [1n, '01'],
    [0x7fn, '7f'],
    [0x80n, '0080'],
    [0x100n, '0100'],
    [0xfffn, '0fff'],
    [0x8fffn, '008fff'],
  ])('pads %s to %s', (value, text) => {
    expect(pad(value)).toBe(text);
  });
});

describe('[UP-AUTH-9] timestamps', () => {
  it('are written as the clients write them', () => {
    expect(formatTimestamp(new Date('2026-09-01T01:02:03Z'))).toBe('Tue Sep 1 01:02:03 UTC 2026');
    expect(parseTimestamp('Tue Sep 1 01:02:03 UTC 2026')).toEqual(new Date('2026-09-01T01:02:03Z'));
    expect(parseTimestamp('Thu Dec 31 23:59:59 UTC 2026')).toEqual(new Date('2026-12-31T23:59:59Z'));
  });

  it.each([
    'Tue Sep 01 01:02:03 UTC 2026',
    'Mon Sep 1 01:02:03 UTC 2026',
    'Tue Sep 1 1:02:03 UTC 2026',
    'Tue Sep 1 01:02:03 GMT 2026',
    'Tue Sep 31 01:02:03 UTC 2026',
    'Di Sep 1 01:02:03 UTC 2026',
    '2026-09-01T01:02:03Z',
    '',
  ])('are not read from %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});
