/**
 * The part of Kinesis that Cognito Streams lean on: streams of shards, records by partition key, iterators, and the
 * 24 hours for which a record can be read. What a dataset's change says in a record is next door, in sync; the bench
 * itself keeps records longer, for its history.
 */
import type { Family } from '../family.ts';
import { putRecords } from './put-records.ts';
import { readRecords } from './read-records.ts';
import { streams } from './streams.ts';

export { createStreamHistory } from './history.ts';
export { createStreamWriter } from './writer.ts';

export const families: readonly Family[] = [streams, putRecords, readRecords];
