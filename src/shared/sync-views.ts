import type { PushNotification } from './device.ts';
import type { Json } from './json.ts';

/** What the bench's own calls say of sync, pushes, streams and usage. Times are ISO 8601, bench time. */

export interface IdentityOverview {
  readonly identityId: string;
  readonly identityPoolId: string;
  /** Merged away or disabled; its datasets are gone or cannot be reached by it. */
  readonly isDisabled: boolean;
  readonly mergedInto?: string;
  readonly logins: readonly string[];
  readonly datasets: number;
  readonly bytes: number;
  readonly modifiedAt: string | null;
}

export interface DatasetOverview {
  readonly name: string;
  readonly syncCount: number;
  readonly records: number;
  readonly bytes: number;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
  /** The name under which a merged guest's dataset is reported until it is deleted. */
  readonly reportedAs?: string;
  /** Datasets of merged guests that wait under this one's name. */
  readonly merged: readonly string[];
}

/** `null` where `--limits off` lifts them. */
export interface SyncLimitsView {
  readonly datasetBytes: number | null;
  readonly datasetRecords: number | null;
  readonly identityBytes: number | null;
  readonly identityDatasets: number | null;
}

export interface RecordView {
  readonly key: string;
  /** `null` for a tombstone. */
  readonly value: string | null;
  readonly syncCount: number;
  /** Key and value in UTF-8. */
  readonly bytes: number;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
  readonly deviceModifiedAt: string | null;
}

export interface DatasetView extends DatasetOverview {
  readonly isPresent: boolean;
  readonly deletedAtCount: number;
  readonly recordsByKey: readonly RecordView[];
  readonly subscribers: readonly { readonly deviceId: string; readonly platform: string; readonly token: string }[];
  readonly limits: SyncLimitsView;
}

/** One write that touched a key; a `null` value is its removal. */
export interface KeyChange {
  readonly syncCount: number;
  readonly value: string | null;
  readonly at: string;
  readonly by: string;
  /** Whether the whole dataset was deleted. */
  readonly isDeletion: boolean;
}

/** How the bench treats an account's pushes from now on. */
export interface PushRules {
  readonly drop: boolean;
  readonly duplicate: boolean;
  /** Bench time. */
  readonly delaySeconds: number;
}

export interface PushView {
  readonly id: number;
  readonly origin: 'cognito-sync' | 'sns';
  readonly platform: string;
  readonly token: string;
  readonly endpointArn: string;
  /** The name of the bench's device that has this token. */
  readonly device?: string;
  /** As the platform's push service gets it; parsed where it is JSON. */
  readonly payload: Json;
  readonly notification: PushNotification | null;
  readonly status: 'waiting' | 'delivered' | 'dropped' | 'not-sent';
  readonly reason: string | null;
  readonly copies: number;
  readonly deliveries: number;
  readonly sentAt: string;
  readonly dueAt: string;
  readonly deliveredAt: string | null;
}

export interface StreamView {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly shards: number;
  readonly records: number;
  readonly createdAt: string;
  /** The identity pools that stream to it. */
  readonly identityPools: readonly string[];
}

export interface StreamRecordView {
  /** Counts through all streams: the address for `after`. */
  readonly number: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrivedAt: string;
  readonly bytes: number;
  /** Parsed where it is JSON, else its text. */
  readonly data: Json;
  /** Whether Kinesis would still give it out. */
  readonly isWithinRetention: boolean;
}

export interface BulkPublishView {
  readonly status: 'NOT_STARTED' | 'IN_PROGRESS' | 'FAILED' | 'SUCCEEDED';
  readonly startedAt?: string;
  readonly completedAt?: string;
  readonly failureMessage?: string;
}

/** What a pool's sync is set to. */
export interface SyncPoolView {
  readonly bytes: number;
  readonly finishedSessions: number;
  /** SNS platform applications of push sync. */
  readonly applications: readonly string[];
  readonly streamName?: string;
  readonly isStreaming: boolean;
  readonly streamsDisabledReason?: string;
  /** Functions by event: `SyncTrigger`. */
  readonly events: { readonly [event: string]: string };
  readonly bulkPublish: BulkPublishView;
}

/** What a query of the history found. */
export interface HistoryAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** There was more than the answer may hold. */
  readonly isCut: boolean;
  readonly milliseconds: number;
}

export interface UsageLine {
  readonly count: number;
  readonly free: number;
  /** What is above the free tier. */
  readonly billable: number;
  /** US dollars. */
  readonly cost: number;
  /** What it would cost once the free first twelve months are over. */
  readonly costWithoutFreeTier: number;
}

export interface UsageReport {
  /** `2026-11` */
  readonly month: string;
  readonly from: string;
  /** The end of the month, or now. */
  readonly until: string;
  readonly syncOperations: {
    /** A new session token begins one. */
    readonly api: UsageLine;
    /** A synchronize() of the mobile SDKs is one, however many calls it makes. */
    readonly sdk: UsageLine;
  };
  /** In GB-months, the average of what was stored. */
  readonly storage: UsageLine & { readonly bytesNow: number };
  readonly activeUsers: UsageLine & {
    readonly byPool: readonly { readonly userPoolId: string; readonly users: number }[];
  };
  /** By the definition of the API. */
  readonly total: number;
  readonly days: readonly {
    readonly day: string;
    readonly apiOperations: number;
    readonly sdkOperations: number;
    /** Average of the day. */
    readonly bytes: number;
    readonly newActiveUsers: number;
  }[];
}
