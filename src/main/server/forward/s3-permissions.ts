import type { ServiceModel } from '../../model/operations.ts';
import type { Permission } from '../../services/family.ts';
import { parseQuery } from '../protocols/rest-json.ts';
import { restXml } from '../protocols/rest-xml.ts';
import { readPayload } from '../protocols/s3-payload.ts';
import { addressOf, effectiveHeaders } from '../protocols/s3-request.ts';
import type { Received } from '../protocols/protocol.ts';
import { Unnamed, type Asked } from './asked.ts';
import { safePath } from './safe-path.ts';

/** Parts of a bucket that a query names, and their actions: read, write, delete. [memory] */
const BUCKET_PARTS: { readonly [part: string]: readonly [get?: string, put?: string, del?: string] } = {
  accelerate: ['GetAccelerateConfiguration', 'PutAccelerateConfiguration'],
  acl: ['GetBucketAcl', 'PutBucketAcl'],
  cors: ['GetBucketCORS', 'PutBucketCORS', 'PutBucketCORS'],
  encryption: ['GetEncryptionConfiguration', 'PutEncryptionConfiguration', 'PutEncryptionConfiguration'],
  lifecycle: ['GetLifecycleConfiguration', 'PutLifecycleConfiguration', 'PutLifecycleConfiguration'],
  location: ['GetBucketLocation'],
  logging: ['GetBucketLogging', 'PutBucketLogging'],
  notification: ['GetBucketNotification', 'PutBucketNotification'],
  'object-lock': ['GetBucketObjectLockConfiguration', 'PutBucketObjectLockConfiguration'],
  ownershipControls: ['GetBucketOwnershipControls', 'PutBucketOwnershipControls', 'PutBucketOwnershipControls'],
  policy: ['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'],
  policyStatus: ['GetBucketPolicyStatus'],
  publicAccessBlock: ['GetBucketPublicAccessBlock', 'PutBucketPublicAccessBlock', 'PutBucketPublicAccessBlock'],
  replication: ['GetReplicationConfiguration', 'PutReplicationConfiguration', 'PutReplicationConfiguration'],
  requestPayment: ['GetBucketRequestPayment', 'PutBucketRequestPayment'],
  tagging: ['GetBucketTagging', 'PutBucketTagging', 'PutBucketTagging'],
  uploads: ['ListBucketMultipartUploads'],
  versioning: ['GetBucketVersioning', 'PutBucketVersioning'],
  versions: ['ListBucketVersions'],
  website: ['GetBucketWebsite', 'PutBucketWebsite', 'DeleteBucketWebsite'],
};

/** The same of an object. */
const OBJECT_PARTS: { readonly [part: string]: readonly [get?: string, put?: string, del?: string] } = {
  acl: ['GetObjectAcl', 'PutObjectAcl'],
  'legal-hold': ['GetObjectLegalHold', 'PutObjectLegalHold'],
  retention: ['GetObjectRetention', 'PutObjectRetention'],
  tagging: ['GetObjectTagging', 'PutObjectTagging', 'DeleteObjectTagging'],
};

/** Parameters that change nothing of which action it is. Whatever else a query has makes it unnamed. */
const PLAIN =
  /^(?:continuation-token|delimiter|encoding-type|fetch-owner|key-marker|list-type|marker|max-(?:buckets|keys|parts|uploads)|part-number-marker|partNumber|prefix|bucket-region|response-[a-z-]+|start-after|upload-id-marker|version-id-marker|versionId|uploadId|x-id|[xX]-[aA][mM][zZ]-[A-Za-z0-9-]+)$/;
/** An archive that some servers unpack into objects of any name. */
const UNPACKING = /^x-amz-meta-(?:minio-)?snowball-/;

/** @throws Unnamed */
export function s3Asked(received: Received, model: ServiceModel): Asked {
  const { method, path, headers } = received;
  if (safePath(path) === undefined) throw new Unnamed('servers may disagree about what its path means');
  if (headers['x-amz-target'] !== undefined) throw new Unnamed('it has an X-Amz-Target');
  const { bucket, key } = addressOf(received);
  if (bucket === undefined) {
    if (method !== 'GET' || path !== '/') throw new Unnamed('its path names no bucket');
    return asked('ListAllMyBuckets', '*');
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,62}$/i.test(bucket)) throw new Unnamed(`${bucket.slice(0, 64)} is no name of a bucket`);
  const query = queryOf(received);
  // Of a hosted bucket the path may begin with anything, also with the name of a bucket.
  const isHosted = addressOf({ ...received, path: '/' }).bucket !== undefined;
  const found = key === undefined ? ofBucket(received, bucket, query, model) : ofObject(received, bucket, key, query);
  return isHosted ? { ...found, path: `/${bucket}${path}` } : found;
}

/** @throws Unnamed where servers may disagree about what it says */
function queryOf({ headers, query: text }: Received): ReadonlyMap<string, string> {
  if (/[+;#]/.test(text)) throw new Unnamed('its query has a +, ; or # that is not encoded');
  const query = parseQuery(text);
  if (query.size < text.split('&').filter((part) => part !== '').length) {
    throw new Unnamed('its query has a parameter twice');
  }
  const asHeaders = [...query.keys()].map((name) => name.toLowerCase()).filter((name) => name.startsWith('x-amz-'));
  const isPresigned = headers['authorization'] === undefined;
  const isSaidTwice = asHeaders.some((name) => headers[name] !== undefined);
  if (isPresigned ? isSaidTwice || new Set(asHeaders).size < asHeaders.length : asHeaders.length > 0) {
    throw new Unnamed('its query says what headers say');
  }
  return query;
}

function ofBucket(received: Received, bucket: string, query: ReadonlyMap<string, string>, model: ServiceModel): Asked {
  const { method } = received;
  const arn = `arn:aws:s3:::${bucket}`;
  const part = partOf(query, BUCKET_PARTS, ['delete']);
  if (part === 'delete') {
    if (method !== 'POST') throw new Unnamed(`it is ${method} ?delete`);
    return { operation: 'DeleteObjects', permissions: deletions(received, bucket, model) };
  }
  if (part !== undefined && query.has('list-type')) throw new Unnamed(`its query has both ${part} and list-type`);
  if (part !== undefined) return asked(verb(BUCKET_PARTS[part]!, method, part), arn, listing(query));
  switch (method) {
    case 'GET':
    case 'HEAD':
      return asked('ListBucket', arn, listing(query));
    case 'PUT':
      return creation(received, arn);
    case 'DELETE':
      return asked('DeleteBucket', arn);
    default:
      throw new Unnamed(`it is ${method} of a bucket`);
  }
}

function ofObject(received: Received, bucket: string, key: string, query: ReadonlyMap<string, string>): Asked {
  const { method } = received;
  const arn = `arn:aws:s3:::${bucket}/${key}`;
  const version = query.get('versionId');
  const context = { 's3:versionid': version, ...ofHeaders(received) };
  const versioned = (action: string): string =>
    version === undefined ? action : action.replace('Object', 'ObjectVersion');
  const part = partOf(query, OBJECT_PARTS, ['uploads', 'attributes', 'restore']);
  const isOfUpload = query.has('uploadId');
  if (part !== undefined && (isOfUpload || query.has('partNumber'))) {
    throw new Unnamed(`its query has both ${part} and a part of an upload`);
  }
  if (part === 'attributes' && method === 'GET') {
    return {
      operation: 'GetObjectAttributes',
      permissions: ['GetObject', 'GetObjectAttributes'].map((action) => permission(versioned(action), arn, context)),
    };
  }
  if (part === 'restore' && method === 'POST') return asked('RestoreObject', arn, context);
  if (part === 'uploads' && method === 'POST') return writing('CreateMultipartUpload', received, arn, context);
  if (part !== undefined) {
    const parts = OBJECT_PARTS[part];
    if (!parts) throw new Unnamed(`it is ${method} ?${part}`);
    const action = verb(parts, method, part);
    return asked(part === 'acl' || part === 'tagging' ? versioned(action) : action, arn, context);
  }
  switch (method) {
    case 'HEAD':
      if (isOfUpload) throw new Unnamed('it is HEAD of an upload');
      return asked(versioned('GetObject'), arn, context);
    case 'GET':
      return isOfUpload ? asked('ListMultipartUploadParts', arn) : asked(versioned('GetObject'), arn, context);
    case 'PUT':
      return writing(isOfUpload ? 'UploadPart' : 'PutObject', received, arn, context);
    case 'POST':
      if (!isOfUpload) throw new Unnamed('it is POST of an object');
      return writing('CompleteMultipartUpload', received, arn, context);
    case 'DELETE':
      return isOfUpload ? asked('AbortMultipartUpload', arn) : asked(versioned('DeleteObject'), arn, context);
    default:
      throw new Unnamed(`it is ${method} of an object`);
  }
}

/** [docs: CreateBucket, permissions] */
function creation(received: Received, arn: string): Asked {
  const headers = effectiveHeaders(received);
  const isOpen = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  const acl = headers['x-amz-acl'] ?? 'private';
  const actions = [
    'CreateBucket',
    ...(isOpen || acl !== 'private' ? ['PutBucketAcl'] : []),
    ...(headers['x-amz-bucket-object-lock-enabled'] === undefined
      ? []
      : ['PutBucketObjectLockConfiguration', 'PutBucketVersioning']),
  ];
  const context = ofHeaders(received);
  return { operation: 'CreateBucket', permissions: actions.map((action) => permission(action, arn, context)) };
}

/** A write may set permissions and tags and read another object besides. [identity-and-sync 3.8] */
function writing(operation: string, received: Received, arn: string, context: Permission['context']): Asked {
  const headers = effectiveHeaders(received);
  const permissions = [permission('PutObject', arn, context)];
  const names = Object.keys(headers);
  if (names.some((name) => UNPACKING.test(name))) throw new Unnamed('it wants an archive unpacked');
  if (names.some((name) => name === 'x-amz-acl' || name.startsWith('x-amz-grant-'))) {
    permissions.push(permission('PutObjectAcl', arn, context));
  }
  if (headers['x-amz-tagging'] !== undefined) permissions.push(permission('PutObjectTagging', arn, context));
  if (headers['x-amz-object-lock-mode'] !== undefined) permissions.push(permission('PutObjectRetention', arn, context));
  if (headers['x-amz-object-lock-legal-hold'] !== undefined)
    permissions.push(permission('PutObjectLegalHold', arn, context));
  const source = headers['x-amz-copy-source'];
  if (source !== undefined) permissions.push(readingOf(source));
  return { operation, permissions };
}

/** `/bucket/key?versionId=…`, percent-encoded. */
function readingOf(source: string): Permission {
  if (/[+;#]/.test(source)) throw new Unnamed('its x-amz-copy-source has a +, ; or # that is not encoded');
  const [path = '', query = ''] = source.split('?');
  const decoded = safePath(path.startsWith('/') ? path : `/${path}`);
  const version = query.startsWith('versionId=');
  const [, bucket, key] = /^\/([^/]+)\/(.+)$/s.exec(decoded ?? '') ?? [];
  if (bucket === undefined || key === undefined || (query !== '' && !version)) {
    throw new Unnamed('its x-amz-copy-source names no object');
  }
  return permission(version ? 'GetObjectVersion' : 'GetObject', `arn:aws:s3:::${bucket}/${key}`);
}

/** Only plain XML, which no two parsers read differently. @throws Unnamed */
function deletions(received: Received, bucket: string, model: ServiceModel): Permission[] {
  const text = readPayload(received)
    .bytes.toString('utf8')
    .replace(/^<\?xml version="1\.0"( encoding="utf-8")?\?>/i, '');
  if (/<[!?]/.test(text)) throw new Unnamed('its body has more than elements and text');
  const { input } = restXml.decode(model.operations.get('DeleteObjects')!, received, { Bucket: bucket });
  const { Objects } = (input['Delete'] ?? {}) as { Objects?: readonly { Key?: string; VersionId?: string }[] };
  if (!Objects || Objects.length === 0) throw new Unnamed('its body names no objects');
  if (text.match(/<(?:\w+:)?Key[\s/>]/g)?.length !== Objects.length) throw new Unnamed('its body names keys twice');
  return Objects.map(({ Key = '', VersionId }) =>
    permission(VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', `arn:aws:s3:::${bucket}/${Key}`),
  );
}

/** The one part that a query names. */
function partOf(query: ReadonlyMap<string, string>, parts: object, more: readonly string[]): string | undefined {
  const named: string[] = [];
  for (const name of query.keys()) {
    if (Object.hasOwn(parts, name) || more.includes(name)) named.push(name);
    else if (!PLAIN.test(name)) throw new Unnamed(`its query has ${name.slice(0, 64)}`);
  }
  if (named.length > 1) throw new Unnamed(`its query has both ${named[0]} and ${named[1]}`);
  return named[0];
}

function verb(actions: readonly (string | undefined)[], method: string, part: string): string {
  // Of a HEAD servers overlook the part, and answer with the whole.
  const action = { GET: actions[0], PUT: actions[1], DELETE: actions[2] }[method];
  if (action === undefined) throw new Unnamed(`it is ${method} ?${part}`);
  return action;
}

function asked(action: string, resource: string, context?: Permission['context']): Asked {
  return { operation: action, permissions: [permission(action, resource, context)] };
}

function permission(action: string, resource: string, context?: Permission['context']): Permission {
  return { action: `s3:${action}`, resources: [resource], ...(context && { context }) };
}

function listing(query: ReadonlyMap<string, string>): NonNullable<Permission['context']> {
  // An absent prefix is an empty one to a policy. [memory]
  return {
    's3:prefix': query.get('prefix') ?? '',
    's3:delimiter': query.get('delimiter'),
    's3:max-keys': query.get('max-keys'),
  };
}

/** `x-amz-acl` is `s3:x-amz-acl`; tags have keys of their own. [identity-and-sync 3.6] */
function ofHeaders(received: Received): { [key: string]: string | readonly string[] } {
  const context: { [key: string]: string | readonly string[] } = {};
  for (const [name, value] of Object.entries(effectiveHeaders(received))) {
    if (value !== undefined && name.startsWith('x-amz-') && name !== 'x-amz-security-token')
      context[`s3:${name}`] = value;
  }
  const tags = [...new URLSearchParams(effectiveHeaders(received)['x-amz-tagging'] ?? '')];
  for (const [key, value] of tags) context[`s3:RequestObjectTag/${key}`] = value;
  if (tags.length > 0) context['s3:RequestObjectTagKeys'] = tags.map(([key]) => key);
  return context;
}
