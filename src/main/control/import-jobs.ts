import { z } from 'zod';
import type { ImportLog } from '../../shared/bench-api.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

const PAGE = 1000;

/** What CloudWatch would show of user imports. */
export function importJobActions({ importJobs, userPools }: Pick<Services, 'importJobs' | 'userPools'>): Action[] {
  return [
    action({
      method: 'GET',
      path: '/import-jobs/{id}/log',
      summary:
        'What became of each line of a user import, in the order of the file; `after` a line, at most `limit` of them.',
      input: z.object({
        id: z.string(),
        after: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(PAGE).default(PAGE),
      }),
      run({ id, after, limit }, { account }): ImportLog {
        const job = importJobs.find(id);
        if (!job || job.account !== account) {
          throw new BenchError('NotFound', `There is no import job ${id} in account ${account}.`, 404);
        }
        const lines = importJobs.lines(id, after, limit);
        return {
          // Named as the log of CloudWatch is.
          group: `/aws/cognito/userpools/${job.userPoolId}/${userPools.find(job.userPoolId)?.name ?? ''}`,
          stream: `${job.id}/${job.name}`,
          lines: lines.map(({ line, outcome, message }) => ({
            line,
            outcome,
            text: `[${outcome}] Line Number ${line} - ${message}`,
          })),
        };
      },
    }),
  ];
}
