import {
  QueryCommand,
  ScanCommand,
  paginateQuery,
  paginateScan,
  type CreateTableCommandInput,
  type QueryCommandInput,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { array, assert, asyncProperty, boolean, constantFrom, integer, record, uniqueArray } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { B, dynamo, makeTable, N, putAll, refusalOf, S, type Item } from './setup.ts';

let bench: TestBench;
let db: ReturnType<typeof dynamo>;
let TableName: string;

const INDEXES: Partial<CreateTableCommandInput> = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
    { AttributeName: 'g', AttributeType: 'S' },
    { AttributeName: 'h', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'global',
      KeySchema: [
        { AttributeName: 'g', KeyType: 'HASH' },
        { AttributeName: 'h', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['shown'] },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'local',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'h', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

beforeAll(async () => {
  bench = await startBench();
  db = dynamo(bench);
  TableName = await makeTable(db, 'N', INDEXES);
  await putAll(
    db,
    TableName,
    Array.from({ length: 10 }, (_, index) => ({
      pk: S('a'),
      sk: N(index - 5),
      g: S(index % 2 === 0 ? 'even' : 'odd'),
      h: S(`h${9 - index}`),
      shown: N(index),
      inside: S('x'),
    })),
  );
  await putAll(db, TableName, [{ pk: S('b'), sk: N(1) }]);
});
afterAll(() => bench.stop());

const query = (more: Partial<QueryCommandInput> = {}) =>
  db.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ...more,
      ExpressionAttributeValues: { ':pk': S('a'), ...more.ExpressionAttributeValues },
    }),
  );
const byKey = (KeyConditionExpression: string, values: Item = {}, more: Partial<QueryCommandInput> = {}) =>
  query({ KeyConditionExpression, ExpressionAttributeValues: values, ...more });
const scan = (more: Partial<ScanCommandInput> = {}) => db.send(new ScanCommand({ TableName, ...more }));
const numbers = (items: readonly Item[] | undefined): number[] => items!.map(({ sk }) => Number(sk!.N));

describe('a query', () => {
  it('[DB-QUERY-5] gives items in the order of the sort key, or backwards', async () => {
    expect(numbers((await query()).Items)).toEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4]);
    expect(numbers((await query({ ScanIndexForward: false, Limit: 3 })).Items)).toEqual([4, 3, 2]);
  });

  it.each<[string, number[]]>([
    ['sk = :x', [2]],
    ['sk < :x', [-5, -4, -3, -2, -1, 0, 1]],
    ['sk <= :x', [-5, -4, -3, -2, -1, 0, 1, 2]],
    ['sk > :x', [3, 4]],
    ['sk >= :x', [2, 3, 4]],
    [':x < sk', [3, 4]],
  ])('[DB-QUERY-2] finds what its sort condition says: %s', async (condition, found) => {
    expect(numbers((await byKey(`pk = :pk AND ${condition}`, { ':x': N(2) })).Items)).toEqual(found);
    expect(numbers((await byKey(`(${condition}) and (pk = :pk)`, { ':x': N(2) })).Items)).toEqual(found);
  });

  it('[DB-QUERY-2] finds by beginnings and between two values', async () => {
    expect(numbers((await byKey('pk = :pk AND sk BETWEEN :x AND :y', { ':x': N('-1.5'), ':y': N(1) })).Items)).toEqual([
      -1, 0, 1,
    ]);
    const binary = await makeTable(db, 'B');
    await putAll(
      db,
      binary,
      [[1], [255], [255, 0], [255, 255], [255, 255, 255]].map((sk) => ({ pk: S('a'), sk: B(...sk) })),
    );
    const begins = async (...start: number[]) =>
      (await byKey('pk = :pk AND begins_with(sk, :x)', { ':x': B(...start) }, { TableName: binary })).Count;
    expect([await begins(1), await begins(255), await begins(255, 255), await begins(2)]).toEqual([1, 4, 2, 0]);
  });

  it.each<[string, Item, string]>([
    ['sk = :pk', {}, 'Query condition missed key schema element: pk'],
    ['pk > :pk', {}, 'Query key condition not supported'],
    ['pk = :pk AND inside = :x', { ':x': S('x') }, 'Query condition missed key schema element: sk'],
    ['pk = :pk AND sk > :x AND sk < :y', { ':x': N(1), ':y': N(2) }, 'must only contain one condition per key'],
    ['pk = :pk OR sk = :x', { ':x': N(1) }, 'Invalid operator used in KeyConditionExpression: OR'],
    ['NOT pk = :pk', {}, 'Invalid operator used in KeyConditionExpression: NOT'],
    ['pk = :pk AND sk <> :x', { ':x': N(1) }, 'Invalid operator used in KeyConditionExpression: <>'],
    ['pk = :pk AND sk IN (:x)', { ':x': N(1) }, 'Invalid operator used in KeyConditionExpression: IN'],
    ['pk = :pk AND contains(sk, :x)', { ':x': N(1) }, 'Invalid operator used in KeyConditionExpression: contains'],
    ['pk = :pk AND size(sk) = :x', { ':x': N(1) }, 'Invalid operator used in KeyConditionExpression: size'],
    ['pk = :pk AND sk.a = :x', { ':x': N(1) }, 'cannot have conditions on nested attributes'],
    ['pk = :pk AND sk = inside', {}, 'Multiple attribute names used in one condition'],
  ])('[DB-QUERY-2] is refused with another key condition: %s', async (condition, values, what) => {
    expect(await refusalOf(byKey(condition, values))).toContain(what);
  });

  it('[DB-QUERY-1] is refused without a key condition', async () => {
    expect(await refusalOf(db.send(new QueryCommand({ TableName })))).toBe(
      'ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  });

  it('[DB-QUERY-3] is refused with values of another type than the keys', async () => {
    const text = 'Condition parameter type does not match schema type';
    expect(await refusalOf(byKey('pk = :pk AND sk = :x', { ':x': S('1') }))).toContain(text);
    expect(await refusalOf(byKey('pk = :x', { ':x': N(1) }))).toMatch(/does not match schema type|unused/);
  });

  it('[DB-KEY-3] is refused with an empty key', async () => {
    const empty = { KeyConditionExpression: 'pk = :e', ExpressionAttributeValues: { ':e': S('') } };
    expect(await refusalOf(db.send(new QueryCommand({ TableName, ...empty })))).toBe(
      'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    );
  });

  it('[DB-QUERY-4] filters what it read, but not by keys', async () => {
    const values = { ExpressionAttributeValues: { ':x': N(4) } };
    const { Items, Count, ScannedCount } = await query({ FilterExpression: 'shown > :x', Limit: 6, ...values });
    expect([Count, ScannedCount, numbers(Items)]).toEqual([1, 6, [0]]);
    expect(await refusalOf(query({ FilterExpression: 'sk > :x', ...values }))).toBe(
      'ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    );
    expect(await refusalOf(query({ FilterExpression: 'shown > :x OR NOT pk <> :x', ...values }))).toContain('pk');
  });
});

describe('an index', () => {
  const ofGlobal = (more: Partial<QueryCommandInput> = {}) =>
    query({
      IndexName: 'global',
      KeyConditionExpression: 'g = :pk',
      ...more,
      ExpressionAttributeValues: { ':pk': S('odd') },
    });

  it('[DB-READ-3] that is global gives what it projects, in its own order', async () => {
    const { Items } = await ofGlobal();
    expect(numbers(Items)).toEqual([4, 2, 0, -2, -4]);
    expect(Object.keys(Items![0]!).toSorted()).toEqual(['g', 'h', 'pk', 'shown', 'sk']);
    expect(await refusalOf(ofGlobal({ ProjectionExpression: 'inside' }))).toContain(
      'Global secondary index global does not project [inside]',
    );
    expect(await refusalOf(ofGlobal({ Select: 'ALL_ATTRIBUTES' }))).toContain('its projection type is not ALL');
  });

  it('[DB-READ-3] that is local fetches the rest from the table', async () => {
    const local = { IndexName: 'local', Limit: 1 };
    expect((await query(local)).Items).toEqual([{ pk: S('a'), sk: N(4), h: S('h0') }]);
    expect((await query({ ...local, ProjectionExpression: 'inside' })).Items).toEqual([{ inside: S('x') }]);
    const { Items, ConsumedCapacity } = await query({
      ...local,
      Select: 'ALL_ATTRIBUTES',
      ReturnConsumedCapacity: 'INDEXES',
    });
    expect(Items![0]).toHaveProperty('shown');
    expect(ConsumedCapacity).toMatchObject({
      CapacityUnits: 1,
      Table: { CapacityUnits: 0.5 },
      LocalSecondaryIndexes: { local: { CapacityUnits: 0.5 } },
    });
  });

  it('[DB-READ-1] is one of the table’s, and a global one is not read consistently', async () => {
    expect(await refusalOf(query({ IndexName: 'other' }))).toBe(
      'ValidationException: The table does not have the specified index: other',
    );
    expect(await refusalOf(scan({ IndexName: 'other' }))).toContain('does not have the specified index');
    expect(await refusalOf(ofGlobal({ ConsistentRead: true }))).toContain('Consistent reads are not supported');
    expect((await query({ IndexName: 'local', ConsistentRead: true })).Count).toBe(10);
  });

  it('[DB-READ-2] and Select agree', async () => {
    expect(await query({ Select: 'COUNT' })).toMatchObject({ Count: 10, ScannedCount: 10 });
    expect((await query({ Select: 'COUNT' })).Items).toBeUndefined();
    const projected = { ProjectionExpression: 'shown' };
    expect(await refusalOf(query({ Select: 'COUNT', ...projected }))).toContain('to get only the Count');
    expect(await refusalOf(query({ Select: 'ALL_ATTRIBUTES', ...projected }))).toContain('to get ALL_ATTRIBUTES');
    expect(await refusalOf(query({ Select: 'SPECIFIC_ATTRIBUTES' }))).toContain('Must specify the AttributesToGet');
    expect(await refusalOf(scan({ Select: 'ALL_PROJECTED_ATTRIBUTES' }))).toContain('only when Querying');
  });
});

describe('a page', () => {
  it('[DB-READ-5] ends where it has read enough, and says where to go on', async () => {
    const first = await query({ Limit: 4 });
    expect(first.LastEvaluatedKey).toEqual({ pk: S('a'), sk: N(-2) });
    const second = await query({ Limit: 4, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(numbers(second.Items)).toEqual([-1, 0, 1, 2]);
    const third = await query({ Limit: 4, ExclusiveStartKey: second.LastEvaluatedKey });
    expect(numbers(third.Items)).toEqual([3, 4]);
    expect(third.LastEvaluatedKey).toBeUndefined();
  });

  it('[DB-READ-5] ends with 1 MB', async () => {
    const large = await makeTable(db, 'N');
    await putAll(
      db,
      large,
      Array.from({ length: 5 }, (_, index) => ({ pk: S('a'), sk: N(index), words: S('x'.repeat(300_000)) })),
    );
    const { Count, LastEvaluatedKey } = await query({ TableName: large });
    expect([Count, LastEvaluatedKey]).toEqual([4, { pk: S('a'), sk: N(3) }]);
    const rest = await query({ TableName: large, ExclusiveStartKey: LastEvaluatedKey });
    expect([rest.Count, rest.LastEvaluatedKey]).toEqual([1, undefined]);
    expect((await scan({ TableName: large, ProjectionExpression: 'sk' })).Count).toBe(4);
  });

  it('[DB-READ-4] begins after a key that is within what is read', async () => {
    const from = (ExclusiveStartKey: Item, more: Partial<QueryCommandInput> = {}) =>
      refusalOf(query({ ExclusiveStartKey, ...more }));
    const mismatch = 'The provided starting key is invalid: The provided key element does not match the schema';
    expect(await from({ pk: S('a') })).toContain(mismatch);
    expect(await from({ pk: S('a'), sk: S('1') })).toContain(mismatch);
    expect(await from({ pk: S('a'), sk: N(1), more: N(1) })).toContain(mismatch);
    expect(await from({ pk: S('a'), sk: N(1) }, { IndexName: 'local' })).toContain(mismatch);
    expect(await from({ pk: S('b'), sk: N(1) })).toContain('outside query boundaries');
    expect(
      await from(
        { pk: S('a'), sk: N(1) },
        { KeyConditionExpression: 'pk = :pk AND sk < :x', ExpressionAttributeValues: { ':x': N(0) } },
      ),
    ).toContain('does not match the range key predicate');
    // The item itself may be gone.
    expect(numbers((await query({ ExclusiveStartKey: { pk: S('a'), sk: N('2.5') } })).Items)).toEqual([3, 4]);
  });
});

describe('a scan', () => {
  it('[DB-SCAN-1] gives every item once over all segments', async () => {
    const many = await makeTable(db, '');
    const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
    await putAll(
      db,
      many,
      keys.map((key) => ({ pk: S(key) })),
    );
    const found: string[] = [];
    for (let Segment = 0; Segment < 3; Segment += 1) {
      const input = { TableName: many, TotalSegments: 3, Segment };
      const before = found.length;
      for await (const { Items } of paginateScan({ client: db, pageSize: 7 }, input)) {
        found.push(...Items!.map(({ pk }) => pk!.S!));
      }
      expect(found.length).toBeGreaterThan(before);
    }
    expect(found.toSorted()).toEqual(keys.toSorted());
    const { LastEvaluatedKey: last } = await scan({ TableName: many, TotalSegments: 2, Segment: 0, Limit: 1 });
    expect(await refusalOf(scan({ TableName: many, TotalSegments: 2, Segment: 1, ExclusiveStartKey: last }))).toContain(
      'Please use ExclusiveStartKey with correct Segment.',
    );
  });

  it('[DB-SCAN-1] names a segment of some', async () => {
    expect(await refusalOf(scan({ Segment: 0 }))).toContain('The TotalSegments parameter is required');
    expect(await refusalOf(scan({ TotalSegments: 2 }))).toContain('The Segment parameter is required');
    expect(await refusalOf(scan({ Segment: 2, TotalSegments: 2 }))).toContain('2 is not less than TotalSegments: 2');
  });

  it('[DB-READ-5] goes through an index as well, page by page', async () => {
    const found: number[] = [];
    const input = { TableName, IndexName: 'global' };
    for await (const { Items } of paginateScan({ client: db, pageSize: 3 }, input)) found.push(...numbers(Items));
    expect(found.toSorted((one, other) => one - other)).toEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4]);
  });
});

it(
  '[DB-QUERY-5] [DB-READ-5] finds what a plain search through all items finds, whatever the page',
  { timeout: 60_000 },
  async () => {
    const items = uniqueArray(
      record({
        pk: constantFrom('a', 'b'),
        sk: integer({ min: -1000, max: 1000 }).map((n) => n / 8),
        h: constantFrom('x', 'y', 'z'),
      }),
      { selector: ({ pk, sk }) => `${pk} ${sk}`, minLength: 1, maxLength: 12 },
    );
    const asked = array(
      record({
        operator: constantFrom('=', '<', '<=', '>', '>=', 'BETWEEN'),
        low: integer({ min: -1000, max: 1000 }).map((n) => n / 8),
        isForward: boolean(),
        pageSize: integer({ min: 1, max: 5 }),
        isIndex: boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await assert(
      asyncProperty(items, asked, async (rows, questions) => {
        const table = await makeTable(db, 'N', INDEXES);
        await putAll(
          db,
          table,
          rows.map(({ pk, sk, h }) => ({ pk: S(pk), sk: N(sk), h: S(h), g: S('all') })),
        );
        for (const { operator, low, isForward, pageSize, isIndex } of questions) {
          const high = low + 40;
          const isMeant = (sk: number): boolean => {
            switch (operator) {
              case '=':
                return sk === low;
              case '<':
                return sk < low;
              case '<=':
                return sk <= low;
              case '>':
                return sk > low;
              case '>=':
                return sk >= low;
              default:
                return sk >= low && sk <= high;
            }
          };
          const condition = operator === 'BETWEEN' ? 'sk BETWEEN :x AND :y' : `sk ${operator} :x`;
          const own: QueryCommandInput = {
            TableName: table,
            KeyConditionExpression: `pk = :pk AND ${condition}`,
            ExpressionAttributeValues: {
              ':pk': S('a'),
              ':x': N(low),
              ...(operator === 'BETWEEN' && { ':y': N(high) }),
            },
          };
          const byIndex: QueryCommandInput = {
            TableName: table,
            IndexName: 'global',
            KeyConditionExpression: 'g = :g AND h > :h',
            ExpressionAttributeValues: { ':g': S('all'), ':h': S('x') },
          };
          const found: string[] = [];
          const input = { ...(isIndex ? byIndex : own), ScanIndexForward: isForward };
          for await (const { Items } of paginateQuery({ client: db, pageSize }, input)) {
            for (const { pk, sk, h } of Items!)
              found.push(isIndex ? `${h!.S} ${pk!.S} ${Number(sk!.N)}` : `${Number(sk!.N)}`);
          }
          if (isIndex) {
            const expected = rows.filter(({ h }) => h > 'x').map(({ pk, sk, h }) => `${h} ${pk} ${sk}`);
            expect(found.toSorted()).toEqual(expected.toSorted());
            const order = found.map((text) => text[0]!);
            expect(order).toEqual(isForward ? order.toSorted() : order.toSorted().toReversed());
          } else {
            const expected = rows.filter(({ pk, sk }) => pk === 'a' && isMeant(sk)).map(({ sk }) => sk);
            const sorted = expected.toSorted((one, other) => (isForward ? one - other : other - one));
            expect(found.map(Number)).toEqual(sorted);
          }
        }
      }),
      { numRuns: 25 },
    );
  },
);
