import type { Json } from '../../../shared/json.ts';
import type { TraceRecord } from '../../../shared/trace.ts';

/** A user whom a call shows to be active; those that sign up and sign in are announced by themselves. */
export interface ActiveUser {
  readonly userPoolId: string;
  readonly username: string;
}

/** Token refreshes and password changes, read off the trace of the call. [MT-USERS-1] */
export function activeUserOf({
  operation,
  service,
  fault,
  caller,
  request,
  response,
}: TraceRecord): ActiveUser | undefined {
  if (service !== 'cognito-idp' || fault || response.status !== 200) return undefined;
  if (operation === 'ChangePassword') {
    return caller.kind === 'user' ? { userPoolId: caller.userPoolId, username: caller.username } : undefined;
  }
  const isRefresh =
    operation === 'GetTokensFromRefreshToken' ||
    ((operation === 'InitiateAuth' || operation === 'AdminInitiateAuth') &&
      text(member(request.body, 'AuthFlow'))?.startsWith('REFRESH_TOKEN') === true);
  if (!isRefresh) return undefined;
  const token = text(member(member(response.body, 'AuthenticationResult'), 'AccessToken'));
  return token === undefined ? undefined : userOfToken(token);
}

function userOfToken(token: string): ActiveUser | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Json;
    const username = text(member(claims, 'username'));
    const userPoolId = text(member(claims, 'iss'))?.split('/').at(-1);
    return username === undefined || userPoolId === undefined ? undefined : { userPoolId, username };
  } catch {
    // a token of a form that the bench does not make
    return undefined;
  }
}

function member(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
