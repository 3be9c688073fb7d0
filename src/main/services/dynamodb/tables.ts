import type {
  CreateTableInput,
  CreateTableOutput,
  DeleteTableInput,
  DeleteTableOutput,
  DescribeTableInput,
  DescribeTableOutput,
  ListTablesInput,
  ListTablesOutput,
  ProvisionedThroughput,
  ProvisionedThroughputDescription,
  TableDescription,
} from '../../../shared/aws/dynamodb.ts';
import { fault } from '../../kernel/fault.ts';
import { delay } from '../../kernel/scheduler.ts';
import type { TableIndexRecord, TableRecord } from '../../store/repositories/tables.ts';
import { family, notBuilt, type Call, type Permission } from '../family.ts';
import type { Services } from '../services.ts';
import { findTable, placeOfTable, tableArn } from './lookup.ts';
import { explained, invalid, notHere } from './refusals.ts';
import { checkDefinition } from './table-definitions.ts';

type Needs = Pick<Services, 'ids' | 'items' | 'store' | 'tables'>;

export const tables = family<'dynamodb', Needs>('dynamodb', 'tables', {
  CreateTable: { permissions: mayCreateTable, run: explained(createTable) },
  DeleteTable: { permissions: may('DeleteTable'), run: explained(deleteTable) },
  DescribeTable: { permissions: may('DescribeTable'), run: describeTable },
  ListTables: { run: listTables },
  UpdateTable: notBuilt('a table is as it was created'),
});

const TABLES_A_PAGE = 100;
const MOST_TABLES = 2500;
const ITEMS_A_SLICE = 500;

function may(action: string) {
  return ({ TableName }: { readonly TableName: string }, call: Call, needs: Needs): readonly Permission[] => {
    const tags = findTable(call, needs, TableName)?.definition.Tags ?? [];
    return [
      {
        action: `dynamodb:${action}`,
        resources: [tableArn(placeOfTable(call, TableName))],
        context: Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value])),
      },
    ];
  };
}

function mayCreateTable({ TableName, Tags = [] }: CreateTableInput, call: Call): readonly Permission[] {
  const keys = Object.fromEntries(Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]));
  return [
    {
      action: 'dynamodb:CreateTable',
      resources: [tableArn(placeOfTable(call, TableName))],
      context: Tags.length > 0 ? { ...keys, 'aws:TagKeys': Tags.map(({ Key }) => Key) } : {},
    },
  ];
}

function createTable(
  input: CreateTableInput,
  call: Call,
  { ids, store, tables: repository }: Needs,
): CreateTableOutput {
  refuseWhatIsNotHere(input);
  checkName(input.TableName);
  const definition = checkDefinition(input);
  const { account, region } = call;
  const created = store.write(() => {
    if (repository.find(account, region, input.TableName)) {
      throw call.why.refuse(
        'DB-CREATE-2',
        'the account has a table of this name in this region',
        fault('ResourceInUseException', `Table already exists: ${input.TableName}`),
      );
    }
    if (repository.list(account, region, '', MOST_TABLES).length >= MOST_TABLES) {
      throw call.why.refuse(
        'DB-CREATE-9',
        `an account has at most ${MOST_TABLES} tables in a region`,
        fault(
          'LimitExceededException',
          `Subscriber limit exceeded: The number of tables exceeds the limit of ${MOST_TABLES}`,
        ),
      );
    }
    repository.create(
      { account, region, name: input.TableName, tableId: ids.uuid(), definition, createdAt: call.now },
      [...(definition.GlobalSecondaryIndexes ?? []), ...(definition.LocalSecondaryIndexes ?? [])].map(
        ({ IndexName }) => IndexName,
      ),
    );
    return repository.find(account, region, input.TableName)!;
  });
  call.why.choose('DB-CREATE-3', 'the table is active at once', { table: input.TableName });
  return { TableDescription: describe(created) };
}

/** The model takes ARNs, too; a new table has a name. */
function checkName(name: string): void {
  const broken =
    name.length < 3
      ? 'Member must have length greater than or equal to 3'
      : name.length > 255
        ? 'Member must have length less than or equal to 255'
        : /^[a-zA-Z0-9_.-]+$/.test(name)
          ? undefined
          : 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
  if (broken === undefined) return;
  throw invalid(
    'DB-CREATE-1',
    `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: ${broken}`,
  );
}

function refuseWhatIsNotHere(input: CreateTableInput): void {
  const refused =
    (input.StreamSpecification?.StreamEnabled && 'streams of tables') ||
    (input.SSESpecification?.Enabled && 'encryption of tables with keys of KMS') ||
    (input.ResourcePolicy !== undefined && 'policies of tables') ||
    (input.OnDemandThroughput && 'limits of throughput') ||
    (input.WarmThroughput && 'warm throughput') ||
    ((input.GlobalTableSourceArn !== undefined || input.GlobalTableSettingsReplicationMode) && 'global tables');
  if (refused) throw notHere('DB-CREATE-4', refused);
}

function deleteTable(input: DeleteTableInput, call: Call, needs: Needs): Promise<DeleteTableOutput> {
  const gone = needs.store.write(() => {
    const table = requireNamed(call, needs, input.TableName);
    if (table.definition.DeletionProtectionEnabled) {
      throw invalid(
        'DB-DELETE-1',
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
      );
    }
    needs.tables.retire(table.id);
    return table;
  });
  call.why.pass('DB-DELETE-2', 'the table is gone with all its items', { table: gone.name });
  return emptyRetired(call.account, needs).then(() => ({
    TableDescription: { ...describe(gone), TableStatus: 'DELETING' },
  }));
}

/** A slice at a time, so that nobody else waits for a large table; also what was left when a bench ended meanwhile. */
async function emptyRetired(account: string, { items, store, tables: repository }: Needs): Promise<void> {
  const empty = async (removeSome: () => number): Promise<void> => {
    while (store.writeUnsynced(removeSome) === ITEMS_A_SLICE) await delay(0);
  };
  for (const { id, indexes } of repository.retired(account)) {
    for (const index of indexes) await empty(() => items.removeSomeEntries(index.id, ITEMS_A_SLICE));
    await empty(() => items.removeSome(id, ITEMS_A_SLICE));
    store.write(() => repository.remove(id));
  }
}

function describeTable(input: DescribeTableInput, call: Call, needs: Needs): DescribeTableOutput {
  return { Table: describe(requireNamed(call, needs, input.TableName)) };
}

/** Operations on tables name the table that they do not find. */
function requireNamed(call: Call, needs: Needs, named: string): TableRecord {
  const table = findTable(call, needs, named);
  if (table) return table;
  const { name } = placeOfTable(call, named);
  throw call.why.refuse(
    'DB-TABLE-1',
    'this account has no such table in this region',
    fault('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`),
    { table: name },
  );
}

function listTables(input: ListTablesInput, call: Call, { tables: repository }: Needs): ListTablesOutput {
  const limit = input.Limit ?? TABLES_A_PAGE;
  const found = repository.list(call.account, call.region, input.ExclusiveStartTableName ?? '', limit + 1);
  const page = found.slice(0, limit);
  return { TableNames: page, ...(found.length > limit && { LastEvaluatedTableName: page.at(-1)! }) };
}

const NO_THROUGHPUT: ProvisionedThroughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

function throughput(given: ProvisionedThroughput | undefined): ProvisionedThroughputDescription {
  const { ReadCapacityUnits, WriteCapacityUnits } = given ?? NO_THROUGHPUT;
  return { NumberOfDecreasesToday: 0, ReadCapacityUnits, WriteCapacityUnits };
}

function describe(table: TableRecord): TableDescription {
  const { definition } = table;
  const arn = tableArn(table);
  const indexOf = (name: string): TableIndexRecord => table.indexes.find((index) => index.name === name)!;
  const sizes = (name: string) => {
    const { itemCount, sizeBytes } = indexOf(name);
    return { IndexArn: `${arn}/index/${name}`, ItemCount: itemCount, IndexSizeBytes: sizeBytes };
  };
  return {
    AttributeDefinitions: definition.AttributeDefinitions,
    TableName: table.name,
    KeySchema: definition.KeySchema,
    TableStatus: 'ACTIVE',
    CreationDateTime: table.createdAt,
    ProvisionedThroughput: throughput(definition.ProvisionedThroughput),
    TableSizeBytes: table.sizeBytes,
    ItemCount: table.itemCount,
    TableArn: arn,
    TableId: table.tableId,
    DeletionProtectionEnabled: definition.DeletionProtectionEnabled ?? false,
    ...(definition.BillingMode === 'PAY_PER_REQUEST' && {
      BillingModeSummary: {
        BillingMode: 'PAY_PER_REQUEST' as const,
        LastUpdateToPayPerRequestDateTime: table.createdAt,
      },
    }),
    ...(definition.TableClass && { TableClassSummary: { TableClass: definition.TableClass } }),
    ...(definition.LocalSecondaryIndexes && {
      LocalSecondaryIndexes: definition.LocalSecondaryIndexes.map((index) => ({ ...index, ...sizes(index.IndexName) })),
    }),
    ...(definition.GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: definition.GlobalSecondaryIndexes.map(({ ProvisionedThroughput: own, ...index }) => ({
        ...index,
        IndexStatus: 'ACTIVE' as const,
        ProvisionedThroughput: throughput(own),
        ...sizes(index.IndexName),
      })),
    }),
  };
}
