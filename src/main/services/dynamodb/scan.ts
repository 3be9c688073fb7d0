import type { ScanInput, ScanOutput } from '../../../shared/aws/dynamodb.ts';
import type { ScanRange } from '../../store/repositories/items.ts';
import { family, type Call } from '../family.ts';
import { checkedItem } from './attribute-values.ts';
import { NO_BYTES, PLACES } from './keys.ts';
import { refuseLegacy, requireSchema } from './lookup.ts';
import { mayScan } from './permissions.ts';
import {
  readPage,
  readStartKey,
  readWanted,
  requireProjected,
  scanPlaceholders,
  sourceOf,
  type ReadNeeds,
  type StartKey,
} from './reading.ts';
import { explained, invalid } from './refusals.ts';

export const scan = family<'dynamodb', ReadNeeds>('dynamodb', 'scan', {
  Scan: { permissions: mayScan, run: explained(runScan) },
});

function runScan(input: ScanInput, call: Call, needs: ReadNeeds): ScanOutput {
  refuseLegacy(input);
  const segment = readSegment(input);
  const placeholders = scanPlaceholders(input);
  const wanted = readWanted(input, placeholders);
  placeholders.refuseUnused();
  const schema = requireSchema(call, needs, input.TableName);
  const source = sourceOf(schema, input);
  requireProjected(source, wanted);
  const start = input.ExclusiveStartKey && readStartKey(source, checkedItem(input.ExclusiveStartKey));
  const range: ScanRange = start
    ? { from: after(start, source.index !== undefined), end: segment.end }
    : { from: { place: segment.begin, partition: NO_BYTES, sort: NO_BYTES, base: NO_BYTES }, end: segment.end };
  if (range.from.place < segment.begin || range.from.place >= segment.end) {
    throw invalid(
      'DB-SCAN-1',
      `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${input.TotalSegments} Segment: ${input.Segment}`,
    );
  }
  const rows = source.index ? needs.items.scanIndex(source.index.id, range) : needs.items.scan(schema.table.id, range);
  return readPage(rows, source, wanted, input, call);
}

/** A segment has its even part of the places. @throws Refusal */
function readSegment({ Segment, TotalSegments }: ScanInput): { readonly begin: number; readonly end: number } {
  if (Segment === undefined && TotalSegments === undefined) return { begin: 0, end: PLACES };
  if (Segment === undefined || TotalSegments === undefined) {
    throw invalid(
      'DB-SCAN-1',
      Segment === undefined
        ? 'The Segment parameter is required but was not present in the request when parameter TotalSegments is present'
        : 'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (Segment >= TotalSegments) {
    throw invalid(
      'DB-SCAN-1',
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
  return {
    begin: Math.ceil((PLACES * Segment) / TotalSegments),
    end: Math.ceil((PLACES * (Segment + 1)) / TotalSegments),
  };
}

const ZERO_BYTE: Buffer = Buffer.alloc(1);

function after({ key, base }: StartKey, isIndex: boolean): ScanRange['from'] {
  if (isIndex) return { ...key, base: Buffer.concat([base, ZERO_BYTE]) };
  return { ...key, sort: Buffer.concat([key.sort, ZERO_BYTE]), base: NO_BYTES };
}
