import type {
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  PutItemOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from '../../../shared/aws/dynamodb.ts';
import { family, type Call } from '../family.ts';
import { checkedItem, type Item } from './attribute-values.ts';
import { consumed, readUnits, Units } from './capacity.ts';
import { pick, type Path } from './expressions/paths.ts';
import { readProjection } from './expressions/projections.ts';
import { requireKey } from './keys.ts';
import { refuseLegacy, requireSchema } from './lookup.ts';
import { mayDeleteItem, mayGetItem, mayPutItem, mayUpdateItem } from './permissions.ts';
import { explained, invalid, Refusal } from './refusals.ts';
import {
  collectionMetrics,
  meets,
  prepareDelete,
  preparePut,
  prepareUpdate,
  write,
  type ItemWrite,
  type WriteNeeds,
  type Written,
} from './writes.ts';

export const items = family<'dynamodb', WriteNeeds>('dynamodb', 'items', {
  DeleteItem: { permissions: mayDeleteItem, run: explained(deleteItem) },
  GetItem: { permissions: mayGetItem, run: explained(getItem) },
  PutItem: { permissions: mayPutItem, run: explained(putItem) },
  UpdateItem: { permissions: mayUpdateItem, run: explained(updateItem) },
});

function getItem(input: GetItemInput, call: Call, needs: WriteNeeds): GetItemOutput {
  refuseLegacy(input);
  const paths = readProjection(input);
  const schema = requireSchema(call, needs, input.TableName);
  const key = requireKey(schema, checkedItem(input.Key));
  const stored = needs.items.find(schema.table.id, key);
  call.why.pass('DB-GET-1', stored ? 'the item is there' : 'there is no such item', { table: schema.table.name });
  const units = new Units();
  units.table = readUnits(stored?.size ?? 0, input.ConsistentRead);
  return {
    ...(stored && { Item: paths ? pick(stored.body, paths) : stored.body }),
    ...consumed(input.ReturnConsumedCapacity, { schema, units }),
  };
}

function putItem(input: PutItemInput, call: Call, needs: WriteNeeds): PutItemOutput {
  refuseLegacy(input);
  requireOldOrNone(input.ReturnValues);
  const prepared = preparePut(call, needs, input);
  const written = perform(input, call, needs, prepared);
  return answer(input, needs, prepared, {
    written,
    item: written.after!,
    attributes: input.ReturnValues === 'ALL_OLD' ? written.before : undefined,
  });
}

function deleteItem(input: DeleteItemInput, call: Call, needs: WriteNeeds): DeleteItemOutput {
  refuseLegacy(input);
  requireOldOrNone(input.ReturnValues);
  const prepared = prepareDelete(call, needs, input);
  const written = perform(input, call, needs, prepared);
  return answer(input, needs, prepared, {
    written,
    item: input.Key,
    attributes: input.ReturnValues === 'ALL_OLD' ? written.before : undefined,
  });
}

function updateItem(input: UpdateItemInput, call: Call, needs: WriteNeeds): UpdateItemOutput {
  refuseLegacy(input);
  const prepared = prepareUpdate(call, needs, input);
  const written = perform(input, call, needs, prepared);
  return answer(input, needs, prepared, {
    written,
    item: written.after!,
    attributes: returned(input.ReturnValues, written, prepared.targets!),
  });
}

function returned(
  asked: UpdateItemInput['ReturnValues'],
  { before, after }: Written,
  targets: readonly Path[],
): Item | undefined {
  switch (asked) {
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return before && nonEmpty(pick(before, targets));
    case 'UPDATED_NEW':
      return nonEmpty(pick(after!, targets));
    default:
      return undefined;
  }
}

function nonEmpty(item: Item): Item | undefined {
  return Object.keys(item).length > 0 ? item : undefined;
}

function requireOldOrNone(asked: PutItemInput['ReturnValues']): void {
  if (asked === undefined || asked === 'NONE' || asked === 'ALL_OLD') return;
  throw invalid('DB-ITEM-2', 'ReturnValues can only be ALL_OLD or NONE');
}

/** @throws Refusal `ConditionalCheckFailedException`, with the item where that was asked for */
function perform(
  input: { readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' },
  call: Call,
  needs: WriteNeeds,
  prepared: ItemWrite,
): Written {
  const { schema, key } = prepared;
  return needs.store.write(() => {
    const stored = needs.items.find(schema.table.id, key);
    if (!meets(prepared, stored)) {
      throw new Refusal(
        'DB-CONDITION-1',
        'ConditionalCheckFailedException',
        'The conditional request failed',
        stored && input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? { Item: stored.body } : undefined,
      );
    }
    if (prepared.condition) call.why.pass('DB-CONDITION-1', 'the item is as the condition says');
    return write(needs, prepared, stored);
  });
}

function answer(
  input: Pick<PutItemInput, 'ReturnConsumedCapacity' | 'ReturnItemCollectionMetrics'>,
  needs: WriteNeeds,
  prepared: ItemWrite,
  { written, item, attributes }: { written: Written; item: Item; attributes: Item | undefined },
): PutItemOutput {
  const metrics = collectionMetrics(input.ReturnItemCollectionMetrics, prepared, item, needs);
  return {
    ...(attributes && { Attributes: attributes }),
    ...consumed(input.ReturnConsumedCapacity, { schema: prepared.schema, units: written.units }),
    ...(metrics && { ItemCollectionMetrics: metrics }),
  };
}
