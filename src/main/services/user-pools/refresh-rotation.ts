import { fault } from '../../kernel/fault.ts';
import type { AppClientRecord } from '../../store/repositories/app-clients.ts';
import type { SignInRecord } from '../../store/repositories/refresh-tokens.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { rotates } from './policies/client-access.ts';

type Needs = Pick<Services, 'refreshTokens' | 'store' | 'tokens'>;

/**
 * A new refresh token in the place of the one that was shown, where the client rotates them. It ends when the first
 * one would have.
 */
export function rotateRefreshToken(
  call: Call,
  client: AppClientRecord,
  { signIn, token }: { readonly signIn: SignInRecord; readonly token: string },
  services: Needs,
): string | undefined {
  if (!rotates(client)) return undefined;
  // assumed: no grace period unless one is set
  const grace = client.settings.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0;
  const usableUntil = new Date(call.now.getTime() + grace * 1000);
  const rotation = services.tokens.rotate(signIn, token, usableUntil);
  const isFirst = services.store.write(() => {
    // Two calls with the same token may have waited side by side for their new tokens to be signed.
    const current = services.refreshTokens.find(token);
    if (!current || current.revoked || (current.usableUntil && current.usableUntil <= call.now)) return false;
    rotation.save();
    return true;
  });
  if (!isFirst) throw refuseReuse(call, client, signIn, services);
  call.why.choose('TK-ROTATE-2', 'A new refresh token replaces the old one, which works until its grace period ends.', {
    graceSeconds: grace,
    expires: signIn.expiresAt.toISOString(),
  });
  return rotation.refreshToken;
}

/** Somebody uses a token that was replaced: one of two holders has stolen it, so the whole sign-in ends. */
export function refuseReuse(
  call: Call,
  client: AppClientRecord,
  signIn: SignInRecord,
  { refreshTokens, store }: Pick<Services, 'refreshTokens' | 'store'>,
): Error {
  store.write(() => refreshTokens.revoke(signIn, call.now));
  return call.why.refuse(
    'TK-ROTATE-3',
    'The refresh token was replaced before; its sign-in is ended with every token of it.',
    rotates(client)
      ? // guessed wording: no source found
        fault('RefreshTokenReuseException', 'Refresh token has been reused.')
      : // The client has stopped rotating since, and the older flow declares no such fault.
        fault('NotAuthorizedException', 'Refresh Token has been revoked'),
    { replacedUntil: signIn.usableUntil?.toISOString() ?? null },
  );
}
