import { z } from 'zod';
import type { AuditPage, AuditRecord } from '../../shared/audit.ts';
import { BenchError } from '../kernel/fault.ts';
import { readPageToken } from '../kernel/paging.ts';
import type { Services } from '../services/services.ts';
import { action, Download, type Action } from './action.ts';

type Needs = Pick<Services, 'audit'>;

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** The audit trail as people read it. */
export function auditActions({ audit }: Needs): Action[] {
  return [
    action({
      method: 'GET',
      path: '/audit',
      summary:
        'The account’s audit trail, newest first; `next` of the answer is `before` of the next page. With `since` what was recorded after that number, oldest first.',
      input: z.object({
        since: z.coerce.number().int().min(0).optional(),
        before: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        name: z.string().optional(),
        user: z.string().optional(),
        source: z.string().optional(),
        text: z.string().optional(),
        errors: flag.optional(),
        reads: flag.optional(),
      }),
      run({ since, before, limit, ...filter }, { account }): AuditPage {
        return audit.page(account, filter, {
          since,
          before: before === undefined ? undefined : placeOf(before),
          limit,
        });
      },
    }),
    action({
      method: 'GET',
      path: '/audit/export',
      summary: 'The whole trail in the form of CloudTrail’s log files: {"Records":[…]}.',
      input: z.object({}),
      run: (_input, { account }) => new Download('application/json', 'cloudtrail.json', audit.file(account)),
    }),
    action({
      method: 'GET',
      path: '/audit/{eventId}',
      summary: 'One record of the trail, whole.',
      input: z.object({ eventId: z.string() }),
      run({ eventId }, { account }): AuditRecord {
        const record = audit.find(account, eventId);
        if (!record) throw new BenchError('NotFound', 'There is no such event in the audit trail, or no longer.', 404);
        return record;
      },
    }),
  ];
}

function placeOf(before: string): { readonly at: number; readonly number: number } {
  const [at, number] = (readPageToken('audit', before) ?? '').split(':').map(Number);
  if (at === undefined || number === undefined || !Number.isSafeInteger(at) || !Number.isSafeInteger(number)) {
    throw new BenchError('InvalidInput', 'before: is not one of the pages of this trail.');
  }
  return { at, number };
}
