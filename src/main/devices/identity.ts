import { configured, type DeviceParts } from './parts.ts';
import { UNKNOWN_IDENTITY } from './local-cache.ts';
import { currentTokens } from './session.ts';
import { isNamed } from './sync-engine/engine.ts';
import type { DeviceCredentials, KnownIdentity } from './device-file.ts';

/** Credentials are renewed this long before they expire: the Android SDK's threshold, from memory. [DV-IDENT-3] */
const REFRESH_THRESHOLD_MS = 500_000;

/** An identity with the credentials to sign its calls. */
export interface Credentialed extends KnownIdentity {
  readonly credentials: DeviceCredentials;
}

/** The identity whose part of the cache the app works on. */
export function cacheIdentity({ file }: DeviceParts): string {
  return file.identity?.identityId ?? UNKNOWN_IDENTITY;
}

/** Credentials that are still good for a while; new ones where there are none. */
export async function ensureCredentials(parts: DeviceParts): Promise<Credentialed> {
  const { identity, session } = parts.file;
  const isOfSession = (identity?.username !== undefined) === (session.status === 'signed-in');
  const isFresh = (identity?.credentials?.expiresAt ?? 0) - REFRESH_THRESHOLD_MS > parts.clock.millis();
  if (identity?.credentials && isOfSession && isFresh) return { ...identity, credentials: identity.credentials };
  return getCredentials(parts);
}

/**
 * The enhanced flow: GetId where no identity is known, then GetCredentialsForIdentity. A guest who signed in sends
 * the guest's id with the login, and goes on as whichever identity comes back. [DV-IDENT-1] [DV-IDENT-2]
 */
export async function getCredentials(parts: DeviceParts): Promise<Credentialed> {
  const tokens = await currentTokens(parts);
  const logins = tokens && { [loginKey(parts)]: tokens.idToken };
  const username = tokens?.username;
  try {
    return await exchange(parts, await ensureIdentity(parts, logins, username), logins, username);
  } catch (error) {
    const wasKnown = parts.file.identity !== undefined;
    // The identity is gone from its pool: SDKs forget it and ask for another one, once. Its data follow, because
    // this is the same guest or user. [DV-IDENT-8]
    if (!wasKnown || !isNamed(error, 'ResourceNotFoundException')) throw error;
    return exchange(parts, await newIdentity(parts, logins, username), logins, username);
  }
}

type Logins = { readonly [provider: string]: string } | undefined;

async function ensureIdentity(parts: DeviceParts, logins: Logins, username: string | undefined): Promise<string> {
  return parts.file.identity?.identityId ?? newIdentity(parts, logins, username);
}

async function newIdentity(parts: DeviceParts, logins: Logins, username: string | undefined): Promise<string> {
  const client = await parts.clients.identityPools();
  const answer = await client.getId({ IdentityPoolId: configured(parts, 'identityPoolId'), ...withLogins(logins) });
  const identityId = required(answer.IdentityId);
  adopt(parts, { identityId, ...(username === undefined ? {} : { username }) });
  return identityId;
}

async function exchange(
  parts: DeviceParts,
  identityId: string,
  logins: Logins,
  username: string | undefined,
): Promise<Credentialed> {
  const client = await parts.clients.identityPools();
  const answer = await client.getCredentialsForIdentity({ IdentityId: identityId, ...withLogins(logins) });
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = answer.Credentials ?? {};
  const adopted: Credentialed = {
    identityId: required(answer.IdentityId),
    ...(username === undefined ? {} : { username }),
    credentials: {
      accessKeyId: required(AccessKeyId),
      secretAccessKey: required(SecretKey),
      sessionToken: required(SessionToken),
      expiresAt: required(Expiration).getTime(),
    },
  };
  adopt(parts, adopted);
  return adopted;
}

/** The cache follows its identity in the same transaction. */
function adopt(parts: DeviceParts, identity: KnownIdentity): void {
  const before = cacheIdentity(parts);
  parts.file.transaction(() => {
    if (before !== identity.identityId) parts.file.cache.changeIdentity(before, identity.identityId);
    parts.file.setIdentity(identity);
  });
}

function loginKey(parts: DeviceParts): string {
  return `cognito-idp.${parts.profile.app.region}.amazonaws.com/${configured(parts, 'userPoolId')}`;
}

function withLogins(logins: Logins): { Logins?: Record<string, string> } {
  return logins ? { Logins: { ...logins } } : {};
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the answer lacks a member that the model requires');
  return value;
}
