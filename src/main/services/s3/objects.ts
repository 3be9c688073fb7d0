import { createHash } from 'node:crypto';
import type {
  GetObjectOutput,
  GetObjectRequest,
  HeadObjectOutput,
  HeadObjectRequest,
  PutObjectOutput,
  PutObjectRequest,
} from '../../../shared/aws/s3.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { ObjectRecord } from '../../store/repositories/objects.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requireBucket } from './buckets.ts';
import { givenChecksum } from './checksums.ts';
import { checkRead, checkWrite, quoted } from './conditions.ts';
import { checkHeader, checksumMembers, describeAnswer, readDescription } from './descriptions.ts';
import { missingKey, onTaggedObject, toCompare, toWrite } from './permissions.ts';
import { contentRange, readRange, type Span } from './ranges.ts';
import { refuseSettings } from './settings.ts';

type Needs = Pick<Services, 'access' | 'buckets' | 'ids' | 'objects' | 'store'>;

export const objects = family<'s3', Needs>('s3', 'objects', {
  GetObject: { permissions: onTaggedObject('GetObject'), run: getObject },
  HeadObject: { permissions: onTaggedObject('GetObject'), run: headObject },
  PutObject: {
    permissions: (input, call, needs) => [...toWrite(input), ...toCompare(input, call, needs)],
    note: 'At most 64 MiB in one request; larger objects come in parts.',
    run: putObject,
  },
});

/** What a request may bring; the frames of its chunks come on top. [own: AWS takes 5 GiB] */
const MOST_BYTES = 64 * 1024 * 1024;

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

export function refuseLarge(bytes: Uint8Array, { why }: Pick<Call, 'why'>): void {
  if (bytes.length <= MOST_BYTES) return;
  throw why.refuse(
    'S3-PUT-5',
    'The body is larger than 64 MiB, the most that one request may bring.',
    s3Fault('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      elements: { ProposedSize: String(bytes.length), MaxSizeAllowed: String(MOST_BYTES) },
    }),
  );
}

function putObject(input: PutObjectRequest, call: Call, needs: Needs): PutObjectOutput {
  const { Bucket: bucket, Key: key, Body: bytes = new Uint8Array() } = input;
  const { account, now, why } = call;
  const { ids, objects: stored, store } = needs;
  refuseSettings(input, call);
  requireBucket(input, call, needs);
  refuseLarge(bytes, call);
  const description = readDescription(input, call);
  const checksum = givenChecksum(input);
  checkWrite(stored.find(account, bucket, key), input, call, () => missingKey(input, call, needs));
  const etag = md5(bytes);
  const content = ids.uuid();
  store.write(() => {
    stored.writePiece({ account, content, place: 0, bytes });
    stored.put({
      ...description,
      ...(checksum ? { checksum } : {}),
      account,
      bucket,
      key,
      content,
      size: bytes.length,
      etag,
      modifiedAt: now,
    });
  });
  why.pass('S3-PUT-1', `${bytes.length} bytes are kept under the key.`);
  return { ETag: quoted(etag), ...checksumMembers(checksum) };
}

export function requireObject(
  input: { readonly Bucket: string; readonly Key: string; readonly ExpectedBucketOwner?: string },
  call: Call,
  needs: Pick<Services, 'access' | 'buckets' | 'objects'>,
): ObjectRecord {
  requireBucket(input, call, needs);
  const record = needs.objects.find(call.account, input.Bucket, input.Key);
  if (!record) throw missingKey(input, call, needs);
  return record;
}

interface Reading {
  readonly Range?: string;
  readonly PartNumber?: number;
  readonly ChecksumMode?: string;
}

/** Which bytes are asked for, and what the answer says of them. */
function partOf(record: ObjectRecord, input: Reading, call: Call): { span: Span; members: HeadObjectOutput } {
  const { size, parts = [size] } = record;
  const range = input.PartNumber === undefined ? readRange(input.Range, size, call) : partSpan(parts, input, call);
  const span = range ?? { start: 0, length: size };
  const isWhole = span.length === size;
  return {
    span,
    members: {
      ContentLength: span.length,
      ...(range && (!isWhole || input.PartNumber === undefined) ? { ContentRange: contentRange(range, size) } : {}),
      ...(input.PartNumber !== undefined && record.parts ? { PartsCount: parts.length } : {}),
      // A checksum is of the whole, and would be wrong for a part.
      ...(input.ChecksumMode === 'ENABLED' && isWhole ? checksumMembers(record.checksum) : {}),
    },
  };
}

function partSpan(parts: readonly number[], { PartNumber = 1, Range }: Reading, { why }: Call): Span {
  const length = parts[PartNumber - 1];
  if (Range !== undefined) {
    throw why.refuse(
      'S3-GET-6',
      'The request asks for a part and for a range.',
      s3Fault('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter'),
    );
  }
  if (length === undefined) {
    throw why.refuse(
      'S3-GET-6',
      `The object has ${parts.length} parts.`,
      s3Fault('InvalidRange', 'The requested partnumber is not satisfiable', {
        elements: { PartNumberRequested: String(PartNumber), ActualPartCount: String(parts.length) },
      }),
    );
  }
  return { start: parts.slice(0, PartNumber - 1).reduce((sum, part) => sum + part, 0), length };
}

function headObject(input: HeadObjectRequest, call: Call, needs: Needs): HeadObjectOutput {
  refuseSettings(input, call);
  const record = requireObject(input, call, needs);
  checkRead(record, input, call);
  const { members } = partOf(record, input, call);
  return { ...describeAnswer(record), ...overrides(input, call), ...members };
}

function getObject(input: GetObjectRequest, call: Call, needs: Needs): GetObjectOutput {
  refuseSettings(input, call);
  const record = requireObject(input, call, needs);
  checkRead(record, input, call);
  const { span, members } = partOf(record, input, call);
  const pieces = [...needs.objects.read(record.content, span.start, span.length)];
  call.why.pass('S3-GET-1', `${span.length} of the ${record.size} bytes of the object are given out.`);
  return {
    ...describeAnswer(record),
    ...overrides(input, call),
    ...members,
    Body: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces),
  };
}

type Overriding = Pick<
  GetObjectRequest,
  | 'ResponseCacheControl'
  | 'ResponseContentDisposition'
  | 'ResponseContentEncoding'
  | 'ResponseContentLanguage'
  | 'ResponseContentType'
  | 'ResponseExpires'
>;

/** Headers that the address asks to be answered in the place of the object's own. */
function overrides(input: Overriding, call: Call): Partial<HeadObjectOutput> {
  const texts = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
  };
  const given = Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const [name, value] of given) checkHeader('S3-GET-5', `Response${name}`, value, call);
  return {
    ...Object.fromEntries(given),
    ...(input.ResponseExpires === undefined ? {} : { Expires: input.ResponseExpires }),
  };
}
