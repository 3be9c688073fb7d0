import { describe, expect, it } from 'vitest';
import { ACTIVE_USERS, priced, SYNC_OPERATIONS, SYNC_STORE } from '../../../src/main/services/meter/prices.ts';

describe('[MT-PRICE-1] prices', () => {
  it.each([
    ['sync operations', SYNC_OPERATIONS, 0, 0, 0],
    ['sync operations', SYNC_OPERATIONS, 1_000_000, 0, 15],
    ['sync operations', SYNC_OPERATIONS, 3_000_000, 30, 45],
    ['GB-months', SYNC_STORE, 10, 0, 1.5],
    ['GB-months', SYNC_STORE, 12.5, 0.375, 1.875],
    ['users', ACTIVE_USERS, 50_000, 0, 275],
    ['users', ACTIVE_USERS, 100_000, 275, 550],
    ['users', ACTIVE_USERS, 1_000_100, 275 + 4_140 + 0.325, 550 + 4_140 + 0.325],
  ])('of %s', (_what, tariff, count, cost, withoutFreeTier) => {
    const line = priced(count, tariff);
    expect(line.cost).toBeCloseTo(cost, 6);
    expect(line.costWithoutFreeTier).toBeCloseTo(withoutFreeTier, 6);
    expect(line.billable).toBeCloseTo(Math.max(0, count - tariff.free), 6);
  });
});
