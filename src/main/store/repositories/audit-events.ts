import type { AuditResource } from '../../../shared/audit.ts';
import type { Database } from '../database.ts';

export interface NewAuditEvent {
  readonly account: string;
  readonly eventId: string;
  readonly requestId: string;
  readonly at: Date;
  readonly region: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly readOnly: boolean;
  readonly userName?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly sourceIp: string;
  readonly errorCode?: string | undefined;
  readonly resources: readonly AuditResource[];
  /** The whole record as JSON text. */
  readonly record: string;
}

export interface AuditEventRecord extends NewAuditEvent {
  readonly number: number;
}

/** A place in the listing, newest first. */
export interface AuditPosition {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly number: number;
}

export type AuditAttribute =
  | 'EventId'
  | 'EventName'
  | 'ReadOnly'
  | 'Username'
  | 'ResourceType'
  | 'ResourceName'
  | 'EventSource'
  | 'AccessKeyId';

export interface AuditLookup {
  readonly account: string;
  readonly region: string;
  readonly attribute?: { readonly key: AuditAttribute; readonly value: string } | undefined;
  /** Milliseconds since the epoch, from which on. */
  readonly from: number;
  /** What comes after it in the listing. */
  readonly after: AuditPosition;
  readonly limit: number;
}

export interface AuditFilter {
  readonly name?: string | undefined;
  readonly user?: string | undefined;
  readonly source?: string | undefined;
  /** In any of event, service, user, access key, error and resources; without regard to case. */
  readonly text?: string | undefined;
  readonly errors?: boolean | undefined;
  /** `false`: only what changes something. */
  readonly reads?: boolean | undefined;
}

interface Row {
  number: number;
  account: string;
  event_id: string;
  request_id: string;
  at: number;
  region: string;
  event_source: string;
  event_name: string;
  read_only: 0 | 1;
  user_name: string | null;
  access_key_id: string | null;
  source_ip: string;
  error_code: string | null;
  resources: string;
  record: string;
}

interface LookupParameters {
  account: string;
  region: string;
  value: string | null;
  from: number;
  at: number;
  number: number;
  limit: number;
}

interface FilterParameters {
  account: string;
  name: string | null;
  user: string | null;
  source: string | null;
  text: string | null;
  errors: 0 | 1;
  reads: 0 | 1;
  from: number;
  at: number;
  number: number;
  limit: number;
}

const COLUMNS = `e.number, e.account, e.event_id, e.request_id, e.at, e.region, e.event_source, e.event_name,
  e.read_only, e.user_name, e.access_key_id, e.source_ip, e.error_code, e.resources,
  (SELECT record FROM audit_records WHERE number = e.number) AS record`;
const PAGE = `e.region = @region AND e.at >= @from AND (e.at, e.number) < (@at, @number)
  ORDER BY e.at DESC, e.number DESC LIMIT @limit`;
/** Whether any of an event's resources has this. */
const hasResource = (member: 'name' | 'type'): string =>
  `EXISTS (SELECT 1 FROM json_each(e.resources) AS r WHERE r.value ->> '$.${member}' = @value)`;

/** How each attribute is looked up, among the lines in the order of time. */
const CONDITIONS: { readonly [Key in AuditAttribute]: string } = {
  EventId: 'e.event_id = @value',
  EventName: 'e.event_name = @value',
  ReadOnly: 'e.read_only = CAST(@value AS INTEGER)',
  Username: 'e.user_name = @value',
  ResourceType: hasResource('type'),
  ResourceName: hasResource('name'),
  EventSource: 'e.event_source = @value',
  AccessKeyId: 'e.access_key_id = @value',
};

const FILTER = `e.account = @account AND e.at >= @from
  AND (@name IS NULL OR e.event_name = @name)
  AND (@user IS NULL OR e.user_name = @user)
  AND (@source IS NULL OR e.event_source = @source)
  AND (@errors = 0 OR e.error_code IS NOT NULL)
  AND (@reads = 1 OR e.read_only = 0)
  AND (@text IS NULL OR instr(lower(e.event_name || ' ' || e.event_source || ' ' || coalesce(e.user_name, '') || ' '
    || coalesce(e.access_key_id, '') || ' ' || coalesce(e.error_code, '') || ' ' || e.resources), @text) > 0)`;

export class AuditEvents {
  readonly #statements;

  constructor(database: Database) {
    const lookup = (condition: string) =>
      database.prepare<[LookupParameters], Row>(
        `SELECT ${COLUMNS} FROM audit_events AS e WHERE e.account = @account AND ${condition} AND ${PAGE}`,
      );
    this.#statements = {
      insert: database.prepare<[{ [Column in keyof Omit<Row, 'number' | 'record'>]: Row[Column] }]>(
        `INSERT INTO audit_events (account, event_id, request_id, at, region, event_source, event_name, read_only,
             user_name, access_key_id, source_ip, error_code, resources)
           VALUES (@account, @event_id, @request_id, @at, @region, @event_source, @event_name, @read_only, @user_name,
             @access_key_id, @source_ip, @error_code, @resources)`,
      ),
      insertRecord: database.prepare<[number, string, string]>(
        'INSERT INTO audit_records (number, account, record) VALUES (?, ?, ?)',
      ),
      lookup: {
        any: lookup('TRUE'),
        EventId: lookup(CONDITIONS.EventId),
        EventName: lookup(CONDITIONS.EventName),
        ReadOnly: lookup(CONDITIONS.ReadOnly),
        Username: lookup(CONDITIONS.Username),
        ResourceType: lookup(CONDITIONS.ResourceType),
        ResourceName: lookup(CONDITIONS.ResourceName),
        EventSource: lookup(CONDITIONS.EventSource),
        AccessKeyId: lookup(CONDITIONS.AccessKeyId),
      },
      filtered: database.prepare<[FilterParameters], Row>(
        `SELECT ${COLUMNS} FROM audit_events AS e WHERE ${FILTER} AND (e.at, e.number) < (@at, @number)
           ORDER BY e.at DESC, e.number DESC LIMIT @limit`,
      ),
      filteredSince: database.prepare<[FilterParameters], Row>(
        `SELECT ${COLUMNS} FROM audit_events AS e WHERE ${FILTER} AND e.number > @number ORDER BY e.number LIMIT @limit`,
      ),
      find: database.prepare<[string, string], Row>(
        `SELECT ${COLUMNS} FROM audit_events AS e WHERE e.account = ? AND e.event_id = ?`,
      ),
      texts: database.prepare<[number, string, number, number], { number: number; record: string }>(
        `SELECT number, record FROM audit_events JOIN audit_records USING (number)
           WHERE number > ? AND audit_events.account = ? AND at >= ? ORDER BY number LIMIT ?`,
      ),
      count: database.prepare<[string], number>('SELECT count(*) FROM audit_events WHERE account = ?').pluck(),
      removeBefore: database.prepare<[string, number]>('DELETE FROM audit_events WHERE account = ? AND at < ?'),
      // Along the numbers, where the oldest come first: their times may have been told by a clock that was set back.
      removeOldest: database.prepare<[string, number]>(
        `DELETE FROM audit_events WHERE number IN
           (SELECT number FROM audit_events NOT INDEXED WHERE account = ? ORDER BY number LIMIT ?)`,
      ),
    };
  }

  insert(event: NewAuditEvent): number {
    const { account, at, resources } = event;
    const number = Number(
      this.#statements.insert.run({
        account,
        event_id: event.eventId,
        request_id: event.requestId,
        at: at.getTime(),
        region: event.region,
        event_source: event.eventSource,
        event_name: event.eventName,
        read_only: event.readOnly ? 1 : 0,
        user_name: event.userName ?? null,
        access_key_id: event.accessKeyId ?? null,
        source_ip: event.sourceIp,
        error_code: event.errorCode ?? null,
        resources: resources.length === 0 ? '[]' : JSON.stringify(resources),
      }).lastInsertRowid,
    );
    this.#statements.insertRecord.run(number, account, event.record);
    return number;
  }

  /** Newest first. */
  lookup({ account, region, attribute, from, after, limit }: AuditLookup): AuditEventRecord[] {
    const value = attribute?.key === 'ReadOnly' ? (attribute.value === 'true' ? '1' : '0') : (attribute?.value ?? null);
    return this.#statements.lookup[attribute?.key ?? 'any']
      .all({ account, region, value, from, at: after.at, number: after.number, limit })
      .map(toRecord);
  }

  /** Newest first. */
  list(
    account: string,
    filter: AuditFilter,
    page: { readonly from: number; readonly after: AuditPosition; readonly limit: number },
  ): AuditEventRecord[] {
    return this.#statements.filtered
      .all({ ...parameters(account, filter), ...page.after, from: page.from, limit: page.limit })
      .map(toRecord);
  }

  /** What was recorded after a number, oldest first. */
  listSince(
    account: string,
    filter: AuditFilter,
    page: { readonly from: number; readonly since: number; readonly limit: number },
  ): AuditEventRecord[] {
    return this.#statements.filteredSince
      .all({ ...parameters(account, filter), at: 0, number: page.since, from: page.from, limit: page.limit })
      .map(toRecord);
  }

  find(account: string, eventId: string): AuditEventRecord | undefined {
    const row = this.#statements.find.get(account, eventId);
    return row && toRecord(row);
  }

  /** The records' texts in the order of recording. */
  texts(
    account: string,
    from: number,
    after: number,
    limit: number,
  ): { readonly number: number; readonly record: string }[] {
    return this.#statements.texts.all(after, account, from, limit);
  }

  count(account: string): number {
    return this.#statements.count.get(account) ?? 0;
  }

  /** @returns how many went */
  removeBefore(account: string, at: number): number {
    return this.#statements.removeBefore.run(account, at).changes;
  }

  /** Those that were recorded first. */
  removeOldest(account: string, count: number): void {
    this.#statements.removeOldest.run(account, count);
  }
}

function parameters(account: string, { name, user, source, text, errors, reads }: AuditFilter) {
  return {
    account,
    name: name ?? null,
    user: user ?? null,
    source: source ?? null,
    text: text === undefined || text === '' ? null : text.toLowerCase(),
    errors: errors ? 1 : 0,
    reads: reads === false ? 0 : 1,
  } as const;
}

function toRecord(row: Row): AuditEventRecord {
  return {
    number: row.number,
    account: row.account,
    eventId: row.event_id,
    requestId: row.request_id,
    at: new Date(row.at),
    region: row.region,
    eventSource: row.event_source,
    eventName: row.event_name,
    readOnly: row.read_only === 1,
    ...(row.user_name === null ? {} : { userName: row.user_name }),
    ...(row.access_key_id === null ? {} : { accessKeyId: row.access_key_id }),
    sourceIp: row.source_ip,
    ...(row.error_code === null ? {} : { errorCode: row.error_code }),
    resources: JSON.parse(row.resources) as AuditResource[],
    record: row.record,
  };
}
