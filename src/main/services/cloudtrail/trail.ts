import type { AuditLine, AuditRecord } from '../../../shared/audit.ts';
import { pageToken } from '../../kernel/paging.ts';
import { delay } from '../../kernel/scheduler.ts';
import type { AuditEventRecord, NewAuditEvent } from '../../store/repositories/audit-events.ts';
import type { AuditedCall, AuditTrail, Services } from '../services.ts';
import { managementEvent, type ManagementEvent } from './management-events.ts';
import { pageRecord, recordsOf } from './record.ts';

type Needs = Pick<Services, 'auditEvents' | 'bus' | 'clock' | 'iamRoles' | 'iamUsers' | 'log' | 'store' | 'users'>;

/** Real time: how much of the audit a crash may lose. [AU-KEEP-1] */
const FLUSH_MILLISECONDS = 1000;
/** Records of one transaction, so that no call waits long behind it. */
const CHUNK = 100;
/** What waits while the disk takes nothing; what is older is given up. */
const MOST_PENDING = 20_000;
const MOST_PENDING_BYTES = 16 * 1024 * 1024;
/** Bench time that a record is kept, as in AWS's event history. [AU-KEEP-2] */
export const RETENTION = 90 * 86_400_000;
/** Records of an account; the oldest go. [AU-KEEP-3] */
const MOST_EVENTS = 50_000;
const EXPORT_PAGE = 500;

interface Waiting {
  readonly account: string;
  readonly bytes: number;
  /** What becomes records, once there is time. */
  readonly describe: () => readonly NewAuditEvent[];
}

export const PAGE_SCOPE = 'audit';

/** Keeps references and writes once a second, so that no call pays for its record. */
export function createAuditTrail(needs: Needs): AuditTrail {
  const { auditEvents, bus, clock, log, store } = needs;
  const stopping = new AbortController();
  /** How many records each account has, as far as known. */
  const counts = new Map<string, number>();
  const cleanedAt = new Map<string, number>();
  let pending: Waiting[] = [];
  let pendingBytes = 0;
  let isDue = false;
  let isSoon = false;

  const put = (chunk: readonly Waiting[]): void => {
    store.writeUnsynced((tx) => {
      const newest = new Map<string, number>();
      for (const { describe } of chunk) {
        for (const event of described(describe)) {
          const count = countOf(event.account);
          newest.set(event.account, auditEvents.insert(event));
          counts.set(event.account, count + 1);
        }
      }
      for (const [account, last] of newest) {
        clean(account);
        tx.announce('audit.recorded', { account, last });
      }
    });
  };

  /** A record that cannot be made must not keep the others from disk. */
  const described = (describe: Waiting['describe']): readonly NewAuditEvent[] => {
    try {
      return describe();
    } catch (error) {
      log.error({ err: error }, 'a call could not be recorded in the audit trail');
      return [];
    }
  };

  const countOf = (account: string): number => counts.get(account) ?? auditEvents.count(account);

  const clean = (account: string): void => {
    const now = clock.millis();
    const last = cleanedAt.get(account);
    // An hour of bench time is fine enough for ninety days of it.
    if (last === undefined || Math.abs(now - last) > 3_600_000) {
      cleanedAt.set(account, now);
      const removed = auditEvents.removeBefore(account, now - RETENTION);
      if (removed > 0) counts.set(account, countOf(account) - removed);
    }
    const excess = countOf(account) - MOST_EVENTS;
    if (excess > 0) {
      auditEvents.removeOldest(account, excess);
      counts.set(account, MOST_EVENTS);
    }
  };

  const writeChunk = (): void => {
    const chunk = pending.slice(0, CHUNK);
    try {
      put(chunk);
    } catch (error) {
      counts.clear();
      throw error;
    }
    pending = pending.slice(CHUNK);
    pendingBytes = pending.reduce((sum, { bytes }) => sum + bytes, 0);
  };

  /** Before anything reads; where the disk takes nothing, what it has can still be read. */
  const flush = (): void => {
    try {
      while (pending.length > 0) writeChunk();
    } catch (error) {
      failed(error);
    }
  };

  const failed = (error: unknown): void => {
    log.error({ err: error }, 'the audit trail could not be written');
  };

  const drain = (): void => {
    isDue = false;
    isSoon = false;
    if (pending.length === 0) return;
    try {
      writeChunk();
    } catch (error) {
      // A full disk, for one: what was recorded stays, and the next second tries again.
      failed(error);
      drop();
      // Not any sooner, however many calls there are until then.
      isSoon = true;
      writeSoon(FLUSH_MILLISECONDS);
      return;
    }
    if (pending.length > 0) writeSoon(pending.length >= CHUNK ? 0 : FLUSH_MILLISECONDS);
  };

  const drop = (): void => {
    const before = pending.length;
    while (pending.length > MOST_PENDING || (pendingBytes > MOST_PENDING_BYTES && pending.length > 0)) {
      pendingBytes -= pending.shift()!.bytes;
    }
    if (pending.length < before)
      log.error({ lost: before - pending.length }, 'records of the audit trail were given up');
  };

  const writeSoon = (milliseconds: number): void => {
    if (stopping.signal.aborted || (milliseconds === 0 ? isSoon : isDue)) return;
    if (milliseconds === 0) isSoon = true;
    isDue = true;
    // Called off when the bench stops, which writes what is left by itself.
    delay(milliseconds, stopping.signal).then(drain, () => {});
  };

  const wait = (waiting: Waiting): void => {
    pending.push(waiting);
    pendingBytes += waiting.bytes;
    writeSoon(pending.length >= CHUNK || pendingBytes > MOST_PENDING_BYTES ? 0 : FLUSH_MILLISECONDS);
  };

  const forget = (account?: string): void => {
    pending = account === undefined ? [] : pending.flatMap((waiting) => withoutAccount(waiting, account));
    pendingBytes = pending.reduce((sum, { bytes }) => sum + bytes, 0);
    counts.clear();
    cleanedAt.clear();
  };

  bus.on('account.reset', ({ account }) => forget(account));
  bus.on('bench.reset', () => forget());

  const kept = (): number => clock.millis() - RETENTION;

  return {
    records: (service, operation) => managementEvent(service, operation) !== undefined,
    record(call: AuditedCall) {
      const event: ManagementEvent | undefined = managementEvent(call.service, call.operation);
      if (!event) return;
      wait({ account: call.account, bytes: call.bytes, describe: () => recordsOf(call, event, needs) });
    },
    recordPage: (page) => wait({ account: page.account, bytes: 0, describe: () => [pageRecord(page)] }),
    lookup({ account, region, attribute, from = 0, to, after, limit, now }) {
      flush();
      // Records tell whole seconds, so the one that a range ends in belongs to it.
      const end = to === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(to / 1000) * 1000 + 1000;
      return auditEvents.lookup({
        account,
        region,
        attribute,
        from: Math.max(Math.floor(from / 1000) * 1000, now.getTime() - RETENTION),
        after: after ?? { at: end, number: 0 },
        limit,
      });
    },
    page(account, filter, { since, before, limit }) {
      flush();
      const from = kept();
      const found =
        since === undefined
          ? auditEvents.list(account, filter, {
              from,
              after: before ?? { at: Number.MAX_SAFE_INTEGER, number: 0 },
              limit: limit + 1,
            })
          : auditEvents.listSince(account, filter, { from, since, limit });
      const events = found.slice(0, limit);
      const last = events.at(-1);
      return {
        events: events.map(toLine),
        ...(since === undefined && found.length > limit && last
          ? { next: pageToken(PAGE_SCOPE, `${last.at.getTime()}:${last.number}`) }
          : {}),
        total: countOf(account),
      };
    },
    find(account, eventId) {
      flush();
      const event = auditEvents.find(account, eventId);
      return event && (JSON.parse(event.record) as AuditRecord);
    },
    *file(account) {
      flush();
      let after = 0;
      let isFirst = true;
      yield '{"Records":[';
      for (;;) {
        const page = auditEvents.texts(account, kept(), after, EXPORT_PAGE);
        if (page.length === 0) break;
        yield `${isFirst ? '' : ','}\n${page.map(({ record }) => record).join(',\n')}`;
        isFirst = false;
        after = page.at(-1)!.number;
      }
      yield ']}\n';
    },
    stop() {
      stopping.abort();
      flush();
    },
  };
}

/** Somebody of another account may have become a role of the one that was reset. */
function withoutAccount(waiting: Waiting, account: string): Waiting[] {
  if (waiting.account === account) return [];
  return [{ ...waiting, describe: () => waiting.describe().filter((event) => event.account !== account) }];
}

function toLine(event: AuditEventRecord): AuditLine {
  const { number, eventId, requestId, at, region, eventSource, eventName, readOnly, sourceIp, resources } = event;
  return {
    number,
    eventId,
    requestId,
    at: at.toISOString(),
    region,
    eventSource,
    eventName,
    readOnly,
    ...(event.userName === undefined ? {} : { userName: event.userName }),
    ...(event.accessKeyId === undefined ? {} : { accessKeyId: event.accessKeyId }),
    sourceIp,
    ...(event.errorCode === undefined ? {} : { errorCode: event.errorCode }),
    resources,
  };
}
