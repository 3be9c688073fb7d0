import { z } from 'zod';
import { BenchError } from '../kernel/fault.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Bus } from '../kernel/bus.ts';
import { action, type Action } from './action.ts';

const LATEST = Date.UTC(9999, 11, 31);

const change = z.union(
  [
    z.strictObject({ advance: z.number().finite() }),
    z.strictObject({ set: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be an ISO 8601 time') }),
    z.strictObject({ freeze: z.literal(true) }),
    z.strictObject({ resume: z.literal(true) }),
    z.strictObject({ reset: z.literal(true) }),
  ],
  'say one of {"advance":seconds}, {"set":"ISO"}, {"freeze":true}, {"resume":true}, {"reset":true}',
);

export function clockActions(clock: Clock, bus: Bus): Action[] {
  clock.onChange(() => bus.publish('clock.changed', clock.state()));
  return [
    action({
      method: 'GET',
      path: '/clock',
      summary: 'The time on the bench, which every token, code and session goes by.',
      input: z.object({}),
      run: () => clock.state(),
    }),
    action({
      method: 'POST',
      path: '/clock',
      summary: 'Moves, freezes, resumes or resets the clock.',
      input: change,
      run(input) {
        const target =
          'advance' in input ? clock.millis() + input.advance * 1000 : 'set' in input ? Date.parse(input.set) : 0;
        if (target < 0 || target > LATEST) {
          throw new BenchError('InvalidInput', 'The clock can be set from 1970 to the end of 9999.');
        }
        return clock.change(input);
      },
    }),
  ];
}
