import {
  GetItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { dynamo, makeTable, N, putAll, refusalOf, S, type Item } from './setup.ts';

let bench: TestBench;
let db: ReturnType<typeof dynamo>;
beforeAll(async () => {
  bench = await startBench();
  db = dynamo(bench);
});
afterAll(() => bench.stop());

const write = (TransactItems: TransactWriteItem[], more: Partial<TransactWriteItemsCommandInput> = {}) =>
  db.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
const itemsOf = async (TableName: string): Promise<Item[]> =>
  (await db.send(new ScanCommand({ TableName }))).Items!.toSorted((one, other) =>
    one['pk']!.S! < other['pk']!.S! ? -1 : 1,
  );
const addOne = (TableName: string, pk: string): TransactWriteItem => ({
  Update: {
    TableName,
    Key: { pk: S(pk) },
    UpdateExpression: 'ADD n :one',
    ExpressionAttributeValues: { ':one': N(1) },
  },
});

describe('a transaction', () => {
  it('[DB-TRANSACT-4] writes all of its parts', async () => {
    const table = await makeTable(db, '');
    const other = await makeTable(db, '');
    await putAll(db, table, [{ pk: S('gone') }, { pk: S('kept'), n: N(1) }]);
    const { ConsumedCapacity } = await write(
      [
        { Put: { TableName: other, Item: { pk: S('new') } } },
        { Delete: { TableName: table, Key: { pk: S('gone') } } },
        addOne(table, 'added'),
        {
          ConditionCheck: {
            TableName: table,
            Key: { pk: S('kept') },
            ConditionExpression: 'n = :one',
            ExpressionAttributeValues: { ':one': N(1) },
          },
        },
      ],
      { ReturnConsumedCapacity: 'TOTAL' },
    );
    expect(ConsumedCapacity).toEqual([
      { TableName: other, CapacityUnits: 2, WriteCapacityUnits: 2 },
      { TableName: table, CapacityUnits: 6, WriteCapacityUnits: 6 },
    ]);
    expect(await itemsOf(table)).toEqual([
      { pk: S('added'), n: N(1) },
      { pk: S('kept'), n: N(1) },
    ]);
    expect(await itemsOf(other)).toEqual([{ pk: S('new') }]);
  });

  it('[DB-TRANSACT-4] writes none of them where one condition does not hold, and says which', async () => {
    const table = await makeTable(db, '');
    await putAll(db, table, [{ pk: S('old'), n: S('text') }]);
    const failure = await write([
      addOne(table, 'a'),
      {
        Put: {
          TableName: table,
          Item: { pk: S('old') },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]).catch((error: unknown) => error as TransactionCanceledException);
    expect(failure).toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { pk: S('old'), n: S('text') },
        },
      ],
    });
    expect(await refusalOf(write([addOne(table, 'a'), addOne(table, 'old')]))).toContain('[None, ValidationError]');
    expect(await itemsOf(table)).toEqual([{ pk: S('old'), n: S('text') }]);
  });

  it('[DB-TRANSACT-2] [DB-TRANSACT-3] has one part for each item, of one kind', async () => {
    const table = await makeTable(db, '');
    expect(await refusalOf(write([addOne(table, 'a'), addOne(table, 'a')]))).toBe(
      'ValidationException: Transaction request cannot include multiple operations on one item',
    );
    const put = { Put: { TableName: table, Item: { pk: S('b') } } };
    expect(await refusalOf(write([{ ...addOne(table, 'a'), ...put }]))).toContain('can only contain one of');
    expect(await refusalOf(write([{}]))).toContain('can only contain one of');
    expect(await refusalOf(write([]))).toContain('length greater than or equal to 1');
    expect(await itemsOf(table)).toEqual([]);
  });

  it('[DB-TRANSACT-5] has 4 MB at most', async () => {
    const table = await makeTable(db, '');
    const large = (count: number): TransactWriteItem[] =>
      Array.from({ length: count }, (_, index) => ({
        Put: { TableName: table, Item: { pk: S(`${index}`), words: S('x'.repeat(390 * 1024)) } },
      }));
    expect(await refusalOf(write(large(11)))).toContain('exceeds the limit of 4 MB');
    expect(await itemsOf(table)).toEqual([]);
    await write(large(10));
  });

  it('[DB-TRANSACT-6] is not made again with its token, for ten minutes', async () => {
    const table = await makeTable(db, '');
    const token = { ClientRequestToken: 'again' };
    const count = async () => (await db.send(new GetItemCommand({ TableName: table, Key: { pk: S('a') } }))).Item!['n'];
    await write([addOne(table, 'a')], token);
    const { ConsumedCapacity } = await write([addOne(table, 'a')], { ...token, ReturnConsumedCapacity: 'TOTAL' });
    expect(ConsumedCapacity).toEqual([{ TableName: table, CapacityUnits: 2, ReadCapacityUnits: 2 }]);
    expect(await count()).toEqual(N(1));
    expect(await refusalOf(write([addOne(table, 'b')], token))).toContain('IdempotentParameterMismatchException');
    await bench.advance({ minutes: 10, seconds: 1 });
    await write([addOne(table, 'a')], token);
    expect(await count()).toEqual(N(2));
  });

  it('[DB-TRANSACT-1] reads items in the order asked', async () => {
    const table = await makeTable(db, '');
    await putAll(db, table, [
      { pk: S('a'), n: N(1) },
      { pk: S('b'), n: N(2) },
    ]);
    const get = (pk: string, more: object = {}) => ({ Get: { TableName: table, Key: { pk: S(pk) }, ...more } });
    const { Responses, ConsumedCapacity } = await db.send(
      new TransactGetItemsCommand({
        TransactItems: [get('b'), get('absent'), get('a', { ProjectionExpression: 'n' })],
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(Responses).toEqual([{ Item: { pk: S('b'), n: N(2) } }, {}, { Item: { n: N(1) } }]);
    expect(ConsumedCapacity).toEqual([{ TableName: table, CapacityUnits: 6, ReadCapacityUnits: 6 }]);
    const twice = db.send(new TransactGetItemsCommand({ TransactItems: [get('a'), get('a')] }));
    expect(await refusalOf(twice)).toContain('multiple operations on one item');
  });
});
