import { fault } from '../../kernel/fault.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Services } from '../services.ts';
import type { AuthContext } from './flows/flow.ts';
import { flowProblem } from './policies/client-access.ts';
import { openSession, requireSession, spendSession } from './sessions.ts';

type Needs = Pick<Services, 'authSessions' | 'ids' | 'store'>;

// Names of our own: no client answers them as challenges.
const SIGNED_UP = 'SIGN_UP';
const CONFIRMED = 'CONFIRMED_SIGN_UP';

/**
 * A session for whoever has just signed up, inside the caller's transaction. Shown at ConfirmSignUp it gives another
 * one, and that one signs the user in without asking for anything more.
 */
export function openSignUpSession(
  context: AuthContext,
  user: UserRecord,
  stage: 'signed-up' | 'confirmed',
  services: Needs,
): string | undefined {
  if (flowProblem('USER_AUTH', context.client.settings.ExplicitAuthFlows, 'user')) return undefined;
  const challenge = stage === 'signed-up' ? SIGNED_UP : CONFIRMED;
  return openSession(context, { challenge, user, username: user.username, state: {} }, services);
}

/** Whether the text is a session that SignUp opened for this user, through this client, a moment ago. */
export function isSignUpSession(
  { call, client }: AuthContext,
  user: UserRecord,
  text: string | undefined,
  { authSessions }: Needs,
): boolean {
  const found = text === undefined ? undefined : authSessions.find(text);
  return (
    found !== undefined &&
    found.challenge === SIGNED_UP &&
    found.clientId === client.id &&
    found.userNumber === user.number &&
    !found.used &&
    found.expiresAt > call.now
  );
}

/** Spends what ConfirmSignUp gave. @throws Fault where it is not this user's, or was used already */
export function spendSignUpSession(
  context: AuthContext,
  user: UserRecord | undefined,
  text: string,
  services: Needs,
): void {
  const { call } = context;
  const session = requireSession(context, { challenge: CONFIRMED, session: text, secretBlock: undefined }, services);
  if (!user || session.userNumber !== user.number) {
    throw call.why.refuse(
      'UP-SESSION-1',
      'USERNAME is not the user who signed up.',
      fault('NotAuthorizedException', 'Invalid session for the user.'),
    );
  }
  services.store.write(() => spendSession(context, session, services));
  call.why.pass('UP-CHOICE-8', 'The user signed up and confirmed that a moment ago, in this app.');
}
