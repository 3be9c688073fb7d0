import type { Database } from '../database.ts';

/** What comes back with an object beside its bytes. */
export interface ObjectDescription {
  /** `Content-Type` and its like, by the member's name in the model. */
  readonly headers: { readonly [member: string]: string };
  readonly metadata: { readonly [name: string]: string };
  readonly tags: { readonly [key: string]: string };
  readonly checksum?: ObjectChecksum;
  /** Sizes of the parts of an object that came in parts, in their order. */
  readonly parts?: readonly number[];
}

export interface ObjectChecksum {
  readonly algorithm: string;
  readonly type: 'COMPOSITE' | 'FULL_OBJECT';
  /** Base64; absent while an upload is under way. */
  readonly value?: string;
}

export interface ObjectRecord extends ObjectDescription {
  readonly account: string;
  readonly bucket: string;
  readonly key: string;
  /** Names the pieces that hold the bytes. */
  readonly content: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly modifiedAt: Date;
}

/** What a listing shows of an object. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly checksum: ObjectChecksum | undefined;
}

interface Row {
  readonly account: string;
  readonly bucket: string;
  readonly key: string;
  readonly content: string;
  readonly size: number;
  readonly etag: string;
  readonly description: string;
  readonly modified_at: number;
}

interface ListedRow {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly checksum: string | null;
  readonly modified_at: number;
}

type Key = [account: string, bucket: string, key: string];

/** S3 objects and their bytes. */
export class Objects {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      find: database.prepare<Key, Row>('SELECT * FROM objects WHERE account = ? AND bucket = ? AND key = ?'),
      insert: database.prepare<Row>(
        `INSERT INTO objects (account, bucket, key, content, size, etag, description, modified_at)
         VALUES (@account, @bucket, @key, @content, @size, @etag, @description, @modified_at)`,
      ),
      describe: database.prepare<[string, ...Key]>(
        'UPDATE objects SET description = ? WHERE account = ? AND bucket = ? AND key = ?',
      ),
      remove: database.prepare<Key>('DELETE FROM objects WHERE account = ? AND bucket = ? AND key = ?'),
      list: database.prepare<[string, string, string, string | Buffer], ListedRow>(
        `SELECT key, size, etag, modified_at, description ->> '$.checksum' AS checksum FROM objects
         WHERE account = ? AND bucket = ? AND key >= ? AND key < ? ORDER BY key`,
      ),
      insertPiece: database.prepare<[string, string, number, number, Uint8Array]>(
        'INSERT INTO object_pieces (account, content, place, size, bytes) VALUES (?, ?, ?, ?, ?)',
      ),
      pieces: database.prepare<[string], { number: number; size: number }>(
        'SELECT number, size FROM object_pieces WHERE content = ? ORDER BY place',
      ),
      bytes: database.prepare<[number, number, number], { bytes: Buffer }>(
        'SELECT substr(bytes, ?, ?) AS bytes FROM object_pieces WHERE number = ?',
      ),
      adoptPiece: database.prepare<[string, number, string]>(
        'UPDATE object_pieces SET content = ?, place = ? WHERE content = ?',
      ),
      copyPieces: database.prepare<[string, string]>(
        `INSERT INTO object_pieces (account, content, place, size, bytes)
         SELECT account, ?, place, size, bytes FROM object_pieces WHERE content = ? ORDER BY place`,
      ),
      removePieces: database.prepare<[string]>('DELETE FROM object_pieces WHERE content = ?'),
    };
  }

  find(account: string, bucket: string, key: string): ObjectRecord | undefined {
    const row = this.#statements.find.get(account, bucket, key);
    return row && fromRow(row);
  }

  /** In the place of whatever has the key; its bytes have been written. */
  put(record: ObjectRecord): void {
    this.remove(record.account, record.bucket, record.key);
    const { account, bucket, key, content, size, etag, modifiedAt } = record;
    const description = describe(record);
    this.#statements.insert.run({
      account,
      bucket,
      key,
      content,
      size,
      etag,
      description,
      modified_at: modifiedAt.getTime(),
    });
  }

  setTags({ account, bucket, key, ...record }: ObjectRecord, tags: ObjectDescription['tags']): void {
    this.#statements.describe.run(describe({ ...record, tags }), account, bucket, key);
  }

  /** With its bytes. */
  remove(account: string, bucket: string, key: string): void {
    const row = this.#statements.find.get(account, bucket, key);
    if (!row) return;
    this.#statements.remove.run(account, bucket, key);
    this.#statements.removePieces.run(row.content);
  }

  /**
   * By key in the order of UTF-8, one at a time, from the first that is not before `from`, up to `until`. Nothing may
   * be written meanwhile.
   */
  *list(account: string, bucket: string, from: string, until: string | undefined): IterableIterator<ListedObject> {
    for (const row of this.#statements.list.iterate(account, bucket, from, until ?? NO_END)) {
      const { key, size, etag, checksum, modified_at } = row;
      yield {
        key,
        size,
        etag,
        modifiedAt: new Date(modified_at),
        checksum: checksum === null ? undefined : (JSON.parse(checksum) as ObjectChecksum),
      };
    }
  }

  writePiece(piece: { account: string; content: string; place: number; bytes: Uint8Array }): void {
    const { account, content, place, bytes } = piece;
    this.#statements.insertPiece.run(account, content, place, bytes.length, bytes);
  }

  /** Gives the piece of one content to another, without moving its bytes. */
  adoptPiece(from: string, into: string, place: number): void {
    this.#statements.adoptPiece.run(into, place, from);
  }

  copyPieces(from: string, into: string): void {
    this.#statements.copyPieces.run(into, from);
  }

  removePieces(content: string): void {
    this.#statements.removePieces.run(content);
  }

  /** The bytes from `start` on; only the pieces that hold some of them are read. */
  *read(content: string, start: number, length: number): IterableIterator<Buffer> {
    let skipped = 0;
    let left = length;
    for (const { number, size } of this.#statements.pieces.all(content)) {
      const from = Math.max(0, start - skipped);
      skipped += size;
      if (from >= size) continue;
      if (left <= 0) return;
      const taken = Math.min(size - from, left);
      left -= taken;
      // SQL counts from one.
      yield this.#statements.bytes.get(from + 1, taken, number)!.bytes;
    }
  }
}

/** In SQLite's order every blob comes after every text. */
const NO_END = Buffer.alloc(0);

export function describe({ headers, metadata, tags, checksum, parts }: ObjectDescription): string {
  return JSON.stringify({ headers, metadata, tags, checksum, parts });
}

function fromRow({ description, modified_at, ...row }: Row): ObjectRecord {
  return { ...row, ...(JSON.parse(description) as ObjectDescription), modifiedAt: new Date(modified_at) };
}
