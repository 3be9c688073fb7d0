import type { Json } from '../../../shared/json.ts';
import type { HistoryAnswer, StreamRecordView, StreamView } from '../../../shared/sync-views.ts';
import type { HistoryQuery, HistoryRow } from '../../store/history.ts';
import type { StoredStreamRecord } from '../../store/repositories/stream-records.ts';
import type { StreamRecord } from '../../store/repositories/streams.ts';
import type { HistoryChange, Services, StreamHistory } from '../services.ts';
import { RETENTION_MILLISECONDS, streamArn } from './lookup.ts';
import { sequenceNumber } from './sequence-numbers.ts';
import { shardId } from './shards.ts';

type Needs = Pick<Services, 'clock' | 'datasets' | 'streamRecords' | 'streams' | 'store'>;
type Query = (query: HistoryQuery) => Promise<HistoryAnswer>;

const BATCH = 1_000;
/** What a query or an export looks back on. */
const MOST_RECORDS = 200_000;

interface SyncPayload {
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly dataSetName: string;
  readonly operation: 'replace' | 'remove';
  readonly syncCount: number;
  readonly kinesisSyncRecords?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly syncCount: number;
    readonly lastModifiedDate: number;
    readonly deviceLastModifiedDate?: number;
    readonly op: 'replace' | 'remove';
  }[];
}

interface HistoryEntry {
  readonly stream: StreamRecord;
  readonly record: StoredStreamRecord;
  readonly text: string;
  /** Where sync wrote the record: what it says, with a large update's records in place of their address. */
  readonly payload: SyncPayload | undefined;
}

/** What the streams of an account have carried, for people: Kinesis itself forgets after 24 hours. */
export function createStreamHistory(
  { clock, datasets, streamRecords, streams, store }: Needs,
  query: Query,
): StreamHistory {
  function* batches(account: string): Generator<HistoryEntry[]> {
    const known = new Map(streams.ofAccount(account).map((stream) => [stream.id, stream]));
    let after = streamRecords.historyStart(account, MOST_RECORDS);
    for (;;) {
      const records = streamRecords.ofAccount(account, after, BATCH);
      if (records.length === 0) return;
      yield records.flatMap((record): HistoryEntry[] => {
        const stream = known.get(record.streamId);
        const text = record.data.toString('utf8');
        return stream ? [{ stream, record, text, payload: readPayload(text) }] : [];
      });
      after = records.at(-1)!.number;
    }
  }

  const readPayload = (text: string): SyncPayload | undefined => {
    const parsed = parse(text);
    if (!isObject(parsed)) return undefined;
    const { kinesisSyncRecordsURL: url, ...inline } = parsed;
    const body = typeof url === 'string' ? streamRecords.payload(url.split('/').at(-1) ?? '')?.body : undefined;
    const payload: Json = body === undefined ? inline : { ...inline, kinesisSyncRecords: parse(body) };
    return isSyncPayload(payload) ? payload : undefined;
  };

  function* rowBatches(account: string): Generator<HistoryRow[]> {
    for (const entries of batches(account)) yield entries.map(toRow);
  }

  return {
    streams(account) {
      const pools = datasets.streaming(account);
      return streams.ofAccount(account).map((stream): StreamView => ({
        name: stream.name,
        region: stream.region,
        arn: streamArn(stream),
        shards: stream.shards,
        records: streamRecords.count(stream.id),
        createdAt: new Date(stream.createdAt).toISOString(),
        identityPools: pools
          .filter(
            ({ identityPoolId, streams: { StreamName } }) =>
              StreamName === stream.name && identityPoolId.startsWith(`${stream.region}:`),
          )
          .map(({ identityPoolId }) => identityPoolId),
      }));
    },
    tail(account, streamName, { after, limit }) {
      const stream = streams.ofAccount(account).find(({ name }) => name === streamName);
      return (
        stream && streamRecords.tail(stream.id, after, limit).map((record) => toView(stream, record, clock.millis()))
      );
    },
    *changes(account) {
      for (const entries of batches(account)) for (const entry of entries) yield* toChanges(entry);
    },
    *records(account) {
      for (const entries of batches(account)) {
        for (const { stream, record } of entries) yield toView(stream, record, clock.millis());
      }
    },
    query: (account, sql, mostRows, signal) => query({ sql, mostRows, rows: rowBatches(account), signal }),
    clear: (account, before) => store.write(() => streamRecords.clear(account, before)),
    payload(key) {
      const payload = streamRecords.payload(key);
      return payload && payload.expiresAt > clock.millis() ? (JSON.parse(payload.body) as Json) : undefined;
    },
  };
}

function toRow({ stream, record, text, payload }: HistoryEntry): HistoryRow {
  return [
    stream.name,
    stream.region,
    shardId(record.shard),
    sequenceNumber({ streamId: stream.id, shard: record.shard, number: record.number }),
    record.partitionKey,
    record.arrivedAt,
    payload ? JSON.stringify(payload) : text,
    payload ? 1 : 0,
  ];
}

function toChanges({ stream, record, payload }: HistoryEntry): HistoryChange[] {
  if (!payload) return [];
  const common = {
    stream: stream.name,
    sequenceNumber: sequenceNumber({ streamId: stream.id, shard: record.shard, number: record.number }),
    arrivedAt: new Date(record.arrivedAt).toISOString(),
    identityPoolId: payload.identityPoolId,
    identityId: payload.identityId,
    dataset: payload.dataSetName,
    syncCount: payload.syncCount,
  };
  if (payload.operation === 'remove') {
    const nothing = { key: null, value: null, recordSyncCount: null, lastModified: null, deviceLastModified: null };
    return [{ ...common, op: 'remove dataset', ...nothing }];
  }
  return (payload.kinesisSyncRecords ?? []).map((change) => ({
    ...common,
    op: change.op,
    key: change.key,
    value: change.value ?? null,
    recordSyncCount: change.syncCount,
    lastModified: new Date(change.lastModifiedDate).toISOString(),
    deviceLastModified:
      change.deviceLastModifiedDate === undefined ? null : new Date(change.deviceLastModifiedDate).toISOString(),
  }));
}

function toView(stream: StreamRecord, record: StoredStreamRecord, now: number): StreamRecordView {
  const text = record.data.toString('utf8');
  return {
    number: record.number,
    shardId: shardId(record.shard),
    sequenceNumber: sequenceNumber({ streamId: stream.id, shard: record.shard, number: record.number }),
    partitionKey: record.partitionKey,
    arrivedAt: new Date(record.arrivedAt).toISOString(),
    bytes: record.data.length,
    data: parse(text) ?? text,
    isWithinRetention: now - record.arrivedAt < RETENTION_MILLISECONDS,
  };
}

/** Anyone may put anything into a stream, also what only resembles a record of sync. */
function isSyncPayload(value: Json): value is SyncPayload & { readonly [member: string]: Json } {
  if (!isObject(value)) return false;
  const { identityPoolId, identityId, dataSetName, operation, syncCount, kinesisSyncRecords: records = [] } = value;
  return (
    [identityPoolId, identityId, dataSetName].every((member) => typeof member === 'string') &&
    (operation === 'replace' || operation === 'remove') &&
    typeof syncCount === 'number' &&
    Array.isArray(records) &&
    records.every(
      (record) =>
        isObject(record) &&
        typeof record['key'] === 'string' &&
        (record['op'] === 'replace' || record['op'] === 'remove') &&
        typeof record['syncCount'] === 'number' &&
        isTime(record['lastModifiedDate']) &&
        (record['deviceLastModifiedDate'] === undefined || isTime(record['deviceLastModifiedDate'])),
    )
  );
}

function isTime(value: Json | undefined): boolean {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}

function isObject(value: Json): value is { readonly [member: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
