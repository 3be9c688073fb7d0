import { z } from 'zod';
import type { Health } from '../../shared/bench-api.ts';
import type { TraceLog } from '../kernel/trace-log.ts';
import type { Fleet } from '../devices/fleet.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'store' | 'clock'>;

/** Health and reset: the bench as a whole. */
export function benchActions(
  { store, clock }: Needs,
  fleet: Fleet,
  traceLog: TraceLog,
  health: () => Health,
): Action[] {
  return [
    action({
      method: 'GET',
      path: '/health',
      summary: 'Whether the bench answers, and how it was started.',
      input: z.object({}),
      run: health,
    }),
    action({
      method: 'POST',
      path: '/reset',
      summary: 'Empties the account, or with {"all":true} every account; the clock goes back to real time.',
      input: z.strictObject({ all: z.boolean().default(false) }),
      async run({ all }, { account }) {
        await fleet.clear(all ? undefined : account);
        store.clear(all ? undefined : account);
        traceLog.clear(all ? undefined : account);
        clock.change({ reset: true });
        return {};
      },
    }),
  ];
}
