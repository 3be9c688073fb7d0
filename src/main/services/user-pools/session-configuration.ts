import type {
  GetUserPoolClientSessionConfigurationRequest,
  GetUserPoolClientSessionConfigurationResponse,
  GetUserPoolSessionConfigurationRequest,
  GetUserPoolSessionConfigurationResponse,
  SetUserPoolClientSessionConfigurationRequest,
  SetUserPoolClientSessionConfigurationResponse,
  SetUserPoolSessionConfigurationRequest,
  SetUserPoolSessionConfigurationResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { PoolDocumentKinds } from '../../store/repositories/pool-documents.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requireClient, requirePool } from './lookup.ts';

type Needs = Pick<Services, 'appClients' | 'poolDocuments' | 'store' | 'userPools'>;
type Sessions = PoolDocumentKinds['sessions'];

/** The silent re-use of a session happens on hosted pages, which come later. */
export const CLIENT_SESSION_NOTE = 'kept; the hosted pages that would re-use a session come later';

const DEFAULT_SESSIONS: Sessions = { UserSessionTracking: 'DISABLED', TokenSession: { MaxPerUser: 20 } };
const MOST_SESSIONS = 100;
const DEFAULT_REUSE_MINUTES = 60;
const MOST_REUSE_MINUTES = 129_600;

/** How a pool tracks the sessions of its users; off unless it was switched on. */
export function sessionSettings(userPoolId: string, { poolDocuments }: Pick<Services, 'poolDocuments'>): Sessions {
  return poolDocuments.find(userPoolId, 'sessions')?.document ?? DEFAULT_SESSIONS;
}

export function getUserPoolSessionConfiguration(
  input: GetUserPoolSessionConfigurationRequest,
  call: Call,
  services: Needs,
): GetUserPoolSessionConfigurationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { UserPoolId: pool.id, ...sessionSettings(pool.id, services) };
}

export function setUserPoolSessionConfiguration(
  input: SetUserPoolSessionConfigurationRequest,
  call: Call,
  services: Needs,
): SetUserPoolSessionConfigurationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  requireTier(call, pool);
  const { UserSessionTracking: tracking, TokenSession: sessions } = input;
  if (tracking !== 'ENABLED' && tracking !== 'DISABLED') {
    throw invalid(call, 'UserSessionTracking must be ENABLED or DISABLED.');
  }
  if (sessions.MaxPerUser < 1 || sessions.MaxPerUser > MOST_SESSIONS) {
    throw invalid(call, `TokenSession.MaxPerUser must be between 1 and ${MOST_SESSIONS}.`);
  }
  const document: Sessions = { UserSessionTracking: tracking, TokenSession: { MaxPerUser: sessions.MaxPerUser } };
  services.store.write((tx) => {
    services.poolDocuments.set(pool, 'sessions', document, call.now);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-SESSIONS-1', 'Both settings are replaced; sessions beyond the number end at the next sign-in.', {
    tracking,
    maxPerUser: sessions.MaxPerUser,
  });
  return { UserPoolId: pool.id, ...document };
}

export function getUserPoolClientSessionConfiguration(
  input: GetUserPoolClientSessionConfigurationRequest,
  call: Call,
  services: Needs,
): GetUserPoolClientSessionConfigurationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  const kept = services.poolDocuments.find(pool.id, 'client-sessions', client.id)?.document;
  return {
    UserPoolId: pool.id,
    ClientId: client.id,
    SSOSession: kept ?? { MaxValidityMinutes: DEFAULT_REUSE_MINUTES },
  };
}

export function setUserPoolClientSessionConfiguration(
  input: SetUserPoolClientSessionConfigurationRequest,
  call: Call,
  services: Needs,
): SetUserPoolClientSessionConfigurationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  requireTier(call, pool);
  if (sessionSettings(pool.id, services).UserSessionTracking !== 'ENABLED') {
    throw call.why.refuse(
      'UP-SESSIONS-2',
      'The pool does not track sessions.',
      // guessed wording and code: no source found
      fault('OperationNotEnabledException', 'User session tracking is not enabled for this user pool.'),
    );
  }
  const { MaxValidityMinutes: minutes } = input.SSOSession;
  if (minutes < 0 || minutes > MOST_REUSE_MINUTES) {
    throw invalid(call, `SSOSession.MaxValidityMinutes must be between 0 and ${MOST_REUSE_MINUTES}.`);
  }
  services.store.write((tx) => {
    services.poolDocuments.set(pool, 'client-sessions', { MaxValidityMinutes: minutes }, call.now, client.id);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  return { UserPoolId: pool.id, ClientId: client.id, SSOSession: { MaxValidityMinutes: minutes } };
}

function requireTier(call: Call, pool: UserPoolRecord): void {
  if (pool.settings.UserPoolTier !== 'LITE') return;
  throw call.why.refuse(
    'UP-SESSIONS-2',
    'Pools of the cheapest tier do not track sessions.',
    // guessed wording: no source found
    fault('FeatureUnavailableInTierException', 'User session tracking is not available in the LITE tier.'),
  );
}

function invalid(call: Call, message: string): Error {
  // guessed wordings: no source found
  return call.why.refuse('UP-SESSIONS-1', message, fault('InvalidParameterException', message));
}
