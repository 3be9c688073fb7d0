import { z } from 'zod';
import type { UsageReport } from '../../shared/sync-views.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'clock' | 'meter'>;

/** What AWS would bill. */
export function meterActions({ clock, meter }: Needs): Action[] {
  return [
    action({
      method: 'GET',
      path: '/usage',
      summary:
        'What a month would be billed: sync operations by both definitions, the store’s size, monthly active users; bench time.',
      input: z.object({
        month: z
          .string()
          .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
          .optional(),
      }),
      run({ month }, { account }): UsageReport {
        const now = clock.now();
        return meter.report(account, month ?? now.toISOString().slice(0, 7), now);
      },
    }),
  ];
}
