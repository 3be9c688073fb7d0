import type { UserRecord } from '../../store/repositories/users.ts';
import type { MessageSource, Services, TriggerMoment } from '../services.ts';
import type { Destination } from './policies/delivery.ts';
import { type Rendered, reworded } from './policies/message-templates.ts';

export type MessageNeeds = Pick<Services, 'inbox' | 'triggers'>;

export interface MessageOrder {
  /** Why it goes out, named as in the CustomMessage trigger. */
  readonly source: MessageSource;
  readonly destinations: readonly Destination[];
  /** A code, or a temporary password. */
  readonly code: string;
  /** What a message of this medium says where no function words it. */
  readonly render: (medium: Destination['medium']) => Rendered;
  /** In the place of the code, in e-mail. */
  readonly link?: string | undefined;
  /** What the user types to sign in, for messages that say it. */
  readonly signInName?: string;
}

/** Messages that are worded, and go out in two moves: in the caller's transaction, and after it. */
export interface PreparedMessages {
  /** Puts them into the inbox, where no function of the pool's sends them. */
  send(user: UserRecord): void;
  /** Hands them to the pool's own senders, once what they carry is stored. */
  handOver(user: UserRecord): Promise<void>;
}

/** Every message with a code goes through here: the pool's functions may word it, or send it in AWS's place. */
export async function prepareMessages(
  moment: TriggerMoment,
  user: UserRecord,
  order: MessageOrder,
  { inbox, triggers }: MessageNeeds,
): Promise<PreparedMessages> {
  const { call, pool } = moment;
  const { source, destinations, code, render, link, signInName } = order;
  const byLink = (medium: Destination['medium']): string | undefined => (medium === 'EMAIL' ? link : undefined);
  const mediums = destinations.map(({ medium }) => medium);
  const texts = await triggers.customMessage(moment, { source, user, mediums, byLink: link !== undefined });
  const own = destinations.filter(({ medium }) => !triggers.sends(pool, medium));
  const handed = destinations.filter(({ medium }) => triggers.sends(pool, medium));
  return {
    send(recipient) {
      for (const { medium, address } of own) {
        const here = byLink(medium);
        inbox.send({
          account: pool.account,
          userPoolId: pool.id,
          username: recipient.username,
          medium,
          to: address,
          ...reworded(render(medium), medium, texts, { code, username: signInName, link: here }),
          code,
          ...(here === undefined ? {} : { link: here }),
          trigger: source,
          now: call.now,
        });
      }
    },
    async handOver(recipient) {
      for (const { medium } of handed) await triggers.customSender(moment, { source, user: recipient, medium, code });
    },
  };
}
