import type { Json } from '../../../shared/json.ts';
import { fault } from '../../kernel/fault.ts';
import type { AuthSessionRecord } from '../../store/repositories/auth-sessions.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Services } from '../services.ts';
import type { AuthContext } from './flows/flow.ts';

// About as long as AWS's.
const SESSION_BYTES = 700;
const SESSION_PREFIX = 'AYABe';

/** Opens the session of one challenge, inside the caller's transaction. Returns the text for the client. */
export function openSession(
  { call, pool, client }: AuthContext,
  session: {
    readonly challenge: string;
    readonly user: UserRecord | undefined;
    readonly username: string;
    readonly state: Json;
    readonly secretBlock?: string;
  },
  { authSessions, ids }: Pick<Services, 'authSessions' | 'ids'>,
): string {
  const text = `${SESSION_PREFIX}${ids.opaque(SESSION_BYTES)}`;
  const minutes = client.settings.AuthSessionValidity ?? 3;
  authSessions.insert({
    session: text,
    account: pool.account,
    userPoolId: pool.id,
    clientId: client.id,
    userNumber: session.user?.number,
    username: session.username,
    challenge: session.challenge,
    ...(session.secretBlock === undefined ? {} : { secretBlock: session.secretBlock }),
    state: session.state,
    issuedAt: call.now,
    expiresAt: new Date(call.now.getTime() + minutes * 60_000),
  });
  return text;
}

/** The session that an answer belongs to: of this client, for this challenge, in time, not used yet. */
export function requireSession(
  { call, client }: AuthContext,
  answer: {
    readonly challenge: string;
    readonly session: string | undefined;
    readonly secretBlock: string | undefined;
  },
  { authSessions }: Pick<Services, 'authSessions'>,
): AuthSessionRecord {
  if (answer.session === undefined && answer.secretBlock === undefined) {
    throw call.why.refuse(
      'UP-AUTH-2',
      'Session is missing.',
      fault('InvalidParameterException', 'Missing required parameter Session'),
      { challenge: answer.challenge },
    );
  }
  // Older SDKs answer PASSWORD_VERIFIER with the secret block alone.
  const found =
    answer.session !== undefined
      ? authSessions.find(answer.session)
      : answer.secretBlock !== undefined
        ? authSessions.findBySecretBlock(answer.secretBlock)
        : undefined;
  if (!found || found.clientId !== client.id || found.challenge !== answer.challenge) {
    const decided = !found
      ? 'No such session is known.'
      : found.clientId !== client.id
        ? 'The session belongs to another client.'
        : `The session waits for ${found.challenge}.`;
    throw call.why.refuse('UP-SESSION-1', decided, fault('NotAuthorizedException', 'Invalid session for the user.'), {
      challenge: answer.challenge,
    });
  }
  if (found.used) throw usedSession(call);
  if (found.expiresAt <= call.now) {
    throw call.why.refuse(
      'UP-SESSION-2',
      'The session is older than the client’s AuthSessionValidity.',
      fault('NotAuthorizedException', 'Invalid session for the user, session is expired.'),
      { expired: found.expiresAt.toISOString() },
    );
  }
  call.why.pass('UP-SESSION-4', 'The session is this client’s, for this challenge, and in time.', {
    challenge: answer.challenge,
    expires: found.expiresAt.toISOString(),
  });
  return found;
}

/** Spends the session, inside the transaction that writes what it led to. */
export function spendSession(
  { call }: Pick<AuthContext, 'call'>,
  session: AuthSessionRecord,
  { authSessions }: Pick<Services, 'authSessions'>,
): void {
  if (!authSessions.use(session.id, call.now)) throw usedSession(call);
}

function usedSession(call: AuthContext['call']): Error {
  return call.why.refuse(
    'UP-SESSION-3',
    'The session has led to its next step already.',
    fault('NotAuthorizedException', 'Invalid session for the user, session can only be used once.'),
  );
}
