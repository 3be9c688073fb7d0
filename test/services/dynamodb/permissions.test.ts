import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser, policy } from '../iam/setup.ts';
import { createPool, createUserPool, getCredentials, getId, signIn } from '../identity-pools/setup.ts';
import { dynamo, makeTable, N, putAll, refusalOf, S, tableInput, type Item } from './setup.ts';

const COGNITO = 'cognito-identity.amazonaws.com';
const SUB = `\${${COGNITO}:sub}`;
const OWN_ROWS = { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [SUB] } } };
const READS = ['GetItem', 'Query', 'Scan', 'BatchGetItem'].map((name) => `dynamodb:${name}`);

interface Person {
  readonly id: string;
  readonly db: DynamoDBClient;
}

let bench: TestBench;
let developer: DynamoDBClient;
let rows: string;
let scores: string;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  bench = await startBench();
  developer = dynamo(bench);
  const userPool = await createUserPool(bench);
  const pool = await createPool(bench, [userPool]);
  const condition = { StringEquals: { [`${COGNITO}:aud`]: pool } };
  await new IAMClient(bench.sdk).send(
    new CreateRoleCommand({
      RoleName: 'User',
      Path: '/service/',
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { Federated: COGNITO },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: condition,
      }),
    }),
  );
  const enter = async (name: string): Promise<Person> => {
    const logins = { [userPool.provider]: (await signIn(bench, userPool, name)).idToken };
    const id = await getId(bench, pool, logins);
    const { credentials } = await getCredentials(bench, id, logins);
    return { id, db: new DynamoDBClient({ ...bench.sdk, credentials }) };
  };
  ada = await enter('ada');
  bob = await enter('bob');
  rows = await makeTable(developer, 'S', {
    AttributeDefinitions: ['pk', 'sk', 'g'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-g',
        KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    Tags: [{ Key: 'team', Value: 'blue' }],
  });
  scores = await makeTable(developer, '', {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }],
  });
  await putAll(developer, rows, [
    { pk: S(ada.id), sk: S('1'), g: S('all'), secret: S('ada') },
    { pk: S(bob.id), sk: S('1'), g: S('all'), secret: S('bob') },
  ]);
  await putAll(developer, scores, [{ pk: N(1) }, { pk: N(2) }]);
});
afterAll(() => bench.stop());

const arn = (table: string, more = ''): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}${more}`;

/** What the role of ada and bob may do from now on. */
async function given(...statements: object[]): Promise<void> {
  await new IAMClient(bench.sdk).send(
    new PutRolePolicyCommand({ RoleName: 'User', PolicyName: 'rows', PolicyDocument: policy(...statements) }),
  );
}

const get = ({ db }: Person, pk: string, more: object = {}) =>
  db.send(new GetItemCommand({ TableName: rows, Key: { pk: S(pk), sk: S('1') }, ...more }));
const put = ({ db }: Person, pk: string, more: Item = {}, options: object = {}) =>
  db.send(new PutItemCommand({ TableName: rows, Item: { pk: S(pk), sk: S('2'), ...more }, ...options }));
const remove = ({ db }: Person, pk: string) =>
  db.send(new DeleteItemCommand({ TableName: rows, Key: { pk: S(pk), sk: S('2') } }));
const change = ({ db }: Person, pk: string, options: object = {}) =>
  db.send(new UpdateItemCommand({ TableName: rows, Key: { pk: S(pk), sk: S('2') }, ...options }));
const query = ({ db }: Person, pk: string, more: object = {}) =>
  db.send(
    new QueryCommand({
      TableName: rows,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': S(pk) },
      ...more,
    }),
  );
const batchGet = ({ db }: Person, ...pks: string[]) =>
  db.send(
    new BatchGetItemCommand({ RequestItems: { [rows]: { Keys: pks.map((pk) => ({ pk: S(pk), sk: S('1') })) } } }),
  );
const batchWrite = ({ db }: Person, ...pks: string[]) =>
  db.send(
    new BatchWriteItemCommand({
      RequestItems: { [rows]: pks.map((pk) => ({ PutRequest: { Item: { pk: S(pk), sk: S('3') } } })) },
    }),
  );
const scan = ({ db }: Person, more: object = {}) => db.send(new ScanCommand({ TableName: rows, ...more }));
const denied =
  /^AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role\/User\/CognitoIdentityCredentials is not authorized to perform: /;

describe('the policy of the documents', () => {
  it('[DB-IAM-1] lets its reads through, and nothing else', async () => {
    await given(allow(READS, arn(rows)));
    expect((await get(ada, bob.id)).Item).toMatchObject({ secret: S('bob') });
    expect((await query(ada, ada.id)).Count).toBe(1);
    expect((await scan(ada)).Count).toBe(2);
    expect((await batchGet(ada, ada.id, bob.id)).Responses![rows]).toHaveLength(2);
    for (const [action, call] of [
      ['PutItem', put(ada, ada.id)],
      ['DeleteItem', remove(ada, ada.id)],
      ['UpdateItem', change(ada, ada.id)],
      ['BatchWriteItem', batchWrite(ada, ada.id)],
      ['DescribeTable', ada.db.send(new DescribeTableCommand({ TableName: rows }))],
    ] as const) {
      expect(await refusalOf(call)).toMatch(denied);
      expect(await refusalOf(call)).toContain(
        `dynamodb:${action} on resource: ${arn(rows)} because no identity-based policy allows the dynamodb:${action} action`,
      );
    }
    expect(await refusalOf(ada.db.send(new ListTablesCommand({})))).toContain('dynamodb:ListTables on resource: *');
    expect(await refusalOf(query(ada, 'all', { IndexName: 'by-g', KeyConditionExpression: 'g = :pk' }))).toContain(
      `on resource: ${arn(rows, '/index/by-g')}`,
    );
    expect(await refusalOf(ada.db.send(new ScanCommand({ TableName: scores })))).toContain(arn(scores));
    expect((await developer.send(new ScanCommand({ TableName: rows }))).Count).toBe(2);
  });

  it('[DB-IAM-1] lets an index be read where it names the index', async () => {
    await given(allow('dynamodb:Query', arn(rows, '/index/*')));
    const byIndex = { IndexName: 'by-g', KeyConditionExpression: 'g = :pk' };
    expect((await query(ada, 'all', byIndex)).Count).toBe(2);
    expect(await refusalOf(query(ada, ada.id))).toMatch(denied);
  });

  it('[DB-IAM-6] denies in DynamoDB’s own form', async () => {
    await given(allow('dynamodb:Scan', arn(rows)));
    const failure = await get(ada, ada.id).catch((error: unknown) => error as Error & { __type?: string });
    expect(failure).toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
      $fault: 'client',
    });
    const { records } = await bench.call<{ records: TraceRecord[] }>('POST', '/trace/query', { operation: 'GetItem' });
    expect(records.at(-1)!.response.body).toEqual({
      __type: 'com.amazon.coral.service#AccessDeniedException',
      Message: (failure as Error).message,
    });
  });
});

describe('a policy for one’s own rows', () => {
  const ROWS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'BatchGetItem', 'BatchWriteItem'];

  it('[DB-IAM-2] lets everybody at the rows of their own identity only', async () => {
    await given(
      allow(
        ROWS.map((name) => `dynamodb:${name}`),
        [arn(rows), arn(rows, '/index/*')],
        OWN_ROWS,
      ),
    );
    for (const [me, other] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      expect((await get(me, me.id)).Item).toBeDefined();
      await put(me, me.id);
      await change(me, me.id, { UpdateExpression: 'SET a = sk' });
      await remove(me, me.id);
      expect((await query(me, me.id)).Count).toBe(1);
      expect((await batchGet(me, me.id)).Responses![rows]).toHaveLength(1);
      await batchWrite(me, me.id);
      await developer.send(new DeleteItemCommand({ TableName: rows, Key: { pk: S(me.id), sk: S('3') } }));
      for (const call of [
        () => get(me, other.id),
        () => put(me, other.id),
        () => change(me, other.id),
        () => remove(me, other.id),
        () => query(me, other.id),
        () => query(me, other.id, { KeyConditionExpression: ':pk = pk' }),
        () => query(me, 'all', { IndexName: 'by-g', KeyConditionExpression: 'g = :pk' }),
        () => batchGet(me, me.id, other.id),
        () => batchWrite(me, me.id, other.id),
      ]) {
        expect(await refusalOf(call())).toMatch(denied);
      }
    }
    expect((await scan({ id: '', db: developer })).Count).toBe(2);
  });

  it('[DB-IAM-4] lets a Scan see everything where it lists Scan, and why says so', async () => {
    await given(allow(['dynamodb:Scan', 'dynamodb:GetItem'], arn(rows), OWN_ROWS));
    expect((await scan(ada)).Count).toBe(2);
    expect(await refusalOf(get(ada, bob.id))).toMatch(denied);
    const { records } = await bench.call<{ records: TraceRecord[] }>('POST', '/trace/query', { operation: 'Scan' });
    expect(records.at(-1)!.reasons.find(({ rule }) => rule === 'DB-IAM-4')!.decided).toBe(
      'A Scan names no partition key, so dynamodb:LeadingKeys is absent, and every ForAllValues condition on it is true.',
    );
    await given(allow('dynamodb:Scan', arn(rows), { Condition: { StringEquals: { 'dynamodb:LeadingKeys': [SUB] } } }));
    expect(await refusalOf(scan(ada))).toMatch(denied);
  });

  it('[DB-IAM-2] sees numbers in their one text', async () => {
    const one = { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['1'] } } };
    await given(allow('dynamodb:GetItem', arn(scores), one));
    const read = (pk: string) => ada.db.send(new GetItemCommand({ TableName: scores, Key: { pk: N(pk) } }));
    expect((await read('1.0')).Item).toEqual({ pk: N(1) });
    expect((await read('0.1E1')).Item).toEqual({ pk: N(1) });
    expect(await refusalOf(read('2'))).toMatch(denied);
  });
});

describe('other condition keys', () => {
  const attributes = (...names: string[]) => ({ 'ForAllValues:StringEquals': { 'dynamodb:Attributes': names } });

  it('[DB-IAM-3] keep an attribute from being read', async () => {
    await given(
      allow(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:BatchGetItem'], arn(rows), {
        Condition: {
          ...attributes('pk', 'sk', 'g'),
          StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      }),
    );
    const some = { ProjectionExpression: 'pk, #g', ExpressionAttributeNames: { '#g': 'g' } };
    const all = { ProjectionExpression: 'pk, secret' };
    expect((await get(ada, ada.id, some)).Item).toEqual({ pk: S(ada.id), g: S('all') });
    expect((await query(ada, ada.id, some)).Count).toBe(1);
    expect((await scan(ada, some)).Count).toBe(2);
    for (const call of [
      get(ada, ada.id),
      get(ada, ada.id, all),
      query(ada, ada.id),
      query(ada, ada.id, all),
      scan(ada),
      scan(ada, { ...some, FilterExpression: 'attribute_exists(secret)' }),
      batchGet(ada, ada.id),
    ]) {
      expect(await refusalOf(call)).toMatch(denied);
    }
  });

  it('[DB-IAM-3] keep an attribute from being written or given back', async () => {
    await given(
      allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], arn(rows), {
        Condition: {
          ...attributes('pk', 'sk', 'a'),
          StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_NEW'] },
        },
      }),
    );
    await put(ada, 'written', { a: N(1) });
    await change(ada, 'written', { UpdateExpression: 'SET a = sk', ReturnValues: 'UPDATED_NEW' });
    for (const call of [
      put(ada, 'written', { secret: N(1) }),
      put(ada, 'written', {}, { ConditionExpression: 'attribute_not_exists(secret)' }),
      put(ada, 'written', {}, { ReturnValues: 'ALL_OLD' }),
      change(ada, 'written', { UpdateExpression: 'REMOVE secret' }),
      change(ada, 'written', { UpdateExpression: 'SET a = if_not_exists(secret, sk)' }),
      change(ada, 'written', { ReturnValues: 'ALL_NEW' }),
    ]) {
      expect(await refusalOf(call)).toMatch(denied);
    }
    await developer.send(new DeleteItemCommand({ TableName: rows, Key: { pk: S('written'), sk: S('2') } }));
  });

  it('[DB-IAM-5] ask for each part of a transaction, which says that it is one', async () => {
    const within = (operation: string) => ({
      Condition: { StringEquals: { 'dynamodb:EnclosingOperation': operation } },
    });
    await given(
      allow(['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'], arn(rows), within('TransactWriteItems')),
      allow('dynamodb:GetItem', arn(rows), within('TransactGetItems')),
    );
    const Put = { TableName: rows, Item: { pk: S('t'), sk: S('t') } };
    const check = { TableName: rows, Key: { pk: S('u'), sk: S('t') }, ConditionExpression: 'attribute_not_exists(pk)' };
    const Delete = { TableName: rows, Key: { pk: S('v'), sk: S('t') } };
    const transact = (...TransactItems: object[]) => ada.db.send(new TransactWriteItemsCommand({ TransactItems }));
    await transact({ Put }, { ConditionCheck: check });
    expect(await refusalOf(transact({ Put }, { Delete }))).toContain('dynamodb:DeleteItem');
    expect(await refusalOf(transact({ Update: Delete as object }))).toMatch(
      /dynamodb:UpdateItem|Member must not be null/,
    );
    expect(await refusalOf(put(ada, 't'))).toMatch(denied);
    const Get = { TableName: rows, Key: { pk: S('t'), sk: S('t') } };
    const read = new TransactGetItemsCommand({ TransactItems: [{ Get }] });
    expect((await ada.db.send(read)).Responses).toEqual([{ Item: Put.Item }]);
    expect(await refusalOf(get(ada, 't'))).toMatch(denied);
    await developer.send(new DeleteItemCommand({ TableName: rows, Key: Put.Item }));
  });

  it('[DB-IAM-5] ask for each table of a batch', async () => {
    await given(allow('dynamodb:BatchGetItem', arn(rows)));
    const both = { [rows]: { Keys: [{ pk: S('a'), sk: S('1') }] }, [scores]: { Keys: [{ pk: N(1) }] } };
    expect(await refusalOf(ada.db.send(new BatchGetItemCommand({ RequestItems: both })))).toContain(arn(scores));
  });

  it('[DB-IAM-7] are the tags of a table', async () => {
    const tagged = (key: string, value: string) => ({ Condition: { StringEquals: { [`aws:${key}/team`]: value } } });
    await given(
      allow('dynamodb:Scan', '*', tagged('ResourceTag', 'blue')),
      allow('dynamodb:CreateTable', '*', tagged('RequestTag', 'red')),
    );
    expect((await scan(ada)).Count).toBe(2);
    expect(await refusalOf(ada.db.send(new ScanCommand({ TableName: scores })))).toMatch(denied);
    const create = (TableName: string, Value: string) =>
      ada.db.send(new CreateTableCommand({ ...tableInput(TableName), Tags: [{ Key: 'team', Value }] }));
    await create('reds', 'red');
    expect(await refusalOf(create('blues', 'blue'))).toMatch(denied);
  });
});

describe('whoever', () => {
  it('[DB-IAM-1] is an IAM user is held to the user’s policies', async () => {
    const { credentials, arn: user } = await createUser(bench, allow('dynamodb:Scan', arn(rows)));
    const db = new DynamoDBClient({ ...bench.sdk, credentials });
    expect((await db.send(new ScanCommand({ TableName: rows }))).Count).toBe(2);
    expect(await refusalOf(db.send(new ScanCommand({ TableName: scores })))).toContain(`User: ${user} is not`);
  });

  it('[DB-IAM-8] is of another account has no such table', async () => {
    const other = dynamo(bench, '999988887777');
    expect(await refusalOf(other.send(new ScanCommand({ TableName: rows })))).toContain('ResourceNotFoundException');
  });

  it('[PR-SIGN-1] [PR-SIGN-8] does not sign, or signs wrongly, is refused', async () => {
    const unsigned = await fetch(bench.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.Scan' },
      body: JSON.stringify({ TableName: rows }),
    });
    expect(unsigned.status).toBe(400);
    expect(await unsigned.json()).toMatchObject({
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
    });
    const credentials = { ...(await ada.db.config.credentials()), secretAccessKey: 'wrong' };
    const forged = new DynamoDBClient({ ...bench.sdk, credentials });
    expect(await refusalOf(forged.send(new ScanCommand({ TableName: rows })))).toContain('InvalidSignatureException');
  });

  it('[PR-SIGN-5] has credentials that have expired is refused, and nothing is done', async () => {
    await given(allow('dynamodb:*'));
    expect((await scan(ada)).Count).toBe(2);
    await bench.advance({ minutes: 61 });
    expect(await refusalOf(put(ada, ada.id))).toContain('ExpiredTokenException');
    expect((await scan({ id: '', db: developer })).Count).toBe(2);
  });
});
