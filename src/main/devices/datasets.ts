import type { DeviceAction, Resolver } from '../../shared/device.ts';
import { DATASET_NAME_MAX_LENGTH } from '../../shared/sync-wire.ts';
import { BenchError } from '../kernel/fault.ts';
import { cacheIdentity, ensureCredentials } from './identity.ts';
import { UNKNOWN_IDENTITY } from './local-cache.ts';
import { deleteMerged, mergeGuest, type OpenStore } from './merging.ts';
import { NetworkError } from './network.ts';
import { configured, type DeviceParts } from './parts.ts';
import { settleByScript } from './resolvers/settle-by-script.ts';
import { settle } from './sync-engine/conflicts.ts';
import { isNamed, synchronize as runEngine } from './sync-engine/engine.ts';
import { createSyncTransport } from './sync-transport.ts';

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
  parts.file.forgetUndo(store.identityId, dataset);
  store.cache.noteSettled(dataset, []);
  const outcome = await runEngine(dataset, settlerOf(parts, dataset, resolver), store);
  await deleteMerged(dataset, store);
  if (outcome.status !== 'conflicts') {
    parts.file.pushes.markHandled(store.identityId, dataset, store.cache.lastSyncCount(dataset));
  }
}

function settlerOf(parts: DeviceParts, dataset: string, resolver: Resolver): Parameters<typeof runEngine>[1] {
  if (typeof resolver === 'string') return resolver;
  const { id, name } = parts.profile;
  return settleByScript(parts.scripts, resolver.javascript, dataset, { id, name });
}

/** Settles the conflicts that were left to a person, and synchronises when none is left. [DV-SYNC-3] */
export async function resolve(parts: DeviceParts, action: Action<'resolve'>): Promise<void> {
  const { dataset, choices, send = true } = action;
  const { cache } = parts.file;
  const identityId = cacheIdentity(parts);
  const conflicts = cache.conflicts(identityId, dataset);
  const chosen = conflicts.filter(({ local }) => Object.hasOwn(choices, local.key));
  const known = new Set(chosen.map(({ local }) => local.key));
  const unknown = Object.keys(choices).filter((key) => !known.has(key));
  if (unknown.length > 0 || chosen.length === 0) {
    const which = unknown.length > 0 ? unknown.join(', ') : 'None of these keys';
    throw new BenchError('NoSuchConflict', `Not in conflict in ${dataset}: ${which}`, 409);
  }
  const now = parts.clock.millis();
  parts.file.transaction(() => {
    cache.settle(
      identityId,
      dataset,
      chosen.map((conflict) => settle(conflict, choices[conflict.local.key]!, now)),
    );
    parts.file.noteSettledByHand(identityId, dataset, chosen);
  });
  if (send && chosen.length === conflicts.length) {
    await synchronize(parts, { do: 'synchronize', dataset, resolver: 'ask' });
  }
}

/** Takes back what was settled by hand, as long as nothing was synchronised since. [DV-RESOLVE-5] */
export function undoResolve(parts: DeviceParts, { dataset }: Action<'undo-resolve'>): void {
  const { file } = parts;
  const identityId = cacheIdentity(parts);
  const settled = file.undoable(identityId, dataset);
  if (settled.length === 0) {
    throw new BenchError('NothingToUndo', `Nothing was settled in ${dataset} since it was synchronised`, 409);
  }
  file.transaction(() => {
    file.cache.unsettle(
      identityId,
      dataset,
      settled.map(({ conflict }) => conflict),
    );
    file.forgetUndo(identityId, dataset);
  });
}

export async function merge(parts: DeviceParts, action: Action<'merge'>): Promise<void> {
  const store = await openStore(parts);
  parts.file.forgetUndo(store.identityId, action.dataset);
  await mergeGuest(action, store);
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

async function openStore(parts: DeviceParts): Promise<OpenStore> {
  const { client, place } = await syncClient(parts);
  const pushDeviceId = parts.file.registration(place.IdentityId);
  return {
    identityId: place.IdentityId,
    cache: parts.file.cache.forIdentity(place.IdentityId, () => parts.clock.millis()),
    local: parts.file.cache,
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
