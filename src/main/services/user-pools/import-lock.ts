import { fault } from '../../kernel/fault.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';

/** A pool keeps its shape while users are being imported into it. */
export function requireNoImport(call: Call, pool: UserPoolRecord, { importJobs }: Pick<Services, 'importJobs'>): void {
  const job = importJobs.findUnderWay(pool.account, pool.id);
  if (!job) return;
  throw call.why.refuse(
    'UP-IMPORT-13',
    'Users are being imported into the pool.',
    // guessed wording: no source found
    fault('UserImportInProgressException', `User import job ${job.id} is in progress for this user pool.`),
    { job: job.id, status: job.status },
  );
}
