import { createHash } from 'node:crypto';
import type {
  TransactGetItemsInput,
  TransactGetItemsOutput,
  TransactWriteItem,
  TransactWriteItemsInput,
  TransactWriteItemsOutput,
} from '../../../shared/aws/dynamodb.ts';
import { Fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import { checkedItem, itemSize, type Item } from './attribute-values.ts';
import { consumedList, readUnits, Units, writeUnits } from './capacity.ts';
import { pick } from './expressions/paths.ts';
import { itemId, requireKey, type TableSchema } from './keys.ts';
import { readProjection } from './expressions/projections.ts';
import { refuseLegacy, requireSchema } from './lookup.ts';
import { mayTransactGetItems, mayTransactWriteItems } from './permissions.ts';
import { explained, invalid, Refusal } from './refusals.ts';
import {
  collectionMetrics,
  meets,
  prepareCheck,
  prepareDelete,
  preparePut,
  prepareUpdate,
  write,
  type ItemWrite,
  type WriteNeeds,
} from './writes.ts';

export const transactions = family<'dynamodb', WriteNeeds>('dynamodb', 'transactions', {
  TransactGetItems: { permissions: mayTransactGetItems, run: explained(transactGetItems) },
  TransactWriteItems: { permissions: mayTransactWriteItems, run: explained(transactWriteItems) },
});

/** What a cancelled transaction says of each of its operations. */
interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

const TOKEN_MILLISECONDS = 10 * 60 * 1000;
const LARGEST_TRANSACTION = 4 * 1024 * 1024;

function transactGetItems(input: TransactGetItemsInput, call: Call, needs: WriteNeeds): TransactGetItemsOutput {
  const asked = input.TransactItems.map(({ Get }) => {
    const paths = readProjection(Get);
    const schema = requireSchema(call, needs, Get.TableName);
    return { paths, schema, key: requireKey(schema, checkedItem(Get.Key)) };
  });
  refuseTwice(asked);
  const units = new UnitsByTable();
  const responses = asked.map(({ paths, schema, key }) => {
    const stored = needs.items.find(schema.table.id, key);
    units.of(schema).table += readUnits(stored?.size ?? 0, true);
    if (!stored) return {};
    return { Item: paths ? pick(stored.body, paths) : stored.body };
  });
  call.why.pass('DB-TRANSACT-1', 'all items are read at one instant');
  return { Responses: responses, ...consumedList(input.ReturnConsumedCapacity, units.reported('read')) };
}

/** Counted by table, in the order in which the tables come up. */
class UnitsByTable {
  readonly #tables = new Map<number, { schema: TableSchema; units: Units }>();

  of(schema: TableSchema): Units {
    const known = this.#tables.get(schema.table.id);
    if (known) return known.units;
    const units = new Units();
    this.#tables.set(schema.table.id, { schema, units });
    return units;
  }

  reported(transaction: 'read' | 'write') {
    return [...this.#tables.values()].map((each) => ({ ...each, transaction }));
  }
}

function refuseTwice(all: readonly Pick<ItemWrite, 'schema' | 'key'>[]): void {
  if (new Set(all.map(itemId)).size < all.length) {
    throw invalid('DB-TRANSACT-2', 'Transaction request cannot include multiple operations on one item');
  }
}

interface Operation {
  readonly write: ItemWrite;
  /** Holds the item's key. */
  readonly item: Item;
  readonly showsOld: boolean;
}

function transactWriteItems(input: TransactWriteItemsInput, call: Call, needs: WriteNeeds): TransactWriteItemsOutput {
  const operations = input.TransactItems.map((item) => prepare(item, call, needs));
  refuseTwice(operations.map(({ write: { schema, key } }) => ({ schema, key })));
  const hash = requestHash(input);
  const isRepeated = needs.store.write(() => {
    if (wasMade(input, hash, call, needs)) return true;
    const units = transact(operations, call, needs);
    if (input.ClientRequestToken !== undefined) {
      needs.items.rememberTransaction(
        { account: call.account, region: call.region, token: input.ClientRequestToken, hash },
        call.now,
        call.now.getTime() + TOKEN_MILLISECONDS,
      );
    }
    return units;
  });
  const units = isRepeated === true ? readAgain(operations, needs) : isRepeated;
  const metrics: NonNullable<TransactWriteItemsOutput['ItemCollectionMetrics']> = Object.create(null) as typeof metrics;
  if (input.ReturnItemCollectionMetrics === 'SIZE') {
    for (const { write: each, item } of operations) {
      const metric = each.isCheck ? undefined : collectionMetrics('SIZE', each, item, needs);
      if (metric) (metrics[each.schema.table.name] ??= []).push(metric);
    }
  }
  return {
    ...consumedList(input.ReturnConsumedCapacity, units.reported(isRepeated === true ? 'read' : 'write')),
    ...(Object.keys(metrics).length > 0 && { ItemCollectionMetrics: metrics }),
  };
}

function prepare(
  { Put, Delete, Update, ConditionCheck, ...more }: TransactWriteItem,
  call: Call,
  needs: WriteNeeds,
): Operation {
  const given = [Put, Delete, Update, ConditionCheck].filter((operation) => operation !== undefined);
  if (given.length !== 1) {
    throw invalid('DB-TRANSACT-3', 'TransactItems can only contain one of Check, Put, Update or Delete');
  }
  refuseLegacy({ ...given[0], ...more });
  const showsOld = given[0]!.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  if (Put) return { write: preparePut(call, needs, Put), item: Put.Item, showsOld };
  if (Delete) return { write: prepareDelete(call, needs, Delete), item: Delete.Key, showsOld };
  if (Update) return { write: prepareUpdate(call, needs, Update), item: Update.Key, showsOld };
  return { write: prepareCheck(call, needs, ConditionCheck!), item: ConditionCheck!.Key, showsOld };
}

/** All of them or none: every condition is asked of things as they were before. @throws Refusal with a reason for each */
function transact(operations: readonly Operation[], call: Call, needs: WriteNeeds): UnitsByTable {
  const stored = operations.map(({ write: { schema, key } }) => needs.items.find(schema.table.id, key));
  const reasons = operations.map(({ write: each, showsOld }, index): CancellationReason => {
    if (!meets(each, stored[index])) {
      const old = showsOld ? stored[index]?.body : undefined;
      return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...(old && { Item: old }) };
    }
    try {
      each.make(stored[index]?.body);
      return { Code: 'None' };
    } catch (error) {
      if (error instanceof Fault) return { Code: 'ValidationError', Message: error.message };
      throw error;
    }
  });
  if (reasons.some(({ Code }) => Code !== 'None')) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    throw new Refusal(
      'DB-TRANSACT-4',
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      { CancellationReasons: reasons },
    );
  }
  const units = new UnitsByTable();
  let bytes = 0;
  for (const [index, { write: each }] of operations.entries()) {
    const old = stored[index];
    const written = each.isCheck ? undefined : write(needs, each, old);
    bytes += Math.max(old?.size ?? 0, written?.after ? itemSize(written.after) : 0);
    if (written) units.of(each.schema).add(written.units);
    else units.of(each.schema).table += writeUnits(old?.size ?? 0);
  }
  if (bytes > LARGEST_TRANSACTION) {
    // guessed wording
    throw invalid('DB-TRANSACT-5', 'Aggregate size of the items in the transaction exceeds the limit of 4 MB');
  }
  call.why.pass('DB-TRANSACT-4', 'every condition holds, and all is written at once');
  return units;
}

/** Whether the same was made with this token within ten minutes. @throws Refusal where it was something else */
function wasMade(
  { ClientRequestToken: token }: TransactWriteItemsInput,
  hash: Buffer,
  call: Call,
  needs: WriteNeeds,
): boolean {
  const known = token === undefined ? undefined : needs.items.transactionOf(call.account, call.region, token, call.now);
  if (known === undefined) return false;
  if (Buffer.compare(known, hash) !== 0) {
    throw new Refusal(
      'DB-TRANSACT-6',
      'IdempotentParameterMismatchException',
      'The ClientRequestToken was used with other parameters',
    );
  }
  call.why.pass('DB-TRANSACT-6', 'this was made before, with the same token; it is not made again');
  return true;
}

function requestHash({ TransactItems }: TransactWriteItemsInput): Buffer {
  return createHash('sha256').update(JSON.stringify(TransactItems)).digest();
}

/** What a repeated transaction costs: reading the items. [docs] */
function readAgain(operations: readonly Operation[], { items }: WriteNeeds): UnitsByTable {
  const units = new UnitsByTable();
  for (const {
    write: { schema, key },
  } of operations) {
    units.of(schema).table += readUnits(items.find(schema.table.id, key)?.size ?? 0, true);
  }
  return units;
}
