import { expectTypeOf, it } from 'vitest';
import type { Dataset, ListRecordsResponse, Record, RecordPatch } from '../../../src/shared/aws/cognito-sync.ts';
import type { DatasetSummary, RecordPage, SyncRecord, SyncRecordPatch } from '../../../src/shared/sync-wire.ts';

type Members<Shape> = { [Name in keyof Shape]: Exclude<Shape[Name], undefined> };
type Mutable<Shape> = { -readonly [Name in keyof Shape]-?: Members<Shape>[Name] };

it('[SY-UPDATE-2] speaks the model’s shapes, member for member', () => {
  expectTypeOf<Mutable<SyncRecord>>().toEqualTypeOf<Mutable<Record>>();
  expectTypeOf<Mutable<DatasetSummary>>().toEqualTypeOf<Mutable<Dataset>>();
  expectTypeOf<keyof RecordPage>().toEqualTypeOf<keyof ListRecordsResponse>();
  expectTypeOf<SyncRecordPatch>().toExtend<RecordPatch>();
  expectTypeOf<keyof SyncRecordPatch>().toEqualTypeOf<keyof RecordPatch>();
});
