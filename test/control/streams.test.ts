import {
  DeleteDatasetCommand,
  SetIdentityPoolConfigurationCommand,
  type CognitoSyncClient,
} from '@aws-sdk/client-cognito-sync';
import { CreateStreamCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryAnswer, StreamRecordView } from '../../src/shared/sync-views.ts';
import { startBench, type TestBench } from '../harness/bench.ts';
import { bytes, kinesisClient } from '../services/streams/setup.ts';
import {
  asIdentity,
  createGuest,
  createPool,
  developer,
  remove,
  replace,
  write,
  type Place,
} from '../services/sync/setup.ts';

const ODD = 'a "quoted", text;\nin two lines = 😀';

let bench: TestBench;
let place: Place;
let phone: CognitoSyncClient;

beforeAll(async () => {
  bench = await startBench({ clock: new Date(Date.UTC(2026, 10, 21, 12)) });
  await kinesisClient(bench).send(new CreateStreamCommand({ StreamName: 's', ShardCount: 2 }));
  await kinesisClient(bench, '111111111111').send(new CreateStreamCommand({ StreamName: 'theirs', ShardCount: 1 }));
  place = await createGuest(bench, await createPool(bench));
  phone = await asIdentity(bench, place);
  await developer(bench).send(
    new SetIdentityPoolConfigurationCommand({
      IdentityPoolId: place.IdentityPoolId,
      CognitoStreams: {
        StreamName: 's',
        RoleArn: 'arn:aws:iam::000000000000:role/streams',
        StreamingStatus: 'ENABLED',
      },
    }),
  );
  await write(phone, place, 'notes', [replace('a', ODD), replace('b', '2')]);
  await bench.advance({ minutes: 30 });
  await write(phone, place, 'notes', [remove('b', 1)]);
  await phone.send(new DeleteDatasetCommand({ ...place, DatasetName: 'notes' }));
  await kinesisClient(bench).send(
    new PutRecordCommand({ StreamName: 's', PartitionKey: 'p', Data: bytes('not JSON') }),
  );
});
afterAll(() => bench.stop());

const query = (sql: string, limit?: number) =>
  bench.call<HistoryAnswer>('POST', '/history/query', limit === undefined ? { sql } : { sql, limit });
const download = async (path: string, account = '000000000000') => {
  const answer = await fetch(`${bench.url}/_bench${path}`, { headers: { 'x-poolbench-account': account } });
  return { type: answer.headers.get('content-type'), text: await answer.text(), status: answer.status };
};

describe('streams on screen', () => {
  it('are listed with the pools that stream to them', async () => {
    expect(await bench.call('GET', '/streams')).toMatchObject([
      { name: 's', shards: 2, records: 4, identityPools: [place.IdentityPoolId] },
    ]);
  });

  it('show their tail, decoded', async () => {
    const tail = await bench.call<StreamRecordView[]>('GET', '/streams/s/records?limit=2');
    expect(tail.map(({ data }) => data)).toEqual(['not JSON', expect.objectContaining({ operation: 'remove' })]);
    expect(await bench.call('GET', `/streams/s/records?after=${tail[0]!.number}`)).toEqual([]);
    await expect(bench.call('GET', '/streams/theirs/records')).rejects.toThrow(/404/);
  });
});

describe('the history', () => {
  it('[KS-HISTORY-2] is asked by SQL', async () => {
    expect(await query('SELECT arrived_at, op, key, value, record_sync_count FROM changes')).toMatchObject({
      columns: ['arrived_at', 'op', 'key', 'value', 'record_sync_count'],
      rows: [
        ['2026-11-21T12:00:00.000Z', 'replace', 'a', ODD, 1],
        ['2026-11-21T12:00:00.000Z', 'replace', 'b', '2', 1],
        ['2026-11-21T12:30:00.000Z', 'remove', 'b', null, 2],
        ['2026-11-21T12:30:00.000Z', 'remove dataset', null, null, null],
      ],
      isCut: false,
    });
    const { rows } = await query(
      '-- how often\nWITH n AS (SELECT identity_id, count(*) AS n FROM changes GROUP BY 1) SELECT * FROM n',
    );
    expect(rows).toEqual([[place.IdentityId, 4]]);
    expect((await query('SELECT count(*), sum(identity_id IS NULL) FROM stream_records')).rows).toEqual([[4, 1]]);
  });

  it.each([
    ['INSERT INTO raw VALUES (1, 2, 3, 4, 5, 6, 7, 8)', /Only SELECT/],
    ['PRAGMA database_list', /Only SELECT/],
    [`ATTACH '/etc/passwd' AS x`, /Only SELECT/],
    ['/* SELECT */ DELETE FROM raw', /Only SELECT/],
    ['WITH x AS (SELECT 1) DELETE FROM raw RETURNING *', /only a query that reads/],
    ['WITH x AS (SELECT 1) INSERT INTO raw (stream) SELECT 1 RETURNING *', /only a query that reads/],
    ['SELECT 1; DROP TABLE raw', /more than one statement/],
    [`SELECT load_extension('/tmp/x.so')`, /not authorized|no such function/],
    [`SELECT readfile('/etc/passwd')`, /no such function/],
    [`SELECT writefile('/tmp/x', 'y')`, /no such function/],
    ['SELECT * FROM users', /no such table: users/],
    ['SELECT * FROM changes WHERE', /incomplete input/],
  ])('[KS-HISTORY-2] refuses %s', async (sql, message) => {
    await expect(query(sql)).rejects.toThrow(message);
    expect((await query('SELECT count(*) FROM raw')).rows).toEqual([[4]]);
  });

  it('[KS-HISTORY-2] holds the account’s own records alone', async () => {
    const answer = await fetch(`${bench.url}/_bench/history/query`, {
      method: 'POST',
      headers: { 'x-poolbench-account': '111111111111', 'content-type': 'application/json' },
      body: JSON.stringify({ sql: 'SELECT count(*) FROM raw' }),
    });
    expect(await answer.json()).toMatchObject({ rows: [[0]] });
  });

  it('[KS-HISTORY-2] takes records for sync’s only where they are', async () => {
    const account = '333333333333';
    const kinesis = kinesisClient(bench, account);
    await kinesis.send(new CreateStreamCommand({ StreamName: 'odd', ShardCount: 1 }));
    const like = { identityPoolId: 'p', identityId: 'i', dataSetName: 'd', operation: 'replace', syncCount: 1 };
    const record = { key: 'k', value: 'v', syncCount: 1, lastModifiedDate: 1, op: 'replace' };
    const odd = [
      { ...like, kinesisSyncRecords: 'none' },
      { ...like, kinesisSyncRecords: [{ ...record, lastModifiedDate: 1e300 }] },
      { ...like, kinesisSyncRecords: [null] },
      { ...like, kinesisSyncRecordsURL: 7, kinesisSyncRecords: [record] },
      null,
      [],
    ];
    for (const data of odd) {
      const Data = bytes(JSON.stringify(data));
      await kinesis.send(new PutRecordCommand({ StreamName: 'odd', PartitionKey: 'p', Data }));
    }
    expect((await download('/history/export', account)).text.trimEnd().split('\n')).toHaveLength(1);
    expect((await download('/history/export?of=records', account)).text.trimEnd().split('\n')).toHaveLength(6);
    const answer = await fetch(`${bench.url}/_bench/history/query`, {
      method: 'POST',
      headers: { 'x-poolbench-account': account, 'content-type': 'application/json' },
      body: JSON.stringify({ sql: 'SELECT (SELECT count(*) FROM stream_records), (SELECT count(*) FROM changes)' }),
    });
    expect(await answer.json()).toMatchObject({ rows: [[6, 1]] });
  });

  it('[KS-HISTORY-3] ends a query that never ends, and the bench answers meanwhile', async () => {
    const endless = query('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n');
    const refused = expect(endless).rejects.toThrow(/longer than 5 seconds/);
    expect(await bench.call('GET', '/streams')).toHaveLength(1);
    await refused;
  }, 15_000);

  it('[KS-HISTORY-3] ends a query that wants all memory', async () => {
    await expect(query('SELECT length(group_concat(zeroblob(50000000))) FROM raw, raw AS b, raw AS c')).rejects.toThrow(
      /out of memory|took too much|too big/,
    );
  }, 15_000);

  it('[KS-HISTORY-3] cuts an answer', async () => {
    const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
    const answer = await query(numbers, 5);
    expect(answer).toMatchObject({ rows: [[1], [2], [3], [4], [5]], isCut: true });
    expect((await query(numbers, 10_000)).rows).toHaveLength(10_000);
    const wide = numbers.replace('SELECT i FROM', `SELECT printf('%.*c', 1000000, 'x') FROM`);
    expect(await query(wide).then(({ rows, isCut }) => [rows.length, isCut])).toEqual([8, true]);
    await expect(query(numbers, 0)).rejects.toThrow(/400/);
    await expect(bench.call('POST', '/history/query', {})).rejects.toThrow(/400/);
  });

  it('[KS-HISTORY-4] is exported as CSV', async () => {
    const { type, text } = await download('/history/export?format=csv');
    expect(type).toBe('text/csv; charset=utf-8');
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ op, key, value, dataset }) => [op, key, value, dataset])).toEqual([
      ['replace', 'a', ODD, 'notes'],
      ['replace', 'b', '2', 'notes'],
      ['remove', 'b', '', 'notes'],
      ['remove dataset', '', '', 'notes'],
    ]);
  });

  it('[KS-HISTORY-4] is exported as JSON lines', async () => {
    const { type, text } = await download('/history/export');
    expect(type).toBe('application/x-ndjson');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines[0]).toEqual({
      stream: 's',
      sequenceNumber: expect.stringMatching(/^49\d{54}$/) as string,
      arrivedAt: '2026-11-21T12:00:00.000Z',
      identityPoolId: place.IdentityPoolId,
      identityId: place.IdentityId,
      dataset: 'notes',
      syncCount: 1,
      op: 'replace',
      key: 'a',
      value: ODD,
      recordSyncCount: 1,
      lastModified: '2026-11-21T12:00:00.000Z',
      deviceLastModified: null,
    });
    expect(lines).toHaveLength(4);
    expect((await download('/history/export?of=records')).text.trimEnd().split('\n')).toHaveLength(4);
    expect((await download('/history/export', '111111111111')).text).toBe('');
    expect((await download('/history/export?of=records&format=csv')).status).toBe(400);
    expect((await download('/history/export?format=xml')).status).toBe(400);
  });

  it('[KS-HISTORY-1] is forgotten by hand', async () => {
    await expect(bench.call('DELETE', '/history?before=yesterday')).rejects.toThrow(/400/);
    expect(await bench.call('DELETE', '/history?before=2026-11-21T12:20:00Z')).toEqual({ removed: 1 });
    expect(await bench.call('DELETE', '/history')).toEqual({ removed: 3 });
    expect((await query('SELECT * FROM changes')).rows).toEqual([]);
  });
});
