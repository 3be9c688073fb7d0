import { fault } from '../../kernel/fault.ts';
import type { UserChanges, UserRecord } from '../../store/repositories/users.ts';
import type { Answer, AuthAnswer, Step } from './challenges/challenge.ts';
import { openChallenge } from './challenges/challenge.ts';
import type { AuthNeeds, Proven } from './flows/flow.ts';
import { prepareMessages } from './messages.ts';
import { requireParameter } from './parameters.ts';
import { aliasesOf } from './policies/aliases.ts';
import { deliveryDetails, type Destination, destinationOf, simulatedDelivery } from './policies/delivery.ts';
import { authenticationMessage } from './policies/sign-in-messages.ts';

type CodeChallenge = 'SMS_MFA' | 'SMS_OTP' | 'EMAIL_OTP';

interface CodeState {
  readonly code: string;
  readonly attribute: 'email' | 'phone_number';
  readonly address: string;
  /** Whether the answer switches the factor on. */
  readonly setup?: true;
}

// Six digits on a phone, eight in a mailbox; reference/user-pools 3.6.
const DIGITS = { EMAIL: 8, SMS: 6 } as const;

/** Sends a code that holds as long as the session of its challenge, and asks for it. */
export async function askForCode(
  step: Step,
  asked: {
    readonly challenge: CodeChallenge;
    readonly user: UserRecord;
    readonly proven?: Proven;
    /** Another address than the user's own: one that is being set up. */
    readonly setUp?: Destination;
    readonly parameters?: { readonly [name: string]: string };
    readonly write?: () => void;
  },
  services: AuthNeeds,
): Promise<AuthAnswer> {
  const { call, pool } = step;
  const { challenge, user, proven, setUp, write } = asked;
  const attribute = challenge === 'EMAIL_OTP' ? 'email' : 'phone_number';
  const destination = setUp ?? destinationOf(attribute, user.attributes);
  if (!destination) throw new Error(`${user.username} is to get a code and has no ${attribute}`);
  const code = services.ids.code(DIGITS[destination.medium]);
  const messages = await prepareMessages(
    { call, pool, clientId: step.client.id, clientMetadata: step.clientMetadata },
    user,
    {
      source: 'Authentication',
      destinations: [destination],
      code,
      render: (medium) => authenticationMessage(pool, medium, code),
    },
    services,
  );
  const state: CodeState = {
    code,
    attribute,
    address: destination.address,
    ...(setUp === undefined ? {} : { setup: true }),
  };
  const answer = openChallenge(
    step,
    {
      challenge,
      user,
      username: user.username,
      ...(proven === undefined ? {} : { proven }),
      state: { ...state },
      parameters: { ...deliveryParameters(destination), ...asked.parameters },
      write: () => {
        write?.();
        messages.send(user);
      },
    },
    services,
  );
  await messages.handOver(user);
  call.why.choose('UP-MFA-7', `A code goes to ${attribute}; it holds as long as the session.`, {
    challenge,
    pool: pool.id,
  });
  return answer;
}

/** Looks as if a code had been sent to somebody; no answer to it is right. */
export function simulateCode(
  step: Step,
  { challenge, username }: { readonly challenge: CodeChallenge; readonly username: string },
  services: AuthNeeds,
): AuthAnswer {
  const { Destination: to = '', DeliveryMedium: medium = 'EMAIL' } = simulatedDelivery(
    { AutoVerifiedAttributes: [challenge === 'EMAIL_OTP' ? 'email' : 'phone_number'] },
    username,
  );
  const parameters = { CODE_DELIVERY_DELIVERY_MEDIUM: medium, CODE_DELIVERY_DESTINATION: to };
  return openChallenge(step, { challenge, user: undefined, username, parameters }, services);
}

function deliveryParameters(destination: Destination): { [name: string]: string } {
  const { DeliveryMedium, Destination: masked } = deliveryDetails(destination);
  return { CODE_DELIVERY_DELIVERY_MEDIUM: DeliveryMedium!, CODE_DELIVERY_DESTINATION: masked! };
}

/** A wrong code, or one of a factor that is gone: the session stays as it is. */
export function wrongCode(): Error {
  return fault('CodeMismatchException', 'Invalid code or auth state for the user.');
}

/** The code of this very session, and what it shows: that the user reads what comes to the address. */
export function requireCode(
  { call, pool, session, user, responses }: Answer,
  member: string,
  services: Pick<AuthNeeds, 'users'>,
): { readonly user: UserRecord; readonly changes: UserChanges; readonly isSetUp: boolean } {
  const entered = requireParameter(call, responses, member);
  const { code, attribute, address, setup } = session.state as unknown as Partial<CodeState>;
  if (!user || code === undefined || attribute === undefined || address === undefined || entered !== code) {
    throw call.why.refuse(
      'UP-MFA-8',
      user ? 'The code is not the one that was sent.' : 'The challenge was simulated: there is no such user.',
      wrongCode(),
      { challenge: session.challenge },
    );
  }
  call.why.pass('UP-MFA-8', 'The code is the one that was sent.', { challenge: session.challenge });
  const attributes =
    setup || user.attributes[attribute] === address
      ? { ...user.attributes, [attribute]: address, [`${attribute}_verified`]: 'true' }
      : user.attributes;
  const contested = aliasesOf(pool.settings, attributes).some((alias) => {
    const holder = services.users.aliasHolder(pool.id, alias);
    return holder && holder.number !== user.number;
  });
  // assumed: an address that another user signs in by stays unverified here, and the sign-in goes on
  const isNews = attributes[`${attribute}_verified`] !== user.attributes[`${attribute}_verified`] || setup === true;
  return { user, changes: isNews && !(contested && !setup) ? { attributes } : {}, isSetUp: setup === true };
}
