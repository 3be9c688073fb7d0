import type {
  DeviceDataset,
  DeviceIdentity,
  DeviceLogin,
  DeviceProfileSummary,
  DeviceState,
  RememberedState,
  SignInState,
} from '../../shared/device.ts';
import { viewAuthenticator } from './authenticator.ts';
import { viewChallenge } from './challenges.ts';
import { mergedNames } from './merging.ts';
import { cacheIdentity } from './identity.ts';
import type { KeptLogin } from './device-file.ts';
import { findDeviceKey } from './own-device.ts';
import type { DeviceParts } from './parts.ts';
import { expiryOf } from './tokens.ts';
import { viewConflict } from './sync-engine/conflicts.ts';
import type { CachedDataset } from './cache-statements.ts';

/** What the page, the command line and tests see of a device. */
export function viewOf(parts: DeviceParts, busy: string | undefined): DeviceState {
  const { profile, file, network } = parts;
  const identityId = cacheIdentity(parts);
  const identity = viewIdentity(parts);
  const { lastError } = file;
  return {
    id: profile.id,
    name: profile.name,
    kind: profile.kind,
    account: profile.account,
    network: network.state,
    app: profile.app,
    signIn: viewSignIn(parts),
    logins: file.logins.map(viewLogin),
    remembered: viewRemembered(parts),
    authenticator: viewAuthenticator(parts),
    passkeys: file.passkeys.map(({ credentialId, username, userPoolId, relyingPartyId }) => ({
      credentialId,
      username,
      userPoolId,
      relyingPartyId,
    })),
    ...(identity ? { identity } : {}),
    datasets: file.cache.datasets(identityId).map((dataset) => viewDataset(parts, identityId, dataset)),
    pushes: file.pushes.list(),
    resourceCalls: file.resourceCalls,
    ...(busy === undefined ? {} : { busy }),
    ...(lastError ? { lastError } : {}),
    profiles: viewProfiles(parts),
  };
}

/** The current identity is among them also before it has kept anything. [DV-FAMILY-1] */
function viewProfiles(parts: DeviceParts): DeviceProfileSummary[] {
  const { file } = parts;
  const current = cacheIdentity(parts);
  const shares = file.cache.shares();
  const all = shares.some(({ identityId }) => identityId === current)
    ? shares
    : [...shares, { identityId: current, datasets: 0, records: 0, unsent: 0 }];
  return all.map((share) => ({
    ...share,
    owners: file.ownersOf(share.identityId),
    current: share.identityId === current,
  }));
}

function viewLogin({ token: _token, expiresAt, ...owner }: KeptLogin): DeviceLogin {
  return { ...owner, ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }) };
}

function viewSignIn(parts: DeviceParts): SignInState {
  const { session } = parts.file;
  switch (session.status) {
    case 'signed-in':
      return {
        status: 'signed-in',
        username: session.username,
        accessTokenExpiresAt: new Date(expiryOf(session.accessToken)).toISOString(),
        idToken: session.idToken,
        accessToken: session.accessToken,
      };
    case 'challenged':
      return {
        status: 'challenged',
        username: session.username,
        ...viewChallenge(parts, session),
      };
    default:
      return session;
  }
}

function viewRemembered(parts: DeviceParts): RememberedState {
  const { session } = parts.file;
  const device = session.status === 'signed-in' ? findDeviceKey(parts, session.username) : undefined;
  if (!device) return { status: 'none' };
  return { status: device.remembered ? 'remembered' : 'tracked', deviceKey: device.deviceKey };
}

function viewIdentity({ file }: DeviceParts): DeviceIdentity | undefined {
  const { identity } = file;
  if (!identity) return undefined;
  const { identityId, mergedFrom, credentials } = identity;
  return {
    identityId,
    guest: file.ownersOf(identityId).length === 0,
    ...(mergedFrom === undefined ? {} : { mergedFrom }),
    ...(credentials
      ? { credentialsExpireAt: new Date(credentials.expiresAt).toISOString(), accessKeyId: credentials.accessKeyId }
      : {}),
  };
}

function viewDataset(parts: DeviceParts, identityId: string, dataset: CachedDataset): DeviceDataset {
  const { cache } = parts.file;
  const { name, lastSyncCount, isSubscribed, lastSyncAt } = dataset;
  return {
    name,
    lastSyncCount,
    subscribed: isSubscribed,
    ...(lastSyncAt === undefined ? {} : { lastSyncAt: new Date(lastSyncAt).toISOString() }),
    records: cache.records(identityId, name).map((record) => ({
      key: record.key,
      value: record.value,
      syncCount: record.syncCount,
      dirty: record.modified,
      modifiedAt: new Date(record.modifiedAt).toISOString(),
    })),
    conflicts: cache.conflicts(identityId, name).map(viewConflict),
    mergedDatasetNames: mergedNames(cache, identityId, name),
    settled: dataset.settled,
    undoable: parts.file.undoable(identityId, name).map(({ conflict }) => conflict.remote.key),
  };
}
