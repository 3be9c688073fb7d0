import type { SignInActivity } from '../../store/repositories/refresh-tokens.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { sessionSettings } from './session-configuration.ts';

export function activityOf(call: Call): SignInActivity {
  return { at: call.now, ipAddress: call.sourceIp, userAgent: call.userAgent };
}

export function tracksSessions(pool: UserPoolRecord, services: Pick<Services, 'poolDocuments'>): boolean {
  return sessionSettings(pool.id, services).UserSessionTracking === 'ENABLED';
}

/** Makes room for one more sign-in, inside the caller's transaction. */
export function evictSessions(
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  services: Pick<Services, 'poolDocuments' | 'refreshTokens'>,
): void {
  const { UserSessionTracking: tracking, TokenSession: sessions } = sessionSettings(pool.id, services);
  if (tracking !== 'ENABLED') return;
  const evicted = services.refreshTokens.evict(user.number, call.now, sessions.MaxPerUser - 1);
  if (evicted === 0) return;
  call.why.choose('UP-SESSIONS-8', 'The user has as many sessions as the pool allows; those used longest ago end.', {
    evicted,
    maxPerUser: sessions.MaxPerUser,
  });
}
