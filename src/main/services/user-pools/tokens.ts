import type {
  AdminUserGlobalSignOutRequest,
  AdminUserGlobalSignOutResponse,
  GetTokensFromRefreshTokenRequest,
  GetTokensFromRefreshTokenResponse,
  GlobalSignOutRequest,
  GlobalSignOutResponse,
  RevokeTokenRequest,
  RevokeTokenResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { getClientToken } from './client-tokens.ts';
import type { AuthNeeds } from './flows/flow.ts';
import { nextStep } from './flows/next-step.ts';
import { acceptRefreshToken } from './flows/refresh-token.ts';
import { poolResource, requireClientAndPool, requirePool, requireUser } from './lookup.ts';
import { showsSecret } from './policies/client-access.ts';
import { requireSignedInUser } from './signed-in-user.ts';
import {
  adminListUserSessions,
  adminRevokeUserSession,
  listUserSessions,
  revokeUserSession,
  SESSIONS_NOTE,
} from './user-sessions.ts';

type Needs = Pick<Services, 'appClients' | 'refreshTokens' | 'store' | 'userPools' | 'users'>;

export const tokens = family<'cognito-idp', AuthNeeds & Pick<Services, 'resourceServers'>>('cognito-idp', 'tokens', {
  GlobalSignOut: { auth: 'access-token', run: globalSignOut },
  AdminUserGlobalSignOut: { resources: poolResource, run: adminUserGlobalSignOut },
  RevokeToken: { auth: 'app-client', run: revokeToken },
  GetTokensFromRefreshToken: { auth: 'app-client', run: getTokensFromRefreshToken },
  GetClientToken: { auth: 'app-client', run: getClientToken },
  AdminListUserSessions: { resources: poolResource, note: SESSIONS_NOTE, run: adminListUserSessions },
  AdminRevokeUserSession: { resources: poolResource, note: SESSIONS_NOTE, run: adminRevokeUserSession },
  ListUserSessions: { auth: 'access-token', note: SESSIONS_NOTE, run: listUserSessions },
  RevokeUserSession: { auth: 'access-token', note: SESSIONS_NOTE, run: revokeUserSession },
});

async function getTokensFromRefreshToken(
  input: GetTokensFromRefreshTokenRequest,
  call: Call,
  services: AuthNeeds,
): Promise<GetTokensFromRefreshTokenResponse> {
  const { client, pool } = requireClientAndPool(call, input.ClientId, services);
  const prove = (): void => {
    if (showsSecret(client, input.ClientSecret)) return;
    throw call.why.refuse(
      'TK-ROTATE-4',
      'The client’s secret is missing or wrong.',
      // guessed wording: no source found
      fault('NotAuthorizedException', `Unable to verify secret for client ${client.id}`),
    );
  };
  const step = {
    call,
    client,
    pool,
    spent: undefined,
    deviceKey: input.DeviceKey,
    clientMetadata: input.ClientMetadata,
  };
  const { AuthenticationResult } = await nextStep(
    step,
    acceptRefreshToken(step, input.RefreshToken, prove, services),
    services,
  );
  return { AuthenticationResult: AuthenticationResult! };
}

function globalSignOut(_input: GlobalSignOutRequest, call: Call, services: Needs): GlobalSignOutResponse {
  const { user } = requireSignedInUser(call, services);
  signOutEverywhere(user, call, services);
  return {};
}

function adminUserGlobalSignOut(
  input: AdminUserGlobalSignOutRequest,
  call: Call,
  services: Needs,
): AdminUserGlobalSignOutResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  signOutEverywhere(requireUser(call, pool, input.Username, services), call, services);
  return {};
}

function signOutEverywhere(user: UserRecord, call: Call, { refreshTokens, store }: Needs): void {
  store.write((tx) => {
    refreshTokens.revokeAll(user.number, call.now);
    tx.announce('user.signed-out', {
      account: user.account,
      userPoolId: user.userPoolId,
      username: user.username,
    });
  });
  call.why.choose('TK-REVOKE-1', 'Every sign-in of the user is ended.', { username: user.username });
}

function revokeToken(input: RevokeTokenRequest, call: Call, services: Needs): RevokeTokenResponse {
  const { why } = call;
  const { refreshTokens, store, users } = services;
  const { client, pool } = requireClientAndPool(call, input.ClientId, services);
  if (!showsSecret(client, input.ClientSecret)) {
    throw why.refuse(
      'TK-REVOKE-2',
      'The client’s secret is missing or wrong.',
      // text from memory, as the other refusals of this operation
      fault('UnauthorizedException', 'Unable to verify secret for client.'),
    );
  }
  if (client.settings.EnableTokenRevocation === false) {
    throw why.refuse(
      'TK-REVOKE-3',
      'The client was made without token revocation.',
      fault('UnsupportedOperationException', 'Token revocation is not enabled for this client.'),
    );
  }
  // Access and ID tokens have three parts, refresh tokens five.
  if (input.Token.split('.').length === 3) {
    throw why.refuse(
      'TK-REVOKE-4',
      'Only refresh tokens can be revoked.',
      fault('UnsupportedTokenTypeException', 'Unsupported token type'),
    );
  }
  const signIn = refreshTokens.find(input.Token);
  if (!signIn || signIn.revoked) {
    why.choose('TK-REVOKE-5', 'A token that is unknown or revoked already needs nothing done.');
    return {};
  }
  if (signIn.clientId !== client.id) {
    throw why.refuse(
      'TK-REVOKE-2',
      'The token was given to another client.',
      fault('UnauthorizedException', 'The token was not issued to this client.'),
    );
  }
  store.write((tx) => {
    refreshTokens.revoke(signIn, call.now);
    const user = users.find(signIn.userNumber);
    if (user) {
      tx.announce('user.signed-out', { account: pool.account, userPoolId: pool.id, username: user.username });
    }
  });
  why.choose('TK-REVOKE-6', 'The refresh token is revoked, and with it every token of its sign-in.');
  return {};
}
