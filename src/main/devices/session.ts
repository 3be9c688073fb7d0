import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { BenchError } from '../kernel/fault.ts';
import type { Session } from './device-file.ts';
import { findDeviceKey } from './own-device.ts';
import { letGo, userOf, welcome } from './login-owners.ts';
import { configured, type DeviceParts } from './parts.ts';
import { isNamed } from './sync-engine/engine.ts';
import { expiryOf, usernameIn } from './tokens.ts';

type SignedIn = Session & { status: 'signed-in' };

/** Signs in with the tokens of an answer, where it has some. */
export function takeTokens(
  parts: DeviceParts,
  userId: string,
  result: AuthenticationResultType | undefined,
): SignedIn | undefined {
  if (!result?.AccessToken || !result.IdToken) return undefined;
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = result;
  const session: SignedIn = {
    status: 'signed-in',
    username: usernameIn(accessToken) ?? userId,
    idToken,
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
  welcome(parts.file, userOf(parts, session.username), () => parts.file.set('session', session));
  return session;
}

export async function refreshTokens(parts: DeviceParts): Promise<SignedIn> {
  const { session } = parts.file;
  if (session.status !== 'signed-in') throw notSignedIn();
  if (session.refreshToken === undefined) {
    throw new BenchError('NoRefreshToken', 'The sign-in gave no refresh token; sign in again', 409);
  }
  const client = await parts.clients.userPools();
  // A tracked device's refresh token is good on that device alone. [DV-REMEMBER-4]
  const device = findDeviceKey(parts, session.username);
  try {
    const answer = await client.initiateAuth({
      ClientId: configured(parts, 'clientId'),
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: session.refreshToken, ...(device ? { DEVICE_KEY: device.deviceKey } : {}) },
    });
    const { AccessToken, IdToken, RefreshToken } = answer.AuthenticationResult ?? {};
    if (AccessToken === undefined || IdToken === undefined) {
      throw new BenchError('NoTokens', 'The answer to the refresh held no tokens', 422);
    }
    const renewed: SignedIn = {
      ...session,
      accessToken: AccessToken,
      idToken: IdToken,
      refreshToken: RefreshToken ?? session.refreshToken,
    };
    parts.file.set('session', renewed);
    return renewed;
  } catch (error) {
    // The service no longer honours the session: the app is signed out. [DV-SESSION-3]
    if (isNamed(error, 'NotAuthorizedException')) forgetSession(parts);
    throw error;
  }
}

/** The tokens of whoever is signed in, renewed when the bench's clock says that they expired. [DV-SESSION-2] */
export async function currentTokens(parts: DeviceParts): Promise<SignedIn | undefined> {
  const { session } = parts.file;
  if (session.status !== 'signed-in') return undefined;
  const now = parts.clock.millis();
  const isFresh = Math.min(expiryOf(session.idToken), expiryOf(session.accessToken)) > now;
  return isFresh ? session : refreshTokens(parts);
}

export async function requireTokens(parts: DeviceParts): Promise<SignedIn> {
  const tokens = await currentTokens(parts);
  if (!tokens) throw notSignedIn();
  return tokens;
}

/** The user pool's part of whoever is signed in. [DV-SESSION-4] */
export function forgetSession({ file }: DeviceParts): void {
  letGo(file, () => file.set('session', undefined));
}

function notSignedIn(): BenchError {
  return new BenchError('NotSignedIn', 'Nobody is signed in on this device', 409);
}
