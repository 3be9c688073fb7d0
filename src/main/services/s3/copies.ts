import { createHash } from 'node:crypto';
import type { CopyObjectOutput, CopyObjectRequest } from '../../../shared/aws/s3.ts';
import { createChecksum } from '../../kernel/checksums.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { ObjectChecksum, ObjectDescription, ObjectRecord } from '../../store/repositories/objects.ts';
import { family, type Call, type Permission } from '../family.ts';
import type { Services } from '../services.ts';
import { requireBucket } from './buckets.ts';
import { isChecksumName } from './checksums.ts';
import { checkCopySource, checkWrite, quoted } from './conditions.ts';
import { checksumMembers, readDescription } from './descriptions.ts';
import { requireObject } from './objects.ts';
import { existingTags, missingKey, objectArn, requestTags, toCompare, toWrite } from './permissions.ts';
import { refuseSettings } from './settings.ts';
import { readTagQuery } from './tags.ts';

type Needs = Pick<Services, 'access' | 'buckets' | 'ids' | 'objects' | 'store'>;

export const copies = family<'s3', Needs>('s3', 'copies', {
  CopyObject: { permissions: toCopy, run: copyObject },
});

interface Source {
  readonly Bucket: string;
  readonly Key: string;
}

/** `/bucket/key` or `bucket/key`, percent-encoded. `undefined` where it is neither. */
function sourceOf(text: string): Source | undefined {
  let plain: string;
  try {
    plain = decodeURIComponent(text.split('?')[0]!);
  } catch {
    return undefined;
  }
  const [, Bucket, Key] = /^\/?([^/]+)\/(.+)$/s.exec(plain) ?? [];
  return Bucket === undefined || Key === undefined ? undefined : { Bucket, Key };
}

/** Reading the source, writing the target, and both for the tags that go along. [docs] */
function toCopy(input: CopyObjectRequest, call: Call, needs: Needs): readonly Permission[] {
  const source = sourceOf(input.CopySource);
  const { Tagging, ...untagged } = input;
  const takesTags = input.TaggingDirective !== 'REPLACE';
  const writing = [
    ...toWrite(takesTags ? untagged : { ...untagged, ...(Tagging === undefined ? {} : { Tagging }) }),
    ...toCompare(input, call, needs),
  ];
  if (source === undefined) return writing;
  const context = existingTags(source, call, needs);
  const reading = [{ action: 's3:GetObject', resources: [objectArn(source)], context }];
  const tags = needs.objects.find(call.account, source.Bucket, source.Key)?.tags ?? {};
  if (!takesTags || Object.keys(tags).length === 0) return [...writing, ...reading];
  return [
    ...writing,
    ...reading,
    { action: 's3:GetObjectTagging', resources: [objectArn(source)], context },
    { action: 's3:PutObjectTagging', resources: [objectArn(input)], context: requestTags(tags) },
  ];
}

function copyObject(input: CopyObjectRequest, call: Call, needs: Needs): CopyObjectOutput {
  const { account, now, why } = call;
  const { ids, objects, store } = needs;
  refuseSettings(input, call);
  requireBucket(input, call, needs);
  const source = readSource(input, call);
  const expected = input.ExpectedSourceBucketOwner;
  const from = requireObject({ ...source, ...(expected ? { ExpectedBucketOwner: expected } : {}) }, call, needs);
  const { Bucket: bucket, Key: key } = input;
  refuseSelf(input, source, call);
  checkCopySource(
    from,
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    call,
  );
  checkWrite(objects.find(account, bucket, key), input, call, () => missingKey(input, call, needs));
  const description = describeCopy(from, input, call);
  const { etag, checksum } = sumsOf(from, input.ChecksumAlgorithm, objects);
  const content = ids.uuid();
  store.write(() => {
    objects.copyPieces(from.content, content);
    const { size } = from;
    const sums = checksum ? { checksum } : {};
    objects.put({ ...description, ...sums, account, bucket, key, content, size, etag, modifiedAt: now });
  });
  why.pass('S3-COPY-1', `${from.size} bytes of another key are kept under this one.`);
  return { CopyObjectResult: { ETag: quoted(etag), LastModified: now, ...checksumMembers(checksum) } };
}

function readSource({ CopySource }: CopyObjectRequest, { why }: Call): Source {
  const source = sourceOf(CopySource);
  if (source && !CopySource.includes('?versionId=')) return source;
  throw why.refuse(
    'S3-COPY-2',
    'The source is no bucket and key.',
    source
      ? s3Fault('NotImplemented', `Poolbench does not implement the setting versionId of S3.`)
      : s3Fault('InvalidArgument', 'Invalid copy source object key', {
          elements: { ArgumentName: 'x-amz-copy-source', ArgumentValue: CopySource.slice(0, 1024) },
        }),
  );
}

function refuseSelf(input: CopyObjectRequest, source: Source, { why }: Call): void {
  if (source.Bucket !== input.Bucket || source.Key !== input.Key) return;
  if (input.MetadataDirective === 'REPLACE' || input.TaggingDirective === 'REPLACE') return;
  throw why.refuse(
    'S3-COPY-2',
    'The copy would change nothing.',
    s3Fault(
      'InvalidRequest',
      `This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.`,
    ),
  );
}

function describeCopy(from: ObjectRecord, input: CopyObjectRequest, call: Call): ObjectDescription {
  const { Tagging = '', ...rest } = input;
  const own = input.MetadataDirective === 'REPLACE' ? readDescription(rest, call) : from;
  const tags = input.TaggingDirective === 'REPLACE' ? readTagQuery(Tagging, call) : from.tags;
  return { headers: own.headers, metadata: own.metadata, tags };
}

/** A copy is an object in one part: sums over parts are made anew. [memory] */
function sumsOf(
  from: ObjectRecord,
  wanted: string | undefined,
  objects: Needs['objects'],
): { etag: string; checksum: ObjectChecksum | undefined } {
  const { checksum } = from;
  const algorithm = wanted ?? checksum?.algorithm;
  const isKept = checksum?.type !== 'COMPOSITE' && algorithm === checksum?.algorithm;
  if (!from.parts && isKept) return { etag: from.etag, checksum };
  const hash = createHash('md5');
  const sum = algorithm !== undefined && isChecksumName(algorithm) ? createChecksum(algorithm) : undefined;
  for (const bytes of objects.read(from.content, 0, from.size)) {
    hash.update(bytes);
    sum?.update(bytes);
  }
  return {
    etag: hash.digest('hex'),
    checksum: sum && { algorithm: algorithm!, type: 'FULL_OBJECT', value: sum.digest().toString('base64') },
  };
}
