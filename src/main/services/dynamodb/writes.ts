import type { Delete, ItemCollectionMetrics, Put } from '../../../shared/aws/dynamodb.ts';
import type { IndexEntry, ItemKey, StoredItem } from '../../store/repositories/items.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { attribute, checkedItem, equalItems, itemSize, refuseTooDeep, type Item } from './attribute-values.ts';
import { Units, writeUnits } from './capacity.ts';
import { applyUpdate } from './expressions/apply-update.ts';
import { parseCondition, type Condition } from './expressions/conditions.ts';
import { holds } from './expressions/evaluate.ts';
import type { Path } from './expressions/paths.ts';
import { Placeholders } from './expressions/placeholders.ts';
import { parseUpdate, type Update } from './expressions/updates.ts';
import {
  baseBytes,
  isInIndex,
  itemKey,
  keyAttributes,
  projected,
  requireItemKeys,
  requireKey,
  type TableSchema,
} from './keys.ts';
import { requireSchema } from './lookup.ts';
import { invalid } from './refusals.ts';

export type WriteNeeds = Pick<Services, 'items' | 'store' | 'tables'>;

const LARGEST_ITEM = 400 * 1024;

/** One item's change, read and checked as far as that goes without the item. */
export interface ItemWrite {
  readonly schema: TableSchema;
  readonly key: ItemKey;
  readonly condition?: Condition;
  /** The item afterwards; `undefined` where there is none then. A check leaves things as they are. */
  readonly make: (before: Item | undefined) => Item | undefined;
  readonly isCheck?: true;
  /** Paths that an update changes. */
  readonly targets?: readonly Path[];
}

export interface Written {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly units: Units;
}

type Conditional = Pick<Put | Delete, 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

/** @throws Refusal */
export function preparePut(
  call: Call,
  needs: WriteNeeds,
  input: Omit<Put, 'ReturnValuesOnConditionCheckFailure'>,
): ItemWrite {
  const { condition } = readExpressions(input);
  const schema = requireSchema(call, needs, input.TableName);
  const item = checkedItem(input.Item);
  const key = requireItemKeys(schema, item);
  if (itemSize(item) > LARGEST_ITEM) throw invalid('DB-ITEM-1', 'Item size has exceeded the maximum allowed size');
  return { schema, key, ...(condition && { condition }), make: () => item };
}

/** @throws Refusal */
export function prepareDelete(
  call: Call,
  needs: WriteNeeds,
  input: Conditional & { readonly TableName: string; readonly Key: Item },
): ItemWrite {
  return { ...prepareByKey(call, needs, input), make: () => undefined };
}

/** A condition on an item that a transaction does not change. @throws Refusal */
export function prepareCheck(
  call: Call,
  needs: WriteNeeds,
  input: Conditional & { readonly TableName: string; readonly Key: Item },
): ItemWrite {
  return { ...prepareByKey(call, needs, input), isCheck: true, make: (before) => before };
}

function prepareByKey(
  call: Call,
  needs: WriteNeeds,
  input: Conditional & { readonly TableName: string; readonly Key: Item },
): Omit<ItemWrite, 'make'> {
  const { condition } = readExpressions(input);
  const schema = requireSchema(call, needs, input.TableName);
  const key = requireKey(schema, checkedItem(input.Key));
  return { schema, key, ...(condition && { condition }) };
}

/** @throws Refusal */
export function prepareUpdate(
  call: Call,
  needs: WriteNeeds,
  input: Conditional & { readonly TableName: string; readonly Key: Item; readonly UpdateExpression?: string },
): ItemWrite {
  const { condition, update } = readExpressions(input, true);
  const schema = requireSchema(call, needs, input.TableName);
  const keyItem = checkedItem(input.Key);
  const key = requireKey(schema, keyItem);
  for (const { name } of keyAttributes(schema)) {
    if (!update?.targets.some(([target]) => target === name)) continue;
    throw invalid(
      'DB-UPDATE-1',
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
  return {
    schema,
    key,
    ...(condition && { condition }),
    targets: update?.targets ?? [],
    make(before) {
      const after = update ? applyUpdate(before ?? keyItem, update) : (before ?? keyItem);
      requireItemKeys(schema, after);
      refuseTooDeep(after);
      if (itemSize(after) > LARGEST_ITEM) {
        throw invalid('DB-ITEM-1', 'Item size to update has exceeded the maximum allowed size');
      }
      return after;
    },
  };
}

/** Condition and update of a call, with its placeholders. @throws Refusal */
export function readExpressions(
  input: Conditional & { readonly UpdateExpression?: string },
  isUpdate = false,
): { readonly condition?: Condition; readonly update?: Update } {
  const { ConditionExpression, UpdateExpression } = input;
  const placeholders = new Placeholders(
    input,
    isUpdate ? { UpdateExpression, ConditionExpression } : { ConditionExpression },
  );
  const update = UpdateExpression === undefined ? undefined : parseUpdate(UpdateExpression, placeholders);
  const condition =
    ConditionExpression === undefined
      ? undefined
      : parseCondition('ConditionExpression', ConditionExpression, placeholders);
  placeholders.refuseUnused();
  return { ...(condition && { condition }), ...(update && { update }) };
}

/** Whether the item is as the write wants it. A missing one is like one without attributes. */
export function meets({ condition }: ItemWrite, stored: StoredItem | undefined): boolean {
  return condition === undefined || holds(condition, stored?.body ?? {});
}

/** Writes the item and its index entries. Only inside of a transaction. */
export function write(needs: WriteNeeds, { schema, key, make }: ItemWrite, stored: StoredItem | undefined): Written {
  const { items, tables } = needs;
  const { table } = schema;
  const before = stored?.body;
  const after = make(before);
  const size = after ? itemSize(after) : 0;
  let id = stored?.id;
  if (after && id === undefined) id = items.insert(table.account, table.id, key, after, size);
  else if (after) items.update(id!, after, size);
  else if (id !== undefined) items.remove(id);

  const units = new Units();
  units.table = writeUnits(Math.max(size, stored?.size ?? 0));
  tables.grow(table.id, {
    items: (after ? 1 : 0) - (before ? 1 : 0),
    bytes: size - (stored?.size ?? 0),
  });
  writeIndexes(needs, { schema, key, id, before, after, units });
  return { before, after, units };
}

interface IndexChange {
  readonly schema: TableSchema;
  readonly key: ItemKey;
  readonly id: number | undefined;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly units: Units;
}

function writeIndexes({ items, tables }: WriteNeeds, { schema, key, id, before, after, units }: IndexChange): void {
  const base = baseBytes(key);
  for (const index of schema.indexes) {
    const shownBefore = before && isInIndex(index, before) ? projected(schema, index, before) : undefined;
    const shownAfter = after && isInIndex(index, after) ? projected(schema, index, after) : undefined;
    if (shownBefore && shownAfter && equalItems(shownBefore, shownAfter)) continue;
    const entry = (item: Item): IndexEntry => ({
      indexId: index.id,
      key: itemKey(index, item),
      base,
      size: itemSize(item),
    });
    const old = shownBefore && entry(shownBefore);
    const fresh = shownAfter && entry(shownAfter);
    if (old) items.removeEntry(old);
    if (fresh) items.addEntry(schema.table.account, id!, fresh);
    tables.growIndex(index.id, {
      items: (fresh ? 1 : 0) - (old ? 1 : 0),
      bytes: (fresh?.size ?? 0) - (old?.size ?? 0),
    });
    const isMoved =
      old && fresh && !(sameBytes(old.key.partition, fresh.key.partition) && sameBytes(old.key.sort, fresh.key.sort));
    if (isMoved) units.addIndex(index, writeUnits(old.size) + writeUnits(fresh.size));
    else units.addIndex(index, writeUnits(Math.max(old?.size ?? 0, fresh?.size ?? 0)));
  }
}

function sameBytes(one: Buffer, other: Buffer): boolean {
  return Buffer.compare(one, other) === 0;
}

const GIGABYTE = 1024 ** 3;

/** Only tables with local indexes have collections that are bounded. [docs] */
export function collectionMetrics(
  asked: 'SIZE' | 'NONE' | undefined,
  { schema, key }: Pick<ItemWrite, 'schema' | 'key'>,
  item: Item,
  { items }: Pick<Services, 'items'>,
): ItemCollectionMetrics | undefined {
  if (asked !== 'SIZE' || !schema.indexes.some(({ kind }) => kind === 'local')) return undefined;
  const { name } = schema.partition;
  const least = Math.floor(items.partitionSize(schema.table.id, key) / GIGABYTE);
  return { ItemCollectionKey: { [name]: attribute(item, name)! }, SizeEstimateRangeGB: [least, least + 1] };
}
