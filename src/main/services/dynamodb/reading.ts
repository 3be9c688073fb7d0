import type { QueryInput, QueryOutput, ScanInput } from '../../../shared/aws/dynamodb.ts';
import type { ItemKey, StoredItem } from '../../store/repositories/items.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { attribute, itemSize, type Item } from './attribute-values.ts';
import { consumed, readUnits, Units } from './capacity.ts';
import { parseCondition, type Condition } from './expressions/conditions.ts';
import { holds } from './expressions/evaluate.ts';
import { namesOfPaths } from './expressions/mentioned.ts';
import { pick, type Path } from './expressions/paths.ts';
import { parseKeyCondition, type KeyCondition } from './expressions/key-conditions.ts';
import { Placeholders } from './expressions/placeholders.ts';
import { parseProjection } from './expressions/projections.ts';
import {
  baseBytes,
  itemKey,
  keyAttributes,
  keyOf,
  projected,
  requireKey,
  type IndexSchema,
  type KeySchema,
  type TableSchema,
} from './keys.ts';
import { invalid } from './refusals.ts';

/** What Query and Scan have in common: from where they read, what they leave out, where they stop. */

export type ReadNeeds = Pick<Services, 'items' | 'tables'>;

export interface Source {
  readonly schema: TableSchema;
  readonly index?: IndexSchema;
}

const PAGE_BYTES = 1024 * 1024;

/** @throws Refusal */
export function sourceOf(schema: TableSchema, { IndexName, ConsistentRead }: QueryInput | ScanInput): Source {
  if (IndexName === undefined) return { schema };
  const index = schema.indexes.find(({ name }) => name === IndexName);
  if (!index) throw invalid('DB-READ-1', `The table does not have the specified index: ${IndexName}`);
  if (ConsistentRead && index.kind === 'global') {
    throw invalid('DB-READ-1', 'Consistent reads are not supported on global secondary indexes');
  }
  return { schema, index };
}

export function queryPlaceholders(input: QueryInput): Placeholders {
  const { ProjectionExpression, FilterExpression, KeyConditionExpression } = input;
  return new Placeholders(input, { ProjectionExpression, FilterExpression, KeyConditionExpression });
}

/** @throws Refusal */
export function readKeyCondition(input: QueryInput, placeholders: Placeholders, schema: KeySchema): KeyCondition {
  if (input.KeyConditionExpression === undefined) {
    throw invalid(
      'DB-QUERY-1',
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  return parseKeyCondition(input.KeyConditionExpression, placeholders, schema);
}

export function scanPlaceholders(input: ScanInput): Placeholders {
  const { ProjectionExpression, FilterExpression } = input;
  return new Placeholders(input, { ProjectionExpression, FilterExpression });
}

export interface Wanted {
  readonly filter?: Condition;
  readonly paths?: readonly Path[];
  readonly select: NonNullable<QueryInput['Select']>;
}

/** Filter, projection and Select, which depend on each other. @throws Refusal */
export function readWanted(input: QueryInput | ScanInput, placeholders: Placeholders): Wanted {
  const { FilterExpression, ProjectionExpression, Select, IndexName } = input;
  const filter =
    FilterExpression === undefined ? undefined : parseCondition('FilterExpression', FilterExpression, placeholders);
  const paths = ProjectionExpression === undefined ? undefined : parseProjection(ProjectionExpression, placeholders);
  if (paths && Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES') {
    throw invalid(
      'DB-READ-2',
      `Cannot specify the ProjectionExpression when choosing to get ${Select === 'COUNT' ? 'only the Count' : Select}`,
    );
  }
  if (Select === 'SPECIFIC_ATTRIBUTES' && !paths) {
    throw invalid(
      'DB-READ-2',
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    throw invalid('DB-READ-2', 'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  const usual = IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
  const select = Select ?? (paths ? 'SPECIFIC_ATTRIBUTES' : usual);
  return { ...(filter && { filter }), ...(paths && { paths }), select };
}

/** A global index has nothing but what it projects; a local one fetches the rest from the table. @throws Refusal */
export function requireProjected({ schema, index }: Source, { select, paths }: Wanted): void {
  if (index?.kind !== 'global' || index.projection.ProjectionType === 'ALL') return;
  if (select === 'ALL_ATTRIBUTES') {
    throw invalid(
      'DB-READ-3',
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const known = new Set([
    ...keyAttributes(schema).map(({ name }) => name),
    ...keyAttributes(index).map(({ name }) => name),
    ...(index.projection.NonKeyAttributes ?? []),
  ]);
  const missing = namesOfPaths(paths ?? []).filter((name) => !known.has(name));
  if (missing.length > 0) {
    throw invalid(
      'DB-READ-3',
      `One or more parameter values were invalid: Global secondary index ${index.name} does not project [${missing.join(', ')}]`,
    );
  }
}

export interface StartKey {
  /** In the table or index that is read. */
  readonly key: ItemKey;
  readonly base: Buffer;
}

/** Where the page before ended: the item's key, with that of the index. @throws Refusal */
export function readStartKey({ schema, index }: Source, given: Item): StartKey {
  const names = new Set([...keyAttributes(schema), ...(index ? keyAttributes(index) : [])].map(({ name }) => name));
  const fits =
    Object.keys(given).length === names.size &&
    [...keyAttributes(schema), ...(index ? keyAttributes(index) : [])].every(
      ({ name, type }) => attribute(given, name)?.[type] !== undefined,
    );
  if (!fits) {
    throw invalid(
      'DB-READ-4',
      'The provided starting key is invalid: The provided key element does not match the schema',
    );
  }
  const own = requireKey(schema, keyOf(schema, given));
  return { key: index ? itemKey(index, given) : own, base: baseBytes(own) };
}

/** Reads a page: up to so many items, or until they are more than 1 MB, before anything is left out. */
export function readPage(
  rows: Iterable<StoredItem>,
  source: Source,
  wanted: Wanted,
  input: QueryInput | ScanInput,
  call: Call,
): QueryOutput {
  const { schema, index } = source;
  const { filter, paths, select } = wanted;
  const fetches = index?.kind === 'local' && (select === 'ALL_ATTRIBUTES' || select === 'SPECIFIC_ATTRIBUTES');
  const found: Item[] = [];
  let scanned = 0;
  let count = 0;
  let bytes = 0;
  let fetched = 0;
  let last: Item | undefined;
  for (const { body, size } of rows) {
    const shown = index ? projected(schema, index, body) : body;
    const isWhole = fetches && shown !== body && needsMore(shown, body, wanted);
    const item = isWhole ? body : shown;
    if (isWhole) fetched += readUnits(itemSize(body), input.ConsistentRead);
    scanned += 1;
    bytes += size;
    if (!filter || holds(filter, item)) {
      count += 1;
      if (select !== 'COUNT') found.push(paths ? pick(item, paths) : item);
    }
    if (scanned === input.Limit || bytes > PAGE_BYTES) {
      last = { ...keyOf(schema, body), ...(index && keyOf(index, body)) };
      break;
    }
  }
  const where = index ? `index ${index.name} of ${schema.table.name}` : schema.table.name;
  call.why.pass('DB-READ-5', `read ${scanned} items of ${where}, of which ${count} are wanted`, {
    ...(last && { stopped: bytes > PAGE_BYTES ? '1 MB' : 'Limit' }),
  });
  const units = new Units();
  if (index) {
    units.addIndex(index, readUnits(bytes, input.ConsistentRead));
    units.table = fetched;
  } else units.table = readUnits(bytes, input.ConsistentRead);
  return {
    ...(select === 'COUNT' ? {} : { Items: found }),
    Count: count,
    ScannedCount: scanned,
    ...(last && { LastEvaluatedKey: last }),
    ...consumed(input.ReturnConsumedCapacity, { schema, units }),
  };
}

function needsMore(shown: Item, body: Item, { select, paths }: Wanted): boolean {
  if (select === 'ALL_ATTRIBUTES') return true;
  return namesOfPaths(paths ?? []).some((name) => attribute(body, name) && !attribute(shown, name));
}
