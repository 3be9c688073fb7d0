import { delay } from '../../kernel/scheduler.ts';
import type { StorageMark } from '../../store/repositories/usage.ts';
import type { MeteredSync, Services, UsageMeter } from '../services.ts';
import { activeUserOf } from './active-users.ts';
import { usageReport } from './report.ts';
import { SynchroniseRounds } from './synchronise-rounds.ts';

type Needs = Pick<Services, 'bus' | 'clock' | 'log' | 'store' | 'usage'>;

/** Real time: how much counting a crash may lose. [MT-KEEP-1] */
const FLUSH_MILLISECONDS = 1000;
const HOUR = 3_600_000;
const MOST_REMEMBERED_USERS = 100_000;

interface Counts {
  tokens: number;
  synchronizations: number;
}

interface Seen {
  readonly account: string;
  readonly userPoolId: string;
  readonly username: string;
  readonly at: number;
}

/** What was counted since the last write to disk. */
class Pending {
  /** By account and day. */
  readonly counts = new Map<string, Counts>();
  /** The store's size, by account and hour. */
  readonly marks = new Map<string, { readonly account: string; readonly mark: StorageMark }>();
  readonly users: Seen[] = [];
}

/** Counts in memory and writes once a second, so that no call pays for it with a write of its own. */
export function createUsageMeter({ bus, clock, log, store, usage }: Needs): UsageMeter {
  const rounds = new SynchroniseRounds();
  const remembered = new Set<string>();
  const newestMarks = new Map<string, StorageMark>();
  const stopping = new AbortController();
  let pending = new Pending();
  let isFlushDue = false;

  const write = ({ counts, marks, users }: Pending): void => {
    store.write(() => {
      for (const [key, { tokens, synchronizations }] of counts) {
        const [account, day] = key.split(' ') as [string, string];
        usage.count(account, day, tokens, synchronizations);
      }
      for (const { account, mark } of marks.values()) usage.putMark(account, mark);
      for (const { account, userPoolId, username, at } of users) {
        usage.seen(account, new Date(at).toISOString().slice(0, 7), userPoolId, username, at);
      }
    });
  };

  const flush = (): void => {
    isFlushDue = false;
    if (pending.counts.size + pending.marks.size + pending.users.length === 0) return;
    write(pending);
    pending = new Pending();
    // The store has them now, and a restored snapshot would have others.
    newestMarks.clear();
  };

  const flushSoon = (): void => {
    if (isFlushDue || stopping.signal.aborted) return;
    isFlushDue = true;
    delay(FLUSH_MILLISECONDS, stopping.signal).then(
      () => {
        try {
          flush();
        } catch (error) {
          // A full disk, for one: what was counted stays, and the next second tries again.
          log.error({ err: error }, 'the usage could not be written');
        }
      },
      // The bench stops, and writes what is left by itself.
      () => {},
    );
  };

  const countsOf = (account: string, at: Date): Counts => {
    const key = `${account} ${at.toISOString().slice(0, 10)}`;
    let counts = pending.counts.get(key);
    if (!counts) {
      counts = { tokens: 0, synchronizations: 0 };
      pending.counts.set(key, counts);
    }
    flushSoon();
    return counts;
  };

  const weigh = (account: string): void => {
    const bytes = usage.bytes(account);
    const last = newestMarks.get(account) ?? usage.newestMark(account);
    if (last?.bytes === bytes) return;
    // A clock that was set back adds nothing twice.
    const at = Math.max(clock.millis(), last?.at ?? 0);
    const mark = { at, bytes, byteSeconds: last ? last.byteSeconds + (last.bytes * (at - last.at)) / 1000 : 0 };
    newestMarks.set(account, mark);
    pending.marks.set(`${account} ${Math.floor(at / HOUR)}`, { account, mark });
    flushSoon();
  };

  const see = (account: string, userPoolId: string, username: string): void => {
    const at = clock.millis();
    const key = `${account} ${new Date(at).toISOString().slice(0, 7)} ${userPoolId} ${username}`;
    if (remembered.has(key)) return;
    if (remembered.size >= MOST_REMEMBERED_USERS) remembered.clear();
    remembered.add(key);
    pending.users.push({ account, userPoolId, username, at });
    flushSoon();
  };

  const forget = (account?: string): void => {
    if (account === undefined) pending = new Pending();
    else {
      for (const key of pending.counts.keys()) if (key.startsWith(`${account} `)) pending.counts.delete(key);
      for (const [key, { account: owner }] of pending.marks) if (owner === account) pending.marks.delete(key);
      pending.users.splice(0, Infinity, ...pending.users.filter((user) => user.account !== account));
    }
    newestMarks.clear();
    remembered.clear();
    rounds.clear();
  };

  bus.on('dataset.synchronised', ({ account }) => weigh(account));
  bus.on('identity.merged', ({ account }) => weigh(account));
  bus.on('identity-pool.changed', ({ account }) => weigh(account));
  bus.on('user.signed-up', ({ account, userPoolId, username }) => see(account, userPoolId, username));
  bus.on('user.signed-in', ({ account, userPoolId, username }) => see(account, userPoolId, username));
  bus.on('trace.closed', ({ account, record }) => {
    const user = activeUserOf(record);
    if (user) see(account, user.userPoolId, user.username);
  });
  bus.on('account.reset', ({ account }) => forget(account));
  bus.on('bench.reset', () => forget());

  return {
    sessionBegan(sync: MeteredSync, foundRecords, at) {
      const counts = countsOf(sync.account, at);
      counts.tokens += 1;
      if (rounds.began(sync, foundRecords, at.getTime())) counts.synchronizations += 1;
    },
    sessionEnded(sync, at) {
      if (rounds.wrote(sync, at.getTime())) countsOf(sync.account, at).synchronizations += 1;
    },
    sessionConflicted: (sync, at) => rounds.conflicted(sync, at.getTime()),
    report(account, month, now) {
      // What went by a cascade announced nothing.
      weigh(account);
      flush();
      return usageReport(account, month, now, { usage });
    },
    stop() {
      stopping.abort();
      try {
        flush();
      } catch (error) {
        log.error({ err: error }, 'the usage could not be written');
      }
    },
  };
}
