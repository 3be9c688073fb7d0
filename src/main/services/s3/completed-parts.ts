import type { CompletedPart, CompleteMultipartUploadRequest } from '../../../shared/aws/s3.ts';
import { createChecksum } from '../../kernel/checksums.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { MultipartUploadRecord, UploadPartRecord } from '../../store/repositories/multipart-uploads.ts';
import type { ObjectChecksum } from '../../store/repositories/objects.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { givenChecksum, isChecksumName, requireAlgorithm } from './checksums.ts';

/** What the parts of an upload are together, once somebody says which they are. */

type Needs = Pick<Services, 'multipartUploads' | 'objects'>;

export const MOST_PARTS = 10_000;
/** Of every part but the last. [docs] */
const LEAST_PART = 5 * 1024 * 1024;
/** [own: AWS takes 5 TiB] */
const MOST_BYTES = 1024 * 1024 * 1024;

export function readParts(
  { MultipartUpload }: CompleteMultipartUploadRequest,
  upload: MultipartUploadRecord,
  { why }: Call,
  { multipartUploads }: Needs,
): UploadPartRecord[] {
  const named = MultipartUpload?.Parts ?? [];
  if (named.length === 0 || named.length > MOST_PARTS) {
    throw why.refuse(
      'S3-PART-4',
      'The upload is completed with a list of its parts, and there is none.',
      s3Fault(
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
      ),
    );
  }
  let previous = 0;
  return named.map((part, index) => {
    const number = part.PartNumber ?? 0;
    if (number <= previous) {
      throw why.refuse(
        'S3-PART-5',
        'The parts are not in ascending order.',
        s3Fault(
          'InvalidPartOrder',
          'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
          { elements: { UploadId: upload.id } },
        ),
      );
    }
    previous = number;
    const found = multipartUploads.findPart(upload.id, number);
    if (!found || !isSamePart(found, part, upload)) {
      throw why.refuse(
        'S3-PART-5',
        `There is no part ${number} with this ETag.`,
        s3Fault(
          'InvalidPart',
          "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
          { elements: { UploadId: upload.id, PartNumber: String(number), ETag: part.ETag ?? '' } },
        ),
      );
    }
    if (index < named.length - 1 && found.size < LEAST_PART) {
      throw why.refuse(
        'S3-PART-6',
        `Part ${number} is smaller than 5 MiB and not the last.`,
        s3Fault('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
          elements: {
            ProposedSize: String(found.size),
            MinSizeAllowed: String(LEAST_PART),
            PartNumber: String(number),
            ETag: found.etag,
          },
        }),
      );
    }
    return found;
  });
}

function isSamePart(found: UploadPartRecord, part: CompletedPart, { checksum }: MultipartUploadRecord): boolean {
  if ((part.ETag ?? '').replaceAll('"', '') !== found.etag) return false;
  const said = checksum && (part as { readonly [member: string]: unknown })[`Checksum${checksum.algorithm}`];
  return said === undefined || said === found.checksum;
}

export function checkSize(size: number, { MpuObjectSize }: CompleteMultipartUploadRequest, { why }: Call): void {
  if (MpuObjectSize !== undefined && MpuObjectSize !== size) {
    throw why.refuse(
      'S3-PART-5',
      `The parts are ${size} bytes together, and not as many as was said.`,
      s3Fault(
        'InvalidRequest',
        `The provided 'x-amz-mp-object-size' header value ${MpuObjectSize} does not match what was computed: ${size}`,
      ),
    );
  }
  if (size <= MOST_BYTES) return;
  throw why.refuse(
    'S3-PART-6',
    'The parts are more than 1 GiB together.',
    s3Fault('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      elements: { ProposedSize: String(size), MaxSizeAllowed: String(MOST_BYTES) },
    }),
  );
}

/** Over the parts' own sums, or over all bytes. [docs] */
export function wholeChecksum(
  { checksum }: MultipartUploadRecord,
  parts: readonly UploadPartRecord[],
  input: CompleteMultipartUploadRequest,
  { why }: Call,
  { objects }: Needs,
): ObjectChecksum | undefined {
  const given = givenChecksum(input);
  if (given) requireAlgorithm(checksum?.algorithm ?? 'null', given, { why });
  if (!checksum || !isChecksumName(checksum.algorithm)) return undefined;
  const { algorithm, type } = checksum;
  const sum = createChecksum(algorithm);
  for (const { content, size, checksum: ofPart } of parts) {
    if (type === 'COMPOSITE') sum.update(Buffer.from(ofPart ?? '', 'base64'));
    else for (const bytes of objects.read(content, 0, size)) sum.update(bytes);
  }
  const value = sum.digest().toString('base64') + (type === 'COMPOSITE' ? `-${parts.length}` : '');
  if (given === undefined || given.value === value || `${given.value}-${parts.length}` === value) {
    return { algorithm, type, value };
  }
  throw why.refuse(
    'S3-PART-7',
    `The object has another ${algorithm} than was said.`,
    s3Fault('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`),
  );
}
