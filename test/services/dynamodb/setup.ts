import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  type AttributeValue,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { TestBench } from '../../harness/bench.ts';

export type Item = { [name: string]: AttributeValue };

let count = 0;

export const S = (text: string): AttributeValue => ({ S: text });
export const N = (number: number | string): AttributeValue => ({ N: String(number) });
export const B = (...bytes: number[]): AttributeValue => ({ B: new Uint8Array(bytes) });

export function dynamo(bench: TestBench, account?: string): DynamoDBClient {
  return new DynamoDBClient(account === undefined ? bench.sdk : bench.sdkFor(account));
}

/** A table with the partition key `pk` and, unless it is `''`, a sort key `sk` of the given type. */
export async function makeTable(
  db: DynamoDBClient,
  sort: 'S' | 'N' | 'B' | '' = 'S',
  changes: Partial<CreateTableCommandInput> = {},
): Promise<string> {
  count += 1;
  const TableName = `table-${count}`;
  await db.send(new CreateTableCommand({ ...tableInput(TableName, sort), ...changes }));
  return TableName;
}

export function tableInput(TableName: string, sort: 'S' | 'N' | 'B' | '' = 'S'): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      ...(sort === '' ? [] : [{ AttributeName: 'sk', AttributeType: sort }]),
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      ...(sort === '' ? [] : [{ AttributeName: 'sk', KeyType: 'RANGE' as const }]),
    ],
  };
}

export async function putAll(db: DynamoDBClient, TableName: string, items: readonly Item[]): Promise<void> {
  for (const Item of items) await db.send(new PutItemCommand({ TableName, Item }));
}

/** Name and message of a refusal; fails where there is none. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  throw new Error('the call was not refused');
}
