import { z } from 'zod';
import type { PushRules, PushView } from '../../shared/sync-views.ts';
import type { Fleet } from '../devices/fleet.ts';
import { deviceOfToken } from '../devices/datasets.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'push'>;

const MOST = 1000;

const filter = z.object({
  token: z.string().optional(),
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(100),
});

const rules = z.strictObject({
  drop: z.boolean().default(false),
  duplicate: z.boolean().default(false),
  delaySeconds: z
    .number()
    .min(0)
    .max(7 * 86_400)
    .default(0),
});

const one = z.object({ id: z.coerce.number().int().min(1) });

/** The push lane: what was sent to whom, and what became of it on the way. */
export function pushActions({ push }: Needs, fleet: Pick<Fleet, 'nameOf'>): Action[] {
  const named = (view: PushView): PushView => {
    const id = deviceOfToken(view.token);
    const device = id === undefined ? undefined : fleet.nameOf(id);
    return device === undefined ? view : { ...view, device };
  };
  const found = (view: PushView | undefined, id: number): PushView => {
    if (!view) throw new BenchError('NotFound', `There is no push ${id}.`, 404);
    return named(view);
  };

  return [
    action({
      method: 'GET',
      path: '/pushes',
      summary:
        'The pushes sent lately, newest first, with what became of each; `after` is the id of the last one seen.',
      input: filter,
      run: ({ token, after, limit }, { account }): PushView[] =>
        push
          .list(account, {
            limit,
            ...(token === undefined ? {} : { token }),
            ...(after === undefined ? {} : { after }),
          })
          .map(named),
    }),
    action({
      method: 'DELETE',
      path: '/pushes',
      summary: 'Empties the push lane; what waits there never arrives.',
      input: z.object({}),
      run: (_input, { account }) => ({ removed: push.clear(account) }),
    }),
    action({
      method: 'GET',
      path: '/pushes/faults',
      summary: 'How pushes are treated: dropped, duplicated, delayed.',
      input: z.object({}),
      run: (_input, { account }): PushRules => push.rules(account),
    }),
    action({
      method: 'POST',
      path: '/pushes/faults',
      summary: 'Drops, duplicates or delays every push from now on; what is left out is off. The delay is bench time.',
      input: rules,
      run(input, { account }): PushRules {
        push.setRules(account, input);
        return input;
      },
    }),
    action({
      method: 'POST',
      path: '/pushes/{id}/deliver',
      summary: 'Delivers a push that waits or was dropped, and once more one that arrived.',
      input: one,
      run: ({ id }, { account }): PushView => found(push.deliver(account, id), id),
    }),
    action({
      method: 'POST',
      path: '/pushes/{id}/drop',
      summary: 'Drops a push that waits.',
      input: one,
      run: ({ id }, { account }): PushView => found(push.drop(account, id), id),
    }),
  ];
}
