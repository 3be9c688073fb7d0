import type {
  CreateTableInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
} from '../../../shared/aws/dynamodb.ts';
import type { TableDefinition } from '../../store/repositories/tables.ts';
import { invalid } from './refusals.ts';

const MOST_LOCAL = 5;
const MOST_GLOBAL = 20;
const MOST_PROJECTED = 100;
const WRONG = 'One or more parameter values were invalid:';

/** What of CreateTable makes a table. Texts from memory. @throws Refusal for what cannot be one */
export function checkDefinition(input: CreateTableInput): TableDefinition {
  const { AttributeDefinitions = [], KeySchema, LocalSecondaryIndexes, GlobalSecondaryIndexes } = input;
  if (!KeySchema) throw invalid('DB-CREATE-5', `${WRONG} KeySchema must be specified`);
  const types = new Set(AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  if (types.size < AttributeDefinitions.length) {
    throw invalid('DB-CREATE-5', `${WRONG} Duplicate AttributeName in AttributeDefinitions`);
  }
  checkKeys(KeySchema, types);
  checkThroughput(input);
  const used = new Set(KeySchema.map(({ AttributeName }) => AttributeName));
  const indexes = [...(LocalSecondaryIndexes ?? []), ...(GlobalSecondaryIndexes ?? [])];
  checkIndexes(indexes, types, used);
  checkLocal(LocalSecondaryIndexes, KeySchema);
  checkCount('GlobalSecondaryIndexes', GlobalSecondaryIndexes, MOST_GLOBAL);
  checkUsed(types, used, indexes.length > 0);
  return {
    AttributeDefinitions,
    KeySchema,
    BillingMode: input.BillingMode ?? 'PROVISIONED',
    ...(input.ProvisionedThroughput && { ProvisionedThroughput: input.ProvisionedThroughput }),
    ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
    ...(input.TableClass && { TableClass: input.TableClass }),
    ...(input.Tags && { Tags: input.Tags }),
    ...(input.DeletionProtectionEnabled !== undefined && {
      DeletionProtectionEnabled: input.DeletionProtectionEnabled,
    }),
  };
}

function checkKeys(schema: readonly KeySchemaElement[], types: ReadonlySet<string>): void {
  const [first, second] = schema;
  if (schema.length > 2) {
    throw invalid('DB-CREATE-5', `${WRONG} A key schema has a HASH and at most a RANGE element`);
  }
  if (first?.KeyType !== 'HASH') {
    throw invalid('DB-CREATE-5', 'Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (second && second.KeyType !== 'RANGE') {
    throw invalid('DB-CREATE-5', 'Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  if (second?.AttributeName === first.AttributeName) {
    throw invalid('DB-CREATE-5', 'Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  const keys = schema.map(({ AttributeName }) => AttributeName);
  if (keys.some((name) => !types.has(name))) {
    throw invalid(
      'DB-CREATE-5',
      `${WRONG} Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(', ')}], AttributeDefinitions: [${[...types].join(', ')}]`,
    );
  }
}

function checkThroughput({ BillingMode, ProvisionedThroughput, GlobalSecondaryIndexes = [] }: CreateTableInput): void {
  const own = GlobalSecondaryIndexes.map((index) => index.ProvisionedThroughput);
  if (BillingMode === 'PAY_PER_REQUEST') {
    if (![ProvisionedThroughput, ...own].some(Boolean)) return;
    throw invalid(
      'DB-CREATE-6',
      `${WRONG} Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (![ProvisionedThroughput, ...own].every(Boolean)) {
    throw invalid(
      'DB-CREATE-6',
      `${WRONG} ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    );
  }
}

function checkIndexes(
  indexes: readonly (LocalSecondaryIndex | GlobalSecondaryIndex)[],
  types: ReadonlySet<string>,
  used: Set<string>,
): void {
  const names = new Set<string>();
  let projected = 0;
  for (const { IndexName, KeySchema, Projection } of indexes) {
    if (names.has(IndexName)) throw invalid('DB-CREATE-7', `${WRONG} Duplicate index name: ${IndexName}`);
    names.add(IndexName);
    checkKeys(KeySchema, types);
    for (const { AttributeName } of KeySchema) used.add(AttributeName);
    projected += checkProjection(Projection);
  }
  if (projected > MOST_PROJECTED) {
    throw invalid(
      'DB-CREATE-7',
      `${WRONG} The total number of NonKeyAttributes of all indexes exceeds the limit of ${MOST_PROJECTED}`,
    );
  }
}

/** @returns how many attributes it names */
function checkProjection({ ProjectionType, NonKeyAttributes }: Projection): number {
  if (ProjectionType === undefined) throw invalid('DB-CREATE-7', `${WRONG} Unknown ProjectionType: null`);
  if (ProjectionType === 'INCLUDE' && !NonKeyAttributes) {
    throw invalid('DB-CREATE-7', `${WRONG} ProjectionType is INCLUDE, but NonKeyAttributes is not specified`);
  }
  if (ProjectionType !== 'INCLUDE' && NonKeyAttributes) {
    throw invalid('DB-CREATE-7', `${WRONG} ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
  }
  return NonKeyAttributes?.length ?? 0;
}

function checkLocal(
  indexes: readonly LocalSecondaryIndex[] | undefined,
  [hash, range]: readonly KeySchemaElement[],
): void {
  checkCount('LocalSecondaryIndexes', indexes, MOST_LOCAL);
  if (indexes && !range) {
    throw invalid(
      'DB-CREATE-8',
      `${WRONG} Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    );
  }
  for (const { IndexName, KeySchema } of indexes ?? []) {
    if (KeySchema.length < 2) {
      throw invalid('DB-CREATE-8', `${WRONG} Index KeySchema does not have a range key for index: ${IndexName}`);
    }
    if (KeySchema[0]!.AttributeName !== hash!.AttributeName) {
      throw invalid(
        'DB-CREATE-8',
        `${WRONG} Index KeySchema does not have the same leading hash key as table KeySchema for index: ${IndexName}. index hash key: ${KeySchema[0]!.AttributeName}, table hash key: ${hash!.AttributeName}`,
      );
    }
  }
}

function checkCount(what: string, indexes: readonly unknown[] | undefined, most: number): void {
  if (!indexes) return;
  if (indexes.length === 0) throw invalid('DB-CREATE-8', `${WRONG} List of ${what} is empty`);
  if (indexes.length > most) {
    throw invalid('DB-CREATE-8', `${WRONG} Number of ${what} exceeds per-table limit of ${most}`);
  }
}

function checkUsed(types: ReadonlySet<string>, used: ReadonlySet<string>, hasIndexes: boolean): void {
  if ([...types].every((name) => used.has(name))) return;
  throw invalid(
    'DB-CREATE-5',
    hasIndexes
      ? `${WRONG} Some AttributeDefinitions are not used. AttributeDefinitions: [${[...types].join(', ')}], keys used: [${[...used].join(', ')}]`
      : `${WRONG} Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
  );
}
