import type { PushNotification } from '../../shared/device.ts';
import type { Json } from '../../shared/json.ts';
import type {
  HistoryAnswer,
  PushRules,
  PushView,
  StreamRecordView,
  StreamView,
  UsageReport,
} from '../../shared/sync-views.ts';

/** A push for one platform endpoint. */
export interface OutgoingPush {
  readonly endpointArn: string;
  /** What the platform's push service gets. */
  readonly payload: string;
  /** Why it is not even sent, where something of the sender's own stands against it. */
  readonly problem?: string;
}

/** SNS platform endpoints as sync uses them, and the way of a push to a device. Implemented in services/sns. */
export interface PushService {
  /**
   * Inside the caller's transaction: whether an account has a platform application. One that nobody made is made, as
   * identity pools are often set up with an ARN from elsewhere; `--auth strict` refuses it.
   */
  acceptApplication(account: string, applicationArn: string, now: Date): 'known' | 'made' | 'refused';
  /** Inside the caller's transaction: the endpoint of a token, made where there is none. */
  endpointOf(account: string, applicationArn: string, token: string, now: Date): string;
  /** Sends what may be sent, by the account's rules; in a transaction of its own. */
  send(account: string, origin: PushView['origin'], pushes: readonly OutgoingPush[]): void;
  /** What a simulated device understands of a payload. */
  notificationIn(payload: string): PushNotification | undefined;
  /** Newest first. */
  list(
    account: string,
    filter: { readonly after?: number; readonly token?: string; readonly limit: number },
  ): PushView[];
  /** Delivers at once what waits or was dropped, and once more what was delivered. `undefined`: no such push. */
  deliver(account: string, id: number): PushView | undefined;
  /** Drops what waits. `undefined`: no such push. */
  drop(account: string, id: number): PushView | undefined;
  rules(account: string): PushRules;
  setRules(account: string, rules: PushRules): void;
  clear(account: string): number;
}

/** One record for a Kinesis stream. */
export interface StreamWrite {
  readonly account: string;
  readonly region: string;
  readonly streamName: string;
  readonly partitionKey: string;
  readonly data: string;
  /** What goes to an address of its own where `data` is too large; `data` is made again with that address. */
  readonly large: { readonly body: string; readonly withUrl: (url: string) => string };
  readonly now: Date;
}

/** Kinesis streams as sync writes to them. Implemented in services/streams. */
export interface StreamWriter {
  exists(account: string, region: string, streamName: string): boolean;
  arn(account: string, region: string, streamName: string): string;
  /** Inside the caller's transaction. `false`: there is no such stream. */
  write(record: StreamWrite): boolean;
}

/** One change of one record as a stream carried it, or the removal of a dataset. */
export interface HistoryChange {
  readonly stream: string;
  readonly sequenceNumber: string;
  readonly arrivedAt: string;
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly dataset: string;
  readonly syncCount: number;
  readonly op: 'replace' | 'remove' | 'remove dataset';
  readonly key: string | null;
  readonly value: string | null;
  readonly recordSyncCount: number | null;
  readonly lastModified: string | null;
  readonly deviceLastModified: string | null;
}

/** What an account's streams have carried, also longer ago than Kinesis tells. Implemented in services/streams. */
export interface StreamHistory {
  streams(account: string): StreamView[];
  /** Newest first; `undefined`: there is no such stream. */
  tail(
    account: string,
    streamName: string,
    page: { readonly after: number; readonly limit: number },
  ): StreamRecordView[] | undefined;
  /** Oldest first. */
  changes(account: string): Iterable<HistoryChange>;
  records(account: string): Iterable<StreamRecordView>;
  /** @throws BenchError where SQLite refuses the statement, or it takes too long */
  query(account: string, sql: string, mostRows: number, signal: AbortSignal): Promise<HistoryAnswer>;
  /** Forgets what arrived before `before`, in milliseconds; gives how many records that were. */
  clear(account: string, before: number): number;
  /** A large update's records, by the key in its address. */
  payload(key: string): Json | undefined;
}

/** What a finished call tells the meter of sync. */
export interface MeteredSync {
  readonly account: string;
  readonly identityId: string;
  readonly datasetName: string;
  /** The synchronise calls of two devices are told apart by it. */
  readonly caller: string;
}

/** Counts what AWS would bill; nothing of it may cost a sync time. Implemented in services/meter. */
export interface UsageMeter {
  /** ListRecords without a token. */
  sessionBegan(sync: MeteredSync, foundRecords: boolean, at: Date): void;
  /** A successful UpdateRecords. */
  sessionEnded(sync: MeteredSync, at: Date): void;
  /** An UpdateRecords that met a conflict. */
  sessionConflicted(sync: MeteredSync, at: Date): void;
  /** @param month `2026-11` */
  report(account: string, month: string, now: Date): UsageReport;
  /** Puts on disk what was counted. */
  stop(): void;
}

/** Publishes what a pool's datasets hold, in the background. Implemented in services/sync. */
export interface BulkPublisher {
  /** After the write that marked the pool's bulk publish as running. */
  begin(account: string, identityPoolId: string): void;
  stop(): void;
}
