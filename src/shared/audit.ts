import type { Json } from './json.ts';

/** What a record is about, as the event history names it. */
export interface AuditResource {
  /** `AWS::Cognito::UserPool` */
  readonly type: string;
  readonly name: string;
}

/** A line of the audit trail. */
export interface AuditLine {
  /** Counts up in the order of recording. */
  readonly number: number;
  readonly eventId: string;
  /** Of the call; the timeline knows it, too, as long as it has the call. */
  readonly requestId: string;
  /** Bench time, ISO 8601. */
  readonly at: string;
  readonly region: string;
  /** `cognito-idp.amazonaws.com` */
  readonly eventSource: string;
  readonly eventName: string;
  readonly readOnly: boolean;
  readonly userName?: string;
  readonly accessKeyId?: string;
  readonly sourceIp: string;
  readonly errorCode?: string;
  readonly resources: readonly AuditResource[];
}

export interface AuditPage {
  /** Newest first; with `since` oldest first. */
  readonly events: readonly AuditLine[];
  /** The key of the next older page. */
  readonly next?: string;
  /** How many records the account has in all. */
  readonly total: number;
}

/** A record of CloudTrail, whole. */
export interface AuditRecord {
  readonly [member: string]: Json;
}
