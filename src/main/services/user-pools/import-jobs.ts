import type {
  CreateUserImportJobRequest,
  CreateUserImportJobResponse,
  DescribeUserImportJobRequest,
  DescribeUserImportJobResponse,
  GetCSVHeaderRequest,
  GetCSVHeaderResponse,
  ListUserImportJobsRequest,
  ListUserImportJobsResponse,
  StartUserImportJobRequest,
  StartUserImportJobResponse,
  StopUserImportJobRequest,
  StopUserImportJobResponse,
  UserImportJobType,
} from '../../../shared/aws/cognito-idp.ts';
import { IMPORT_UPLOAD_MINUTES, IMPORT_WAIT_HOURS, USER_POOL_QUOTAS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { ImportJobRecord } from '../../store/repositories/import-jobs.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { poolResource, requirePool } from './lookup.ts';
import { importHeader } from './policies/import-rows.ts';
import { badPageToken } from './pools.ts';

type Needs = Pick<Services, 'config' | 'ids' | 'importJobs' | 'store' | 'userImports' | 'userPools'>;

const UPLOAD_NOTE = 'the file is put to the bench itself';
const LOG_NOTE =
  'the log of CloudWatch is at `GET /_bench/import-jobs/{id}/log`; work goes on also where the clock stands still';

export const importJobs = family<'cognito-idp', Needs>('cognito-idp', 'import-jobs', {
  CreateUserImportJob: { resources: poolResource, note: UPLOAD_NOTE, run: createUserImportJob },
  DescribeUserImportJob: { resources: poolResource, run: describeUserImportJob },
  StartUserImportJob: { resources: poolResource, note: LOG_NOTE, run: startUserImportJob },
  StopUserImportJob: { resources: poolResource, run: stopUserImportJob },
  ListUserImportJobs: { resources: poolResource, run: listUserImportJobs },
  GetCSVHeader: { resources: poolResource, run: getCSVHeader },
});

const TOKEN_BYTES = 32;
const HOUR = 60 * 60 * 1000;

function getCSVHeader(input: GetCSVHeaderRequest, call: Call, services: Needs): GetCSVHeaderResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { UserPoolId: pool.id, CSVHeader: importHeader(pool.settings) };
}

function createUserImportJob(
  input: CreateUserImportJobRequest,
  call: Call,
  services: Needs,
): CreateUserImportJobResponse {
  const { config, ids, importJobs: jobs, store } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const id = ids.importJob();
  const uploadToken = ids.opaque(TOKEN_BYTES);
  const uploadExpiresAt = new Date(call.now.getTime() + IMPORT_UPLOAD_MINUTES * 60 * 1000);
  store.write((tx) => {
    if (jobs.count(pool.id) >= USER_POOL_QUOTAS[config.limits].importJobsPerPool) {
      throw call.why.refuse(
        'UP-IMPORT-2',
        'The pool has as many import jobs as its quota allows.',
        // guessed wording: no source found
        fault('LimitExceededException', 'Exceeded the limit of import jobs for this user pool.'),
      );
    }
    jobs.insert({
      id,
      account: pool.account,
      userPoolId: pool.id,
      name: input.JobName,
      roleArn: input.CloudWatchLogsRoleArn,
      uploadToken,
      uploadPath: `/_bench/import/${id}?token=${uploadToken}`,
      uploadExpiresAt,
      createdAt: call.now,
    });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-IMPORT-3', 'Whoever holds the address may put the file there, for a while.', {
    job: id,
    until: uploadExpiresAt.toISOString(),
  });
  return { UserImportJob: importJobType(jobs.find(id)!, call.now, services) };
}

function describeUserImportJob(
  input: DescribeUserImportJobRequest,
  call: Call,
  services: Needs,
): DescribeUserImportJobResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { UserImportJob: importJobType(requireJob(call, pool, input.JobId, services), call.now, services) };
}

function startUserImportJob(input: StartUserImportJobRequest, call: Call, services: Needs): StartUserImportJobResponse {
  const { importJobs: jobs, store, userImports } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const job = requireJob(call, pool, input.JobId, services);
  const refuse = (rule: string, decided: string, text: string): Error =>
    // guessed wordings: no source found
    call.why.refuse(rule, decided, fault('PreconditionNotMetException', text), { job: job.id });
  const status = hasExpired(job, call.now) ? 'Expired' : job.status;
  if (status !== 'Created') {
    throw refuse(
      'UP-IMPORT-5',
      `The job is ${status}.`,
      `The user import job cannot be started. Current status is ${status}`,
    );
  }
  if (job.upload === undefined) {
    throw refuse(
      'UP-IMPORT-5',
      'No file was put there yet.',
      'The CSV file for the user import job has not been uploaded.',
    );
  }
  if (!pool.settings.AutoVerifiedAttributes?.length) {
    throw refuse(
      'UP-IMPORT-5',
      'The pool verifies no attribute automatically.',
      'User pool must have at least one auto verified attribute to import users.',
    );
  }
  const other = jobs.findUnderWay(pool.account);
  if (other) {
    throw refuse(
      'UP-IMPORT-5',
      `The account imports users already, with ${other.id}.`,
      'Another user import job is in progress for this account.',
    );
  }
  store.write((tx) => {
    jobs.setStatus(job.id, 'Pending', { startedAt: call.now });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  userImports.run(job.id);
  call.why.choose('UP-IMPORT-6', 'The job begins; Pending becomes InProgress when it does.', { job: job.id });
  return { UserImportJob: importJobType(jobs.find(job.id)!, call.now, services) };
}

function stopUserImportJob(input: StopUserImportJobRequest, call: Call, services: Needs): StopUserImportJobResponse {
  const { importJobs: jobs, store } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const job = requireJob(call, pool, input.JobId, services);
  if (job.status !== 'Pending' && job.status !== 'InProgress') {
    throw call.why.refuse(
      'UP-IMPORT-7',
      `The job is ${job.status}.`,
      // guessed wording: no source found
      fault(
        'PreconditionNotMetException',
        `The user import job cannot be stopped. Current status is ${hasExpired(job, call.now) ? 'Expired' : job.status}`,
      ),
      { job: job.id },
    );
  }
  store.write((tx) => {
    jobs.setStatus(job.id, 'Stopping');
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-IMPORT-7', 'The job stops before the next rows; users that it made stay.', { job: job.id });
  return { UserImportJob: importJobType(jobs.find(job.id)!, call.now, services) };
}

function listUserImportJobs(input: ListUserImportJobsRequest, call: Call, services: Needs): ListUserImportJobsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const scope = `ListUserImportJobs:${pool.id}`;
  const before =
    input.PaginationToken === undefined ? String(Number.MAX_SAFE_INTEGER) : readPageToken(scope, input.PaginationToken);
  if (before === undefined) throw badPageToken(call);
  const found = services.importJobs.list(pool.id, Number(before), input.MaxResults + 1);
  const page = found.slice(0, input.MaxResults);
  const last = page.at(-1);
  return {
    UserImportJobs: page.map((job) => importJobType(job, call.now, services)),
    ...(found.length > page.length && last ? { PaginationToken: pageToken(scope, String(last.number)) } : {}),
  };
}

function requireJob(call: Call, pool: UserPoolRecord, id: string, services: Needs): ImportJobRecord {
  const job = services.importJobs.find(id);
  if (job && job.userPoolId === pool.id) return job;
  throw call.why.refuse(
    'UP-IMPORT-4',
    'The pool has no such import job.',
    // guessed wording: no source found
    fault('ResourceNotFoundException', `User import job ${id} does not exist.`),
    { job: id, userPool: pool.id },
  );
}

function expiryOf(job: ImportJobRecord): Date {
  return new Date(job.createdAt.getTime() + IMPORT_WAIT_HOURS * HOUR);
}

/** Nobody started the job in time. */
function hasExpired(job: ImportJobRecord, now: Date): boolean {
  return job.status === 'Created' && expiryOf(job) <= now;
}

function importJobType(job: ImportJobRecord, now: Date, { config }: Pick<Services, 'config'>): UserImportJobType {
  const expired = hasExpired(job, now);
  const completedAt = expired ? expiryOf(job) : job.completedAt;
  const message = expired ? 'The user import job has expired.' : job.message;
  return {
    JobName: job.name,
    JobId: job.id,
    UserPoolId: job.userPoolId,
    ...(job.status === 'Created' && !expired ? { PreSignedUrl: config.publicUrl() + job.uploadPath } : {}),
    CreationDate: job.createdAt,
    ...(job.startedAt ? { StartDate: job.startedAt } : {}),
    ...(completedAt ? { CompletionDate: completedAt } : {}),
    Status: expired ? 'Expired' : job.status,
    CloudWatchLogsRoleArn: job.roleArn,
    ImportedUsers: job.counts.imported,
    SkippedUsers: job.counts.skipped,
    FailedUsers: job.counts.failed,
    ...(message === undefined ? {} : { CompletionMessage: message }),
  };
}
