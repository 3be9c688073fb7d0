import { createHash } from 'node:crypto';
import type {
  AbortMultipartUploadOutput,
  AbortMultipartUploadRequest,
  CompleteMultipartUploadOutput,
  CompleteMultipartUploadRequest,
  CreateMultipartUploadOutput,
  CreateMultipartUploadRequest,
  ListMultipartUploadsOutput,
  ListMultipartUploadsRequest,
} from '../../../shared/aws/s3.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { MultipartUploadRecord } from '../../store/repositories/multipart-uploads.ts';
import type { ObjectChecksum } from '../../store/repositories/objects.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { ownerOf, requireBucket } from './buckets.ts';
import { isChecksumName } from './checksums.ts';
import { checkSize, MOST_PARTS, readParts, wholeChecksum } from './completed-parts.ts';
import { checkWrite, quoted } from './conditions.ts';
import { checksumMembers, readDescription } from './descriptions.ts';
import { encoder } from './listings.ts';
import { missingKey, onBucket, onObject, toCompare, toWrite } from './permissions.ts';
import { rollUp } from './roll-up.ts';
import { refuseSettings } from './settings.ts';

type Needs = Pick<Services, 'access' | 'buckets' | 'config' | 'ids' | 'multipartUploads' | 'objects' | 'store'>;

export const multipartUploads = family<'s3', Needs>('s3', 'multipart-uploads', {
  AbortMultipartUpload: { permissions: onObject('AbortMultipartUpload'), run: abortMultipartUpload },
  CompleteMultipartUpload: {
    permissions: (input, call, needs) => [...onObject('PutObject')(input), ...toCompare(input, call, needs)],
    note: 'At most 1 GiB in all, since objects are read into memory.',
    run: completeMultipartUpload,
  },
  CreateMultipartUpload: { permissions: toWrite, run: createMultipartUpload },
  ListMultipartUploads: { permissions: onBucket('ListBucketMultipartUploads'), run: listMultipartUploads },
});

interface Named {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

export function requireUpload(
  input: Named,
  call: Call,
  needs: Pick<Services, 'buckets' | 'multipartUploads'>,
): MultipartUploadRecord {
  requireBucket(input, call, needs);
  const { Bucket, Key, UploadId } = input;
  const upload = needs.multipartUploads.find(call.account, Bucket, Key, UploadId);
  if (upload) return upload;
  throw call.why.refuse(
    'S3-PART-2',
    'No upload of this key has this id.',
    s3Fault(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { elements: { UploadId } },
    ),
  );
}

function createMultipartUpload(
  input: CreateMultipartUploadRequest,
  call: Call,
  needs: Needs,
): CreateMultipartUploadOutput {
  const { Bucket: bucket, Key: key } = input;
  const { account, now } = call;
  const { ids, store } = needs;
  refuseSettings(input, call);
  requireBucket(input, call, needs);
  const description = readDescription(input, call);
  const checksum = readAlgorithm(input, call);
  // Ids of one key are listed in the order in which the uploads began.
  const id = `${now.getTime().toString(36).padStart(9, '0')}${ids.opaque(32)}`;
  store.write(() => {
    needs.multipartUploads.insert({
      ...description,
      ...(checksum ? { checksum } : {}),
      account,
      bucket,
      key,
      id,
      startedAt: now,
    });
  });
  return {
    Bucket: bucket,
    Key: key,
    UploadId: id,
    ...(checksum
      ? {
          ChecksumAlgorithm: checksum.algorithm as NonNullable<CreateMultipartUploadOutput['ChecksumAlgorithm']>,
          ChecksumType: checksum.type,
        }
      : {}),
  };
}

/** Sums that can be put together from those of parts, or not. [docs] */
function readAlgorithm(input: CreateMultipartUploadRequest, { why }: Call): ObjectChecksum | undefined {
  const { ChecksumAlgorithm: algorithm, ChecksumType } = input;
  if (algorithm === undefined) return undefined;
  if (!isChecksumName(algorithm)) {
    throw why.refuse(
      'S3-SUM-3',
      `The checksum ${algorithm} is not one that the bench takes.`,
      s3Fault('NotImplemented', `Poolbench does not implement the checksum ${algorithm}.`),
    );
  }
  const type = ChecksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const isOfWhole = algorithm.startsWith('CRC');
  if ((type === 'FULL_OBJECT' && !isOfWhole) || (type === 'COMPOSITE' && algorithm === 'CRC64NVME')) {
    throw why.refuse(
      'S3-PART-7',
      `A checksum ${algorithm} cannot be ${type}.`,
      s3Fault(
        'InvalidRequest',
        `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
      ),
    );
  }
  return { algorithm, type };
}

function abortMultipartUpload(
  input: AbortMultipartUploadRequest,
  call: Call,
  needs: Needs,
): AbortMultipartUploadOutput {
  refuseSettings(input, call);
  const upload = requireUpload(input, call, needs);
  needs.store.write(() => discard(upload, needs));
  return {};
}

function discard(upload: MultipartUploadRecord, { multipartUploads, objects }: Needs): void {
  for (const { content } of multipartUploads.parts(upload.id, 0, MOST_PARTS)) objects.removePieces(content);
  multipartUploads.remove(upload);
}

function completeMultipartUpload(
  input: CompleteMultipartUploadRequest,
  call: Call,
  needs: Needs,
): CompleteMultipartUploadOutput {
  const { Bucket: bucket, Key: key } = input;
  const { account, now, why } = call;
  const { config, ids, objects, store } = needs;
  refuseSettings(input, call);
  const upload = requireUpload(input, call, needs);
  const parts = readParts(input, upload, call, needs);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  checkSize(size, input, call);
  checkWrite(objects.find(account, bucket, key), input, call, () => missingKey(input, call, needs));
  const digests = createHash('md5');
  for (const { etag } of parts) digests.update(etag, 'hex');
  const etag = `${digests.digest('hex')}-${parts.length}`;
  const checksum = wholeChecksum(upload, parts, input, call, needs);
  const content = ids.uuid();
  store.write(() => {
    for (const [place, part] of parts.entries()) objects.adoptPiece(part.content, content, place);
    // What was uploaded and is not named goes.
    discard(upload, needs);
    const { headers, metadata, tags } = upload;
    objects.put({
      headers,
      metadata,
      tags,
      ...(checksum ? { checksum } : {}),
      parts: parts.map((part) => part.size),
      account,
      bucket,
      key,
      content,
      size,
      etag,
      modifiedAt: now,
    });
  });
  why.pass('S3-PART-4', `${parts.length} parts are one object of ${size} bytes.`);
  return {
    Location: `${config.publicUrl()}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    Bucket: bucket,
    Key: key,
    ETag: quoted(etag),
    ...checksumMembers(checksum),
  };
}

const MOST_LISTED = 1000;

function listMultipartUploads(
  input: ListMultipartUploadsRequest,
  call: Call,
  needs: Needs,
): ListMultipartUploadsOutput {
  const { Bucket, Prefix = '', Delimiter = '', KeyMarker = '', UploadIdMarker = '', EncodingType } = input;
  const { account } = call;
  requireBucket(input, call, needs);
  const most = Math.max(0, Math.min(input.MaxUploads ?? MOST_LISTED, MOST_LISTED));
  const show = encoder(EncodingType);
  // Without an id of an upload the marker leaves out every upload of its key. [docs]
  const marker = { key: KeyMarker, id: UploadIdMarker === '' ? '\u{10ffff}' : UploadIdMarker };
  const page = rollUp(
    (from, until) => {
      const after = from === KeyMarker ? marker : { key: from, id: '' };
      return needs.multipartUploads.list({ account, bucket: Bucket }, after, until);
    },
    ({ key }) => key,
    { prefix: Prefix, delimiter: Delimiter, most, after: KeyMarker, start: KeyMarker },
  );
  const last = page.items.at(-1);
  return {
    Bucket,
    KeyMarker: show(KeyMarker),
    UploadIdMarker,
    Prefix: show(Prefix),
    ...(Delimiter === '' ? {} : { Delimiter: show(Delimiter) }),
    ...(EncodingType === undefined ? {} : { EncodingType }),
    MaxUploads: most,
    IsTruncated: page.isTruncated,
    ...(page.isTruncated
      ? { NextKeyMarker: show(page.last), NextUploadIdMarker: last?.key === page.last ? last.id : '' }
      : {}),
    Uploads: page.items.map(({ key, id, startedAt, checksum }) => ({
      Key: show(key),
      UploadId: id,
      Initiated: startedAt,
      StorageClass: 'STANDARD',
      Owner: ownerOf(account),
      Initiator: ownerOf(account),
      ...(checksum
        ? {
            ChecksumAlgorithm: checksum.algorithm as NonNullable<CreateMultipartUploadOutput['ChecksumAlgorithm']>,
            ChecksumType: checksum.type,
          }
        : {}),
    })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: show(prefix) })),
  };
}
