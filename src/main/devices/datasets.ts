import { DATASET_NAME_MAX_LENGTH } from '../../shared/sync-wire.ts';
import type { DeviceAction, Resolver } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { cacheIdentity, ensureCredentials } from './identity.ts';
import { UNKNOWN_IDENTITY, type CachedDataset } from './local-cache.ts';
import { NetworkError } from './network.ts';
import { configured, type DeviceParts } from './parts.ts';
import { createSyncTransport } from './sync-transport.ts';
import { cleanCopy, type CachedRecord } from './sync-engine/changes.ts';
import { DELETED_HERE } from './sync-engine/checkpoint.ts';
import { settle } from './sync-engine/conflicts.ts';
import {
  deleteOnStore,
  isNamed,
  pullAll,
  synchronize as runEngine,
  type SyncCache,
  type SyncTransport,
} from './sync-engine/engine.ts';

type Action<Name extends DeviceAction['do']> = DeviceAction & { do: Name };

/** In bytes, as the mobile SDKs have it. */
const KEY_MAX_BYTES = 128;

export function put(parts: DeviceParts, action: Action<'put'>): void {
  checkDatasetName(action.dataset);
  checkKey(action.key);
  const { file, clock } = parts;
  file.cache.change(cacheIdentity(parts), action.dataset, action.key, action.value, clock.millis());
}

export function remove(parts: DeviceParts, action: Action<'remove'>): void {
  const { file, clock } = parts;
  const identityId = cacheIdentity(parts);
  const record = file.cache.record(identityId, action.dataset, action.key);
  if (record === undefined || record.value === null) {
    throw new BenchError('NoSuchKey', `There is no ${action.key} in ${action.dataset} on this device`, 409);
  }
  file.cache.change(identityId, action.dataset, action.key, null, clock.millis());
}

/** Pull, settle conflicts, push. Asked while offline it is remembered, and done once the switch goes on. */
export async function synchronize(parts: DeviceParts, action: Action<'synchronize'>): Promise<void> {
  checkDatasetName(action.dataset);
  const { dataset, resolver = 'last-writer' } = action;
  try {
    if (!parts.network.state.online) {
      throw new NetworkError(`${parts.profile.name} is offline; ${dataset} is synchronised once it is back online`);
    }
    await synchronizeNow(parts, dataset, resolver);
  } catch (error) {
    if (isNamed(error, 'NetworkError')) parts.file.cache.setWaiting(cacheIdentity(parts), dataset, resolver);
    throw error;
  }
}

async function synchronizeNow(parts: DeviceParts, dataset: string, resolver: Resolver): Promise<void> {
  const store = await openStore(parts);
  parts.file.cache.setWaiting(store.identityId, dataset, undefined);
  const outcome = await runEngine(dataset, resolver, store);
  // Merged guest data that was combined while the network was away still waits for its deletion on the store.
  for (const name of mergedNames(parts, dataset, (merged) => merged.lastSyncCount === DELETED_HERE)) {
    await deleteOnStore(name, store.transport);
    store.cache.purge(name);
  }
  if (outcome.status !== 'conflicts') {
    parts.file.pushes.markHandled(store.identityId, dataset, store.cache.lastSyncCount(dataset));
  }
}

/** Settles the conflicts that were left to a person, and synchronises when none is left. [DV-SYNC-3] */
export async function resolve(parts: DeviceParts, action: Action<'resolve'>): Promise<void> {
  const { dataset, choices } = action;
  const { cache } = parts.file;
  const identityId = cacheIdentity(parts);
  const conflicts = cache.conflicts(identityId, dataset);
  const settled = conflicts.flatMap((conflict) => {
    const choice = choices[conflict.local.key];
    return choice ? [settle(conflict, choice)] : [];
  });
  if (settled.length === 0) {
    throw new BenchError('NoSuchConflict', `None of these keys of ${dataset} is in conflict`, 409);
  }
  cache.settle(identityId, dataset, settled);
  if (settled.length === conflicts.length) {
    await synchronize(parts, { do: 'synchronize', dataset, resolver: 'ask' });
  }
}

/**
 * Combines a guest's dataset into `dataset` and deletes it, here and on the store: what Cognito asks of an app
 * whose guest became a known user. [DV-MERGE-1]
 */
export async function merge(parts: DeviceParts, action: Action<'merge'>): Promise<void> {
  const { dataset, from, keep } = action;
  const store = await openStore(parts);
  const names = mergedNames(parts, dataset);
  if (!names.includes(from))
    throw new BenchError('NotMerged', `${from} is not waiting to be merged into ${dataset}`, 409);

  const { cache, transport } = store;
  const guestRecords = await everythingOf(from, store);
  const combined = guestRecords.flatMap((guest) => combine(guest, cache.record(dataset, guest.key), keep));
  parts.file.transaction(() => {
    for (const { key, value, modifiedAt } of combined) {
      parts.file.cache.change(store.identityId, dataset, key, value, modifiedAt);
    }
    parts.file.cache.markDeleted(store.identityId, from);
  });
  await deleteOnStore(from, transport);
  cache.purge(from);
  await runEngine(dataset, 'last-writer', store);
}

/** A guest's dataset as the store has it, under what this device changed in it and never sent. */
async function everythingOf(name: string, { cache, transport }: OpenStore): Promise<CachedRecord[]> {
  const { records } = await pullAll(name, 0, transport);
  const byKey = new Map(records.map((record) => [record.key, cleanCopy(record)]));
  for (const record of cache.records(name)) {
    if (record.modified || !byKey.has(record.key)) byKey.set(record.key, record);
  }
  return [...byKey.values()];
}

/** The guest's record where it should replace the user's: `local` keeps the dataset, `remote` takes the guest's. */
function combine(guest: CachedRecord, own: CachedRecord | undefined, keep: Action<'merge'>['keep']): CachedRecord[] {
  if (guest.value === null || guest.value === own?.value) return [];
  const isFree = own === undefined || own.value === null;
  const guestWins = keep === 'remote' || (keep === 'last-writer' && guest.modifiedAt > (own?.modifiedAt ?? 0));
  return isFree || guestWins ? [guest] : [];
}

/** Deleted here at once; on the store at once when online, else with the next synchronise. [DV-SYNC-8] */
export async function deleteDataset(parts: DeviceParts, action: Action<'delete-dataset'>): Promise<void> {
  const identityId = cacheIdentity(parts);
  parts.file.cache.markDeleted(identityId, action.dataset);
  if (identityId === UNKNOWN_IDENTITY) parts.file.cache.purge(identityId, action.dataset);
  else await synchronize(parts, { do: 'synchronize', dataset: action.dataset });
}

/** The platform and the token under which push services know this device. */
export const PUSH_PLATFORM = 'GCM';

const TOKEN_PREFIX = 'poolbench-push-';

export function pushToken(deviceId: string): string {
  return `${TOKEN_PREFIX}${deviceId}`;
}

/** The device that a push token belongs to. */
export function deviceOfToken(token: string): string | undefined {
  return token.startsWith(TOKEN_PREFIX) ? token.slice(TOKEN_PREFIX.length) : undefined;
}

export async function subscribe(parts: DeviceParts, action: Action<'subscribe'>): Promise<void> {
  const { file, profile } = parts;
  const { client, place } = await syncClient(parts);
  let deviceId = file.registration(place.IdentityId);
  if (deviceId === undefined) {
    const answer = await client.registerDevice({ ...place, Platform: PUSH_PLATFORM, Token: pushToken(profile.id) });
    deviceId = answer.DeviceId ?? '';
    file.register(place.IdentityId, deviceId);
  }
  await client.subscribeToDataset({ ...place, DatasetName: action.dataset, DeviceId: deviceId });
  file.cache.setSubscribed(place.IdentityId, action.dataset, true);
}

export async function unsubscribe(parts: DeviceParts, action: Action<'unsubscribe'>): Promise<void> {
  const { file } = parts;
  const { client, place } = await syncClient(parts);
  const deviceId = file.registration(place.IdentityId);
  if (deviceId === undefined) throw new BenchError('NotSubscribed', 'This device is not registered for pushes', 409);
  try {
    await client.unsubscribeFromDataset({ ...place, DatasetName: action.dataset, DeviceId: deviceId });
  } catch (error) {
    // Not subscribed there: that is what was wanted, and Android ignores it too.
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
  }
  file.cache.setSubscribed(place.IdentityId, action.dataset, false);
}

/**
 * Guest datasets that wait to be merged into `dataset`: those in the cache by their name, and those that the store
 * reported, as long as they were not deleted here.
 */
export function mergedNames(
  parts: DeviceParts,
  dataset: string,
  filter: (merged: CachedDataset) => boolean = ({ lastSyncCount }) => lastSyncCount !== DELETED_HERE,
): string[] {
  const identityId = cacheIdentity(parts);
  const cached = parts.file.cache.datasets(identityId);
  const local = cached.filter(({ name }) => isMergedName(name, dataset));
  const known = new Set(local.map(({ name }) => name));
  const reported = (cached.find(({ name }) => name === dataset)?.mergedNames ?? [])
    .filter((name) => !known.has(name))
    .map((name): CachedDataset => ({ name, lastSyncCount: 0, isSubscribed: false, mergedNames: [] }));
  return [...local, ...reported].filter(filter).map(({ name }) => name);
}

/** `dataset.<identity id>`, or `dataset.unknown` for what was kept before there was an identity. */
function isMergedName(name: string, dataset: string): boolean {
  if (!name.startsWith(`${dataset}.`)) return false;
  return /^(unknown|[\w-]+:[0-9a-f-]+)$/.test(name.slice(dataset.length + 1));
}

interface OpenStore {
  readonly identityId: string;
  readonly cache: SyncCache;
  readonly transport: SyncTransport;
}

async function openStore(parts: DeviceParts): Promise<OpenStore> {
  const { client, place } = await syncClient(parts);
  const pushDeviceId = parts.file.registration(place.IdentityId);
  return {
    identityId: place.IdentityId,
    cache: parts.file.cache.forIdentity(place.IdentityId, () => parts.clock.millis()),
    transport: createSyncTransport(client, {
      identityPoolId: place.IdentityPoolId,
      identityId: place.IdentityId,
      ...(pushDeviceId === undefined ? {} : { pushDeviceId }),
    }),
  };
}

async function syncClient(parts: DeviceParts) {
  const IdentityPoolId = configured(parts, 'identityPoolId');
  const { identityId, credentials } = await ensureCredentials(parts);
  return { client: await parts.clients.sync(credentials), place: { IdentityPoolId, IdentityId: identityId } };
}

function checkDatasetName(name: string): void {
  if (name.length <= DATASET_NAME_MAX_LENGTH && /^[a-zA-Z0-9_.:-]+$/.test(name)) return;
  throw new BenchError('InvalidParameter', 'A dataset is named by 1 to 128 letters, digits and _ . : -', 422);
}

function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes >= 1 && bytes <= KEY_MAX_BYTES) return;
  throw new BenchError('InvalidParameter', 'A key is 1 to 128 bytes long', 422);
}
