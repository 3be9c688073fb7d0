import { z } from 'zod';
import type { InboxMessage } from '../../shared/bench-api.ts';
import type { Services } from '../services/services.ts';
import { delay } from '../kernel/scheduler.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'messages' | 'bus' | 'store'>;

const filter = z.object({
  to: z.string().optional(),
  medium: z.enum(['EMAIL', 'SMS']).optional(),
  since: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an ISO 8601 time')
    .optional(),
  wait: z.coerce.number().min(0).max(120).optional(),
});

export function messageActions({ messages, bus, store }: Needs): Action[] {
  /** Resolves with the next message of the account that `matches`, or after `seconds` of real time. */
  const nextMessage = async (account: string, seconds: number, signal: AbortSignal): Promise<void> => {
    const done = new AbortController();
    const stop = bus.on('message.sent', (sent) => {
      if (sent.account === account) done.abort();
    });
    try {
      await delay(seconds * 1000, AbortSignal.any([done.signal, signal]));
    } catch {
      // Aborted: a message came, or the caller hung up.
    } finally {
      stop();
    }
  };

  return [
    action({
      method: 'GET',
      path: '/messages',
      summary: 'The inbox, newest first; `wait` holds the answer until there is a message, at most that many seconds.',
      input: filter,
      async run({ to, medium, since, wait }, { account, signal }): Promise<InboxMessage[]> {
        const deadline = performance.now() + (wait ?? 0) * 1000;
        for (;;) {
          const found = messages.list(account, {
            ...(to === undefined ? {} : { to }),
            ...(medium === undefined ? {} : { medium }),
            ...(since === undefined ? {} : { since: new Date(since) }),
          });
          const left = (deadline - performance.now()) / 1000;
          if (found.length > 0 || left <= 0 || signal.aborted) return found;
          await nextMessage(account, left, signal);
        }
      },
    }),
    action({
      method: 'DELETE',
      path: '/messages',
      summary: 'Empties the inbox.',
      input: z.object({}),
      run(_input, { account }) {
        const removed = store.write((tx) => {
          tx.announce('messages.cleared', { account });
          return messages.clear(account);
        });
        return { removed };
      },
    }),
  ];
}
