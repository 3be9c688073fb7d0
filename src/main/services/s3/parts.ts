import type { ListPartsOutput, ListPartsRequest, UploadPartOutput, UploadPartRequest } from '../../../shared/aws/s3.ts';
import { checksum } from '../../kernel/checksums.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { MultipartUploadRecord } from '../../store/repositories/multipart-uploads.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { ownerOf } from './buckets.ts';
import { givenChecksum, isChecksumName, requireAlgorithm } from './checksums.ts';
import { MOST_PARTS } from './completed-parts.ts';
import { quoted } from './conditions.ts';
import { requireUpload } from './multipart-uploads.ts';
import { md5, refuseLarge } from './objects.ts';
import { onObject } from './permissions.ts';
import { refuseSettings } from './settings.ts';

type Needs = Pick<Services, 'buckets' | 'ids' | 'multipartUploads' | 'objects' | 'store'>;

export const parts = family<'s3', Needs>('s3', 'parts', {
  ListParts: { permissions: onObject('ListMultipartUploadParts'), run: listParts },
  UploadPart: { permissions: onObject('PutObject'), note: 'At most 64 MiB a part.', run: uploadPart },
});

function uploadPart(input: UploadPartRequest, call: Call, needs: Needs): UploadPartOutput {
  const { PartNumber: number, Body: bytes = new Uint8Array() } = input;
  const { account, now, why } = call;
  const { ids, multipartUploads, objects, store } = needs;
  refuseSettings(input, call);
  if (number < 1 || number > MOST_PARTS) {
    throw why.refuse(
      'S3-PART-3',
      'Parts have numbers from 1 to 10,000.',
      s3Fault('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`, {
        elements: { ArgumentName: 'partNumber', ArgumentValue: String(number) },
      }),
    );
  }
  const upload = requireUpload(input, call, needs);
  refuseLarge(bytes, call);
  const sum = sumOf(upload, bytes, input, call);
  const etag = md5(bytes);
  const content = ids.uuid();
  store.write(() => {
    const previous = multipartUploads.findPart(upload.id, number);
    if (previous) objects.removePieces(previous.content);
    objects.writePiece({ account, content, place: 0, bytes });
    multipartUploads.putPart({
      account,
      uploadId: upload.id,
      number,
      content,
      size: bytes.length,
      etag,
      checksum: sum?.value,
      modifiedAt: now,
    });
  });
  return { ETag: quoted(etag), ...(sum ? { [`Checksum${sum.algorithm}`]: sum.value } : {}) };
}

/** The one that came; where the upload has an algorithm and nothing came, it is made. */
function sumOf(
  upload: MultipartUploadRecord,
  bytes: Uint8Array,
  input: UploadPartRequest,
  { why }: Call,
): { algorithm: string; value: string } | undefined {
  const given = givenChecksum(input);
  const expected = upload.checksum?.algorithm;
  if (expected === undefined || !isChecksumName(expected)) return given;
  if (given === undefined) return { algorithm: expected, value: checksum(expected, bytes).toString('base64') };
  requireAlgorithm(expected, given, { why });
  return given;
}

const MOST_LISTED = 1000;

function listParts(input: ListPartsRequest, call: Call, needs: Needs): ListPartsOutput {
  refuseSettings(input, call);
  const upload = requireUpload(input, call, needs);
  const { PartNumberMarker = 0, MaxParts = MOST_LISTED } = input;
  const most = Math.max(0, Math.min(MaxParts, MOST_LISTED));
  const found = needs.multipartUploads.parts(upload.id, PartNumberMarker, most + 1);
  const page = found.slice(0, most);
  const algorithm = upload.checksum?.algorithm;
  return {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker,
    ...(page.length > 0 ? { NextPartNumberMarker: page.at(-1)!.number } : {}),
    MaxParts: most,
    IsTruncated: found.length > page.length,
    Parts: page.map(({ number, modifiedAt, etag, size, checksum: value }) => ({
      PartNumber: number,
      LastModified: modifiedAt,
      ETag: quoted(etag),
      Size: size,
      ...(algorithm === undefined || value === undefined ? {} : { [`Checksum${algorithm}`]: value }),
    })),
    Initiator: ownerOf(call.account),
    Owner: ownerOf(call.account),
    StorageClass: 'STANDARD',
    ...(upload.checksum
      ? {
          ChecksumAlgorithm: upload.checksum.algorithm as NonNullable<ListPartsOutput['ChecksumAlgorithm']>,
          ChecksumType: upload.checksum.type,
        }
      : {}),
  };
}
