import { afterAll, describe, expect, it } from 'vitest';
import { SRP_GENERATOR, SRP_MODULUS, createPowers } from '../../src/main/kernel/powers.ts';
import { seededRandom } from '../../src/main/kernel/random.ts';

/** Square and multiply, written apart from the worker's. */
function slowPower(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  const half = slowPower(base, exponent >> 1n);
  const square = (half * half) % SRP_MODULUS;
  return exponent & 1n ? (square * base) % SRP_MODULUS : square;
}

describe('powers in the group of SRP', () => {
  const powers = createPowers();
  afterAll(() => powers.stop());
  const random = seededRandom(3);
  const big = (bytes: number): bigint => BigInt(`0x${random.bytes(bytes).toString('hex')}`);

  it.each([
    ['zero', 5n, 0n],
    ['one', 5n, 1n],
    ['two', 5n, 2n],
    ['an odd exponent of 256 bits', SRP_GENERATOR, big(32) | 1n],
    ['an even exponent of 256 bits', SRP_GENERATOR, (big(32) >> 1n) << 1n],
    ['an exponent of 1,024 bits', big(384), big(128)],
    ['a base above the modulus', SRP_MODULUS + 5n, big(32)],
    ['a base of zero', 0n, big(32)],
  ])('agree with arithmetic for %s', async (_name, base, exponent) => {
    expect(await powers.power(base, exponent)).toBe(base === 0n ? 0n : slowPower(base % SRP_MODULUS, exponent));
  });

  it('answer many at once, each its own', async () => {
    const exponents = Array.from({ length: 20 }, (_, index) => BigInt(index + 3));
    const results = await Promise.all(exponents.map((exponent) => powers.power(2n, exponent)));
    expect(results).toEqual(exponents.map((exponent) => 2n ** exponent));
  });
});
