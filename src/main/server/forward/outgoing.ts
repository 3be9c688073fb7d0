import { realMillis } from '../../kernel/clock.ts';
import { canonicalRequest, sha256, sign, stringToSign, type Signature } from '../authentication/canonical-form.ts';
import { UNSIGNED, readPayload } from '../protocols/s3-payload.ts';
import { effectiveHeaders } from '../protocols/s3-request.ts';
import { toBasicIso } from '../protocols/timestamps.ts';
import type { Received } from '../protocols/protocol.ts';
import type { ForwardTarget } from './target.ts';

/** A request as it goes to the target. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  /** Path and query exactly as they are sent; a URL would tidy them up. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  /** `undefined` where the body is streamed from the caller. */
  readonly body: Buffer | undefined;
}

/** Between two neighbours only, and what the way to the target decides anew. [RFC 9110, 7.6.1] */
const NOT_HANDED_ON = new Set([
  'connection',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Servers that heed these would do something else than what was allowed, elsewhere, or for somebody else. */
const OVERRIDING =
  /^x-(?:http-method(?:-override)?|method-override|original-(?:method|url)|rewrite-url|forwarded-(?:host|prefix|uri)|(?:localstack|minio|moto)-.*)$/;

export function isHandedOn(name: string, connection: string | undefined): boolean {
  const lower = name.toLowerCase();
  if (NOT_HANDED_ON.has(lower)) return false;
  return !(connection ?? '')
    .toLowerCase()
    .split(',')
    .some((named) => named.trim() === lower);
}

/** What a request says of its body; a presigned one may say it in its address. */
export function claimOf(received: Received): string | undefined {
  return effectiveHeaders(received)['x-amz-content-sha256'];
}

/** @param isStreamed the body is still on its way */
export function outgoingOf(
  received: Received,
  target: ForwardTarget,
  path: string,
  region: string,
  isStreamed: boolean,
): Outgoing {
  const url = new URL(target.url);
  const base = url.pathname.replace(/\/$/, '');
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(received.headers)) {
    if (OVERRIDING.test(name) || !isHandedOn(name, received.headers['connection'])) continue;
    if (value !== undefined) headers[name] = value;
  }
  const method = received.method;
  const asIs = { method, url, body: isStreamed ? undefined : received.body };
  if (!target.credentials) {
    const framed = withLength(headers, asIs.body, method);
    return { ...asIs, path: withQuery(base + path, received.query), headers: { ...framed, host: url.host } };
  }
  return signedAfresh({ ...asIs, path: base + path, headers }, received, target, region);
}

const SIGNATURE_HEADERS = ['authorization', 'date', 'x-amz-date', 'x-amz-security-token'];
const SIGNATURE_QUERY = /^X-Amz-(?:Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)(?:=|$)/i;

/** With the target's own credentials and at real time: it knows neither those that the bench vended nor its clock. */
function signedAfresh(
  { method, url, path, headers: given, body: raw }: Outgoing,
  received: Received,
  { service, credentials }: ForwardTarget,
  region: string,
): Outgoing {
  let headers = { ...given };
  let body = raw;
  for (const name of SIGNATURE_HEADERS) delete headers[name];
  const query = received.query
    .split('&')
    .filter((part) => !SIGNATURE_QUERY.test(part))
    .join('&');
  const isS3 = service === 's3';
  const claim = claimOf(received);
  let payloadHash = body ? sha256(body) : (claim ?? UNSIGNED);
  if (isS3 && body && claim?.startsWith('STREAMING-')) {
    // Signed chunks would carry signatures that the target cannot check.
    const plain = withoutFrames(headers, received);
    ({ headers, body } = plain);
    payloadHash = sha256(body);
  }
  headers = withLength(headers, body, method);
  headers['host'] = url.host;
  const date = toBasicIso(realMillis());
  headers['x-amz-date'] = date;
  if (isS3 || headers['x-amz-content-sha256'] !== undefined) headers['x-amz-content-sha256'] = payloadHash;
  const signature: Signature = {
    form: 'header',
    accessKeyId: credentials!.accessKeyId,
    day: date.slice(0, 8),
    region,
    service,
    signedHeaders: Object.keys(headers)
      .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-amz-'))
      .sort(),
    signature: '',
    sessionToken: undefined,
    date,
    expires: undefined,
  };
  const canonical = canonicalRequest(
    { method, path, query, headers, body: body ?? Buffer.alloc(0) },
    signature,
    payloadHash,
    isS3 ? 'once' : 'encoded-again',
  );
  const bytes = sign(credentials!.secretKey, signature, stringToSign(signature, canonical)).toString('hex');
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${signature.accessKeyId}/${signature.day}/${region}/${service}/aws4_request, ` +
    `SignedHeaders=${signature.signedHeaders.join(';')}, Signature=${bytes}`;
  return { method, url, path: withQuery(path, query), headers, body };
}

/** The bytes that the sender meant; checksums that came after them become headers. */
function withoutFrames(
  given: Outgoing['headers'],
  received: Received,
): { headers: { [name: string]: string }; body: Buffer } {
  const { bytes, headers: all } = readPayload(received);
  const headers: { [name: string]: string } = { ...given };
  for (const [name, value] of Object.entries(all)) {
    if (name.startsWith('x-amz-checksum-') && value !== undefined) headers[name] = value;
  }
  delete headers['x-amz-decoded-content-length'];
  delete headers['x-amz-trailer'];
  const encodings = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  const kept = encodings.filter((name) => name !== '' && name !== 'aws-chunked');
  if (kept.length > 0) headers['content-encoding'] = kept.join(',');
  else delete headers['content-encoding'];
  return { headers, body: bytes };
}

/** A streamed body keeps the length that its sender announced; one without goes out in chunks. */
function withLength(
  headers: Outgoing['headers'],
  body: Buffer | undefined,
  method: string,
): { [name: string]: string } {
  const framed = { ...headers };
  if (body === undefined) return framed;
  delete framed['content-length'];
  if (body.length > 0 || (method !== 'GET' && method !== 'HEAD')) framed['content-length'] = String(body.length);
  return framed;
}

function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`;
}
