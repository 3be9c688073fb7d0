import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/main/kernel/ids.ts';
import { secureRandom, seededRandom } from '../../src/main/kernel/random.ts';

describe('chance', () => {
  it('repeats itself for the same seed and not for another', () => {
    const draw = (seed: number): string[] => {
      const ids = createIds(seededRandom(seed));
      return [ids.userPool('us-east-1'), ids.uuid(), ids.code(6), ids.opaque(40)];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('gives identifiers in the forms that clients parse', () => {
    const ids = createIds(secureRandom);
    expect(ids.userPool('eu-west-1')).toMatch(/^eu-west-1_[0-9A-Za-z]{9}$/);
    expect(ids.appClient()).toMatch(/^[a-z0-9]{26}$/);
    expect(ids.clientSecret()).toMatch(/^[a-z0-9]{51}$/);
    expect(ids.identity('us-east-1')).toMatch(
      /^us-east-1:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(ids.temporaryAccessKey()).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(ids.secretKey()).toHaveLength(40);
    expect(ids.code(6)).toMatch(/^\d{6}$/);
  });

  it('draws every value below a limit', () => {
    const random = seededRandom(1);
    const seen = new Set(Array.from({ length: 500 }, () => random.below(10)));
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
