import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import type { HistoryAnswer, StreamRecordView, StreamView } from '../../shared/sync-views.ts';
import { BenchError } from '../kernel/fault.ts';
import type { HistoryChange, Services } from '../services/services.ts';
import { action, Download, type Action } from './action.ts';

type Needs = Pick<Services, 'history'>;

const COLUMNS = [
  'stream',
  'sequenceNumber',
  'arrivedAt',
  'identityPoolId',
  'identityId',
  'dataset',
  'syncCount',
  'op',
  'key',
  'value',
  'recordSyncCount',
  'lastModified',
  'deviceLastModified',
] as const satisfies readonly (keyof HistoryChange)[];

/** Streams as people look at them, and the history of what they carried. */
export function streamActions({ history }: Needs): Action[] {
  return [
    action({
      method: 'GET',
      path: '/streams',
      summary: 'The Kinesis streams of the account, and the identity pools that stream to each.',
      input: z.object({}),
      run: (_input, { account }): StreamView[] => history.streams(account),
    }),
    action({
      method: 'GET',
      path: '/streams/{name}/records',
      summary: 'The tail of a stream, newest first; `after` is the number of the last record seen.',
      input: z.object({
        name: z.string(),
        after: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
      }),
      run({ name, after, limit }, { account }): StreamRecordView[] {
        const records = history.tail(account, name, { after, limit });
        if (!records) throw new BenchError('NotFound', `There is no stream ${name}.`, 404);
        return records;
      },
    }),
    action({
      method: 'GET',
      path: '/stream-payloads/{key}',
      summary: 'The records of an update that was too large for its stream: where kinesisSyncRecordsURL leads.',
      input: z.object({ key: z.string() }),
      run({ key }) {
        const payload = history.payload(key);
        if (payload === undefined) throw new BenchError('NotFound', 'There is nothing here, or no longer.', 404);
        return payload;
      },
    }),
    action({
      method: 'POST',
      path: '/history/query',
      summary:
        'Runs a SELECT over the account’s streams: the views are `changes` (a row a changed record) and `stream_records`.',
      input: z.strictObject({
        sql: z.string().min(1).max(100_000),
        limit: z.number().int().min(1).max(10_000).default(1000),
      }),
      run: ({ sql, limit }, { account, signal }): Promise<HistoryAnswer> => history.query(account, sql, limit, signal),
    }),
    action({
      method: 'GET',
      path: '/history/export',
      summary: 'What the account’s streams carried, oldest first: a line a changed record, as CSV or as JSON lines.',
      input: z.object({
        format: z.enum(['jsonl', 'csv']).default('jsonl'),
        of: z.enum(['changes', 'records']).default('changes'),
      }),
      run({ format, of }, { account }) {
        if (of === 'records') {
          if (format === 'csv') {
            throw new BenchError('InvalidInput', 'Records are exported as jsonl; csv is for changes.');
          }
          return new Download('application/x-ndjson', 'stream-records.jsonl', jsonLines(history.records(account)));
        }
        return format === 'csv'
          ? new Download('text/csv; charset=utf-8', 'changes.csv', csvLines(history.changes(account)))
          : new Download('application/x-ndjson', 'changes.jsonl', jsonLines(history.changes(account)));
      },
    }),
    action({
      method: 'DELETE',
      path: '/history',
      summary: 'Forgets what arrived before a time, or everything; the streams lose those records too.',
      input: z.object({
        before: z
          .string()
          .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an ISO 8601 time')
          .optional(),
      }),
      run: ({ before }, { account }) => ({
        removed: history.clear(account, before === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(before)),
      }),
    }),
  ];
}

function* jsonLines(items: Iterable<object>): Generator<string> {
  for (const item of items) yield `${JSON.stringify(item)}\n`;
}

function* csvLines(changes: Iterable<HistoryChange>): Generator<string> {
  yield stringify([COLUMNS]);
  for (const change of changes) yield stringify([COLUMNS.map((column) => change[column])]);
}
