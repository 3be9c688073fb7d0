import type { LoginOwner } from '../../shared/device.ts';
import type { DeviceCredentials, KeptLogin, KnownIdentity } from './device-file.ts';
import { UNKNOWN_IDENTITY } from './local-cache.ts';
import { currentOwners } from './login-owners.ts';
import { currentLogins, ownerOf, tokensOf } from './logins.ts';
import { configured, type DeviceParts } from './parts.ts';
import { isNamed } from './sync-engine/engine.ts';

/** The key under which a token of the identity pool itself is shown. */
const COGNITO_PROVIDER = 'cognito-identity.amazonaws.com';

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
  const { identity } = parts.file;
  const { credentials } = identity ?? {};
  const isFresh = (credentials?.expiresAt ?? 0) - REFRESH_THRESHOLD_MS > parts.clock.millis();
  const isOfLogins = credentials?.providers?.join(' ') === providersOf(currentOwners(parts)).join(' ');
  if (identity && credentials && isOfLogins && isFresh) return { ...identity, credentials };
  return getCredentials(parts);
}

/**
 * The enhanced flow: GetId where no identity is known, then GetCredentialsForIdentity, with everything that the app
 * has to show. A guest who signed in sends the guest's id with the logins, and goes on as whichever identity comes
 * back. [DV-IDENT-1] [DV-IDENT-2] [DV-LOGIN-2]
 */
export async function getCredentials(parts: DeviceParts, justFetched?: KeptLogin): Promise<Credentialed> {
  const logins = await currentLogins(parts, justFetched);
  const known = parts.file.identity?.identityId;
  try {
    return await exchange(parts, known, logins);
  } catch (error) {
    // The identity is gone from its pool: SDKs forget it and ask for another one, once. Its data follow, because
    // this is the same guest or user. [DV-IDENT-8]
    if (known === undefined || !isNamed(error, 'ResourceNotFoundException')) throw error;
    return exchange(parts, undefined, logins);
  }
}

async function exchange(
  parts: DeviceParts,
  known: string | undefined,
  logins: readonly KeptLogin[],
): Promise<Credentialed> {
  const { identityId, shown } = await enter(parts, known, logins);
  const client = await parts.clients.identityPools();
  const answer = await client.getCredentialsForIdentity({ IdentityId: identityId, ...withLogins(shown) });
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = answer.Credentials ?? {};
  const adoptedId = required(answer.IdentityId);
  const adopted: Credentialed = {
    identityId: adoptedId,
    ...(adoptedId === identityId ? {} : { mergedFrom: identityId }),
    credentials: {
      accessKeyId: required(AccessKeyId),
      secretAccessKey: required(SecretKey),
      sessionToken: required(SessionToken),
      expiresAt: required(Expiration).getTime(),
      providers: providersOf(logins),
    },
  };
  adopt(parts, adopted, logins);
  return adopted;
}

/** Which identity to ask credentials for, and by which tokens. */
async function enter(
  parts: DeviceParts,
  known: string | undefined,
  logins: readonly KeptLogin[],
): Promise<{ readonly identityId: string; readonly shown: Tokens }> {
  const IdentityPoolId = configured(parts, 'identityPoolId');
  const tokens = tokensOf(logins);
  const developer = logins.find(({ kind }) => kind === 'developer');
  if (developer) {
    const isGuest = known !== undefined && parts.file.ownersOf(known).length === 0;
    const { identityId, token } = await parts.backend.vouch(IdentityPoolId, developer, {
      identityId: known,
      isGuest,
      tokens,
    });
    adopt(parts, { identityId }, logins);
    // The backend has shown the other tokens; nothing may stand beside the one that it got for them.
    return { identityId, shown: { [COGNITO_PROVIDER]: token } };
  }
  if (known !== undefined) return { identityId: known, shown: tokens };
  const client = await parts.clients.identityPools();
  const answer = await client.getId({ IdentityPoolId, ...withLogins(tokens) });
  const identityId = required(answer.IdentityId);
  adopt(parts, { identityId }, logins);
  return { identityId, shown: tokens };
}

/** The cache follows its identity in the same transaction, and what proved good to show is kept. */
function adopt(parts: DeviceParts, identity: KnownIdentity, logins: readonly KeptLogin[]): void {
  const { file } = parts;
  const before = cacheIdentity(parts);
  const { identityId } = identity;
  const { mergedFrom } = file.identity ?? {};
  const isStill = before === identityId && mergedFrom !== undefined;
  file.transaction(() => {
    if (before !== identityId) file.cache.changeIdentity(before, identityId);
    file.set('identity', { ...(isStill ? { mergedFrom } : {}), ...identity });
    file.set(
      'logins',
      logins.filter(({ kind }) => kind !== 'user-pool'),
    );
    const shown = new Set(providersOf(logins));
    const others = file.ownersOf(identityId).filter(({ provider }) => !shown.has(provider));
    file.setOwners(identityId, [...others, ...logins.map(ownerOf)]);
  });
}

type Tokens = { readonly [provider: string]: string };

function providersOf(owners: readonly LoginOwner[]): string[] {
  return owners.map(({ provider }) => provider).sort();
}

function withLogins(tokens: Tokens): { Logins?: Record<string, string> } {
  return Object.keys(tokens).length > 0 ? { Logins: { ...tokens } } : {};
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the answer lacks a member that the model requires');
  return value;
}
