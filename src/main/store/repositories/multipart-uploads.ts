import type { Database } from '../database.ts';
import { describe, type ObjectDescription } from './objects.ts';

export interface MultipartUploadRecord extends ObjectDescription {
  readonly account: string;
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
  readonly startedAt: Date;
}

export interface UploadPartRecord {
  readonly account: string;
  readonly uploadId: string;
  readonly number: number;
  readonly content: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum: string | undefined;
  readonly modifiedAt: Date;
}

interface Row {
  readonly account: string;
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
  readonly description: string;
  readonly started_at: number;
}

interface PartRow {
  readonly account: string;
  readonly upload_id: string;
  readonly number: number;
  readonly content: string;
  readonly size: number;
  readonly etag: string;
  readonly checksum: string | null;
  readonly modified_at: number;
}

/** Uploads of S3 that are under way, with the parts that came. */
export class MultipartUploads {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<Row>(
        `INSERT INTO multipart_uploads (account, bucket, key, id, description, started_at)
         VALUES (@account, @bucket, @key, @id, @description, @started_at)`,
      ),
      find: database.prepare<[string, string, string, string], Row>(
        'SELECT * FROM multipart_uploads WHERE account = ? AND bucket = ? AND key = ? AND id = ?',
      ),
      list: database.prepare<[string, string, string, string, string | Buffer], Row>(
        `SELECT * FROM multipart_uploads
         WHERE account = ? AND bucket = ? AND (key, id) > (?, ?) AND key < ? ORDER BY key, id`,
      ),
      remove: database.prepare<[string, string, string, string]>(
        'DELETE FROM multipart_uploads WHERE account = ? AND bucket = ? AND key = ? AND id = ?',
      ),
      insertPart: database.prepare<PartRow>(
        `INSERT INTO upload_parts (account, upload_id, number, content, size, etag, checksum, modified_at)
         VALUES (@account, @upload_id, @number, @content, @size, @etag, @checksum, @modified_at)`,
      ),
      findPart: database.prepare<[string, number], PartRow>(
        'SELECT * FROM upload_parts WHERE upload_id = ? AND number = ?',
      ),
      parts: database.prepare<[string, number, number], PartRow>(
        'SELECT * FROM upload_parts WHERE upload_id = ? AND number > ? ORDER BY number LIMIT ?',
      ),
      removePart: database.prepare<[string, number]>('DELETE FROM upload_parts WHERE upload_id = ? AND number = ?'),
      removeParts: database.prepare<[string]>('DELETE FROM upload_parts WHERE upload_id = ?'),
      ofBucket: database.prepare<[string, string], Row>(
        'SELECT * FROM multipart_uploads WHERE account = ? AND bucket = ?',
      ),
    };
  }

  insert(upload: MultipartUploadRecord): void {
    const { account, bucket, key, id, startedAt } = upload;
    this.#statements.insert.run({
      account,
      bucket,
      key,
      id,
      description: describe(upload),
      started_at: startedAt.getTime(),
    });
  }

  find(account: string, bucket: string, key: string, id: string): MultipartUploadRecord | undefined {
    const row = this.#statements.find.get(account, bucket, key, id);
    return row && fromRow(row);
  }

  /** By key and id, one at a time, after this pair, of keys before `until`. Nothing may be written meanwhile. */
  *list(
    place: { readonly account: string; readonly bucket: string },
    after: { readonly key: string; readonly id: string },
    until: string | undefined,
  ): IterableIterator<MultipartUploadRecord> {
    const { account, bucket } = place;
    const rows = this.#statements.list.iterate(account, bucket, after.key, after.id, until ?? NO_END);
    for (const row of rows) yield fromRow(row);
  }

  ofBucket(account: string, bucket: string): MultipartUploadRecord[] {
    return this.#statements.ofBucket.all(account, bucket).map(fromRow);
  }

  /** With what is known of its parts; their bytes are the objects' to remove. */
  remove({ account, bucket, key, id }: MultipartUploadRecord): void {
    this.#statements.removeParts.run(id);
    this.#statements.remove.run(account, bucket, key, id);
  }

  putPart(part: UploadPartRecord): void {
    const { account, uploadId, number, content, size, etag, checksum, modifiedAt } = part;
    this.#statements.removePart.run(uploadId, number);
    this.#statements.insertPart.run({
      account,
      upload_id: uploadId,
      number,
      content,
      size,
      etag,
      checksum: checksum ?? null,
      modified_at: modifiedAt.getTime(),
    });
  }

  findPart(uploadId: string, number: number): UploadPartRecord | undefined {
    const row = this.#statements.findPart.get(uploadId, number);
    return row && partFromRow(row);
  }

  parts(uploadId: string, after: number, limit: number): UploadPartRecord[] {
    return this.#statements.parts.all(uploadId, after, limit).map(partFromRow);
  }
}

const NO_END = Buffer.alloc(0);

function fromRow({ description, started_at, ...row }: Row): MultipartUploadRecord {
  return { ...row, ...(JSON.parse(description) as ObjectDescription), startedAt: new Date(started_at) };
}

function partFromRow({ upload_id, modified_at, checksum, ...row }: PartRow): UploadPartRecord {
  return { ...row, uploadId: upload_id, checksum: checksum ?? undefined, modifiedAt: new Date(modified_at) };
}
