import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { IMPORT_ROWS } from '../../../shared/limits.ts';
import { Reasons } from '../../kernel/reasons.ts';
import { delay } from '../../kernel/scheduler.ts';
import type { ImportCounts, ImportJobRecord, ImportLogLine } from '../../store/repositories/import-jobs.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Services, UserImports } from '../services.ts';
import { openUpload } from './import-uploads.ts';
import { nameUser, settleAliases, takenProblem } from './new-users.ts';
import { aliasesOf } from './policies/aliases.ts';
import { headerProblem, importedUser, joinEscaped } from './policies/import-rows.ts';

type Needs = Pick<
  Services,
  'access' | 'clock' | 'iamRoles' | 'ids' | 'importJobs' | 'log' | 'mfaFactors' | 'store' | 'userPools' | 'users'
>;

/** Rows that become users in one transaction: other calls are answered between two of them. */
const BATCH = 50;
// A line without an end must not fill the memory; rows that are merely too long fail by themselves.
const LONGEST_LINE = 1_000_000;

interface Line {
  /** Where the row is in the file; the header is on line 1. */
  readonly number: number;
  readonly values: readonly string[];
}

interface Ending {
  readonly status: 'Succeeded' | 'Failed' | 'Stopped';
  readonly message: string;
}

const STOPPED: Ending = { status: 'Stopped', message: 'The Import Job was stopped by the developer.' };
const UNREADABLE: Ending = { status: 'Failed', message: 'Amazon Cognito is unable to parse the CSV file.' };

/**
 * Runs import jobs, one row after the other. What is done is counted in the transaction that does it, so a bench that
 * stopped in the middle goes on with the next row. Jobs are work and no waiting: they go on also while the bench's
 * clock stands still.
 */
export function createUserImports(services: Needs): UserImports {
  const { clock, importJobs, log, store, userPools } = services;
  const running = new Map<string, Promise<void>>();
  let stopping = false;

  const end = (job: ImportJobRecord, { status, message }: Ending): void => {
    store.write((tx) => {
      importJobs.setStatus(job.id, status, { completedAt: clock.now(), message });
      importJobs.dropFile(job.id);
      tx.announce('user-pool.changed', { account: job.account, userPoolId: job.userPoolId });
    });
  };

  /** Makes users of some rows. `false`: there is nothing more to do for this job. */
  const importLines = (id: string, columns: readonly string[], lines: readonly Line[]): boolean => {
    const job = importJobs.find(id);
    const pool = job && userPools.find(job.userPoolId);
    // Gone with its account's reset.
    if (!job || !pool) return false;
    if (job.status === 'Stopping') {
      end(job, STOPPED);
      return false;
    }
    store.write((tx) => {
      const counts = { ...job.counts };
      for (const line of lines) {
        const logged = importLine(pool, columns, line, clock.now(), services);
        importJobs.addLine(job, logged);
        count(counts, logged.outcome);
      }
      importJobs.setCounts(id, counts);
      tx.announce('user-pool.changed', { account: job.account, userPoolId: job.userPoolId });
    });
    return true;
  };

  const importFile = async (
    job: ImportJobRecord,
    pool: UserPoolRecord,
    upload: number,
  ): Promise<Ending | undefined> => {
    let columns: readonly string[] | undefined;
    let rows = 0;
    let batch: Line[] = [];
    for await (const line of linesOf(job, upload, services)) {
      if (!columns) {
        columns = line.values;
        const problem = headerProblem(columns, pool.settings);
        if (problem !== undefined) return { status: 'Failed', message: problem };
        continue;
      }
      rows += 1;
      // Done before the bench stopped.
      if (rows <= job.counts.rowsDone) continue;
      if (rows > IMPORT_ROWS) return { status: 'Failed', message: `The CSV file has more than ${IMPORT_ROWS} rows.` };
      batch.push(line);
      if (batch.length < BATCH) continue;
      if (!importLines(job.id, columns, batch)) return undefined;
      batch = [];
      await delay(0);
      if (stopping) return undefined;
    }
    if (!columns) return UNREADABLE;
    if (!importLines(job.id, columns, batch)) return undefined;
    return endingOf(importJobs.find(job.id)!.counts);
  };

  const work = async (id: string): Promise<void> => {
    // The answer of StartUserImportJob goes first.
    await delay(0);
    const job = importJobs.find(id);
    const pool = job && userPools.find(job.userPoolId);
    if (stopping || !job || !pool || job.upload === undefined) return;
    if (job.status === 'Stopping') {
      end(job, STOPPED);
      return;
    }
    if (!trustsImports(job, services)) {
      end(job, { status: 'Failed', message: 'The CloudWatch Logs role could not be assumed.' });
      return;
    }
    store.write((tx) => {
      importJobs.setStatus(id, 'InProgress');
      tx.announce('user-pool.changed', { account: job.account, userPoolId: job.userPoolId });
    });
    try {
      const ending = await importFile(job, pool, job.upload);
      if (ending) end(job, ending);
    } catch (error) {
      const isUnreadable = error instanceof CsvError;
      if (!isUnreadable) log.error({ err: error, job: id }, 'an import job failed unexpectedly');
      end(job, isUnreadable ? UNREADABLE : { status: 'Failed', message: 'Poolbench failed unexpectedly.' });
    }
  };

  const run = (id: string): void => {
    if (stopping || running.has(id)) return;
    const done = work(id)
      .catch((error: unknown) => log.error({ err: error, job: id }, 'an import job could not be ended'))
      .finally(() => running.delete(id));
    running.set(id, done);
  };

  return {
    upload: (jobId, token) => openUpload(jobId, token, services),
    run,
    resume() {
      store.write(() => importJobs.dropAbandonedUploads());
      for (const { id } of importJobs.underWay()) run(id);
    },
    async stop() {
      stopping = true;
      await Promise.all(running.values());
    },
  };
}

/** The lines of a file, read piece by piece as they are needed. */
async function* linesOf(
  { id }: ImportJobRecord,
  upload: number,
  { importJobs }: Pick<Services, 'importJobs'>,
): AsyncGenerator<Line> {
  function* pieces(): Generator<Buffer> {
    for (let place = 0; ; place += 1) {
      const piece = importJobs.chunk(id, upload, place);
      if (!piece) return;
      yield piece;
    }
  }
  const parser = parse({
    // Nothing is quoted in these files, so a quotation mark is a character like any other.
    quote: null,
    escape: null,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: LONGEST_LINE,
  });
  pipeline(Readable.from(pieces()), parser, () => {
    // Whoever reads the parser is told.
  });
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    yield { number: info.lines, values: joinEscaped(record) };
  }
}

function importLine(
  pool: UserPoolRecord,
  columns: readonly string[],
  { number: line, values }: Line,
  now: Date,
  services: Needs,
): ImportLogLine {
  const { mfaFactors, users } = services;
  const failed = (message: string): ImportLogLine => ({ line, outcome: 'FAILED', message });
  const read = importedUser(columns, values, pool.settings);
  if (typeof read === 'string') return failed(read);
  const naming = nameUser(pool, read.username, read.attributes, services);
  if (takenProblem(pool, naming, '', services)) {
    return { line, outcome: 'SKIPPED', message: 'The user already exists.' };
  }
  const held = aliasesOf(pool.settings, naming.attributes).find((alias) => users.aliasHolder(pool.id, alias));
  if (held) return failed(`An account with the given ${held.kind} already exists.`);
  const user = users.insert({
    ...naming,
    account: pool.account,
    userPoolId: pool.id,
    status: 'RESET_REQUIRED',
    enabled: true,
    password: undefined,
    passwordSetAt: undefined,
    createdAt: now,
  });
  settleAliases(pool, user, false, now, services);
  // assumed: the column speaks of SMS, the one second factor that there was when it was made [UP-IMPORT-14]
  if (read.usesMfa && naming.attributes['phone_number']) {
    mfaFactors.save(user, { ...mfaFactors.of(user), enabled: ['SMS_MFA'], preferred: 'SMS_MFA' });
  }
  return { line, outcome: 'SUCCEEDED', message: 'The import succeeded.' };
}

function count(counts: { -readonly [Name in keyof ImportCounts]: number }, outcome: ImportLogLine['outcome']): void {
  counts.rowsDone += 1;
  if (outcome === 'SUCCEEDED') counts.imported += 1;
  else if (outcome === 'SKIPPED') counts.skipped += 1;
  else counts.failed += 1;
}

/** AWS does not say how many are too many: assumed, all of them. */
function endingOf({ imported, skipped, failed }: ImportCounts): Ending {
  return imported === 0 && skipped + failed > 0
    ? { status: 'Failed', message: 'Too many users have failed or been skipped during the import.' }
    : { status: 'Succeeded', message: 'Import Job Completed Successfully.' };
}

/** Whether the role for the log could be assumed. A role that the bench does not know is taken at its word. */
function trustsImports({ account, roleArn }: ImportJobRecord, { access, iamRoles }: Needs): boolean {
  const name = /^arn:[\w-]+:iam::\d{12}:role\/(?:.*\/)?([^/:]+)$/.exec(roleArn)?.[1];
  if (name === undefined) return false;
  if (iamRoles.find(account, name)?.arn !== roleArn) return true;
  return access.trusts({
    account,
    roleArn,
    action: 'sts:AssumeRole',
    principal: { Service: 'cognito-idp.amazonaws.com' },
    context: {},
    why: new Reasons(),
  });
}
