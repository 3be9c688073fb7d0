import type { GetObjectOutput } from '../../../shared/aws/s3.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { ObjectChecksum, ObjectDescription, ObjectRecord } from '../../store/repositories/objects.ts';
import type { Call } from '../family.ts';
import { quoted } from './conditions.ts';
import { readTagQuery } from './tags.ts';

/** What stands beside an object's bytes: read from the headers of a write, and given back with the object. */

const KEPT = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType'] as const;
const MOST_METADATA = 2048;

interface Described {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
  readonly Expires?: Date;
  readonly Metadata?: { readonly [name: string]: string };
  readonly Tagging?: string;
}

export function readDescription(input: Described, call: Pick<Call, 'why'>): ObjectDescription {
  const headers: { [member: string]: string } = { ContentType: 'binary/octet-stream' };
  for (const name of KEPT) if (input[name] !== undefined && input[name] !== '') headers[name] = input[name];
  // The frames of chunks were on the way only.
  const encodings = (input.ContentEncoding ?? '').split(',').map((encoding) => encoding.trim());
  const lasting = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked').join(',');
  if (lasting === '') delete headers['ContentEncoding'];
  else headers['ContentEncoding'] = lasting;
  if (input.Expires) headers['Expires'] = input.Expires.toUTCString();
  return {
    headers,
    metadata: readMetadata(input.Metadata ?? {}, call),
    tags: input.Tagging === undefined ? {} : readTagQuery(input.Tagging, call),
  };
}

/** A presigned address can say what no header holds. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]*$/;
// oxlint-disable-next-line no-control-regex
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** @throws Fault where the answer could not hold this header */
export function checkHeader(rule: string, name: string, value: string, { why }: Pick<Call, 'why'>): void {
  if (HEADER_NAME.test(name) && HEADER_VALUE.test(value)) return;
  throw why.refuse(
    rule,
    'The answer could not hold a header of this name and value.',
    s3Fault('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
      elements: { ArgumentName: name, ArgumentValue: value.slice(0, 256) },
    }),
  );
}

function readMetadata(metadata: ObjectDescription['metadata'], { why }: Pick<Call, 'why'>): typeof metadata {
  for (const [name, value] of Object.entries(metadata)) checkHeader('S3-PUT-6', `x-amz-meta-${name}`, value, { why });
  const size = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size <= MOST_METADATA) return metadata;
  throw why.refuse(
    'S3-PUT-4',
    'Names and values of the metadata are longer than 2 KiB.',
    s3Fault('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      elements: { Size: String(size), MaxSizeAllowed: String(MOST_METADATA) },
    }),
  );
}

interface DescribedAnswer {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
  readonly Expires?: Date;
  readonly Metadata: { [name: string]: string };
  readonly TagCount?: number;
  readonly AcceptRanges: string;
  readonly ETag: string;
  readonly LastModified: Date;
}

/** Members of the answers to GetObject and HeadObject. */
export function describeAnswer(record: ObjectRecord): DescribedAnswer {
  const { Expires, ...headers } = record.headers;
  const tags = Object.keys(record.tags).length;
  return {
    ...headers,
    ...(Expires === undefined ? {} : { Expires: new Date(Expires) }),
    ...(tags === 0 ? {} : { TagCount: tags }),
    Metadata: { ...record.metadata },
    AcceptRanges: 'bytes',
    ETag: quoted(record.etag),
    LastModified: record.modifiedAt,
  };
}

type ChecksumMembers = Pick<GetObjectOutput, Extract<keyof GetObjectOutput, `Checksum${string}`>>;

/** `ChecksumCRC32: …` and its type. */
export function checksumMembers(checksum: ObjectChecksum | undefined): ChecksumMembers {
  if (checksum?.value === undefined) return {};
  const members: ChecksumMembers = { [`Checksum${checksum.algorithm}`]: checksum.value };
  return { ...members, ChecksumType: checksum.type };
}
