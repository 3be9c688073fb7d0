import { s3Fault, type S3Fault } from '../../kernel/s3-fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';
import { parseQuery } from './rest-json.ts';
import type { Received } from './protocol.ts';

/** Which requests are S3's, what they name, and which operation they mean. */

type Unread = Omit<Received, 'body'>;

type Signed = Pick<Unread, 'headers' | 'query'>;

/**
 * S3 has no path of its own: any path is an object's. Its requests are known by the service that their signature
 * names, in the header or in the query.
 */
export function isS3(request: Signed): boolean {
  const { headers, query } = request;
  return (
    headers['authorization']?.includes('/s3/aws4_request') === true ||
    (query.includes('X-Amz-Credential=') &&
      /(?:^|&)X-Amz-Credential=[^&]*(?:%2F|\/)s3(?:%2F|\/)aws4_request/i.test(query)) ||
    isSignedTheOldWay(request)
  );
}

/** Signature Version 2, which clients of S3 still presign with unless they are told otherwise; no other service has it. */
export function isSignedTheOldWay({ headers, query }: Signed): boolean {
  return (
    headers['authorization']?.startsWith('AWS ') === true ||
    (query.includes('AWSAccessKeyId=') && /(?:^|&)Signature=/.test(query) && /(?:^|&)Expires=/.test(query))
  );
}

/** An upload by a form in a browser, whose signature is in the form. */
export function isForm({ method, headers }: Pick<Unread, 'method' | 'headers'>): boolean {
  return method === 'POST' && headers['content-type']?.startsWith('multipart/form-data') === true;
}

/** Parameters of a presigned address that are the signature's own. */
const SIGNATURE_PARAMETERS =
  /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|user-agent)$/;

/** The headers, and what a presigned address says in the place of one: `x-amz-acl=private` counts as the header. */
export function effectiveHeaders({ headers, query }: Unread): Received['headers'] {
  if (headers['authorization'] !== undefined || !/x-amz-/i.test(query)) return headers;
  const effective: { [name: string]: string | undefined } = {};
  for (const [name, value] of parseQuery(query)) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-') && !SIGNATURE_PARAMETERS.test(lower)) effective[lower] = value;
  }
  return { ...effective, ...headers };
}

export interface S3Address {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

const LONGEST_KEY = 1024;

/** `/bucket/key`, or `/key` at a host `bucket.localhost`. @throws Fault where the path cannot be read */
export function addressOf({ path, headers }: Unread): S3Address {
  const host = bucketOfHost(headers['host'] ?? '');
  const rest = path.slice(1);
  if (host !== undefined) return { bucket: host, key: keyOf(rest) };
  const slash = rest.indexOf('/');
  const bucket = decode(slash < 0 ? rest : rest.slice(0, slash));
  return { bucket: bucket === '' ? undefined : bucket, key: slash < 0 ? undefined : keyOf(rest.slice(slash + 1)) };
}

/** Names of the bench itself hold no bucket: `s3.localhost` is the endpoint, `photos.s3.localhost` a bucket. */
function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (!name.endsWith('.localhost')) return undefined;
  const bucket = name.slice(0, -'.localhost'.length).replace(/(?:^|\.)s3$/, '');
  return bucket === '' ? undefined : bucket;
}

function keyOf(raw: string): string | undefined {
  if (raw === '') return undefined;
  const key = decode(raw);
  const bytes = Buffer.byteLength(key);
  if (bytes > LONGEST_KEY) {
    const elements = { Size: String(bytes), MaxSizeAllowed: String(LONGEST_KEY) };
    throw s3Fault('KeyTooLongError', 'Your key is too long', { elements });
  }
  return key;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Fault('InvalidURI', `Couldn't parse the specified URI.`, { elements: { URI: text.slice(0, LONGEST_KEY) } });
  }
}

/** Parts of S3 that a query asks for and the bench does not have. */
const ABSENT = new Set(
  (
    'acl accelerate analytics append attributes cors encryption intelligent-tiering inventory legal-hold lifecycle ' +
    'logging metadataConfiguration metadataTable metadataInventoryTable metadataJournalTable metrics notification ' +
    'object-lock ownershipControls policy policyStatus publicAccessBlock renameObject replication requestPayment ' +
    'restore retention select select-type session torrent versionId versioning versions website'
  ).split(' '),
);

type Found = Operation | S3Fault;

/** The operation, or the refusal that says what it would have been. Never another operation in its place. */
export function findS3Operation(received: Unread, { bucket, key }: S3Address, model: ServiceModel): Found {
  const query = parseQuery(received.query);
  for (const name of query.keys()) if (ABSENT.has(name)) return absent(`?${name}`, received.method);
  const name = operationName(received, query, bucket !== undefined, key !== undefined);
  if (name === undefined) {
    return s3Fault('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      elements: { Method: received.method, ResourceType: key === undefined ? 'BUCKET' : 'OBJECT' },
    });
  }
  return model.operations.get(name) ?? absent(name, received.method);
}

function absent(what: string, method: string): S3Fault {
  return s3Fault('NotImplemented', `Poolbench does not implement this part of S3: ${method} ${what}.`);
}

function operationName(
  received: Unread,
  query: ReadonlyMap<string, string>,
  hasBucket: boolean,
  hasKey: boolean,
): string | undefined {
  const { method } = received;
  if (!hasBucket) return method === 'GET' && !hasKey ? 'ListBuckets' : undefined;
  return hasKey ? ofObject(received, query) : ofBucket(method, query);
}

function ofBucket(method: string, query: ReadonlyMap<string, string>): string | undefined {
  if (query.has('tagging')) return `${verb(method)}BucketTagging`;
  switch (method) {
    case 'GET':
      if (query.has('location')) return 'GetBucketLocation';
      if (query.has('uploads')) return 'ListMultipartUploads';
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    case 'HEAD':
      return 'HeadBucket';
    case 'PUT':
      return 'CreateBucket';
    case 'DELETE':
      return 'DeleteBucket';
    case 'POST':
      return query.has('delete') ? 'DeleteObjects' : 'PostObject';
    default:
      return undefined;
  }
}

function ofObject(received: Unread, query: ReadonlyMap<string, string>): string | undefined {
  const { method } = received;
  if (query.has('tagging')) return method === 'HEAD' || method === 'POST' ? undefined : `${verb(method)}ObjectTagging`;
  const isOfUpload = query.has('uploadId');
  switch (method) {
    case 'GET':
      return isOfUpload ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT': {
      const copies = effectiveHeaders(received)['x-amz-copy-source'] !== undefined;
      if (isOfUpload || query.has('partNumber')) return copies ? 'UploadPartCopy' : 'UploadPart';
      return copies ? 'CopyObject' : 'PutObject';
    }
    case 'DELETE':
      return isOfUpload ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      return isOfUpload ? 'CompleteMultipartUpload' : undefined;
    default:
      return undefined;
  }
}

function verb(method: string): string {
  return method === 'PUT' ? 'Put' : method === 'DELETE' ? 'Delete' : 'Get';
}
