/**
 * Cognito Sync, server side: datasets of key-value records per identity, their counts, sessions, limits, and silent
 * push to an identity's other devices. Whether an identity exists is the identity pools' business, whether a role
 * may call is IAM's, and how a phone synchronises and settles conflicts is written apart in `devices/sync-engine`.
 */
import type { Family } from '../family.ts';
import { bulkPublish } from './bulk-publish.ts';
import { configuration } from './configuration.ts';
import { datasets } from './datasets.ts';
import { push } from './push.ts';
import { records } from './records.ts';
import { usage } from './usage.ts';

export { createDatasetAdoption } from './adoption.ts';
export { createPushFanOut } from './push-fan-out.ts';

export const families: readonly Family[] = [datasets, records, usage, configuration, push, bulkPublish];
