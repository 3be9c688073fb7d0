import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type PutItemCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { B, dynamo, makeTable, N, putAll, refusalOf, S, type Item } from './setup.ts';

let bench: TestBench;
let db: ReturnType<typeof dynamo>;
let TableName: string;
beforeAll(async () => {
  bench = await startBench();
  db = dynamo(bench);
  TableName = await makeTable(db, '');
});
afterAll(() => bench.stop());

const WRONG = 'ValidationException: One or more parameter values were invalid:';
const put = (Item: Item, more: Partial<PutItemCommandInput> = {}) =>
  db.send(new PutItemCommand({ TableName, Item, ...more }));
const get = async (pk: string): Promise<Item | undefined> =>
  (await db.send(new GetItemCommand({ TableName, Key: { pk: S(pk) } }))).Item;
const update = (pk: string, more: Partial<UpdateItemCommandInput>) =>
  db.send(new UpdateItemCommand({ TableName, Key: { pk: S(pk) }, ...more }));
/** Puts one value and reads it again. */
const through = async (value: AttributeValue): Promise<AttributeValue | undefined> => {
  await put({ pk: S('through'), value });
  return (await get('through'))!['value'];
};

describe('values', () => {
  it('[DB-GET-1] come back as they were put, whatever their type', async () => {
    const item: Item = {
      pk: S('all'),
      text: S(''),
      unicode: S('ü🂡\u0000'),
      bytes: B(0, 255),
      nothing: { NULL: true },
      no: { BOOL: false },
      texts: { SS: ['', 'b'] },
      numbers: { NS: ['1', '-2.5'] },
      binaries: { BS: [new Uint8Array([1]), new Uint8Array()] },
      list: { L: [S('a'), { M: { B: B(7), BS: S('not bytes'), deep: { L: [] } } }] },
      B: S('an attribute that is named like a type'),
      constructor: N(1),
    };
    await put(item);
    expect(await get('all')).toEqual(item);
    expect(await get('none')).toBeUndefined();
  });

  it('[DB-VALUE-2] keep all digits of a number', async () => {
    const digits = '12345678901234567890123456789012345678';
    expect(await through(N(digits))).toEqual(N(digits));
    expect(await through(N(`-0.${digits}`))).toEqual(N(`-0.${digits}`));
    expect(await through(N('1.20E2'))).toEqual(N('120'));
    expect(await refusalOf(through(N(`${digits}9`)))).toBe(
      'ValidationException: Attempting to store more than 38 significant digits in a Number',
    );
    expect(await refusalOf(through(N('1E126')))).toContain('Number overflow.');
    expect(await refusalOf(through(N('1E-131')))).toContain('Number underflow.');
    expect(await refusalOf(through(N('one')))).toBe(
      'ValidationException: The parameter cannot be converted to a numeric value: one',
    );
  });

  it('[DB-VALUE-1] have one type', async () => {
    expect(await refusalOf(through({ S: 'a', N: '1' } as never))).toContain('has more than one datatypes set');
    expect(await refusalOf(through({} as never))).toContain('Supplied AttributeValue is empty');
    expect(await refusalOf(through({ NULL: false }))).toContain('must have the value of true');
  });

  it('[DB-VALUE-3] that are sets are not empty and hold each member once', async () => {
    expect(await refusalOf(through({ SS: [] }))).toBe(`${WRONG} An string set  may not be empty`);
    expect(await refusalOf(through({ NS: [] }))).toContain('An number set  may not be empty');
    expect(await refusalOf(through({ BS: [] }))).toContain('Binary sets should not be empty');
    expect(await refusalOf(through({ SS: ['a', 'a'] }))).toBe(`${WRONG} Input collection [a, a] contains duplicates.`);
    expect(await refusalOf(through({ NS: ['1', '1.0'] }))).toContain('contains duplicates');
    expect(await refusalOf(through({ BS: [new Uint8Array([1]), new Uint8Array([1])] }))).toContain('duplicates');
  });

  it('[DB-VALUE-4] nest 32 levels deep', async () => {
    const nested = (levels: number): AttributeValue => (levels === 1 ? S('x') : { L: [nested(levels - 1)] });
    expect(await through(nested(32))).toEqual(nested(32));
    expect(await refusalOf(through(nested(33)))).toContain('Nesting Levels have exceeded supported limits');
    // Nor by and by.
    await put({ pk: S('deep'), down: { L: [nested(16)] } });
    const deeper = (levels: number) =>
      update('deep', {
        UpdateExpression: `SET down${'[0]'.repeat(16)} = :x`,
        ExpressionAttributeValues: { ':x': nested(levels) },
      });
    expect(await refusalOf(deeper(17))).toContain('Nesting Levels have exceeded supported limits');
    await deeper(16);
    expect((await get('deep'))!['down']).toEqual({ L: [nested(31)] });
  });

  it('[DB-VALUE-5] are well-formed Unicode, so that no two keys of different texts are one', async () => {
    await put({ pk: S('half-\ud800'), text: S('\udfff!') });
    expect(await get('half-\ufffd')).toEqual({ pk: S('half-\ufffd'), text: S('\ufffd!') });
    expect(await through({ SS: ['\ud800', 'a'] })).toEqual({ SS: ['\ufffd', 'a'] });
    expect(await refusalOf(through({ SS: ['\ud800', '\ud801'] }))).toContain('contains duplicates');
  });

  it('[DB-ITEM-1] make an item of 400 KB at most', async () => {
    const room = 400 * 1024 - 'pk'.length - 'big'.length - 'text'.length;
    await put({ pk: S('big'), text: S('x'.repeat(room)) });
    expect(await refusalOf(put({ pk: S('big'), text: S('x'.repeat(room + 1)) }))).toBe(
      'ValidationException: Item size has exceeded the maximum allowed size',
    );
    const more = { UpdateExpression: 'SET b = :b', ExpressionAttributeValues: { ':b': S('') } };
    expect(await refusalOf(update('big', more))).toContain('Item size to update has exceeded');
    expect((await get('big'))!['text']!.S).toHaveLength(room);
  });
});

describe('keys', () => {
  it('[DB-KEY-1] that are asked for are the table’s', async () => {
    const read = (Key: Item) => refusalOf(db.send(new GetItemCommand({ TableName, Key })));
    const wrong = 'ValidationException: The provided key element does not match the schema';
    expect(await read({})).toBe(wrong);
    expect(await read({ pk: N(1) })).toBe(wrong);
    expect(await read({ pk: S('a'), more: S('b') })).toBe(wrong);
    expect(await refusalOf(db.send(new DeleteItemCommand({ TableName, Key: { other: S('a') } })))).toBe(wrong);
  });

  it('[DB-KEY-2] are in every item', async () => {
    expect(await refusalOf(put({ other: S('a') }))).toBe(`${WRONG} Missing the key pk in the item`);
    expect(await refusalOf(put({ pk: N(1) }))).toBe(`${WRONG} Type mismatch for key pk expected: S actual: N`);
  });

  it('[DB-KEY-3] are not empty', async () => {
    expect(await refusalOf(put({ pk: S('') }))).toContain('cannot contain an empty string value. Key: pk');
    const binary = await makeTable(db, 'B');
    expect(
      await refusalOf(db.send(new PutItemCommand({ TableName: binary, Item: { pk: S('a'), sk: B() } }))),
    ).toContain('cannot contain an empty binary value. Key: sk');
  });

  it('[DB-KEY-4] have a greatest length', async () => {
    await put({ pk: S('x'.repeat(2048)) });
    expect(await refusalOf(put({ pk: S('x'.repeat(2049)) }))).toContain('maximum size limit of2048 bytes');
    const sorted = await makeTable(db);
    const withSort = (length: number) =>
      db.send(new PutItemCommand({ TableName: sorted, Item: { pk: S('a'), sk: S('ü'.repeat(length / 2)) } }));
    await withSort(1024);
    expect(await refusalOf(withSort(1026))).toContain('exceeded the size limit of 1024 bytes');
  });

  it('[DB-KEY-5] of an index have its type, and an item without them is not in it', async () => {
    const indexed = await makeTable(db, '', {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'score', AttributeType: 'N' },
        { AttributeName: 'label', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-score',
          KeySchema: [
            { AttributeName: 'score', KeyType: 'HASH' },
            { AttributeName: 'label', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
    const add = (more: Item) => db.send(new PutItemCommand({ TableName: indexed, Item: { pk: S('a'), ...more } }));
    expect(await refusalOf(add({ score: S('1') }))).toBe(
      `${WRONG} Type mismatch for Index Key score Expected: N Actual: S IndexName: by-score`,
    );
    expect(await refusalOf(add({ label: S('') }))).toContain('IndexName: by-score, IndexKey: label');
    const listed = async () => {
      const { Count } = await db.send(new ScanCommand({ TableName: indexed, IndexName: 'by-score' }));
      const { Table } = await db.send(new DescribeTableCommand({ TableName: indexed }));
      expect(Table!.GlobalSecondaryIndexes![0]!.ItemCount).toBe(Count);
      return Count;
    };
    await add({ score: N(1), label: S('l'), other: S('x') });
    expect(await listed()).toBe(1);
    await add({ score: N(2), label: S('l') });
    expect(await listed()).toBe(1);
    await add({ score: N(2) });
    expect(await listed()).toBe(0);
    await add({ score: N(2), label: S('l') });
    await db.send(new DeleteItemCommand({ TableName: indexed, Key: { pk: S('a') } }));
    expect(await listed()).toBe(0);
  });
});

describe('a write', () => {
  it('[DB-ITEM-2] of a whole item gives the old one back, where that is asked for', async () => {
    await put({ pk: S('old'), n: N(1) });
    expect((await put({ pk: S('old'), n: N(2) })).Attributes).toBeUndefined();
    expect((await put({ pk: S('old'), n: N(3) }, { ReturnValues: 'ALL_OLD' })).Attributes).toEqual({
      pk: S('old'),
      n: N(2),
    });
    const removal = new DeleteItemCommand({ TableName, Key: { pk: S('old') }, ReturnValues: 'ALL_OLD' });
    expect((await db.send(removal)).Attributes).toEqual({ pk: S('old'), n: N(3) });
    expect((await db.send(removal)).Attributes).toBeUndefined();
    expect(await refusalOf(put({ pk: S('old') }, { ReturnValues: 'ALL_NEW' }))).toBe(
      'ValidationException: ReturnValues can only be ALL_OLD or NONE',
    );
    expect(await get('old')).toBeUndefined();
  });

  it('[DB-CONDITION-1] is made only where its condition holds', async () => {
    const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
    await put({ pk: S('once'), n: N(1) }, isNew);
    expect(await refusalOf(put({ pk: S('once'), n: N(2) }, isNew))).toBe(
      'ConditionalCheckFailedException: The conditional request failed',
    );
    expect(await get('once')).toEqual({ pk: S('once'), n: N(1) });
    const failed = await put({ pk: S('once') }, { ...isNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }).catch(
      (error: unknown) => error as { Item?: Item },
    );
    expect((failed as { Item?: Item }).Item).toEqual({ pk: S('once'), n: N(1) });
    const onlyIf = (n: number) => ({
      ConditionExpression: 'n = :n',
      ExpressionAttributeValues: { ':n': N(n) },
    });
    const removal = (n: number) => db.send(new DeleteItemCommand({ TableName, Key: { pk: S('once') }, ...onlyIf(n) }));
    expect(await refusalOf(removal(2))).toContain('ConditionalCheckFailedException');
    await removal(1);
    expect(await refusalOf(update('absent', { ConditionExpression: 'attribute_exists(pk)' }))).toContain(
      'ConditionalCheckFailedException',
    );
    expect(await get('absent')).toBeUndefined();
  });

  it('[DB-COST-1] tells what it took, with its indexes', async () => {
    const indexed = await makeTable(db, '', {
      AttributeDefinitions: ['pk', 'g'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-g',
          KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
    const cost = async (g: string) =>
      (
        await db.send(
          new PutItemCommand({
            TableName: indexed,
            Item: { pk: S('a'), g: S(g), text: S('x'.repeat(1500)) },
            ReturnConsumedCapacity: 'INDEXES',
          }),
        )
      ).ConsumedCapacity;
    const first = {
      CapacityUnits: 3,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { 'by-g': { CapacityUnits: 1 } },
    };
    expect(await cost('one')).toEqual({ TableName: indexed, ...first });
    expect(await cost('one')).toEqual({ TableName: indexed, CapacityUnits: 2, Table: { CapacityUnits: 2 } });
    expect(await cost('two')).toMatchObject({ CapacityUnits: 4 });
    const read = async (ConsistentRead: boolean) =>
      (
        await db.send(
          new GetItemCommand({
            TableName: indexed,
            Key: { pk: S('a') },
            ConsistentRead,
            ReturnConsumedCapacity: 'TOTAL',
          }),
        )
      ).ConsumedCapacity;
    expect(await read(true)).toEqual({ TableName: indexed, CapacityUnits: 1 });
    expect(await read(false)).toEqual({ TableName: indexed, CapacityUnits: 0.5 });
  });

  it('[DB-COST-2] tells how large its collection is, where local indexes bound it', async () => {
    const collected = await makeTable(db, 'S', {
      LocalSecondaryIndexes: [
        {
          IndexName: 'again',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    const Item = { pk: S('a'), sk: S('b') };
    const size = { ReturnItemCollectionMetrics: 'SIZE' as const };
    expect((await db.send(new PutItemCommand({ TableName: collected, Item, ...size }))).ItemCollectionMetrics).toEqual({
      ItemCollectionKey: { pk: S('a') },
      SizeEstimateRangeGB: [0, 1],
    });
    expect((await put({ pk: S('a') }, size)).ItemCollectionMetrics).toBeUndefined();
  });
});

describe('an update', () => {
  it('[DB-UPDATE-1] makes an item where there is none, and leaves keys alone', async () => {
    await update('fresh', {});
    expect(await get('fresh')).toEqual({ pk: S('fresh') });
    const values = { ExpressionAttributeValues: { ':v': S('x') } };
    expect(await refusalOf(update('fresh', { UpdateExpression: 'SET pk = :v', ...values }))).toBe(
      `${WRONG} Cannot update attribute pk. This attribute is part of the key`,
    );
  });

  it('[DB-UPDATE-2] sets, removes, adds and deletes, reading the item as it was', async () => {
    await put({
      pk: S('whole'),
      a: N(1),
      b: N(2),
      parts: { L: [S('0'), S('1'), S('2'), { M: { x: S('y') } }] },
      map: { M: { one: N(1), two: N(2) } },
      set: { SS: ['a', 'b'] },
      gone: { NS: ['1'] },
    });
    const { Attributes } = await update('whole', {
      UpdateExpression:
        'SET a = b, b = a - :half, fresh = if_not_exists(fresh, :zero) + :half, #m.three = :zero, parts[9] = :words, more = list_append(parts, :tail) ' +
        'REMOVE parts[0], parts[2], parts[3].x, #m.one ADD #s :members, tally :half DELETE gone :ones, nowhere :ones',
      ExpressionAttributeNames: { '#m': 'map', '#s': 'set' },
      ExpressionAttributeValues: {
        ':half': N('0.5'),
        ':zero': N(0),
        ':words': S('end'),
        ':tail': { L: [S('tail')] },
        ':members': { SS: ['b', 'c'] },
        ':ones': { NS: ['1'] },
      },
      ReturnValues: 'ALL_NEW',
    });
    expect(Attributes).toEqual({
      pk: S('whole'),
      a: N(2),
      b: N('0.5'),
      fresh: N('0.5'),
      parts: { L: [S('1'), { M: {} }, S('end')] },
      map: { M: { two: N(2), three: N(0) } },
      more: { L: [S('0'), S('1'), S('2'), { M: { x: S('y') } }, S('tail')] },
      set: { SS: ['a', 'b', 'c'] },
      tally: N('0.5'),
    });
    expect(await get('whole')).toEqual(Attributes);
  });

  it('[DB-UPDATE-2] is refused where it reads what is not there, or of another type', async () => {
    await put({ pk: S('typed'), words: S('a'), set: { SS: ['a'] } });
    const refused = async (UpdateExpression: string, value?: AttributeValue) =>
      refusalOf(update('typed', { UpdateExpression, ...(value && { ExpressionAttributeValues: { ':v': value } }) }));
    const unread = 'The provided expression refers to an attribute that does not exist in the item';
    const mistyped = 'An operand in the update expression has an incorrect data type';
    expect(await refused('SET a = absent')).toContain(unread);
    expect(await refused('SET a = absent + :v', N(1))).toContain(unread);
    expect(await refused('SET a = words + :v', N(1))).toContain(mistyped);
    expect(await refused('SET a = list_append(words, :v)', { L: [] })).toContain(mistyped);
    expect(await refused('ADD words :v', N(1))).toContain(mistyped);
    expect(await refused('ADD words :v', { SS: ['x'] })).toContain(mistyped);
    expect(await refused('DELETE words :v', { SS: ['x'] })).toContain(mistyped);
    expect(await get('typed')).toEqual({ pk: S('typed'), words: S('a'), set: { SS: ['a'] } });
  });

  it('[DB-UPDATE-3] is refused where its path leads nowhere', async () => {
    await put({ pk: S('paths'), words: S('a'), parts: { L: [] } });
    const invalid = 'The document path provided in the update expression is invalid for update';
    for (const path of ['absent.a', 'absent[0]', 'words.a', 'parts.a', 'words[0]', 'parts[0].a']) {
      const set = { UpdateExpression: `SET ${path} = :v`, ExpressionAttributeValues: { ':v': N(1) } };
      expect(await refusalOf(update('paths', set))).toContain(invalid);
    }
    expect(await refusalOf(update('paths', { UpdateExpression: 'REMOVE absent.a' }))).toContain(invalid);
    await update('paths', { UpdateExpression: 'REMOVE absent' });
    expect(await get('paths')).toEqual({ pk: S('paths'), words: S('a'), parts: { L: [] } });
  });

  it('[DB-UPDATE-4] gives back what it is asked for', async () => {
    await put({ pk: S('back'), a: N(1), m: { M: { x: N(1), y: N(1) } } });
    const returned = async (ReturnValues: UpdateItemCommandInput['ReturnValues'], n: number) =>
      (
        await update('back', {
          UpdateExpression: 'SET a = :n, m.x = :n, fresh = :n',
          ExpressionAttributeValues: { ':n': N(n) },
          ReturnValues,
        })
      ).Attributes;
    const item = (n: number) => ({ pk: S('back'), a: N(n), m: { M: { x: N(n), y: N(1) } } });
    expect(await returned('UPDATED_OLD', 2)).toEqual({ a: N(1), m: { M: { x: N(1) } } });
    expect(await returned('UPDATED_NEW', 3)).toEqual({ a: N(3), m: { M: { x: N(3) } }, fresh: N(3) });
    expect(await returned('ALL_OLD', 4)).toEqual({ ...item(3), fresh: N(3) });
    expect(await returned('ALL_NEW', 5)).toEqual({ ...item(5), fresh: N(5) });
    expect(await returned('NONE', 6)).toBeUndefined();
  });
});

describe('the parameters from before expressions', () => {
  it('[DB-LEGACY-1] are refused by name, and nothing is done', async () => {
    const key = { TableName, Key: { pk: S('legacy') } };
    const equal = { ComparisonOperator: 'EQ' as const, AttributeValueList: [S('a')] };
    const calls: [string, Promise<unknown>][] = [
      ['AttributesToGet', db.send(new GetItemCommand({ ...key, AttributesToGet: ['pk'] }))],
      ['Expected', put({ pk: S('legacy') }, { Expected: { pk: { Exists: false } } })],
      ['AttributeUpdates', update('legacy', { AttributeUpdates: { a: { Value: S('b') } } })],
      ['Expected', db.send(new DeleteItemCommand({ ...key, Expected: { pk: { Exists: false } } }))],
      ['KeyConditions', db.send(new QueryCommand({ TableName, KeyConditions: { pk: equal } }))],
      ['ScanFilter', db.send(new ScanCommand({ TableName, ScanFilter: { pk: equal } }))],
      [
        'AttributesToGet',
        db.send(
          new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key.Key], AttributesToGet: ['pk'] } } }),
        ),
      ],
    ];
    for (const [name, call] of calls) {
      expect(await refusalOf(call)).toBe(
        `NotBuiltException: Poolbench does not implement the legacy parameter ${name}; use expressions.`,
      );
    }
    expect(await get('legacy')).toBeUndefined();
  });
});

it('[DB-COST-1] counts what a query reads', async () => {
  const sorted = await makeTable(db);
  await putAll(
    db,
    sorted,
    Array.from({ length: 10 }, (_, index) => ({ pk: S('a'), sk: S(`${index}`), text: S('x'.repeat(1000)) })),
  );
  const { ConsumedCapacity } = await db.send(
    new QueryCommand({
      TableName: sorted,
      KeyConditionExpression: 'pk = :a',
      ExpressionAttributeValues: { ':a': S('a') },
      ConsistentRead: true,
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  expect(ConsumedCapacity).toEqual({ TableName: sorted, CapacityUnits: 3 });
});
