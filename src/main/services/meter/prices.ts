import type { UsageLine } from '../../../shared/sync-views.ts';

/** US dollars, by AWS's price lists; a free tier of the first twelve months is given as if it still ran. */

export const GIGABYTE = 2 ** 30;

interface Tier {
  /** Up to this many in all. */
  readonly upTo: number;
  readonly price: number;
}

interface Tariff {
  readonly free: number;
  readonly tiers: readonly Tier[];
}

export const SYNC_OPERATIONS: Tariff = { free: 1_000_000, tiers: [{ upTo: Infinity, price: 0.15 / 10_000 }] };
/** GB-months. */
export const SYNC_STORE: Tariff = { free: 10, tiers: [{ upTo: Infinity, price: 0.15 }] };
/** The rates of the tiers are from memory. */
export const ACTIVE_USERS: Tariff = {
  free: 50_000,
  tiers: [
    { upTo: 100_000, price: 0.0055 },
    { upTo: 1_000_000, price: 0.0046 },
    { upTo: 10_000_000, price: 0.003_25 },
    { upTo: Infinity, price: 0.0025 },
  ],
};

export function priced(count: number, tariff: Tariff): UsageLine {
  return {
    count,
    free: tariff.free,
    billable: Math.max(0, count - tariff.free),
    cost: between(tariff.free, count, tariff),
    costWithoutFreeTier: between(0, count, tariff),
  };
}

function between(from: number, to: number, { tiers }: Tariff): number {
  let cost = 0;
  let below = 0;
  for (const { upTo, price } of tiers) {
    cost += Math.max(0, Math.min(to, upTo) - Math.max(from, below)) * price;
    below = upTo;
  }
  return cost;
}
