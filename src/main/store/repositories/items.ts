import type { AttributeValue } from '../../../shared/aws/dynamodb.ts';
import type { Database } from '../database.ts';

export interface ItemBody {
  [name: string]: AttributeValue;
}

/** Where an item is: bytes that sort as its keys do, the partition's place first. */
export interface ItemKey {
  readonly place: number;
  readonly partition: Buffer;
  /** Empty where the table has no sort key. */
  readonly sort: Buffer;
}

export interface StoredItem {
  readonly id: number;
  readonly body: ItemBody;
  readonly size: number;
}

/** An item's entry in a secondary index. */
export interface IndexEntry {
  readonly indexId: number;
  readonly key: ItemKey;
  /** The item's own key as bytes: an order among equals. */
  readonly base: Buffer;
  /** Of what the index projects. */
  readonly size: number;
}

/** A position within a partition; entries of an index with equal sort keys go by the item's own. */
export interface Position {
  readonly sort: Buffer;
  readonly base: Buffer;
}

/** From `low` to just before `high`. */
export interface PartitionRange {
  readonly place: number;
  readonly partition: Buffer;
  readonly low: Position;
  readonly high: Position;
}

/** From a key on, to just before the place `end`. */
export interface ScanRange {
  readonly from: ItemKey & { readonly base: Buffer };
  readonly end: number;
}

interface ItemRow {
  id: number;
  body: string;
  size: number;
}

export class Items {
  readonly #statements;

  constructor(database: Database) {
    const query = (direction: 'ASC' | 'DESC') =>
      database.prepare<[number, number, Buffer, Buffer, Buffer], ItemRow>(
        `SELECT id, body, size FROM items
         WHERE table_id = ? AND place = ? AND partition_key = ? AND sort_key >= ? AND sort_key < ?
         ORDER BY sort_key ${direction}`,
      );
    const queryIndex = (direction: 'ASC' | 'DESC') =>
      database.prepare<[number, number, Buffer, Buffer, Buffer, Buffer, Buffer], ItemRow>(
        `SELECT items.id, items.body, entries.size FROM item_index_entries AS entries
         JOIN items ON items.id = entries.item_id
         WHERE entries.index_id = ? AND entries.place = ? AND entries.partition_key = ?
           AND (entries.sort_key, entries.base_key) >= (?, ?) AND (entries.sort_key, entries.base_key) < (?, ?)
         ORDER BY entries.sort_key ${direction}, entries.base_key ${direction}`,
      );
    this.#statements = {
      find: database.prepare<[number, number, Buffer, Buffer], ItemRow>(
        'SELECT id, body, size FROM items WHERE table_id = ? AND place = ? AND partition_key = ? AND sort_key = ?',
      ),
      insert: database
        .prepare<[string, number, number, Buffer, Buffer, number, string], number>(
          `INSERT INTO items (account, table_id, place, partition_key, sort_key, size, body) VALUES (?, ?, ?, ?, ?, ?, ?)
           RETURNING id`,
        )
        .pluck(),
      update: database.prepare<[number, string, number]>('UPDATE items SET size = ?, body = ? WHERE id = ?'),
      remove: database.prepare<[number]>('DELETE FROM items WHERE id = ?'),
      addEntry: database.prepare<[number, number, Buffer, Buffer, Buffer, string, number, number]>(
        `INSERT INTO item_index_entries
           (index_id, place, partition_key, sort_key, base_key, account, item_id, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      removeEntry: database.prepare<[number, number, Buffer, Buffer, Buffer]>(
        `DELETE FROM item_index_entries
         WHERE index_id = ? AND place = ? AND partition_key = ? AND sort_key = ? AND base_key = ?`,
      ),
      removeSome: database.prepare<[number, number]>(
        'DELETE FROM items WHERE id IN (SELECT id FROM items WHERE table_id = ? LIMIT ?)',
      ),
      removeSomeEntries: database.prepare<[number, number]>(
        `DELETE FROM item_index_entries
         WHERE (index_id, place, partition_key, sort_key, base_key) IN (
           SELECT index_id, place, partition_key, sort_key, base_key FROM item_index_entries WHERE index_id = ? LIMIT ?)`,
      ),
      forward: query('ASC'),
      backward: query('DESC'),
      indexForward: queryIndex('ASC'),
      indexBackward: queryIndex('DESC'),
      scan: database.prepare<[number, number, Buffer, Buffer, number], ItemRow>(
        `SELECT id, body, size FROM items
         WHERE table_id = ? AND (place, partition_key, sort_key) >= (?, ?, ?) AND place < ?
         ORDER BY place, partition_key, sort_key`,
      ),
      scanIndex: database.prepare<[number, number, Buffer, Buffer, Buffer, number], ItemRow>(
        `SELECT items.id, items.body, entries.size FROM item_index_entries AS entries
         JOIN items ON items.id = entries.item_id
         WHERE entries.index_id = ?
           AND (entries.place, entries.partition_key, entries.sort_key, entries.base_key) >= (?, ?, ?, ?)
           AND entries.place < ?
         ORDER BY entries.place, entries.partition_key, entries.sort_key, entries.base_key`,
      ),
      partitionSize: database
        .prepare<[number, number, Buffer], number>(
          'SELECT total(size) FROM items WHERE table_id = ? AND place = ? AND partition_key = ?',
        )
        .pluck(),
      findToken: database
        .prepare<[string, string, string, number], Buffer>(
          `SELECT request_hash FROM item_transaction_tokens
           WHERE account = ? AND region = ? AND token = ? AND expires_at > ?`,
        )
        .pluck(),
      dropTokens: database.prepare<[number]>('DELETE FROM item_transaction_tokens WHERE expires_at <= ?'),
      putToken: database.prepare<[string, string, string, Buffer, number]>(
        `INSERT OR REPLACE INTO item_transaction_tokens (account, region, token, request_hash, expires_at)
         VALUES (?, ?, ?, ?, ?)`,
      ),
    };
  }

  find(tableId: number, { place, partition, sort }: ItemKey): StoredItem | undefined {
    const row = this.#statements.find.get(tableId, place, partition, sort);
    return row && toItem(row);
  }

  /** @returns its number */
  insert(account: string, tableId: number, { place, partition, sort }: ItemKey, body: ItemBody, size: number): number {
    return this.#statements.insert.get(account, tableId, place, partition, sort, size, toText(body))!;
  }

  update(id: number, body: ItemBody, size: number): void {
    this.#statements.update.run(size, toText(body), id);
  }

  /** Its index entries are the caller's to remove. */
  remove(id: number): void {
    this.#statements.remove.run(id);
  }

  addEntry(account: string, itemId: number, { indexId, key, base, size }: IndexEntry): void {
    this.#statements.addEntry.run(indexId, key.place, key.partition, key.sort, base, account, itemId, size);
  }

  removeEntry({ indexId, key, base }: IndexEntry): void {
    this.#statements.removeEntry.run(indexId, key.place, key.partition, key.sort, base);
  }

  /** @returns how many there were, up to `most` */
  removeSome(tableId: number, most: number): number {
    return this.#statements.removeSome.run(tableId, most).changes;
  }

  removeSomeEntries(indexId: number, most: number): number {
    return this.#statements.removeSomeEntries.run(indexId, most).changes;
  }

  /** In the order of the sort key; the caller stops reading where it has enough. */
  *query(tableId: number, { place, partition, low, high }: PartitionRange, isForward: boolean): Generator<StoredItem> {
    const statement = isForward ? this.#statements.forward : this.#statements.backward;
    for (const row of statement.iterate(tableId, place, partition, low.sort, high.sort)) yield toItem(row);
  }

  *queryIndex(indexId: number, range: PartitionRange, isForward: boolean): Generator<StoredItem> {
    const { place, partition, low, high } = range;
    const statement = isForward ? this.#statements.indexForward : this.#statements.indexBackward;
    const rows = statement.iterate(indexId, place, partition, low.sort, low.base, high.sort, high.base);
    for (const row of rows) yield toItem(row);
  }

  *scan(tableId: number, { from, end }: ScanRange): Generator<StoredItem> {
    const rows = this.#statements.scan.iterate(tableId, from.place, from.partition, from.sort, end);
    for (const row of rows) yield toItem(row);
  }

  *scanIndex(indexId: number, { from, end }: ScanRange): Generator<StoredItem> {
    const rows = this.#statements.scanIndex.iterate(indexId, from.place, from.partition, from.sort, from.base, end);
    for (const row of rows) yield toItem(row);
  }

  /** Bytes of the items with one partition key. */
  partitionSize(tableId: number, { place, partition }: Pick<ItemKey, 'place' | 'partition'>): number {
    return this.#statements.partitionSize.get(tableId, place, partition) ?? 0;
  }

  /** What was asked with this token, while the token is good. */
  transactionOf(account: string, region: string, token: string, now: Date): Buffer | undefined {
    return this.#statements.findToken.get(account, region, token, now.getTime());
  }

  rememberTransaction(
    { account, region, token, hash }: { account: string; region: string; token: string; hash: Buffer },
    now: Date,
    expiresAt: number,
  ): void {
    this.#statements.dropTokens.run(now.getTime());
    this.#statements.putToken.run(account, region, token, hash, expiresAt);
  }
}

function toItem({ id, body, size }: ItemRow): StoredItem {
  return { id, size, body: fromText(body) };
}

function toText(body: ItemBody): string {
  return JSON.stringify(body, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
}

/** In a value's place, `B` with a text and `BS` with texts are binary; an attribute of that name is an object. */
function fromText(text: string): ItemBody {
  if (!text.includes('"B":"') && !text.includes('"BS":["')) return JSON.parse(text) as ItemBody;
  return JSON.parse(text, (name, value: unknown) => {
    if (name === 'B' && typeof value === 'string') return bytes(value);
    if (name === 'BS' && Array.isArray(value) && typeof value[0] === 'string') return (value as string[]).map(bytes);
    return value;
  }) as ItemBody;
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
