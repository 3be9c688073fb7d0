import type { Json } from '../../shared/json.ts';

export interface DecodedToken {
  readonly header: { readonly [name: string]: Json };
  readonly claims: { readonly [name: string]: Json };
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The parts of a signed token that anyone can read; nothing is verified here. */
export function decodeToken(text: string): DecodedToken | undefined {
  if (!JWT.test(text)) return undefined;
  const [header, claims] = text.split('.').slice(0, 2).map(decodePart);
  return header && claims ? { header, claims } : undefined;
}

function decodePart(part: string): { [name: string]: Json } | undefined {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    );
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { [name: string]: Json })
      : undefined;
  } catch {
    return undefined;
  }
}

/** Each token in a body, with the path to it. */
export function tokensIn(
  body: Json,
  path = '',
): { readonly path: string; readonly token: DecodedToken; readonly text: string }[] {
  if (typeof body === 'string') {
    const token = decodeToken(body);
    return token ? [{ path, token, text: body }] : [];
  }
  if (body === null || typeof body !== 'object') return [];
  return Object.entries(body).flatMap(([name, value]) => tokensIn(value, path ? `${path}.${name}` : name));
}

/** What a claim says, in plain words. */
export const CLAIM_MEANINGS: Readonly<Record<string, string>> = {
  iss: 'who issued the token: the user pool',
  sub: 'the user’s unchanging id',
  aud: 'for whom: the app client',
  client_id: 'the app client that asked',
  token_use: 'what the token is for',
  scope: 'what the access token may be used for',
  auth_time: 'when the user last proved who they are',
  iat: 'when this token was issued',
  exp: 'when it expires',
  nbf: 'not valid before',
  jti: 'this token’s own id',
  origin_jti: 'the id of the sign-in; revoking it revokes all its tokens',
  event_id: 'the authentication event',
  username: 'the user’s name in the pool',
  'cognito:username': 'the user’s name in the pool',
  'cognito:groups': 'the groups that the user is in',
  'cognito:roles': 'the roles of those groups',
  'cognito:preferred_role': 'the role of the group with precedence',
  email: 'e-mail address',
  email_verified: 'whether a code proved the address',
  phone_number: 'phone number',
  phone_number_verified: 'whether a code proved the number',
  amr: 'how the identity was authenticated',
};

/** Claims that count seconds since 1970. */
export const TIME_CLAIMS = new Set(['iat', 'exp', 'auth_time', 'nbf']);
