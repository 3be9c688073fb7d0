import type {
  AttributeValue,
  BatchGetItemInput,
  BatchGetItemOutput,
  BatchWriteItemInput,
  BatchWriteItemOutput,
  ItemCollectionMetrics,
  KeysAndAttributes,
} from '../../../shared/aws/dynamodb.ts';
import { family, type Call } from '../family.ts';
import { checkedItem, type Item } from './attribute-values.ts';
import { consumedList, readUnits, Units } from './capacity.ts';
import { pick } from './expressions/paths.ts';
import { itemId, requireKey, type TableSchema } from './keys.ts';
import { readProjection } from './expressions/projections.ts';
import { refuseLegacy, requireSchema } from './lookup.ts';
import { mayBatchGetItem, mayBatchWriteItem } from './permissions.ts';
import { explained, invalid } from './refusals.ts';
import { collectionMetrics, prepareDelete, preparePut, write, type ItemWrite, type WriteNeeds } from './writes.ts';

export const batch = family<'dynamodb', WriteNeeds>('dynamodb', 'batch', {
  BatchGetItem: { permissions: mayBatchGetItem, run: explained(batchGetItem) },
  BatchWriteItem: { permissions: mayBatchWriteItem, run: explained(batchWriteItem) },
});

const MOST_READS = 100;
const MOST_WRITES = 25;
const LARGEST_ANSWER = 16 * 1024 * 1024;

function batchGetItem(input: BatchGetItemInput, call: Call, needs: WriteNeeds): BatchGetItemOutput {
  const entries = Object.entries(input.RequestItems);
  if (entries.reduce((sum, [, { Keys }]) => sum + Keys.length, 0) > MOST_READS) {
    throw invalid('DB-BATCH-1', 'Too many items requested for the BatchGetItem call');
  }
  // Everything is read before anything is looked up: wrong input changes nothing and shows nothing.
  const wanted = entries.map(([named, asked]) => readAsked(named, asked, call, needs));
  refuseTwice(wanted.flatMap(({ schema, keys }) => keys.map(({ key }) => ({ schema, key }))));
  const answers: { [table: string]: Item[] } = Object.create(null) as { [table: string]: Item[] };
  const left: { [table: string]: KeysAndAttributes } = Object.create(null) as typeof left;
  const reported: { schema: TableSchema; units: Units }[] = [];
  let bytes = 0;
  for (const { named, asked, schema, keys, paths } of wanted) {
    const found: Item[] = [];
    const units = new Units();
    const unprocessed: Item[] = [];
    for (const { key, given } of keys) {
      const stored = bytes > LARGEST_ANSWER ? undefined : needs.items.find(schema.table.id, key);
      bytes += stored?.size ?? 0;
      if (bytes > LARGEST_ANSWER) {
        unprocessed.push(given);
        continue;
      }
      units.table += readUnits(stored?.size ?? 0, asked.ConsistentRead);
      if (stored) found.push(paths ? pick(stored.body, paths) : stored.body);
    }
    answers[named] = found;
    if (unprocessed.length > 0) left[named] = { ...asked, Keys: unprocessed };
    reported.push({ schema, units });
  }
  return {
    Responses: answers,
    UnprocessedKeys: left,
    ...consumedList(input.ReturnConsumedCapacity, reported),
  };
}

function readAsked(named: string, asked: KeysAndAttributes, call: Call, needs: WriteNeeds) {
  refuseLegacy(asked);
  const paths = readProjection(asked);
  const schema = requireSchema(call, needs, named);
  const keys = asked.Keys.map((given) => ({ given, key: requireKey(schema, checkedItem(given)) }));
  return { named, asked, schema, keys, paths };
}

/** A table may come up twice, by its name and by its ARN. */
function refuseTwice(all: readonly Pick<ItemWrite, 'schema' | 'key'>[]): void {
  if (new Set(all.map(itemId)).size < all.length) {
    throw invalid('DB-BATCH-2', 'Provided list of item keys contains duplicates');
  }
}

function batchWriteItem(input: BatchWriteItemInput, call: Call, needs: WriteNeeds): BatchWriteItemOutput {
  const entries = Object.entries(input.RequestItems);
  if (entries.reduce((sum, [, requests]) => sum + requests.length, 0) > MOST_WRITES) {
    throw invalid('DB-BATCH-1', 'Too many items requested for the BatchWriteItem call');
  }
  const tables = entries.map(([named, requests]) => {
    const writes = requests.map(({ PutRequest, DeleteRequest }): { write: ItemWrite; item: Item } => {
      if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
        throw invalid(
          'DB-BATCH-3',
          `Supplied WriteRequest ${PutRequest ? 'has more than one operation' : 'is empty'}, must contain exactly one of the supported operations`,
        );
      }
      const TableName = named;
      return PutRequest
        ? { write: preparePut(call, needs, { TableName, ...PutRequest }), item: PutRequest.Item }
        : { write: prepareDelete(call, needs, { TableName, ...DeleteRequest! }), item: DeleteRequest!.Key };
    });
    return { named, schema: requireSchema(call, needs, named), writes };
  });
  refuseTwice(tables.flatMap(({ writes }) => writes.map(({ write: each }) => each)));

  const reported = needs.store.write(() =>
    tables.map(({ schema, writes }) => {
      const units = new Units();
      for (const { write: each } of writes) {
        units.add(write(needs, each, needs.items.find(schema.table.id, each.key)).units);
      }
      return { schema, units };
    }),
  );
  call.why.pass('DB-BATCH-4', 'every write of the batch is made');
  return {
    UnprocessedItems: {},
    ...consumedList(input.ReturnConsumedCapacity, reported),
    ...metricsOf(input, tables, needs),
  };
}

function metricsOf(
  { ReturnItemCollectionMetrics: asked }: BatchWriteItemInput,
  tables: readonly {
    named: string;
    writes: readonly { write: ItemWrite; item: { [name: string]: AttributeValue } }[];
  }[],
  needs: WriteNeeds,
): Pick<BatchWriteItemOutput, 'ItemCollectionMetrics'> {
  if (asked !== 'SIZE') return {};
  const all: { [table: string]: ItemCollectionMetrics[] } = Object.create(null) as typeof all;
  for (const { named, writes } of tables) {
    const metrics = writes.flatMap(({ write: each, item }) => collectionMetrics(asked, each, item, needs) ?? []);
    if (metrics.length > 0) all[named] = metrics;
  }
  return { ItemCollectionMetrics: all };
}
