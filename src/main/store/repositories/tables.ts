import type { CreateTableInput } from '../../../shared/aws/dynamodb.ts';
import type { Database } from '../database.ts';

/** What CreateTable was given, but for the name. */
export type TableDefinition = Pick<
  CreateTableInput,
  | 'BillingMode'
  | 'DeletionProtectionEnabled'
  | 'GlobalSecondaryIndexes'
  | 'LocalSecondaryIndexes'
  | 'ProvisionedThroughput'
  | 'TableClass'
  | 'Tags'
> &
  Required<Pick<CreateTableInput, 'AttributeDefinitions' | 'KeySchema'>>;

export interface TableIndexRecord {
  readonly id: number;
  readonly name: string;
  readonly itemCount: number;
  readonly sizeBytes: number;
}

/** A table of DynamoDB. */
export interface TableRecord {
  readonly id: number;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly tableId: string;
  readonly definition: TableDefinition;
  readonly createdAt: Date;
  readonly itemCount: number;
  readonly sizeBytes: number;
  readonly indexes: readonly TableIndexRecord[];
}

export type NewTable = Omit<TableRecord, 'id' | 'itemCount' | 'sizeBytes' | 'indexes'>;

interface TableRow {
  id: number;
  account: string;
  region: string;
  name: string;
  table_id: string;
  definition: string;
  created_at: number;
  item_count: number;
  size_bytes: number;
}

/** How many items, and bytes of them, came or went. */
export interface Growth {
  readonly items: number;
  readonly bytes: number;
}

export class Tables {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database
        .prepare<[string, string, string, string, string, number], number>(
          `INSERT INTO item_tables (account, region, name, table_id, definition, created_at) VALUES (?, ?, ?, ?, ?, ?)
           RETURNING id`,
        )
        .pluck(),
      insertIndex: database.prepare<[string, number, string]>(
        'INSERT INTO item_indexes (account, table_id, name) VALUES (?, ?, ?)',
      ),
      find: database.prepare<[string, string, string], TableRow>(
        'SELECT * FROM item_tables WHERE account = ? AND region = ? AND name = ?',
      ),
      indexes: database.prepare<[number], TableIndexRecord>(
        'SELECT id, name, item_count AS itemCount, size_bytes AS sizeBytes FROM item_indexes WHERE table_id = ?',
      ),
      list: database
        .prepare<[string, string, string, number], string>(
          'SELECT name FROM item_tables WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?',
        )
        .pluck(),
      retire: database.prepare<[number]>(`UPDATE item_tables SET region = '', name = table_id WHERE id = ?`),
      retired: database.prepare<[string], TableRow>(`SELECT * FROM item_tables WHERE account = ? AND region = ''`),
      remove: database.prepare<[number]>('DELETE FROM item_tables WHERE id = ?'),
      grow: database.prepare<[number, number, number]>(
        'UPDATE item_tables SET item_count = item_count + ?, size_bytes = size_bytes + ? WHERE id = ?',
      ),
      growIndex: database.prepare<[number, number, number]>(
        'UPDATE item_indexes SET item_count = item_count + ?, size_bytes = size_bytes + ? WHERE id = ?',
      ),
    };
  }

  /** With an index for each name. */
  create(table: NewTable, indexes: readonly string[]): void {
    const { account, region, name, tableId, definition, createdAt } = table;
    const text = JSON.stringify(definition);
    const id = this.#statements.insert.get(account, region, name, tableId, text, createdAt.getTime())!;
    for (const index of indexes) this.#statements.insertIndex.run(account, id, index);
  }

  find(account: string, region: string, name: string): TableRecord | undefined {
    const row = this.#statements.find.get(account, region, name);
    return row && toRecord(row, this.#statements.indexes.all(row.id));
  }

  /** Names in order, from the one after `after`. */
  list(account: string, region: string, after: string, limit: number): string[] {
    return this.#statements.list.all(account, region, after, limit);
  }

  /** From now on nobody finds it; what is in it is still to be removed. */
  retire(id: number): void {
    this.#statements.retire.run(id);
  }

  retired(account: string): TableRecord[] {
    return this.#statements.retired.all(account).map((row) => toRecord(row, this.#statements.indexes.all(row.id)));
  }

  /** With everything in it. */
  remove(id: number): void {
    this.#statements.remove.run(id);
  }

  grow(id: number, { items, bytes }: Growth): void {
    if (items !== 0 || bytes !== 0) this.#statements.grow.run(items, bytes, id);
  }

  growIndex(id: number, { items, bytes }: Growth): void {
    if (items !== 0 || bytes !== 0) this.#statements.growIndex.run(items, bytes, id);
  }
}

function toRecord(row: TableRow, indexes: readonly TableIndexRecord[]): TableRecord {
  return {
    id: row.id,
    account: row.account,
    region: row.region,
    name: row.name,
    tableId: row.table_id,
    definition: JSON.parse(row.definition) as TableDefinition,
    createdAt: new Date(row.created_at),
    itemCount: row.item_count,
    sizeBytes: row.size_bytes,
    indexes,
  };
}
