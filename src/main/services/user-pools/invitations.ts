import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { TriggerMoment } from '../services.ts';
import { type MessageNeeds, type PreparedMessages, prepareMessages } from './messages.ts';
import { namesByAttribute } from './policies/aliases.ts';
import { destinationOf, type Destination } from './policies/delivery.ts';
import { invitationMessage } from './policies/message-templates.ts';

/** Where an invitation goes: by SMS unless asked otherwise, and by e-mail where there is nothing else. */
export function invitationDestinations(
  asked: readonly ('EMAIL' | 'SMS')[] | undefined,
  attributes: { readonly [name: string]: string },
): Destination[] {
  const email = destinationOf('email', attributes);
  const phone = destinationOf('phone_number', attributes);
  const chosen = asked?.length
    ? [asked.includes('SMS') ? phone : undefined, asked.includes('EMAIL') ? email : undefined]
    : // assumed: AWS's default is SMS, and field reports differ on what happens without a phone number
      [phone ?? email];
  return chosen.filter((destination) => destination !== undefined);
}

/** The message that gives somebody a user name and a temporary password. */
export function prepareInvitation(
  moment: TriggerMoment,
  user: UserRecord,
  password: string,
  destinations: readonly Destination[],
  services: MessageNeeds,
): Promise<PreparedMessages> {
  const name = signInName(moment.pool, user);
  const render = (medium: Destination['medium']): ReturnType<typeof invitationMessage> =>
    invitationMessage(moment.pool.settings, medium, name, password);
  const order = { source: 'AdminCreateUser' as const, destinations, code: password, render, signInName: name };
  return prepareMessages(moment, user, order, services);
}

/** What somebody types to sign in; a generated user name would help nobody. */
function signInName(pool: UserPoolRecord, user: UserRecord): string {
  if (!namesByAttribute(pool.settings)) return user.username;
  return user.attributes['email'] ?? user.attributes['phone_number'] ?? user.username;
}
