import { z } from 'zod';
import type { Sender } from '../../shared/bench-api.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'clock' | 'senders' | 'store'>;

const identity = z
  .string()
  .max(320)
  .regex(/^([^\s@]+@)?[\w-]+(\.[\w-]+)+$/, 'must be an e-mail address or a domain')
  .transform((text) => text.toLowerCase());

/** What an account's pools may send e-mail from, in the place of SES's verified identities. */
export function senderActions({ clock, senders, store }: Needs): Action[] {
  return [
    action({
      method: 'GET',
      path: '/senders',
      summary: 'Addresses and domains that pools may send from; while there is none, pools may send from any.',
      input: z.object({}),
      run: (_input, { account }): Sender[] =>
        senders
          .list(account)
          .map(({ identity: name, addedAt }) => ({ identity: name, addedAt: addedAt.toISOString() })),
    }),
    action({
      method: 'POST',
      path: '/senders',
      summary: 'Verifies an e-mail address, or a domain with all of its addresses.',
      input: z.strictObject({ identity }),
      run({ identity: name }, { account }): Sender {
        const addedAt = clock.now();
        store.write(() => senders.put(account, { identity: name, addedAt }));
        return { identity: name, addedAt: addedAt.toISOString() };
      },
    }),
    action({
      method: 'DELETE',
      path: '/senders/{identity}',
      summary: 'Takes an address or a domain from the list.',
      input: z.object({ identity }),
      run({ identity: name }, { account }) {
        const removed = store.write(() => senders.remove(account, name));
        if (!removed) throw new BenchError('NotFound', `${name} is not in the list of senders.`, 404);
        return {};
      },
    }),
  ];
}
