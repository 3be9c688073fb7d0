import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { dynamo, makeTable, putAll, refusalOf, S, tableInput } from './setup.ts';

let bench: TestBench;
let db: ReturnType<typeof dynamo>;
beforeAll(async () => {
  bench = await startBench();
  db = dynamo(bench);
});
afterAll(() => bench.stop());

const WRONG = 'ValidationException: One or more parameter values were invalid:';
const local = (IndexName: string, hash: string, range?: string): object => ({
  IndexName,
  KeySchema: [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' }]),
  ],
  Projection: { ProjectionType: 'ALL' },
});
const create = (changes: object, sort: 'S' | '' = 'S'): Promise<string> =>
  refusalOf(db.send(new CreateTableCommand({ ...tableInput('refused', sort), ...changes })));

describe('a table', () => {
  it('[DB-CREATE-3] is active at once, with its indexes', async () => {
    const TableName = await makeTable(db, 'S', {
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 4 },
      LocalSecondaryIndexes: [local('by-pk', 'pk', 'sk') as never],
      GlobalSecondaryIndexes: [
        { ...local('by-sk', 'sk'), ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 } } as never,
      ],
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
    });
    const { Table } = await db.send(new DescribeTableCommand({ TableName }));
    const arn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TableName}`;
    expect(Table).toMatchObject({
      TableName,
      TableStatus: 'ACTIVE',
      TableArn: arn,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 4 },
      LocalSecondaryIndexes: [{ IndexName: 'by-pk', IndexArn: `${arn}/index/by-pk` }],
      GlobalSecondaryIndexes: [
        { IndexName: 'by-sk', IndexStatus: 'ACTIVE', ProvisionedThroughput: { WriteCapacityUnits: 2 } },
      ],
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    });
    expect(Table!.BillingModeSummary).toBeUndefined();
  });

  it('[DB-TABLE-1] is named where it is missing, and its counts are current', async () => {
    const TableName = await makeTable(db);
    await putAll(db, TableName, [{ pk: S('a'), sk: S('b'), text: S('12345') }]);
    const { Table } = await db.send(new DescribeTableCommand({ TableName }));
    expect([Table!.ItemCount, Table!.TableSizeBytes]).toEqual([1, 3 + 3 + 9]);
    await db.send(new PutItemCommand({ TableName, Item: { pk: S('a'), sk: S('b') } }));
    const { Table: smaller } = await db.send(new DescribeTableCommand({ TableName }));
    expect([smaller!.ItemCount, smaller!.TableSizeBytes]).toEqual([1, 6]);
    const missing = 'ResourceNotFoundException: Requested resource not found: Table: nowhere not found';
    expect(await refusalOf(db.send(new DescribeTableCommand({ TableName: 'nowhere' })))).toBe(missing);
    expect(await refusalOf(db.send(new DeleteTableCommand({ TableName: 'nowhere' })))).toBe(missing);
  });

  it('[DB-TABLE-2] is not found by operations on items that name another', async () => {
    expect(await refusalOf(db.send(new GetItemCommand({ TableName: 'nowhere', Key: { pk: S('a') } })))).toBe(
      'ResourceNotFoundException: Requested resource not found',
    );
  });

  it('[DB-TABLE-3] is found by its ARN, and another account’s is refused', async () => {
    const TableName = await makeTable(db, '');
    const { Table } = await db.send(new DescribeTableCommand({ TableName }));
    await db.send(new PutItemCommand({ TableName: Table!.TableArn!, Item: { pk: S('a') } }));
    const read = new GetItemCommand({ TableName: Table!.TableArn!, Key: { pk: S('a') } });
    expect((await db.send(read)).Item).toEqual({ pk: S('a') });
    const other = dynamo(bench, '111122223333');
    expect(await refusalOf(other.send(read))).toContain('AccessDeniedException: User: arn:aws:iam::111122223333:root');
    const elsewhere = Table!.TableArn!.replace(REGION, 'eu-west-1');
    expect(await refusalOf(db.send(new GetItemCommand({ TableName: elsewhere, Key: { pk: S('a') } })))).toContain(
      'ResourceNotFoundException',
    );
  });

  it('[DB-CREATE-2] is refused where its name is taken', async () => {
    const TableName = await makeTable(db);
    expect(await refusalOf(db.send(new CreateTableCommand(tableInput(TableName))))).toBe(
      `ResourceInUseException: Table already exists: ${TableName}`,
    );
  });

  it('[DB-DELETE-2] takes its items with it', async () => {
    const TableName = await makeTable(db, '', { GlobalSecondaryIndexes: [local('again', 'pk') as never] });
    await putAll(db, TableName, [{ pk: S('a') }]);
    const { TableDescription } = await db.send(new DeleteTableCommand({ TableName }));
    expect(TableDescription!.TableStatus).toBe('DELETING');
    await db.send(new CreateTableCommand(tableInput(TableName, '')));
    expect((await db.send(new GetItemCommand({ TableName, Key: { pk: S('a') } }))).Item).toBeUndefined();
  });

  it('[DB-DELETE-2] of many items is gone at once, and others are served before the last item is', async () => {
    const large = await makeTable(db, '', { GlobalSecondaryIndexes: [local('again', 'pk') as never] });
    const small = await makeTable(db, '');
    const requestsFrom = (from: number) =>
      Array.from({ length: 25 }, (_, at) => ({ PutRequest: { Item: { pk: S(String(from + at)) } } }));
    for (let from = 0; from < 5000; from += 25) {
      await db.send(new BatchWriteItemCommand({ RequestItems: { [large]: requestsFrom(from) } }));
    }
    const done: string[] = [];
    const deleting = db.send(new DeleteTableCommand({ TableName: large })).then(() => done.push('deleted'));
    await db.send(new PutItemCommand({ TableName: small, Item: { pk: S('a') } }));
    done.push('served');
    expect(await refusalOf(db.send(new GetItemCommand({ TableName: large, Key: { pk: S('7') } })))).toContain(
      'ResourceNotFoundException',
    );
    await deleting;
    expect(done).toEqual(['served', 'deleted']);
    const { TableNames } = await db.send(new ListTablesCommand({}));
    expect(TableNames).not.toContain(large);
    await db.send(new CreateTableCommand(tableInput(large, '')));
    const { Table } = await db.send(new DescribeTableCommand({ TableName: large }));
    expect(Table!.ItemCount).toBe(0);
  });

  it('[DB-DELETE-1] is not deleted while it is protected', async () => {
    const TableName = await makeTable(db, '', { DeletionProtectionEnabled: true });
    expect(await refusalOf(db.send(new DeleteTableCommand({ TableName })))).toContain('protected against deletion');
    expect((await db.send(new DescribeTableCommand({ TableName }))).Table!.DeletionProtectionEnabled).toBe(true);
  });

  it('[DB-CREATE-4] [PR-FIND-5] is refused with what the bench has not, by name', async () => {
    expect(await create({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } })).toBe(
      'NotBuiltException: Poolbench does not implement streams of tables.',
    );
    expect(await create({ ResourcePolicy: '{}' })).toContain('policies of tables');
    expect(await create({ SSESpecification: { Enabled: true } })).toContain('encryption');
    expect(await create({ OnDemandThroughput: { MaxReadRequestUnits: 1 } })).toContain('limits of throughput');
    expect(await refusalOf(db.send(new UpdateTableCommand({ TableName: 'any' })))).toContain('UpdateTable');
  });

  it.each([
    ['ab', 'length greater than or equal to 3'],
    ['a'.repeat(256), 'length less than or equal to 255'],
    ['a b c', 'regular expression pattern: [a-zA-Z0-9_.-]+'],
  ])('[DB-CREATE-1] has a name that fits: %s does not', async (TableName, what) => {
    expect(await create({ TableName })).toContain(what);
  });

  it('[DB-CREATE-5] has a partition key, perhaps a sort key, and no other attributes', async () => {
    const definitions = (...names: string[]) =>
      names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
    const schema = (...types: [string, string][]) =>
      types.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType }));
    expect(await create({ KeySchema: schema(['pk', 'RANGE']) })).toContain('first KeySchemaElement is not a HASH');
    expect(await create({ KeySchema: schema(['pk', 'HASH'], ['sk', 'HASH']) })).toContain('second KeySchemaElement');
    expect(await create({ KeySchema: schema(['pk', 'HASH'], ['pk', 'RANGE']) })).toContain('have the same name');
    expect(await create({ AttributeDefinitions: definitions('pk') })).toBe(
      `${WRONG} Some index key attributes are not defined in AttributeDefinitions. Keys: [pk, sk], AttributeDefinitions: [pk]`,
    );
    expect(await create({ AttributeDefinitions: definitions('pk', 'sk', 'more') })).toBe(
      `${WRONG} Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    );
    expect(
      await create({
        AttributeDefinitions: definitions('pk', 'sk', 'more'),
        GlobalSecondaryIndexes: [local('again', 'sk')],
      }),
    ).toContain('Some AttributeDefinitions are not used.');
    expect(await create({ AttributeDefinitions: definitions('pk', 'pk', 'sk') })).toContain('Duplicate AttributeName');
  });

  it('[DB-CREATE-6] has its throughput said where it is provisioned, and only there', async () => {
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
    expect(await create({ ProvisionedThroughput })).toContain('when BillingMode is PAY_PER_REQUEST');
    expect(await create({ BillingMode: undefined })).toContain('must both be specified');
    expect(
      await create({ BillingMode: 'PROVISIONED', ProvisionedThroughput, GlobalSecondaryIndexes: [local('one', 'sk')] }),
    ).toContain('must both be specified');
    expect(await create({ ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 1 } })).toContain(
      'value greater than or equal to 1',
    );
  });

  it('[DB-CREATE-7] has indexes with names and projections of their own', async () => {
    const withProjection = (Projection: object) => ({
      GlobalSecondaryIndexes: [{ ...local('again', 'sk'), Projection }],
    });
    expect(await create({ GlobalSecondaryIndexes: [local('again', 'sk'), local('again', 'pk')] })).toBe(
      `${WRONG} Duplicate index name: again`,
    );
    expect(await create(withProjection({}))).toContain('Unknown ProjectionType: null');
    expect(await create(withProjection({ ProjectionType: 'INCLUDE' }))).toContain('NonKeyAttributes is not specified');
    expect(await create(withProjection({ ProjectionType: 'ALL', NonKeyAttributes: ['one'] }))).toContain(
      'NonKeyAttributes is specified',
    );
    const many = Array.from({ length: 6 }, (_, index) => ({
      ...local(`index-${index}`, 'sk'),
      Projection: {
        ProjectionType: 'INCLUDE',
        NonKeyAttributes: Array.from({ length: 20 }, (__, at) => `a-${index}-${at}`),
      },
    }));
    expect(await create({ GlobalSecondaryIndexes: many })).toContain('limit of 100');
  });

  it('[DB-CREATE-8] has few indexes, and local ones within its partitions', async () => {
    const some = (length: number, more: (name: string) => object) =>
      Array.from({ length }, (_, index) => more(`index-${index}`));
    expect(await create({ LocalSecondaryIndexes: some(6, (name) => local(name, 'pk', 'sk')) })).toContain('limit of 5');
    expect(await create({ GlobalSecondaryIndexes: some(21, (name) => local(name, 'sk')) })).toContain('limit of 20');
    expect(await create({ LocalSecondaryIndexes: [local('again', 'pk')] }, '')).toContain(
      'Table KeySchema does not have a range key',
    );
    expect(await create({ LocalSecondaryIndexes: [local('again', 'pk')] })).toContain(
      'does not have a range key for index: again',
    );
    expect(await create({ LocalSecondaryIndexes: [local('again', 'sk', 'pk')] })).toContain(
      'index hash key: sk, table hash key: pk',
    );
    expect(await create({ LocalSecondaryIndexes: [] })).toContain('is empty');
  });
});

describe('the tables of an account', () => {
  it('[DB-LIST-1] are listed in order, page by page', async () => {
    const own = dynamo(bench, '222233334444');
    for (const name of ['bbb', 'ccc', 'aaa']) await own.send(new CreateTableCommand(tableInput(name)));
    const first = await own.send(new ListTablesCommand({ Limit: 2 }));
    expect(first).toMatchObject({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
    const second = await own.send(new ListTablesCommand({ ExclusiveStartTableName: 'bbb' }));
    expect(second.TableNames).toEqual(['ccc']);
    expect(second.LastEvaluatedTableName).toBeUndefined();
    expect(await refusalOf(own.send(new ListTablesCommand({ Limit: 101 })))).toContain('less than or equal to 100');
  });

  it('[DB-CREATE-9] are at most 2,500 in a region', async () => {
    const account = '333344445555';
    const { tables, store, clock } = bench.services;
    store.write(() => {
      for (let index = 0; index < 2500; index += 1) {
        const definition = { AttributeDefinitions: [], KeySchema: [] };
        const place = { account, region: REGION, name: `t${index}`, tableId: `${index}` };
        tables.create({ ...place, definition, createdAt: clock.now() }, []);
      }
    });
    expect(await refusalOf(dynamo(bench, account).send(new CreateTableCommand(tableInput('one-more'))))).toContain(
      'LimitExceededException',
    );
  });

  it('[DB-IAM-8] are their own, by region too, and go with a reset of the account', async () => {
    const one = dynamo(bench, '444455556666');
    const other = dynamo(bench, '555566667777');
    for (const client of [one, other]) {
      await client.send(new CreateTableCommand(tableInput('same', '')));
      await putAll(client, 'same', [{ pk: S(client === one ? 'one' : 'other') }]);
    }
    const read = new GetItemCommand({ TableName: 'same', Key: { pk: S('one') } });
    expect((await one.send(read)).Item).toBeDefined();
    expect((await other.send(read)).Item).toBeUndefined();
    await fetch(`${bench.url}/_bench/reset`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-poolbench-account': '444455556666' },
      body: '{}',
    });
    expect((await one.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect((await other.send(new ListTablesCommand({}))).TableNames).toEqual(['same']);
    expect((await other.send(new GetItemCommand({ TableName: 'same', Key: { pk: S('other') } }))).Item).toBeDefined();
  });
});
