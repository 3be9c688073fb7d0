import type { InboxMessage } from '../../../shared/bench-api.ts';
import type { Inbox, Services } from '../services.ts';

type Needs = Pick<Services, 'ids' | 'messages' | 'store'>;

export function createInbox({ ids, messages, store }: Needs): Inbox {
  return {
    send(outgoing) {
      const message: InboxMessage = {
        id: ids.uuid(),
        to: outgoing.to,
        medium: outgoing.medium,
        from: outgoing.from,
        ...(outgoing.replyTo === undefined ? {} : { replyTo: outgoing.replyTo }),
        subject: outgoing.subject ?? null,
        body: outgoing.body,
        code: outgoing.code ?? null,
        link: outgoing.link ?? null,
        trigger: outgoing.trigger,
        userPoolId: outgoing.userPoolId,
        username: outgoing.username,
        sentAt: outgoing.now.toISOString(),
      };
      return store.write((tx) => {
        messages.insert(outgoing.account, message);
        tx.announce('message.sent', { account: outgoing.account, message });
        return message;
      });
    },
  };
}
