import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { dynamo, makeTable, N, putAll, refusalOf, S, type Item } from './setup.ts';

let bench: TestBench;
let db: ReturnType<typeof dynamo>;
beforeAll(async () => {
  bench = await startBench();
  db = dynamo(bench);
});
afterAll(() => bench.stop());

const write = (TableName: string, requests: readonly WriteRequest[]) =>
  db.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [...requests] }, ReturnConsumedCapacity: 'TOTAL' }));
const put = (Item: Item): WriteRequest => ({ PutRequest: { Item } });
const remove = (Key: Item): WriteRequest => ({ DeleteRequest: { Key } });
const keys = (length: number): Item[] => Array.from({ length }, (_, index) => ({ pk: S(`${index}`) }));

describe('a batch of writes', () => {
  it('[DB-BATCH-4] puts and deletes, in several tables', async () => {
    const one = await makeTable(db, '');
    const other = await makeTable(db, '');
    await putAll(db, one, [{ pk: S('old') }]);
    const answer = await db.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [one]: [put({ pk: S('a') }), remove({ pk: S('old') })],
          [other]: [put({ pk: S('a'), n: N('1.0') })],
        },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(answer.UnprocessedItems).toEqual({});
    expect(answer.ConsumedCapacity).toEqual([
      { TableName: one, CapacityUnits: 2 },
      { TableName: other, CapacityUnits: 1 },
    ]);
    expect((await db.send(new ScanCommand({ TableName: one }))).Items).toEqual([{ pk: S('a') }]);
    expect((await db.send(new ScanCommand({ TableName: other }))).Items).toEqual([{ pk: S('a'), n: N(1) }]);
  });

  it('[DB-BATCH-4] with wrong input changes nothing', async () => {
    const table = await makeTable(db, '');
    expect(await refusalOf(write(table, [put({ pk: S('a') }), put({ pk: N(1) })]))).toContain('Type mismatch');
    expect(
      await refusalOf(
        db.send(
          new BatchWriteItemCommand({
            RequestItems: { [table]: [put({ pk: S('a') })], nowhere: [put({ pk: S('a') })] },
          }),
        ),
      ),
    ).toContain('ResourceNotFoundException');
    expect((await db.send(new ScanCommand({ TableName: table }))).Count).toBe(0);
  });

  it('[DB-BATCH-1] has 25 at most', async () => {
    const table = await makeTable(db, '');
    const other = await makeTable(db, '');
    await write(table, keys(25).map(put));
    expect(await refusalOf(write(table, keys(26).map(put)))).toContain('length less than or equal to 25');
    const both = { [table]: keys(13).map(put), [other]: keys(13).map(put) };
    expect(await refusalOf(db.send(new BatchWriteItemCommand({ RequestItems: both })))).toContain(
      'Too many items requested for the BatchWriteItem call',
    );
  });

  it('[DB-BATCH-2] [DB-BATCH-3] names an item once, to put or to delete it', async () => {
    const table = await makeTable(db, '');
    expect(await refusalOf(write(table, [put({ pk: S('a') }), remove({ pk: S('a') })]))).toBe(
      'ValidationException: Provided list of item keys contains duplicates',
    );
    // Nor by its table's other name.
    const twice = { [table]: [put({ pk: S('a') })], [tableArn(table)]: [remove({ pk: S('a') })] };
    expect(await refusalOf(db.send(new BatchWriteItemCommand({ RequestItems: twice })))).toContain(
      'contains duplicates',
    );
    expect(await refusalOf(write(table, [{}]))).toContain('must contain exactly one');
    expect(await refusalOf(write(table, [{ ...put({ pk: S('a') }), ...remove({ pk: S('b') }) }]))).toContain(
      'more than one operation',
    );
  });
});

const tableArn = (table: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}`;

describe('a batch of reads', () => {
  it('[DB-BATCH-5] gives what there is, up to 16 MB', async () => {
    const table = await makeTable(db, '');
    const large = keys(45).map((key) => ({ ...key, words: S('x'.repeat(390 * 1024)), n: N(1) }));
    await putAll(db, table, large);
    const asked = [...keys(45), { pk: S('absent') }];
    const first = await db.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: asked } } }));
    const found = first.Responses![table]!;
    const left = first.UnprocessedKeys![table]!.Keys!;
    expect(found.length).toBeGreaterThan(40);
    expect(found.length + left.length).toBe(46);
    const second = await db.send(new BatchGetItemCommand({ RequestItems: first.UnprocessedKeys }));
    expect(second.Responses![table]).toHaveLength(45 - found.length);
    expect(second.UnprocessedKeys).toEqual({});
    const some = await db.send(
      new BatchGetItemCommand({
        RequestItems: { [table]: { Keys: keys(2), ProjectionExpression: 'n', ConsistentRead: true } },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(some.Responses).toEqual({ [table]: [{ n: N(1) }, { n: N(1) }] });
    expect(some.ConsumedCapacity).toEqual([{ TableName: table, CapacityUnits: 196 }]);
  });

  it('[DB-BATCH-1] [DB-BATCH-2] names 100 at most, and none twice', async () => {
    const table = await makeTable(db, '');
    const other = await makeTable(db, '');
    const read = (RequestItems: { [table: string]: { Keys: Item[] } }) =>
      refusalOf(db.send(new BatchGetItemCommand({ RequestItems })));
    expect(await read({ [table]: { Keys: keys(51) }, [other]: { Keys: keys(50) } })).toContain(
      'Too many items requested for the BatchGetItem call',
    );
    expect(await read({ [table]: { Keys: [...keys(1), ...keys(1)] } })).toContain('contains duplicates');
    expect(await read({ [table]: { Keys: keys(1) }, [tableArn(table)]: { Keys: keys(1) } })).toContain('duplicates');
    expect(await read({ [table]: { Keys: [{ pk: N(1) }] } })).toContain('does not match the schema');
    expect(await read({})).toContain('length greater than or equal to 1');
  });
});

it('[DB-WIRE-3] takes requests of more than 2 MiB', async () => {
  const table = await makeTable(db, '');
  await write(
    table,
    keys(12).map((key) => put({ ...key, words: S('x'.repeat(390 * 1024)) })),
  );
  expect((await db.send(new GetItemCommand({ TableName: table, Key: { pk: S('11') } }))).Item).toBeDefined();
  const { status } = await fetch(bench.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.BatchWriteItem' },
    body: 'x'.repeat(16 * 1024 * 1024 + 1),
  });
  expect(status).toBe(413);
});
