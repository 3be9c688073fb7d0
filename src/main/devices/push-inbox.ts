import type { PushNotification } from '../../shared/device.ts';
import { cacheIdentity } from './identity.ts';
import type { DeviceParts } from './parts.ts';

/*
 * Silent pushes arriving. They only say that a dataset changed; the data comes with a synchronise.
 */

/** Keeps a push; one for a device that is offline waits with the push service. [DV-PUSH-2] */
export function receivePush(parts: DeviceParts, notification: PushNotification): { readonly isDelivered: boolean } {
  const isDelivered = parts.network.state.online;
  parts.file.pushes.add(notification, parts.clock.millis(), isDelivered);
  return { isDelivered };
}

/**
 * Whether the app fetches at once what a push announced. It does not when changes or conflicts of its own wait in
 * that dataset: those are for the person who made them to synchronise, with a resolver of their choice. [DV-PUSH-3]
 */
export function fetchesAtOnce(parts: DeviceParts, { identityId, datasetName, syncCount }: PushNotification): boolean {
  const { cache } = parts.file;
  if (!parts.network.state.online || identityId !== cacheIdentity(parts)) return false;
  const dataset = cache.dataset(identityId, datasetName);
  if (dataset === undefined || dataset.lastSyncCount >= syncCount) return false;
  const hasOwnChanges = cache.records(identityId, datasetName).some(({ modified }) => modified);
  return !hasOwnChanges && cache.conflicts(identityId, datasetName).length === 0;
}
