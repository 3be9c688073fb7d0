import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, policy } from '../../services/iam/setup.ts';
import { createPool, getCredentials, getId } from '../../services/identity-pools/setup.ts';
import { startTarget, type Target } from './target-server.ts';

const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/Scores`;
const ELSEWHERE = TABLE.replace('us-east-1', 'eu-west-1');
const ITEM_OPERATIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'BatchGetItem', 'BatchWriteItem'];

describe('DynamoDB behind the gate', () => {
  let target: Target;
  let bench: TestBench;
  let items: DynamoDBClient;
  let own: string;

  const schema = {
    Table: {
      AttributeDefinitions: ['Player', 'Game'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'Game', KeyType: 'RANGE' },
        { AttributeName: 'Player', KeyType: 'HASH' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'ByGame', KeySchema: [{ AttributeName: 'Game', KeyType: 'HASH' }] }],
    },
  };

  const levels = {
    Table: {
      AttributeDefinitions: [{ AttributeName: 'Level', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'Level', KeyType: 'HASH' }],
    },
  };

  beforeAll(async () => {
    target = await startTarget((got, response) => {
      const operation = String(got.headers['x-amz-target']).split('.')[1];
      const { TableName } = JSON.parse(got.body.toString()) as { TableName?: string };
      const described = { Scores: schema, Levels: levels }[TableName ?? ''];
      const isKnown = operation !== 'DescribeTable' || described !== undefined;
      response.writeHead(isKnown ? 200 : 400, { 'Content-Type': 'application/x-amz-json-1.0' });
      if (!isKnown) response.end('{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}');
      else response.end(JSON.stringify(operation === 'DescribeTable' ? described : {}));
    });
    bench = await startBench({ forward: [{ service: 'dynamodb', url: target.url, credentials: undefined }] });
    const { credentials, identityId } = await getCredentials(bench, await getId(bench, await createPool(bench)));
    own = identityId;
    items = new DynamoDBClient({ ...bench.sdk, credentials });
    await grant(
      allow(
        ITEM_OPERATIONS.map((name) => `dynamodb:${name}`),
        [TABLE, `${TABLE}/index/ByNobody`, ELSEWHERE],
        {
          Condition: {
            'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${cognito-identity.amazonaws.com:sub}'] },
          },
        },
      ),
    );
  });
  afterAll(async () => {
    await bench.stop();
    await target.stop();
  });
  beforeEach(() => {
    target.got.length = 0;
  });

  const grant = (...statements: object[]) =>
    new IAMClient(bench.sdk).send(
      new PutRolePolicyCommand({ RoleName: 'Guest', PolicyName: 'rows', PolicyDocument: policy(...statements) }),
    );
  const forwarded = (): string[] =>
    target.got
      .map(({ headers }) => String(headers['x-amz-target']).split('.')[1]!)
      .filter((operation) => operation !== 'DescribeTable');
  const key = (Player: string) => ({ Player: { S: Player }, Game: { S: 'chess' } });
  const query = (KeyConditionExpression: string, Player: string, more: object = {}) =>
    new QueryCommand({
      TableName: 'Scores',
      KeyConditionExpression,
      ExpressionAttributeValues: { ':p': { S: Player }, ':g': { S: 'chess' }, ':own': { S: own } },
      ...more,
    });
  const DENIED = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } };

  it('[GA-DYNAMO-1] [GA-DYNAMO-2] lets an identity at its own rows, by the partition key that the target knows', async () => {
    await items.send(new PutItemCommand({ TableName: 'Scores', Item: { ...key(own), Best: { N: '7' } } }));
    await items.send(new GetItemCommand({ TableName: 'Scores', Key: key(own) }));
    await items.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: key(own),
        UpdateExpression: 'SET Best = :p',
        ExpressionAttributeValues: { ':p': { N: '8' } },
      }),
    );
    await items.send(query('Player = :p AND begins_with(Game, :g)', own, {}));
    await items.send(query('#p=:p', own, { ExpressionAttributeNames: { '#p': 'Player' } }));
    await items.send(query(':p = Player', own));
    await items.send(new BatchGetItemCommand({ RequestItems: { Scores: { Keys: [key(own)] } } }));
    await items.send(
      new BatchWriteItemCommand({
        RequestItems: { Scores: [{ PutRequest: { Item: key(own) } }, { DeleteRequest: { Key: key(own) } }] },
      }),
    );
    await items.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'Scores', Item: key(own) } },
          { Delete: { TableName: 'Scores', Key: key(own) } },
        ],
      }),
    );
    expect(forwarded()).toEqual([
      'PutItem',
      'GetItem',
      'UpdateItem',
      'Query',
      'Query',
      'Query',
      'BatchGetItem',
      'BatchWriteItem',
      'TransactWriteItems',
    ]);
  });

  it('[GA-DYNAMO-1] denies the rows of others, alone and hidden among its own', async () => {
    const other = 'us-east-1:11111111-1111-4111-8111-111111111111';
    for (const command of [
      new GetItemCommand({ TableName: 'Scores', Key: key(other) }),
      new PutItemCommand({ TableName: 'Scores', Item: { Player: { S: other }, Game: { S: own } } }),
      query('Player = :p', other),
      query('Player = :p', own, { IndexName: 'ByGame', KeyConditionExpression: 'Game = :g' }),
      new BatchGetItemCommand({ RequestItems: { Scores: { Keys: [key(own), key(other)] } } }),
      new BatchWriteItemCommand({
        RequestItems: { Scores: [{ PutRequest: { Item: key(own) } }, { DeleteRequest: { Key: key(other) } }] },
      }),
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'Scores', Item: key(own) } },
          { Delete: { TableName: 'Scores', Key: key(other) } },
        ],
      }),
      new ScanCommand({ TableName: 'Scores' }),
      new DeleteTableCommand({ TableName: 'Scores' }),
      new GetItemCommand({ TableName: 'Elsewhere', Key: key(own) }),
    ]) {
      await expect(items.send(command as GetItemCommand)).rejects.toMatchObject(DENIED);
    }
    expect(forwarded()).toEqual([]);
  });

  it('[GA-DYNAMO-1] refuses what does not say which rows it wants', async () => {
    for (const [command, name] of [
      [query('Game = :g', own), 'ValidationException'],
      [query('Player = :own AND Player = :p', 'somebody'), 'ValidationException'],
      [query('Player = :p AND begins_with(Game, :g)', own, { KeyConditions: {} }), 'NotBuiltException'],
      [new GetItemCommand({ TableName: 'Scores', Key: { Game: { S: own } } }), 'AccessDeniedException'],
      [query('Player = :p', own, { IndexName: 'ByNobody' }), 'AccessDeniedException'],
      [new GetItemCommand({ TableName: ELSEWHERE, Key: key(own) }), 'AccessDeniedException'],
      [new ExecuteStatementCommand({ Statement: 'SELECT * FROM Scores' }), 'NotBuiltException'],
    ] as const) {
      await expect(items.send(command as GetItemCommand)).rejects.toMatchObject({ name });
    }
    expect(forwarded()).toEqual([]);
  });

  it('[GA-DYNAMO-1] lets a Scan through that a policy lists, since it has no leading keys', async () => {
    await grant(
      allow('dynamodb:Scan', TABLE, {
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${cognito-identity.amazonaws.com:sub}'] },
        },
      }),
    );
    await items.send(new ScanCommand({ TableName: 'Scores' }));
    expect(forwarded()).toEqual(['Scan']);
  });

  it('[GA-DYNAMO-1] knows the attributes that an expression speaks of', async () => {
    await grant(
      allow('dynamodb:GetItem', TABLE, {
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['Player', 'Game', 'Best'] },
          StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      }),
    );
    const get = (ProjectionExpression: string, ExpressionAttributeNames?: Record<string, string>) =>
      items.send(
        new GetItemCommand({ TableName: 'Scores', Key: key(own), ProjectionExpression, ExpressionAttributeNames }),
      );
    await get('Player, Best');
    await get('#b.deep[0]', { '#b': 'Best' });
    expect(forwarded()).toEqual(['GetItem', 'GetItem']);
    await expect(get('Player, Secret')).rejects.toMatchObject(DENIED);
    await expect(get('#b', { '#b': 'Secret' })).rejects.toMatchObject(DENIED);
    await expect(get('Player, #1', { '#1': 'Secret' })).rejects.toMatchObject(DENIED);
    // Without a projection the whole item would come.
    const whole = new GetItemCommand({ TableName: 'Scores', Key: key(own) });
    await expect(items.send(whole)).rejects.toMatchObject(DENIED);
    const older = (name: string) =>
      items.send(new GetItemCommand({ TableName: 'Scores', Key: key(own), AttributesToGet: [name] }));
    await older('Best');
    await expect(older('Secret')).rejects.toMatchObject(DENIED);
    expect(forwarded()).toEqual(['GetItem', 'GetItem', 'GetItem']);
  });

  it('[GA-DYNAMO-1] knows a number’s and a condition’s other spellings', async () => {
    await grant(allow(['dynamodb:GetItem', 'dynamodb:Query'], '*'), {
      Effect: 'Deny',
      Action: 'dynamodb:*',
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': ['1', 'secret'] } },
    });
    const level = (N: string) => items.send(new GetItemCommand({ TableName: 'Levels', Key: { Level: { N } } }));
    await level('2.0');
    for (const N of ['1', '1.0', '1e0', '+1', '0.1E1', '01']) await expect(level(N)).rejects.toMatchObject(DENIED);
    const older = (S: string, ComparisonOperator: 'EQ' | 'GE' = 'EQ') =>
      items.send(
        new QueryCommand({
          TableName: 'Scores',
          KeyConditions: {
            Game: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'a' }, { S: 'c' }] },
            Player: { ComparisonOperator, AttributeValueList: [{ S }] },
          },
        }),
      );
    await older('public');
    await expect(older('secret')).rejects.toMatchObject(DENIED);
    await expect(older('public', 'GE')).rejects.toMatchObject({ name: 'ValidationException' });
    expect(forwarded()).toEqual(['GetItem', 'Query']);
  });
});
