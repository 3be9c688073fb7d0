import { createHash } from 'node:crypto';
import type { UserImportJobType } from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';

/** `Expired` is never stored: a job that waits too long is seen to be. */
export type ImportStatus = Exclude<NonNullable<UserImportJobType['Status']>, 'Expired'>;

export interface ImportCounts {
  /** Rows of the file, without its header. */
  readonly rowsDone: number;
  readonly imported: number;
  readonly skipped: number;
  readonly failed: number;
}

export interface ImportJobRecord {
  readonly id: string;
  readonly account: string;
  readonly userPoolId: string;
  /** Counts up within the pool; the order in which jobs are listed. */
  readonly number: number;
  readonly name: string;
  readonly roleArn: string;
  /** Below the bench's own address, token included. */
  readonly uploadPath: string;
  readonly uploadExpiresAt: Date;
  /** The upload that is complete. */
  readonly upload: number | undefined;
  readonly status: ImportStatus;
  readonly message: string | undefined;
  readonly counts: ImportCounts;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly completedAt: Date | undefined;
}

export interface NewImportJob extends Pick<
  ImportJobRecord,
  'id' | 'account' | 'userPoolId' | 'name' | 'roleArn' | 'uploadPath' | 'uploadExpiresAt' | 'createdAt'
> {
  readonly uploadToken: string;
}

export interface ImportLogLine {
  readonly line: number;
  readonly outcome: 'SUCCEEDED' | 'SKIPPED' | 'FAILED';
  readonly message: string;
}

interface Row {
  id: string;
  account: string;
  user_pool_id: string;
  number: number;
  name: string;
  role_arn: string;
  upload_path: string;
  upload_expires_at: number;
  upload: number | null;
  status: string;
  message: string | null;
  rows_done: number;
  imported: number;
  skipped: number;
  failed: number;
  created_at: number;
  started_at: number | null;
  completed_at: number | null;
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function date(millis: number | null): Date | undefined {
  return millis === null ? undefined : new Date(millis);
}

function record(row: Row): ImportJobRecord {
  return {
    id: row.id,
    account: row.account,
    userPoolId: row.user_pool_id,
    number: row.number,
    name: row.name,
    roleArn: row.role_arn,
    uploadPath: row.upload_path,
    uploadExpiresAt: new Date(row.upload_expires_at),
    upload: row.upload ?? undefined,
    status: row.status as ImportStatus,
    message: row.message ?? undefined,
    counts: { rowsDone: row.rows_done, imported: row.imported, skipped: row.skipped, failed: row.failed },
    createdAt: new Date(row.created_at),
    startedAt: date(row.started_at),
    completedAt: date(row.completed_at),
  };
}

const UNDER_WAY = "status IN ('Pending', 'InProgress', 'Stopping')";

/** Jobs that import users from a file: the job, the pieces of its file, and what became of each line. */
export class ImportJobs {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO import_jobs (id, account, user_pool_id, number, name, role_arn, upload_token_id, upload_path,
           upload_expires_at, status, created_at)
         VALUES (@id, @account, @pool,
           (SELECT coalesce(max(number), 0) + 1 FROM import_jobs WHERE user_pool_id = @pool),
           @name, @role, @token, @path, @expires, 'Created', @created)`,
      ),
      find: database.prepare<[string], Row>('SELECT * FROM import_jobs WHERE id = ?'),
      findByToken: database.prepare<[string, string], Row>(
        'SELECT * FROM import_jobs WHERE id = ? AND upload_token_id = ?',
      ),
      list: database.prepare<[string, number, number], Row>(
        'SELECT * FROM import_jobs WHERE user_pool_id = ? AND number < ? ORDER BY number DESC LIMIT ?',
      ),
      count: database.prepare<[string], { count: number }>(
        'SELECT count(*) AS count FROM import_jobs WHERE user_pool_id = ?',
      ),
      underWay: database.prepare<[], Row>(`SELECT * FROM import_jobs WHERE ${UNDER_WAY} ORDER BY started_at, id`),
      underWayInAccount: database.prepare<[string], Row>(
        `SELECT * FROM import_jobs WHERE account = ? AND ${UNDER_WAY} LIMIT 1`,
      ),
      underWayInPool: database.prepare<[string, string], Row>(
        `SELECT * FROM import_jobs WHERE account = ? AND user_pool_id = ? AND ${UNDER_WAY} LIMIT 1`,
      ),
      setStatus: database.prepare(
        `UPDATE import_jobs SET status = ?, message = ?, started_at = coalesce(started_at, ?), completed_at = ?
         WHERE id = ?`,
      ),
      setCounts: database.prepare(
        'UPDATE import_jobs SET rows_done = ?, imported = ?, skipped = ?, failed = ? WHERE id = ?',
      ),
      addChunk: database.prepare(
        'INSERT INTO import_chunks (account, job_id, upload, place, bytes) VALUES (?, ?, ?, ?, ?)',
      ),
      chunk: database.prepare<[string, number, number], { bytes: Buffer }>(
        'SELECT bytes FROM import_chunks WHERE job_id = ? AND upload = ? AND place = ?',
      ),
      lastUpload: database.prepare<[string], { upload: number | null }>(
        'SELECT max(upload) AS upload FROM import_chunks WHERE job_id = ?',
      ),
      setUpload: database.prepare('UPDATE import_jobs SET upload = ? WHERE id = ?'),
      dropOtherUploads: database.prepare('DELETE FROM import_chunks WHERE job_id = ? AND upload <> ?'),
      dropUpload: database.prepare('DELETE FROM import_chunks WHERE job_id = ? AND upload = ?'),
      dropUploads: database.prepare('DELETE FROM import_chunks WHERE job_id = ?'),
      dropAbandoned: database.prepare(
        `DELETE FROM import_chunks
         WHERE upload IS NOT (SELECT j.upload FROM import_jobs j WHERE j.id = import_chunks.job_id)`,
      ),
      addLine: database.prepare(
        'INSERT INTO import_log (account, job_id, line, outcome, message) VALUES (?, ?, ?, ?, ?)',
      ),
      lines: database.prepare<[string, number, number], ImportLogLine>(
        'SELECT line, outcome, message FROM import_log WHERE job_id = ? AND line > ? ORDER BY line LIMIT ?',
      ),
    };
  }

  insert(job: NewImportJob): void {
    this.#statements.insert.run({
      id: job.id,
      account: job.account,
      pool: job.userPoolId,
      name: job.name,
      role: job.roleArn,
      token: hash(job.uploadToken),
      path: job.uploadPath,
      expires: job.uploadExpiresAt.getTime(),
      created: job.createdAt.getTime(),
    });
  }

  find(id: string): ImportJobRecord | undefined {
    const row = this.#statements.find.get(id);
    return row && record(row);
  }

  /** The job that whoever holds the token may upload a file for. */
  findForUpload(id: string, token: string): ImportJobRecord | undefined {
    const row = this.#statements.findByToken.get(id, hash(token));
    return row && record(row);
  }

  /** Jobs before the one numbered `before`, the newest first. */
  list(userPoolId: string, before: number, limit: number): ImportJobRecord[] {
    return this.#statements.list.all(userPoolId, before, limit).map(record);
  }

  count(userPoolId: string): number {
    return this.#statements.count.get(userPoolId)?.count ?? 0;
  }

  /** Jobs that were started and have not ended, of all accounts. */
  underWay(): ImportJobRecord[] {
    return this.#statements.underWay.all().map(record);
  }

  /** A job that was started and has not ended. */
  findUnderWay(account: string, userPoolId?: string): ImportJobRecord | undefined {
    const row =
      userPoolId === undefined
        ? this.#statements.underWayInAccount.get(account)
        : this.#statements.underWayInPool.get(account, userPoolId);
    return row && record(row);
  }

  setStatus(
    id: string,
    status: ImportStatus,
    when: { readonly startedAt?: Date; readonly completedAt?: Date; readonly message?: string } = {},
  ): void {
    this.#statements.setStatus.run(
      status,
      when.message ?? null,
      when.startedAt?.getTime() ?? null,
      when.completedAt?.getTime() ?? null,
      id,
    );
  }

  setCounts(id: string, { rowsDone, imported, skipped, failed }: ImportCounts): void {
    this.#statements.setCounts.run(rowsDone, imported, skipped, failed, id);
  }

  /** The number of an upload that is about to begin. */
  nextUpload(id: string): number {
    return (this.#statements.lastUpload.get(id)?.upload ?? 0) + 1;
  }

  addChunk(job: ImportJobRecord, upload: number, place: number, bytes: Uint8Array): void {
    this.#statements.addChunk.run(job.account, job.id, upload, place, bytes);
  }

  chunk(id: string, upload: number, place: number): Buffer | undefined {
    return this.#statements.chunk.get(id, upload, place)?.bytes;
  }

  /** The file is there; an earlier one is gone. */
  completeUpload(id: string, upload: number): void {
    this.#statements.setUpload.run(upload, id);
    this.#statements.dropOtherUploads.run(id, upload);
  }

  dropUpload(id: string, upload: number): void {
    this.#statements.dropUpload.run(id, upload);
  }

  /** Uploads that were under way when the bench stopped. */
  dropAbandonedUploads(): void {
    this.#statements.dropAbandoned.run();
  }

  /** The job has ended: nothing is left of its file. */
  dropFile(id: string): void {
    this.#statements.dropUploads.run(id);
  }

  addLine(job: ImportJobRecord, { line, outcome, message }: ImportLogLine): void {
    this.#statements.addLine.run(job.account, job.id, line, outcome, message);
  }

  /** What became of the lines after `after`, in the order of the file. */
  lines(id: string, after: number, limit: number): ImportLogLine[] {
    return this.#statements.lines.all(id, after, limit);
  }
}
