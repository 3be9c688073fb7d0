import type {
  ListObjectsOutput,
  ListObjectsRequest,
  ListObjectsV2Output,
  ListObjectsV2Request,
  Object as ListedMember,
} from '../../../shared/aws/s3.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { ListedObject } from '../../store/repositories/objects.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { ownerOf, requireBucket } from './buckets.ts';
import { quoted } from './conditions.ts';
import { afterKey } from './key-order.ts';
import { toList } from './permissions.ts';
import { rollUp, type Page } from './roll-up.ts';
import { refuseSettings } from './settings.ts';

type Needs = Pick<Services, 'buckets' | 'objects'>;

export const listings = family<'s3', Needs>('s3', 'listings', {
  ListObjects: { permissions: toList, run: listObjects },
  ListObjectsV2: { permissions: toList, run: listObjectsV2 },
});

const MOST_KEYS = 1000;

function listObjects(input: ListObjectsRequest, call: Call, needs: Needs): ListObjectsOutput {
  const { Marker = '', MaxKeys, ...rest } = asked(input, call, needs);
  const page = collect({ ...rest, MaxKeys, after: Marker, start: undefined }, call, needs);
  const show = encoder(input.EncodingType);
  return {
    ...common(input, page, MaxKeys, (listed) => ({ ...member(listed, show), Owner: ownerOf(call.account) })),
    Marker: show(Marker),
    // Without a delimiter the last key is the marker of the next page. [docs]
    ...(page.isTruncated && input.Delimiter ? { NextMarker: show(page.last) } : {}),
  };
}

function listObjectsV2(input: ListObjectsV2Request, call: Call, needs: Needs): ListObjectsV2Output {
  const { StartAfter = '', MaxKeys, ContinuationToken, FetchOwner, ...rest } = asked(input, call, needs);
  const start = ContinuationToken === undefined ? undefined : readToken(ContinuationToken, call);
  const page = collect({ ...rest, MaxKeys, after: StartAfter, start }, call, needs);
  const show = encoder(input.EncodingType);
  const owner = FetchOwner === true ? { Owner: ownerOf(call.account) } : {};
  return {
    ...common(input, page, MaxKeys, (listed) => ({ ...member(listed, show), ...owner })),
    KeyCount: page.items.length + page.prefixes.length,
    ...(input.StartAfter === undefined ? {} : { StartAfter: show(StartAfter) }),
    ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
    ...(page.isTruncated ? { NextContinuationToken: writeToken(page.next) } : {}),
  };
}

/** What both versions check first. */
function asked<Input extends ListObjectsRequest | ListObjectsV2Request>(
  input: Input,
  call: Call,
  needs: Needs,
): Input & { readonly MaxKeys: number } {
  refuseSettings(input, call);
  requireBucket(input, call, needs);
  const { MaxKeys = MOST_KEYS } = input;
  if (MaxKeys < 0 || MaxKeys > 0x7fffffff) {
    throw call.why.refuse(
      'S3-LIST-5',
      'max-keys is no number of keys.',
      s3Fault('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647', {
        elements: { ArgumentName: 'maxKeys', ArgumentValue: String(MaxKeys) },
      }),
    );
  }
  return { ...input, MaxKeys: Math.min(MaxKeys, MOST_KEYS) };
}

interface Asked {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys: number;
  readonly after: string;
  readonly start: string | undefined;
}

function collect(
  { Bucket, Prefix = '', Delimiter = '', MaxKeys, after, start }: Asked,
  { account, why }: Call,
  { objects }: Needs,
): Page<ListedObject> {
  const page = rollUp(
    (from, until) => objects.list(account, Bucket, from, until),
    ({ key }) => key,
    {
      prefix: Prefix,
      delimiter: Delimiter,
      most: MaxKeys,
      after,
      start: start ?? (after === '' ? '' : afterKey(after)),
    },
  );
  why.pass('S3-LIST-1', `${page.items.length} keys and ${page.prefixes.length} common prefixes are listed.`);
  return page;
}

type Show = (text: string) => string;

function common(
  { Bucket, Prefix = '', Delimiter, EncodingType }: ListObjectsRequest | ListObjectsV2Request,
  page: Page<ListedObject>,
  MaxKeys: number,
  item: (listed: ListedObject) => ListedMember,
): Pick<ListObjectsV2Output, 'IsTruncated' | 'Contents' | 'Name' | 'Prefix' | 'MaxKeys' | 'CommonPrefixes'> {
  const show = encoder(EncodingType);
  return {
    IsTruncated: page.isTruncated,
    Name: Bucket,
    Prefix: show(Prefix),
    ...(Delimiter === undefined || Delimiter === '' ? {} : { Delimiter: show(Delimiter) }),
    ...(EncodingType === undefined ? {} : { EncodingType }),
    MaxKeys,
    Contents: page.items.map(item),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: show(prefix) })),
  };
}

function member({ key, size, etag, modifiedAt, checksum }: ListedObject, show: Show): ListedMember {
  return {
    Key: show(key),
    LastModified: modifiedAt,
    ETag: quoted(etag),
    ...(checksum
      ? {
          ChecksumAlgorithm: [checksum.algorithm] as NonNullable<ListedMember['ChecksumAlgorithm']>,
          ChecksumType: checksum.type,
        }
      : {}),
    Size: size,
    StorageClass: 'STANDARD',
  };
}

/** `encoding-type=url` as Java writes it: a blank is a plus, a slash stays. [memory] */
export function encoder(type: string | undefined): Show {
  if (type !== 'url') return (text) => text;
  return (text) =>
    encodeURIComponent(text)
      .replaceAll('%20', '+')
      .replaceAll('%2F', '/')
      .replaceAll(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Opaque to callers. Whatever it says, a page never leaves the prefix that policies were asked about. */
function writeToken(next: string): string {
  return Buffer.from(`1${next}`).toString('base64url');
}

function readToken(token: string, { why }: Call): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith('1') && writeToken(text.slice(1)) === token) return text.slice(1);
  throw why.refuse(
    'S3-LIST-6',
    'The continuation token is not one that a listing gave out.',
    s3Fault('InvalidArgument', 'The continuation token provided is incorrect', {
      elements: { ArgumentName: 'continuation-token' },
    }),
  );
}
