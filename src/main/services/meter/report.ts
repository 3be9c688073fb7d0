import type { UsageReport } from '../../../shared/sync-views.ts';
import type { Services } from '../services.ts';
import { ACTIVE_USERS, GIGABYTE, priced, SYNC_OPERATIONS, SYNC_STORE } from './prices.ts';

type Needs = Pick<Services, 'usage'>;

const DAY = 86_400_000;

/** What a month would be billed, and its days for a chart. */
export function usageReport(account: string, month: string, now: Date, { usage }: Needs): UsageReport {
  const [from, to] = monthOf(month);
  const until = Math.max(from, Math.min(now.getTime(), to));
  const counted = new Map(usage.days(account, month).map((day) => [day.day, day]));
  const newUsers = new Map(usage.newActiveUsers(account, month).map(({ day, users }) => [day, users]));
  const byPool = usage.activeUsers(account, month);

  const days: UsageReport['days'][number][] = [];
  for (let at = from; at < until; at += DAY) {
    const day = new Date(at).toISOString().slice(0, 10);
    const end = Math.min(at + DAY, until);
    days.push({
      day,
      apiOperations: counted.get(day)?.sessionTokens ?? 0,
      sdkOperations: counted.get(day)?.synchronizations ?? 0,
      bytes: Math.round(byteSeconds(account, at, end, { usage }) / ((end - at) / 1000)),
      newActiveUsers: newUsers.get(day) ?? 0,
    });
  }
  const sum = (read: (day: { sessionTokens: number; synchronizations: number }) => number): number =>
    [...counted.values()].reduce((total, day) => total + read(day), 0);
  const api = priced(
    sum(({ sessionTokens }) => sessionTokens),
    SYNC_OPERATIONS,
  );
  const sdk = priced(
    sum(({ synchronizations }) => synchronizations),
    SYNC_OPERATIONS,
  );
  const gigabyteMonths = byteSeconds(account, from, until, { usage }) / ((to - from) / 1000) / GIGABYTE;
  const storage = priced(gigabyteMonths, SYNC_STORE);
  const users = priced(
    byPool.reduce((total, pool) => total + pool.users, 0),
    ACTIVE_USERS,
  );
  return {
    month,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    syncOperations: { api, sdk },
    storage: { ...storage, bytesNow: usage.bytes(account) },
    activeUsers: { ...users, byPool },
    total: api.cost + storage.cost + users.cost,
    days,
  };
}

/** First and last instant of `2026-11`, in UTC. */
function monthOf(month: string): [from: number, to: number] {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return [Date.UTC(year, number - 1), Date.UTC(year, number)];
}

function byteSeconds(account: string, from: number, until: number, needs: Needs): number {
  return cumulative(account, until, needs) - cumulative(account, from, needs);
}

/** Size times seconds up to an instant, a full hour or later than every change. */
function cumulative(account: string, at: number, { usage }: Needs): number {
  const mark = usage.markBefore(account, at);
  return mark ? mark.byteSeconds + (mark.bytes * (at - mark.at)) / 1000 : 0;
}
