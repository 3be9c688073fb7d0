import type { AuditPage, AuditRecord } from '../../shared/audit.ts';
import type { Json } from '../../shared/json.ts';
import type {
  AuditAttribute,
  AuditEventRecord,
  AuditFilter,
  AuditPosition,
} from '../store/repositories/audit-events.ts';
import type { Caller } from './family.ts';

/** A call that was answered, handed over as it is: what of it becomes a record is worked out when nobody waits. */
export interface AuditedCall {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly requestId: string;
  readonly now: Date;
  readonly caller: Caller;
  readonly userAgent: string;
  readonly sourceIp: string;
  readonly input: { readonly [member: string]: unknown };
  readonly output: unknown;
  /** Size of the messages on the wire, for how much may wait. */
  readonly bytes: number;
  readonly error?: { readonly code: string; readonly message: string };
  /** The request in CloudTrail's form, its secrets hidden. */
  parameters(): Json;
  answer(): Json;
  /** The error's text, its secrets hidden. */
  errorText(): string;
}

/** The page behind a link of a message was opened. */
export interface AuditedPage {
  readonly account: string;
  readonly region: string;
  readonly requestId: string;
  readonly now: Date;
  readonly userAgent: string;
  readonly sourceIp: string;
  readonly eventName: string;
  readonly userPoolId: string;
  readonly status: number;
  /** Secrets hidden. */
  readonly query: { readonly [name: string]: string };
}

export interface AuditQuery {
  readonly account: string;
  readonly region: string;
  readonly attribute?: { readonly key: AuditAttribute; readonly value: string } | undefined;
  /** Milliseconds since the epoch, both of them inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly after?: AuditPosition | undefined;
  readonly limit: number;
  readonly now: Date;
}

/** Every management call as a record of CloudTrail. Implemented in services/cloudtrail. */
export interface AuditTrail {
  /** Whether calls of this operation are recorded; what is handed over for another one is dropped. */
  records(service: string, operation: string): boolean;
  /** After the answer is sent; costs the call next to nothing. [AU-KEEP-1] */
  record(call: AuditedCall): void;
  recordPage(page: AuditedPage): void;
  /** Newest first. */
  lookup(query: AuditQuery): AuditEventRecord[];
  /** Newest first, or with `since` oldest first. */
  page(
    account: string,
    filter: AuditFilter,
    place: { readonly since?: number | undefined; readonly before?: AuditPosition | undefined; readonly limit: number },
  ): AuditPage;
  find(account: string, eventId: string): AuditRecord | undefined;
  /** The file that CloudTrail puts into a bucket: `{"Records":[…]}`, in pieces, in the order of recording. */
  file(account: string): Iterable<string>;
  /** Puts on disk what waits. */
  stop(): void;
}
