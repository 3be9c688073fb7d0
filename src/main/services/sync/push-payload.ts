import type { PushNotification } from '../../../shared/device.ts';

/** A silent push as each platform carries it: texts under `data`, which the mobile SDKs read. [SY-PUSH-9] */
export function pushPayload(platform: string, { syncCount, ...names }: PushNotification): string {
  const data = { ...names, syncCount: String(syncCount) };
  // `content-available` wakes the app and shows nothing; recalled, not found in a source.
  return JSON.stringify(platform.startsWith('APNS') ? { aps: { 'content-available': 1 }, data } : { data });
}
