import type { QueryInput, QueryOutput } from '../../../shared/aws/dynamodb.ts';
import type { PartitionRange, Position } from '../../store/repositories/items.ts';
import { family, type Call } from '../family.ts';
import { checkedItem } from './attribute-values.ts';
import type { KeyCondition, SortCondition } from './expressions/key-conditions.ts';
import { namesOfCondition } from './expressions/mentioned.ts';
import { keyAttributes, keyBytes, NO_BYTES, placeOf } from './keys.ts';
import { refuseLegacy, requireSchema } from './lookup.ts';
import { mayQuery } from './permissions.ts';
import {
  queryPlaceholders,
  readKeyCondition,
  readPage,
  readStartKey,
  readWanted,
  requireProjected,
  sourceOf,
  type ReadNeeds,
  type Source,
  type StartKey,
} from './reading.ts';
import { explained, invalid } from './refusals.ts';

export const query = family<'dynamodb', ReadNeeds>('dynamodb', 'query', {
  Query: { permissions: mayQuery, run: explained(runQuery) },
});

function runQuery(input: QueryInput, call: Call, needs: ReadNeeds): QueryOutput {
  refuseLegacy(input);
  const placeholders = queryPlaceholders(input);
  const wanted = readWanted(input, placeholders);
  const schema = requireSchema(call, needs, input.TableName);
  const source = sourceOf(schema, input);
  const read = source.index ?? schema;
  const condition = readKeyCondition(input, placeholders, read);
  placeholders.refuseUnused();
  const filtered = new Set(wanted.filter ? namesOfCondition(wanted.filter) : []);
  for (const { name } of keyAttributes(read)) {
    if (!filtered.has(name)) continue;
    throw invalid(
      'DB-QUERY-4',
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
    );
  }
  requireProjected(source, wanted);

  const isForward = input.ScanIndexForward ?? true;
  const range = rangeOf(condition);
  const start = input.ExclusiveStartKey && readStartKey(source, checkedItem(input.ExclusiveStartKey));
  const rest = start ? after(start, range, source, isForward) : range;
  const rows = source.index
    ? needs.items.queryIndex(source.index.id, rest, isForward)
    : needs.items.query(schema.table.id, rest, isForward);
  return readPage(rows, source, wanted, input, call);
}

/** Longer than any sort key, so that it is above them all. */
const ABOVE_ALL: Buffer = Buffer.alloc(1100, 0xff);
const ZERO_BYTE: Buffer = Buffer.alloc(1);

function rangeOf({ partition, sort }: KeyCondition): PartitionRange {
  const bytes = keyBytes(partition);
  const [low, high] = sort ? sortRange(sort) : [NO_BYTES, ABOVE_ALL];
  return {
    place: placeOf(bytes),
    partition: bytes,
    low: { sort: low, base: NO_BYTES },
    high: { sort: high, base: NO_BYTES },
  };
}

/** From the first bytes to just before the second. */
function sortRange(condition: SortCondition): readonly [Buffer, Buffer] {
  if (condition.operator === 'between') return [keyBytes(condition.low), next(keyBytes(condition.high))];
  const bytes = keyBytes(condition.value);
  switch (condition.operator) {
    case '=':
      return [bytes, next(bytes)];
    case '<':
      return [NO_BYTES, bytes];
    case '<=':
      return [NO_BYTES, next(bytes)];
    case '>':
      return [next(bytes), ABOVE_ALL];
    case '>=':
      return [bytes, ABOVE_ALL];
    default:
      return [bytes, beyondPrefix(bytes)];
  }
}

/** The least bytes that are greater. */
function next(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, ZERO_BYTE]);
}

/** The least bytes that are greater than everything that begins so. */
function beyondPrefix(prefix: Buffer): Buffer {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end -= 1;
  if (end === 0) return ABOVE_ALL;
  const beyond = Buffer.from(prefix.subarray(0, end));
  beyond[end - 1]! += 1;
  return beyond;
}

/** What of the range is left after the key. @throws Refusal where the key is not in it */
function after({ key, base }: StartKey, range: PartitionRange, { index }: Source, isForward: boolean): PartitionRange {
  if (Buffer.compare(key.partition, range.partition) !== 0) {
    throw invalid('DB-READ-4', 'The provided starting key is outside query boundaries based on provided conditions');
  }
  if (Buffer.compare(key.sort, range.low.sort) < 0 || Buffer.compare(key.sort, range.high.sort) >= 0) {
    throw invalid('DB-READ-4', 'The provided starting key does not match the range key predicate');
  }
  if (!isForward) return { ...range, high: { sort: key.sort, base } };
  const low: Position = index ? { sort: key.sort, base: next(base) } : { sort: next(key.sort), base: NO_BYTES };
  return { ...range, low };
}
