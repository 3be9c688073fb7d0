import type { AuthenticationResultType, ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { DeviceAction } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { configured, type DeviceParts } from './parts.ts';
import { srpTimestamp, startSrp } from './srp.ts';
import { isNamed } from './sync-engine/engine.ts';
import { expiryOf, usernameIn } from './tokens.ts';
import type { Session } from './device-file.ts';

type Action<Name extends DeviceAction['do']> = DeviceAction & { do: Name };
type SignedIn = Session & { status: 'signed-in' };

interface AuthAnswer {
  readonly ChallengeName?: ChallengeNameType | undefined;
  readonly ChallengeParameters?: Record<string, string> | undefined;
  readonly Session?: string | undefined;
  readonly AuthenticationResult?: AuthenticationResultType | undefined;
}

export async function signUp(parts: DeviceParts, action: Action<'sign-up'>): Promise<void> {
  const client = await parts.clients.userPools();
  const attributes = [
    { Name: 'email', Value: action.email },
    { Name: 'phone_number', Value: action.phoneNumber },
  ].filter(({ Value }) => Value !== undefined);
  const answer = await client.signUp({
    ClientId: configured(parts, 'clientId'),
    Username: action.username,
    Password: action.password,
    UserAttributes: attributes,
  });
  parts.file.set(
    'session',
    answer.UserConfirmed ? { status: 'signed-out' } : unconfirmed(action.username, answer.CodeDeliveryDetails),
  );
}

export async function confirmSignUp(parts: DeviceParts, action: Action<'confirm-sign-up'>): Promise<void> {
  const client = await parts.clients.userPools();
  await client.confirmSignUp({
    ClientId: configured(parts, 'clientId'),
    Username: action.username ?? unconfirmedUsername(parts),
    ConfirmationCode: action.code,
  });
  if (parts.file.session.status === 'unconfirmed') parts.file.set('session', { status: 'signed-out' });
}

export async function resendCode(parts: DeviceParts, action: Action<'resend-code'>): Promise<void> {
  const client = await parts.clients.userPools();
  const username = action.username ?? unconfirmedUsername(parts);
  const answer = await client.resendConfirmationCode({ ClientId: configured(parts, 'clientId'), Username: username });
  if (parts.file.session.status !== 'signed-in') {
    parts.file.set('session', unconfirmed(username, answer.CodeDeliveryDetails));
  }
}

export async function signIn(parts: DeviceParts, action: Action<'sign-in'>): Promise<void> {
  try {
    if (action.flow === 'USER_PASSWORD_AUTH') await signInByPassword(parts, action);
    else await signInBySrp(parts, action);
  } catch (error) {
    // An app's usual next screen: enter the code.
    if (isNamed(error, 'UserNotConfirmedException')) parts.file.set('session', unconfirmed(action.username));
    throw error;
  }
}

async function signInByPassword(parts: DeviceParts, action: Action<'sign-in'>): Promise<void> {
  const client = await parts.clients.userPools();
  const answer = await client.initiateAuth({
    ClientId: configured(parts, 'clientId'),
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: action.username, PASSWORD: action.password },
  });
  proceed(parts, action.username, answer);
}

async function signInBySrp(parts: DeviceParts, action: Action<'sign-in'>): Promise<void> {
  const clientId = configured(parts, 'clientId');
  const poolName = configured(parts, 'userPoolId').split('_')[1] ?? '';
  const client = await parts.clients.userPools();
  const srp = await startSrp(secretExponent(parts), parts.powers);
  const challenge = await client.initiateAuth({
    ClientId: clientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: action.username, SRP_A: srp.publicHex },
  });
  if (challenge.ChallengeName !== 'PASSWORD_VERIFIER') {
    proceed(parts, action.username, challenge);
    return;
  }

  const {
    SALT = '',
    SRP_B = '',
    SECRET_BLOCK = '',
    USER_ID_FOR_SRP = action.username,
  } = challenge.ChallengeParameters ?? {};
  const timestamp = srpTimestamp(parts.clock.now());
  const signature = await srp.prove({
    poolName,
    userId: USER_ID_FOR_SRP,
    password: action.password,
    salt: SALT,
    serverPublic: SRP_B,
    secretBlock: SECRET_BLOCK,
    timestamp,
  });
  const answer = await client.respondToAuthChallenge({
    ClientId: clientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    Session: challenge.Session,
    ChallengeResponses: {
      USERNAME: USER_ID_FOR_SRP,
      PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: signature,
      TIMESTAMP: timestamp,
    },
  });
  proceed(parts, USER_ID_FOR_SRP, answer, action.username);
}

/** 256 bits, odd: what the powers worker computes fastest. */
function secretExponent({ ids }: DeviceParts): bigint {
  return BigInt(`0x${Buffer.from(ids.opaque(32), 'base64url').toString('hex')}`) | 1n;
}

export async function answerNewPassword(parts: DeviceParts, action: Action<'new-password'>): Promise<void> {
  const { session } = parts.file;
  if (session.status !== 'challenged' || session.challenge !== 'NEW_PASSWORD_REQUIRED') {
    throw new BenchError('NoChallenge', 'No new password is being asked for; sign in first', 409);
  }
  const attributes = Object.entries(action.attributes ?? {}).map(([name, value]) => [`userAttributes.${name}`, value]);
  const client = await parts.clients.userPools();
  const answer = await client.respondToAuthChallenge({
    ClientId: configured(parts, 'clientId'),
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: session.session,
    ChallengeResponses: {
      USERNAME: session.userId,
      NEW_PASSWORD: action.password,
      ...(Object.fromEntries(attributes) as Record<string, string>),
    },
  });
  proceed(parts, session.userId, answer, session.username);
}

/** Takes the tokens, or remembers the challenge that comes next. */
function proceed(parts: DeviceParts, userId: string, answer: AuthAnswer, typedName = userId): void {
  const { AuthenticationResult: result, ChallengeName: challenge, ChallengeParameters: parameters = {} } = answer;
  if (result?.AccessToken && result.IdToken) {
    const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = result;
    const username = usernameIn(accessToken) ?? userId;
    parts.file.transaction(() => {
      leaveOtherUser(parts, username);
      parts.file.set('session', {
        status: 'signed-in',
        username,
        idToken,
        accessToken,
        ...(refreshToken === undefined ? {} : { refreshToken }),
      });
    });
    return;
  }
  if (challenge === undefined) throw new BenchError('NoTokens', 'The answer held neither tokens nor a challenge', 422);
  parts.file.set('session', {
    status: 'challenged',
    username: typedName,
    challenge,
    session: answer.Session ?? '',
    userId: parameters['USER_ID_FOR_SRP'] ?? userId,
    requiredAttributes: requiredAttributes(parameters['requiredAttributes']),
  });
}

/** A guest's identity goes on with whoever signs in; another user's does not. [DV-IDENT-4] */
function leaveOtherUser({ file }: DeviceParts, username: string): void {
  const { identity } = file;
  if (identity?.username !== undefined && identity.username !== username) file.set('identity', undefined);
  // The next call asks for credentials with the new login.
  else if (identity) file.set('identity', { ...identity, credentials: undefined });
}

function requiredAttributes(text: string | undefined): string[] {
  if (text === undefined) return [];
  return (JSON.parse(text) as string[]).map((name) => name.replace(/^userAttributes\./, ''));
}

export async function refreshTokens(parts: DeviceParts): Promise<SignedIn> {
  const { session } = parts.file;
  if (session.status !== 'signed-in') throw new BenchError('NotSignedIn', 'Nobody is signed in on this device', 409);
  if (session.refreshToken === undefined) {
    throw new BenchError('NoRefreshToken', 'The sign-in gave no refresh token; sign in again', 409);
  }
  const client = await parts.clients.userPools();
  try {
    const answer = await client.initiateAuth({
      ClientId: configured(parts, 'clientId'),
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: session.refreshToken },
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

export async function signOut(parts: DeviceParts, action: Action<'sign-out'>): Promise<void> {
  if (action.everywhere) {
    const tokens = await currentTokens(parts);
    if (!tokens) throw new BenchError('NotSignedIn', 'Nobody is signed in on this device', 409);
    const client = await parts.clients.userPools();
    await client.globalSignOut({ AccessToken: tokens.accessToken });
  }
  forgetSession(parts);
}

/** Tokens and identity go; the cache stays under its identity, for when the same user comes back. [DV-SESSION-4] */
function forgetSession({ file }: DeviceParts): void {
  file.transaction(() => {
    file.set('session', undefined);
    if (file.identity?.username !== undefined) file.set('identity', undefined);
  });
}

function unconfirmed(username: string, delivery?: { readonly Destination?: string | undefined }): Session {
  const destination = delivery?.Destination;
  return { status: 'unconfirmed', username, ...(destination === undefined ? {} : { destination }) };
}

function unconfirmedUsername({ file }: DeviceParts): string {
  if (file.session.status === 'unconfirmed') return file.session.username;
  throw new BenchError('NoUsername', 'Nobody signed up on this device; name the user', 409);
}
