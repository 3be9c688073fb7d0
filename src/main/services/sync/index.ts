/**
 * Cognito Sync, server side: datasets of key-value records per identity, their counts, sessions, limits, the function
 * that sees each write, the stream that each change goes to, and which of an identity's devices are told of it. How a
 * push travels is SNS's business, what a stream keeps is Kinesis's. Whether an identity exists is the identity pools' business, whether a role
 * may call is IAM's, and how a phone synchronises and settles conflicts is written apart in `devices/sync-engine`.
 */
import type { Family } from '../family.ts';
import { bulkPublish } from './bulk-publish.ts';
import { configuration } from './configuration.ts';
import { datasets } from './datasets.ts';
import { events } from './events.ts';
import { push } from './push.ts';
import { records } from './records.ts';
import { usage } from './usage.ts';

export { createDatasetAdoption } from './adoption.ts';
export { createBulkPublisher } from './bulk-publisher.ts';
export { createPushFanOut } from './push-fan-out.ts';

export const families: readonly Family[] = [datasets, records, usage, configuration, events, push, bulkPublish];
