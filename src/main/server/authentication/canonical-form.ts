import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Received } from '../protocols/protocol.ts';

/** What Signature Version 4 signs, and with which key. Pure; [identity-and-sync 4.2, 4.3]. */

/** A signature as a request carries it, in its header or in its query. */
export interface Signature {
  readonly form: 'header' | 'query';
  readonly accessKeyId: string;
  /** `20150830` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** `20150830T123600Z`; `undefined` where the request has no date. */
  readonly date: string | undefined;
  /** Seconds a presigned request lives. */
  readonly expires: number | undefined;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';

export function sha256(data: Buffer | string): string {
  return hash('sha256', data, 'hex');
}

/** S3 signs the path as it means it; every other service encodes what was sent once more. */
export type PathForm = 'encoded-again' | 'once';

export function canonicalRequest(
  received: Received,
  signature: Signature,
  payloadHash: string,
  form: PathForm = 'encoded-again',
): string {
  const headers = signature.signedHeaders.map((name) => `${name}:${canonicalValue(valueOf(received, name))}\n`);
  return [
    received.method,
    form === 'once' ? pathOnce(received.path) : canonicalPath(received.path),
    canonicalQuery(received.query),
    headers.join(''),
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

export function stringToSign({ date, day, region, service }: Signature, canonical: string): string {
  return `${ALGORITHM}\n${date}\n${day}/${region}/${service}/aws4_request\n${sha256(canonical)}`;
}

/**
 * Keys derived for a day, region and service; deriving takes four of the five hashes of a signature. Kept as key
 * objects, because Node takes five times as long over an HMAC whose key is a buffer.
 */
const keys = new Map<string, KeyObject>();
const MOST_KEYS = 1000;

export function sign(secretKey: string, { day, region, service }: Signature, text: string): Buffer {
  const name = `${secretKey}/${day}/${region}/${service}`;
  let key = keys.get(name);
  if (!key) {
    if (keys.size >= MOST_KEYS) keys.clear();
    key = createSecretKey(hmac(hmac(hmac(hmac(`AWS4${secretKey}`, day), region), service), 'aws4_request'));
    keys.set(name, key);
  }
  return hmac(key, text);
}

function hmac(key: KeyObject | Buffer | string, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/**
 * Every segment of the path as sent is encoded once more: raw `us-east-1%3Ax` signs as `us-east-1%253Ax`,
 * raw `us-east-1:x` as `us-east-1%3Ax`. [identity-and-sync 4.3, recorded]
 */
function canonicalPath(path: string): string {
  if (path === '/') return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encode(segment));
  }
  return `/${segments.join('/')}${path.endsWith('/') && segments.length > 0 ? '/' : ''}`;
}

/** Nothing is normalised: `a//b` and `../a` are keys of their own. */
function pathOnce(path: string): string {
  return path
    .split('/')
    .map((segment) => encode(decode(segment)))
    .join('/');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const members: [name: string, value: string][] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = encode(decode(equals < 0 ? part : part.slice(0, equals)));
    if (name === 'X-Amz-Signature') continue;
    members.push([name, equals < 0 ? '' : encode(decode(part.slice(equals + 1)))]);
  }
  members.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return members.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The caller chooses the names: `constructor` is no header, and Node makes a list of `set-cookie`. */
function valueOf({ headers }: Received, name: string): string {
  return Object.hasOwn(headers, name) ? String(headers[name]) : '';
}

function canonicalValue(value: string): string {
  return value.trim().replaceAll(/ {2,}/g, ' ');
}

/** RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
