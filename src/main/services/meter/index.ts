/**
 * What AWS would bill: sync operations by both of the documents' definitions, the store's size over time, and the
 * month's active users. It listens to what the other services announce, and nobody waits for it.
 */
export { createUsageMeter } from './meter.ts';
