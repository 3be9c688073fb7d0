import type {
  AttributeValue,
  BatchGetItemInput,
  BatchWriteItemInput,
  DeleteItemInput,
  GetItemInput,
  PutItemInput,
  QueryInput,
  ScanInput,
  TransactGetItemsInput,
  TransactWriteItemsInput,
  UpdateItemInput,
} from '../../../shared/aws/dynamodb.ts';
import type { Call, Permission } from '../family.ts';
import type { Services } from '../services.ts';
import { attribute, checkedValue, type Item } from './attribute-values.ts';
import { namesOfCondition, namesOfPaths, namesOfUpdate } from './expressions/mentioned.ts';
import type { PlaceholderInput } from './expressions/placeholders.ts';
import { schemaOf, type TableSchema } from './keys.ts';
import { findTable, placeOfTable, tableArn } from './lookup.ts';
import { readProjection } from './expressions/projections.ts';
import { queryPlaceholders, readKeyCondition, readWanted, scanPlaceholders } from './reading.ts';
import { explained } from './refusals.ts';
import { readExpressions } from './writes.ts';

/**
 * What IAM is asked before an operation runs: its action on the table or index, and DynamoDB's own condition keys, by which
 * policies give somebody the rows and attributes that are their own. [identity-and-sync 3.8]
 */

type Needs = Pick<Services, 'tables'>;
type Context = NonNullable<Permission['context']>;
type Asks<Input> = (input: Input, call: Call, needs: Needs) => readonly Permission[];

interface Table {
  readonly arn: string;
  readonly schema: TableSchema | undefined;
  readonly tags: Context;
}

function named(call: Call, needs: Needs, tableName: string): Table {
  const table = findTable(call, needs, tableName);
  const tags = (table?.definition.Tags ?? []).map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]);
  return {
    arn: tableArn(placeOfTable(call, tableName)),
    schema: table && schemaOf(table),
    tags: Object.fromEntries(tags) as Context,
  };
}

/** Nobody's row: of a table or index that is not there, a policy about partition keys allows nothing. */
const NOBODYS = [''];

/** Partition keys as policies see them. */
function leadingKeys(schema: TableSchema | undefined, items: readonly Item[]): readonly string[] {
  if (!schema) return NOBODYS;
  const values = items.map((item) => attribute(item, schema.partition.name));
  return unique(values.flatMap((value) => (value ? keyText(value) : NOBODYS)));
}

/** Numbers in their one text, so that `1.0` is not another row than `1`. */
function keyText(value: AttributeValue): string {
  const { S, N, B } = checkedValue(value);
  return S ?? N ?? (B ? Buffer.from(B).toString('base64') : '');
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function ofKey(
  action: string,
  { arn, schema, tags }: Table,
  items: readonly Item[],
  attributes: readonly string[],
  more: Context = {},
): Permission {
  return {
    action: `dynamodb:${action}`,
    resources: [arn],
    context: {
      ...tags,
      'dynamodb:LeadingKeys': leadingKeys(schema, items),
      'dynamodb:Attributes': unique([...items.flatMap((item) => Object.keys(item)), ...attributes]),
      ...more,
    },
  };
}

type Reported = Pick<GetItemInput, 'ReturnConsumedCapacity'>;

function capacityKey({ ReturnConsumedCapacity = 'NONE' }: Reported): Context {
  return { 'dynamodb:ReturnConsumedCapacity': ReturnConsumedCapacity };
}

/** Assumed: a read by key says with Select whether it wants everything, as a query does. */
function ofProjection(input: PlaceholderInput & { readonly ProjectionExpression?: string }): {
  readonly names: readonly string[];
  readonly select: Context;
} {
  const paths = readProjection(input);
  return {
    names: namesOfPaths(paths ?? []),
    select: { 'dynamodb:Select': paths ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES' },
  };
}

export const mayGetItem: Asks<GetItemInput> = explained((input, call, needs) => {
  const { names, select } = ofProjection(input);
  const keys = { ...select, ...capacityKey(input) };
  return [ofKey('GetItem', named(call, needs, input.TableName), [input.Key], names, keys)];
});

function ofWrite(input: Parameters<typeof readExpressions>[0], isUpdate = false): readonly string[] {
  const { condition, update } = readExpressions(input, isUpdate);
  return [...(condition ? namesOfCondition(condition) : []), ...(update ? namesOfUpdate(update) : [])];
}

function writeKeys(input: PutItemInput | DeleteItemInput | UpdateItemInput): Context {
  return { 'dynamodb:ReturnValues': input.ReturnValues ?? 'NONE', ...capacityKey(input) };
}

export const mayPutItem: Asks<PutItemInput> = explained((input, call, needs) => [
  ofKey('PutItem', named(call, needs, input.TableName), [input.Item], ofWrite(input), writeKeys(input)),
]);

export const mayDeleteItem: Asks<DeleteItemInput> = explained((input, call, needs) => [
  ofKey('DeleteItem', named(call, needs, input.TableName), [input.Key], ofWrite(input), writeKeys(input)),
]);

export const mayUpdateItem: Asks<UpdateItemInput> = explained((input, call, needs) => [
  ofKey('UpdateItem', named(call, needs, input.TableName), [input.Key], ofWrite(input, true), writeKeys(input)),
]);

export const mayQuery: Asks<QueryInput> = explained((input, call, needs) => {
  const { arn, schema, tags } = named(call, needs, input.TableName);
  const placeholders = queryPlaceholders(input);
  const { filter, paths, select } = readWanted(input, placeholders);
  const read = input.IndexName === undefined ? schema : schema?.indexes.find(({ name }) => name === input.IndexName);
  const condition = read && readKeyCondition(input, placeholders, read);
  const keyNames = read ? [read.partition.name, ...(condition?.sort ? [read.sort!.name] : [])] : [];
  return [
    {
      action: 'dynamodb:Query',
      resources: [input.IndexName === undefined ? arn : `${arn}/index/${input.IndexName}`],
      context: {
        ...tags,
        'dynamodb:LeadingKeys': condition ? [keyText(condition.partition)] : NOBODYS,
        'dynamodb:Attributes': unique([
          ...keyNames,
          ...namesOfPaths(paths ?? []),
          ...(filter ? namesOfCondition(filter) : []),
        ]),
        'dynamodb:Select': select,
        ...capacityKey(input),
      },
    },
  ];
});

export const mayScan: Asks<ScanInput> = explained((input, call, needs) => {
  const { arn, tags } = named(call, needs, input.TableName);
  const { filter, paths, select } = readWanted(input, scanPlaceholders(input));
  call.why.note(
    'DB-IAM-4',
    'note',
    'A Scan names no partition key, so dynamodb:LeadingKeys is absent, and every ForAllValues condition on it is true.',
  );
  const names = unique([...namesOfPaths(paths ?? []), ...(filter ? namesOfCondition(filter) : [])]);
  return [
    {
      action: 'dynamodb:Scan',
      resources: [input.IndexName === undefined ? arn : `${arn}/index/${input.IndexName}`],
      context: {
        ...tags,
        'dynamodb:Attributes': names.length > 0 ? names : undefined,
        'dynamodb:Select': select,
        ...capacityKey(input),
      },
    },
  ];
});

export const mayBatchGetItem: Asks<BatchGetItemInput> = explained((input, call, needs) =>
  Object.entries(input.RequestItems).map(([tableName, asked]) => {
    const { names, select } = ofProjection(asked);
    return ofKey('BatchGetItem', named(call, needs, tableName), asked.Keys, names, {
      ...select,
      ...capacityKey(input),
    });
  }),
);

export const mayBatchWriteItem: Asks<BatchWriteItemInput> = explained((input, call, needs) =>
  Object.entries(input.RequestItems).map(([tableName, requests]) => {
    const items = requests.map(({ PutRequest, DeleteRequest }): Item => PutRequest?.Item ?? DeleteRequest?.Key ?? {});
    return ofKey('BatchWriteItem', named(call, needs, tableName), items, [], capacityKey(input));
  }),
);

export const mayTransactGetItems: Asks<TransactGetItemsInput> = explained((input, call, needs) =>
  input.TransactItems.map(({ Get }) => {
    const { names, select } = ofProjection(Get);
    return ofKey('GetItem', named(call, needs, Get.TableName), [Get.Key], names, {
      ...select,
      ...capacityKey(input),
      'dynamodb:EnclosingOperation': 'TransactGetItems',
    });
  }),
);

export const mayTransactWriteItems: Asks<TransactWriteItemsInput> = explained((input, call, needs) => {
  const keys = { ...capacityKey(input), 'dynamodb:EnclosingOperation': 'TransactWriteItems' };
  const table = (name: string): Table => named(call, needs, name);
  return input.TransactItems.flatMap(({ Put, Delete, Update, ConditionCheck }) => [
    ...(Put ? [ofKey('PutItem', table(Put.TableName), [Put.Item], ofWrite(Put), keys)] : []),
    ...(Delete ? [ofKey('DeleteItem', table(Delete.TableName), [Delete.Key], ofWrite(Delete), keys)] : []),
    ...(Update ? [ofKey('UpdateItem', table(Update.TableName), [Update.Key], ofWrite(Update, true), keys)] : []),
    ...(ConditionCheck
      ? [
          ofKey(
            'ConditionCheckItem',
            table(ConditionCheck.TableName),
            [ConditionCheck.Key],
            ofWrite(ConditionCheck),
            keys,
          ),
        ]
      : []),
  ]);
});
