import type { Fault } from '../../kernel/fault.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { ObjectRecord } from '../../store/repositories/objects.ts';
import type { Call } from '../family.ts';

export interface Conditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

type Known = Pick<ObjectRecord, 'etag' | 'modifiedAt'>;

export function quoted(etag: string): string {
  return `"${etag}"`;
}

function matches(header: string, { etag }: Known): boolean {
  return header.split(',').some((candidate) => {
    const bare = candidate.trim().replace(/^W\//, '').replaceAll(/^"|"$/g, '');
    return bare === '*' || bare === etag;
  });
}

/** Headers tell whole seconds. */
function isNewer({ modifiedAt }: Known, date: Date): boolean {
  return Math.floor(modifiedAt.getTime() / 1000) > Math.floor(date.getTime() / 1000);
}

function failed(condition: string): Fault {
  return s3Fault('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    elements: { Condition: condition },
  });
}

/** A condition on the ETag settles it; the dates only count without one. [docs] */
export function checkRead(record: Known, conditions: Conditions, { why }: Pick<Call, 'why'>): void {
  const broken = brokenCondition(record, conditions);
  if (broken !== undefined) {
    throw why.refuse('S3-IF-1', `The object does not meet ${broken}.`, failed(broken));
  }
  const { IfNoneMatch, IfModifiedSince } = conditions;
  const isUnchanged =
    IfNoneMatch === undefined
      ? IfModifiedSince !== undefined && !isNewer(record, IfModifiedSince)
      : matches(IfNoneMatch, record);
  if (!isUnchanged) return;
  const headers = { ETag: quoted(record.etag), 'Last-Modified': record.modifiedAt.toUTCString() };
  throw why.refuse(
    'S3-IF-2',
    'The caller has this object already.',
    s3Fault('NotModified', 'Not Modified', { headers }),
  );
}

function brokenCondition(record: Known, { IfMatch, IfUnmodifiedSince }: Conditions): string | undefined {
  if (IfMatch !== undefined) return matches(IfMatch, record) ? undefined : 'If-Match';
  return IfUnmodifiedSince !== undefined && isNewer(record, IfUnmodifiedSince) ? 'If-Unmodified-Since' : undefined;
}

/** A copy that is not made is a failure, never "not modified". [docs] */
export function checkCopySource(record: Known, conditions: Conditions, { why }: Pick<Call, 'why'>): void {
  const { IfNoneMatch, IfModifiedSince } = conditions;
  const broken =
    brokenCondition(record, conditions) ??
    (IfNoneMatch === undefined
      ? IfModifiedSince !== undefined && !isNewer(record, IfModifiedSince) && 'If-Modified-Since'
      : matches(IfNoneMatch, record) && 'If-None-Match');
  if (broken === undefined || broken === false) return;
  throw why.refuse('S3-COPY-3', `The source does not meet ${broken}.`, failed(`x-amz-copy-source-${broken}`));
}

/** `If-None-Match: *` keeps what is there; `If-Match` replaces only what the caller knows. [docs] */
export function checkWrite(
  existing: Known | undefined,
  { IfMatch, IfNoneMatch }: Conditions,
  { why }: Pick<Call, 'why'>,
  noSuchKey: () => Fault,
): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw why.refuse(
      'S3-IF-3',
      'A write takes no If-None-Match but `*`.',
      s3Fault('NotImplemented', 'A header you provided implies functionality that is not implemented', {
        elements: { Header: 'If-None-Match' },
      }),
    );
  }
  if (IfNoneMatch === '*' && existing) {
    throw why.refuse('S3-IF-3', 'There is an object already.', failed('If-None-Match'));
  }
  if (IfMatch === undefined) return;
  if (!existing) throw noSuchKey();
  if (!matches(IfMatch, existing)) {
    throw why.refuse('S3-IF-3', 'The object is not the one that the caller knows.', failed('If-Match'));
  }
}
