import type { Json } from '../../../shared/json.ts';
import type { ClaimChanges, TokenCustomisation } from '../services.ts';

type Claims = Record<string, unknown>;

/** What no function changes; reference/user-pools 6.6. */
const ID_PROTECTED = new Set([
  'acr',
  'amr',
  'aud',
  'at_hash',
  'auth_time',
  'azp',
  'cognito:username',
  'exp',
  'iat',
  'identities',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'sub',
  'token_use',
]);
// from memory: the same family, what names client, device and user, and the scope, which has members of its own
const ACCESS_PROTECTED = new Set([
  ...[...ID_PROTECTED].filter((claim) => claim !== 'aud'),
  'client_id',
  'username',
  'device_key',
  'event_id',
  'version',
  'scope',
]);

export function customisedId(claims: Claims, { id }: TokenCustomisation): Claims {
  return changed(claims, id, ID_PROTECTED);
}

export function customisedAccess(claims: Claims, { access }: TokenCustomisation): Claims {
  const scopes = [...String(claims['scope']).split(' ').filter(Boolean), ...access.scopesToAdd];
  const left = new Set(scopes.filter((scope) => !access.scopesToSuppress.includes(scope)));
  return { ...changed(claims, access, ACCESS_PROTECTED), scope: [...left].join(' ') };
}

/** Suppressing beats adding, and protected claims stay as they are. */
function changed(claims: Claims, { add, suppress }: ClaimChanges, isProtected: ReadonlySet<string>): Claims {
  const gone = new Set(suppress.filter((claim) => !isProtected.has(claim)));
  const added = Object.entries(add).filter(
    ([claim, value]: [string, Json]) => !isProtected.has(claim) && value !== null,
  );
  const all = { ...claims, ...Object.fromEntries(added) };
  return Object.fromEntries(Object.entries(all).filter(([claim]) => !gone.has(claim)));
}

/** What the function asked for and does not get, for the note on the call. */
export function refusedClaims({ id, access }: TokenCustomisation): string[] {
  const names = ({ add, suppress }: ClaimChanges): string[] => [...Object.keys(add), ...suppress];
  return [
    ...names(id).filter((claim) => ID_PROTECTED.has(claim)),
    ...names(access).filter((claim) => ACCESS_PROTECTED.has(claim)),
  ];
}
