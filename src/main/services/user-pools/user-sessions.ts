import type {
  AdminListUserSessionsRequest,
  AdminListUserSessionsResponse,
  AdminRevokeUserSessionRequest,
  AdminRevokeUserSessionResponse,
  ListUserSessionsRequest,
  ListUserSessionsResponse,
  RevokeUserSessionRequest,
  RevokeUserSessionResponse,
  SessionDescriptionType,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { SignInPosition, SignInRecord } from '../../store/repositories/refresh-tokens.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requirePool, requireUser } from './lookup.ts';
import { deviceType } from './policies/device-type.ts';
import { badPageToken } from './pools.ts';
import { tracksSessions } from './session-tracking.ts';
import { requireSignedInUser } from './signed-in-user.ts';

type Needs = Pick<Services, 'appClients' | 'poolDocuments' | 'refreshTokens' | 'store' | 'userPools' | 'users'>;

/** For docs/operations.md. */
export const SESSIONS_NOTE = 'sessions of sign-ins through the API; those of the hosted pages come with them';

const PAGE = 125;
const NEWEST: SignInPosition = { authTime: Number.MAX_SAFE_INTEGER, eventId: '' };

export function adminListUserSessions(
  input: AdminListUserSessionsRequest,
  call: Call,
  services: Needs,
): AdminListUserSessionsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  requireTracking(call, pool, services);
  const user = requireUser(call, pool, input.Username, services);
  return list(user, input.NextToken, undefined, call, services);
}

export function listUserSessions(
  input: ListUserSessionsRequest,
  call: Call,
  services: Needs,
): ListUserSessionsResponse {
  const { user, pool } = requireSignedInUser(call, services);
  requireTracking(call, pool, services);
  return list(user, input.NextToken, currentEvent(call), call, services);
}

export function adminRevokeUserSession(
  input: AdminRevokeUserSessionRequest,
  call: Call,
  services: Needs,
): AdminRevokeUserSessionResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  requireTracking(call, pool, services);
  const user = requireUser(call, pool, input.Username, services);
  return revoke(user, requireSession(call, user, input.SessionId, services), call, services);
}

export function revokeUserSession(
  input: RevokeUserSessionRequest,
  call: Call,
  services: Needs,
): RevokeUserSessionResponse {
  const { user, pool } = requireSignedInUser(call, services);
  requireTracking(call, pool, services);
  const signIn = requireSession(call, user, input.SessionId, services);
  if (signIn.eventId === currentEvent(call)) {
    throw call.why.refuse(
      'UP-SESSIONS-7',
      'The access token that was shown belongs to this very session.',
      // guessed wording and code: no source found
      fault('InvalidParameterException', 'The current session cannot be revoked.'),
    );
  }
  return revoke(user, signIn, call, services);
}

function currentEvent({ caller }: Call): string | undefined {
  return caller.kind === 'user' ? caller.claims.event_id : undefined;
}

function requireTracking(call: Call, pool: UserPoolRecord, services: Needs): void {
  if (tracksSessions(pool, services)) return;
  throw call.why.refuse(
    'UP-SESSIONS-3',
    'The pool does not track sessions.',
    // the code is declared for the configuration of the pool; guessed wording
    fault('OperationNotEnabledException', 'User session tracking is not enabled for this user pool.'),
  );
}

function list(
  user: UserRecord,
  token: string | undefined,
  current: string | undefined,
  call: Call,
  { refreshTokens }: Needs,
): ListUserSessionsResponse {
  const scope = `UserSessions:${user.number}`;
  const found = refreshTokens.active(user.number, call.now, position(call, scope, token), PAGE + 1);
  const page = found.slice(0, PAGE);
  const last = page.at(-1);
  call.why.choose('UP-SESSIONS-4', 'The sign-ins that still hold are listed, newest first.', { sessions: page.length });
  return {
    Sessions: page.map((signIn) => description(signIn, signIn.eventId === current)),
    ...(found.length > page.length && last
      ? { NextToken: pageToken(scope, JSON.stringify([last.authTime.getTime(), last.eventId])) }
      : {}),
  };
}

function position(call: Call, scope: string, token: string | undefined): SignInPosition {
  if (token === undefined) return NEWEST;
  const inside = readPageToken(scope, token);
  if (inside === undefined) throw badPageToken(call);
  const [authTime, eventId] = JSON.parse(inside) as [number, string];
  return { authTime, eventId };
}

function description(signIn: SignInRecord, isCurrent: boolean): SessionDescriptionType {
  return {
    SessionId: signIn.sessionId,
    SessionType: 'TOKEN',
    ClientId: signIn.clientId,
    CreateDate: signIn.authTime,
    LastActiveDate: signIn.lastActive.at,
    DeviceType: deviceType(signIn.lastActive.userAgent),
    LastIPAddress: signIn.lastActive.ipAddress,
    // No geography is looked up on one machine, and the service says so of addresses that it does not know.
    LastLocation: { City: 'unknown', Country: 'unknown' },
    IsCurrentSession: isCurrent,
  };
}

/** @throws where the session has ended, or is somebody else's. */
function requireSession(call: Call, user: UserRecord, id: string, { refreshTokens }: Needs): SignInRecord {
  const signIn = refreshTokens.findSession(user.number, call.now, id);
  if (signIn) return signIn;
  throw call.why.refuse(
    'UP-SESSIONS-6',
    'The user has no session of this id, or it has ended.',
    // guessed wording: no source found
    fault('ResourceNotFoundException', 'Session does not exist.'),
    { username: user.username },
  );
}

function revoke(user: UserRecord, signIn: SignInRecord, call: Call, { refreshTokens, store }: Needs): object {
  store.write((tx) => {
    refreshTokens.revoke(signIn, call.now);
    tx.announce('user.signed-out', {
      account: user.account,
      userPoolId: user.userPoolId,
      username: user.username,
    });
  });
  // Linked sessions are those of the hosted pages; a sign-in through the API has none.
  call.why.choose('UP-SESSIONS-6', 'The session is ended, and with it every token of its sign-in.', {
    username: user.username,
    client: signIn.clientId,
  });
  return {};
}
