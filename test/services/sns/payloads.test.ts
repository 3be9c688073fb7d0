import { expect, it } from 'vitest';
import { messageTexts, notificationIn } from '../../../src/main/services/sns/payloads.ts';
import { pushPayload } from '../../../src/main/services/sync/push-payload.ts';

const notification = {
  source: 'cognito-sync' as const,
  identityPoolId: 'us-east-1:pool',
  identityId: 'us-east-1:me',
  datasetName: 'notes',
  syncCount: 7,
};
const data = { ...notification, syncCount: '7' };

it.each([
  ['GCM', { data }],
  ['ADM', { data }],
  ['APNS', { aps: { 'content-available': 1 }, data }],
  ['APNS_SANDBOX', { aps: { 'content-available': 1 }, data }],
])('[SY-PUSH-9] %s carries a silent push in its own form, and it is read back', (platform, payload) => {
  const text = pushPayload(platform, notification);
  expect(JSON.parse(text)).toEqual(payload);
  expect(notificationIn(text)).toEqual(notification);
});

it.each([
  'text',
  'null',
  '[]',
  '{"data":null}',
  JSON.stringify({ data: { ...data, source: 'other' } }),
  JSON.stringify({ data: { ...data, syncCount: 'x' } }),
  JSON.stringify({ data: { ...data, datasetName: 7 } }),
])('[PS-LANE-4] %s is no notification of Cognito Sync', (text) => {
  expect(notificationIn(text)).toBeUndefined();
});

it('[PS-PUBLISH-3] a plain text is wrapped for its platform', () => {
  const texts = messageTexts('hello', undefined);
  if (!texts.ok) throw new Error(texts.problem);
  expect(JSON.parse(texts.textFor('APNS'))).toEqual({ aps: { alert: 'hello' } });
  expect(JSON.parse(texts.textFor('ADM'))).toEqual({ data: { default: 'hello' } });
});
