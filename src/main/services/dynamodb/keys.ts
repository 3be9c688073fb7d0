import { createHash } from 'node:crypto';
import type { AttributeValue, KeySchemaElement, Projection } from '../../../shared/aws/dynamodb.ts';
import type { ItemKey } from '../../store/repositories/items.ts';
import type { TableRecord } from '../../store/repositories/tables.ts';
import { attribute, typeOf, type Item } from './attribute-values.ts';
import { decimal, numberBytes } from './numbers.ts';
import { invalid } from './refusals.ts';

/** An attribute that is part of a key. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** How items of a table or an index are found. */
export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort?: KeyAttribute;
}

export interface IndexSchema extends KeySchema {
  readonly id: number;
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly projection: Projection;
}

export interface TableSchema extends KeySchema {
  readonly table: TableRecord;
  readonly indexes: readonly IndexSchema[];
}

export function schemaOf(table: TableRecord): TableSchema {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = table.definition;
  const types = new Map(AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
  const keys = (elements: readonly KeySchemaElement[]): KeySchema => {
    const [partition, sort] = elements.map(({ AttributeName: name }) => ({ name, type: types.get(name) ?? 'S' }));
    return sort ? { partition: partition!, sort } : { partition: partition! };
  };
  const ids = new Map(table.indexes.map(({ name, id }) => [name, id]));
  const indexes = (['global', 'local'] as const).flatMap((kind) =>
    (kind === 'global' ? GlobalSecondaryIndexes : LocalSecondaryIndexes).map(
      ({ IndexName, KeySchema: own, Projection }) => ({
        id: ids.get(IndexName)!,
        name: IndexName,
        kind,
        projection: Projection,
        ...keys(own),
      }),
    ),
  );
  return { table, indexes, ...keys(KeySchema) };
}

export function keyAttributes({ partition, sort }: KeySchema): readonly KeyAttribute[] {
  return sort ? [partition, sort] : [partition];
}

export const NO_BYTES: Buffer = Buffer.alloc(0);
const MOST_PARTITION_BYTES = 2048;
const MOST_SORT_BYTES = 1024;

/** Bytes that sort as the service sorts: text by its UTF-8, numbers by size. */
export function keyBytes(value: AttributeValue): Buffer {
  if (value.S !== undefined) return Buffer.from(value.S);
  return value.N === undefined ? Buffer.from(value.B!) : numberBytes(decimal(value.N));
}

/** A partition's place in a scan. */
export function placeOf(partition: Buffer): number {
  return createHash('md5').update(partition).digest().readUInt32BE(0);
}

export const PLACES = 2 ** 32;

/** The key of an item that has one. */
export function itemKey(schema: KeySchema, item: Item): ItemKey {
  const partition = keyBytes(attribute(item, schema.partition.name)!);
  const sort = schema.sort ? keyBytes(attribute(item, schema.sort.name)!) : NO_BYTES;
  return { place: placeOf(partition), partition, sort };
}

/** One text of bytes for a whole key; of two keys in a partition that with the lower sort key comes first. */
export function baseBytes({ partition, sort }: Pick<ItemKey, 'partition' | 'sort'>): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(partition.length);
  return Buffer.concat([length, partition, sort]);
}

/** One text for an item of any table. */
export function itemId({ schema, key }: { readonly schema: TableSchema; readonly key: ItemKey }): string {
  return `${schema.table.id} ${baseBytes(key).toString('latin1')}`;
}

/** Of an item, what finds it. */
export function keyOf(schema: KeySchema, item: Item): Item {
  return Object.fromEntries(keyAttributes(schema).map(({ name }) => [name, attribute(item, name)!]));
}

/** The key that a call names. @throws Refusal unless it is exactly the table's */
export function requireKey(schema: KeySchema, key: Item): ItemKey {
  const attributes = keyAttributes(schema);
  const fits =
    Object.keys(key).length === attributes.length &&
    attributes.every(({ name, type }) => attribute(key, name)?.[type] !== undefined);
  if (!fits) throw invalid('DB-KEY-1', 'The provided key element does not match the schema');
  checkKeyValues(schema, key);
  return itemKey(schema, key);
}

/** The key of an item to be written. @throws Refusal where it lacks one, also that of an index */
export function requireItemKeys(schema: TableSchema, item: Item): ItemKey {
  for (const { name, type } of keyAttributes(schema)) {
    const value = attribute(item, name);
    if (value === undefined) {
      throw invalid('DB-KEY-2', `One or more parameter values were invalid: Missing the key ${name} in the item`);
    }
    if (value[type] === undefined) {
      throw invalid(
        'DB-KEY-2',
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`,
      );
    }
  }
  checkKeyValues(schema, item);
  for (const index of schema.indexes) checkIndexKeys(index, item);
  return itemKey(schema, item);
}

function emptyKind(value: AttributeValue): 'string' | 'binary' | undefined {
  if (value.S === '') return 'string';
  return value.B?.length === 0 ? 'binary' : undefined;
}

/** @throws Refusal for a key that is empty */
export function refuseEmptyKey({ name }: KeyAttribute, value: AttributeValue): void {
  const empty = emptyKind(value);
  if (!empty) return;
  throw invalid(
    'DB-KEY-3',
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${name}`,
  );
}

/** Texts from memory, the missing blank too. */
function checkKeyValues(schema: KeySchema, item: Item): void {
  for (const attributeOf of keyAttributes(schema)) {
    const value = item[attributeOf.name]!;
    refuseEmptyKey(attributeOf, value);
    const isPartition = attributeOf === schema.partition;
    if (keyBytes(value).length > (isPartition ? MOST_PARTITION_BYTES : MOST_SORT_BYTES)) {
      throw invalid(
        'DB-KEY-4',
        `One or more parameter values were invalid: ${
          isPartition
            ? `Size of hashkey has exceeded the maximum size limit of${MOST_PARTITION_BYTES} bytes`
            : `Aggregated size of all range keys has exceeded the size limit of ${MOST_SORT_BYTES} bytes`
        }`,
      );
    }
  }
}

function checkIndexKeys(index: IndexSchema, item: Item): void {
  for (const { name, type } of keyAttributes(index)) {
    const value = attribute(item, name);
    if (value === undefined) continue;
    if (value[type] === undefined) {
      throw invalid(
        'DB-KEY-5',
        `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
      );
    }
    const empty = emptyKind(value);
    if (empty) {
      throw invalid(
        'DB-KEY-5',
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${empty} value. IndexName: ${index.name}, IndexKey: ${name}`,
      );
    }
    const most = name === index.partition.name ? MOST_PARTITION_BYTES : MOST_SORT_BYTES;
    if (keyBytes(value).length > most) {
      // guessed wording
      throw invalid(
        'DB-KEY-4',
        `One or more parameter values were invalid: Size of index key ${name} has exceeded the maximum size limit of ${most} bytes. IndexName: ${index.name}`,
      );
    }
  }
}

/** Whether an index lists the item at all. */
export function isInIndex(index: IndexSchema, item: Item): boolean {
  return keyAttributes(index).every(({ name }) => attribute(item, name) !== undefined);
}

/** What an index shows of an item. */
export function projected(schema: TableSchema, { projection, ...index }: IndexSchema, item: Item): Item {
  if (projection.ProjectionType === 'ALL') return item;
  const names = new Set([
    ...keyAttributes(schema).map(({ name }) => name),
    ...keyAttributes(index).map(({ name }) => name),
    ...(projection.NonKeyAttributes ?? []),
  ]);
  const shown: Item = Object.create(null) as Item;
  for (const [name, value] of Object.entries(item)) if (names.has(name)) shown[name] = value;
  return shown;
}
