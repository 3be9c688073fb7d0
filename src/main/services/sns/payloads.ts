import type { PushNotification } from '../../../shared/device.ts';

/** What one platform gets of a message, in that platform's own form. */

export type MessageTexts =
  | { readonly ok: true; readonly textFor: (platform: string) => string }
  | { readonly ok: false; readonly problem: string };

/** @param structure `json`: one text for each platform, and one for all others under `default` */
export function messageTexts(message: string, structure: string | undefined): MessageTexts {
  if (structure !== 'json') return { ok: true, textFor: (platform) => wrapped(platform, message) };
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    return { ok: false, problem: 'Message Structure - JSON message body failed to parse' };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { ok: false, problem: 'Message Structure - JSON message body failed to parse' };
  }
  // Entries that are no texts are passed over.
  const texts = new Map(
    Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const fallback = texts.get('default');
  if (fallback === undefined) {
    return { ok: false, problem: 'Message Structure - No default entry in JSON message body' };
  }
  return { ok: true, textFor: (platform) => texts.get(platform) ?? wrapped(platform, fallback) };
}

/** A plain text in the least envelope that the platform takes; from memory. */
function wrapped(platform: string, text: string): string {
  return JSON.stringify(platform.startsWith('APNS') ? { aps: { alert: text } } : { data: { default: text } });
}

/** The notification of Cognito Sync in a payload, as the mobile SDKs find it under `data`. */
export function notificationIn(payload: string): PushNotification | undefined {
  let data: unknown;
  try {
    data = (JSON.parse(payload) as { data?: unknown } | null)?.data;
  } catch {
    return undefined;
  }
  const { source, identityPoolId, identityId, datasetName, syncCount } = (data ?? {}) as {
    readonly [name: string]: unknown;
  };
  const count = Number(syncCount);
  if (source !== 'cognito-sync' || !Number.isSafeInteger(count)) return undefined;
  if (typeof identityPoolId !== 'string' || typeof identityId !== 'string' || typeof datasetName !== 'string') {
    return undefined;
  }
  return { source, identityPoolId, identityId, datasetName, syncCount: count };
}
