import { parseQuery } from '../protocols/rest-json.ts';
import { fromBasicIso, toBasicIso } from '../protocols/timestamps.ts';
import type { Received } from '../protocols/protocol.ts';
import { ALGORITHM, type Signature } from './canonical-form.ts';

/** A request's signature, `missing` where it has none, or what is wrong with the one it has. */
export type ReadSignature = Signature | 'missing' | { readonly incomplete: string };

export function readSignature(received: Received): ReadSignature {
  const { authorization } = received.headers;
  if (authorization !== undefined) return fromHeader(received, authorization);
  if (received.query.includes('X-Amz-')) {
    const query = parseQuery(received.query);
    if (query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature')) return fromQuery(query);
  }
  return 'missing';
}

/** The account that a signature's access key names, before anything is checked. */
export function accessKeyOf({ headers, query }: Pick<Received, 'headers' | 'query'>): string | undefined {
  return (
    /Credential=([^/,\s]+)\//.exec(headers['authorization'] ?? '')?.[1] ??
    /X-Amz-Credential=([^%/&]+)(?:%2F|\/)/i.exec(query)?.[1]
  );
}

function fromHeader({ headers }: Received, authorization: string): ReadSignature {
  const space = authorization.indexOf(' ');
  if (authorization.slice(0, space) !== ALGORITHM) {
    return { incomplete: `The Authorization header must start with ${ALGORITHM}.` };
  }
  const parts = new Map<string, string>();
  for (const part of authorization.slice(space + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const missing = ['Credential', 'SignedHeaders', 'Signature'].filter((name) => !parts.get(name));
  if (missing.length > 0) {
    return { incomplete: missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' ') };
  }
  const date = headers['x-amz-date'] ?? httpDate(headers['date']);
  if (date === undefined) {
    return { incomplete: `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.` };
  }
  return assemble({
    form: 'header',
    credential: parts.get('Credential')!,
    signedHeaders: parts.get('SignedHeaders')!,
    signature: parts.get('Signature')!,
    sessionToken: headers['x-amz-security-token'],
    date,
    expires: undefined,
  });
}

function fromQuery(query: Map<string, string>): ReadSignature {
  const names = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
  ];
  const missing = names.filter((name) => !query.get(name));
  if (missing.length > 0) {
    return { incomplete: `AWS query-string parameters must include ${missing.map((name) => `'${name}'`).join(', ')}.` };
  }
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) return { incomplete: `'X-Amz-Algorithm' must be ${ALGORITHM}.` };
  const expires = Number(query.get('X-Amz-Expires'));
  if (!Number.isInteger(expires) || expires < 1 || expires > 604_800) {
    return { incomplete: `'X-Amz-Expires' must be a number of seconds from 1 to 604800.` };
  }
  return assemble({
    form: 'query',
    credential: query.get('X-Amz-Credential')!,
    signedHeaders: query.get('X-Amz-SignedHeaders')!,
    signature: query.get('X-Amz-Signature')!,
    sessionToken: query.get('X-Amz-Security-Token'),
    date: query.get('X-Amz-Date')!,
    expires,
  });
}

function assemble(
  parts: Pick<Signature, 'form' | 'signature' | 'sessionToken' | 'expires'> & {
    readonly credential: string;
    readonly signedHeaders: string;
    readonly date: string;
  },
): ReadSignature {
  const [accessKeyId, day, region, service, terminator, ...rest] = parts.credential.split('/');
  if (!accessKeyId || !/^\d{8}$/.test(day ?? '') || !service || terminator !== 'aws4_request' || rest.length > 0) {
    return { incomplete: 'Credential must be of the form <access key>/<yyyymmdd>/<region>/<service>/aws4_request.' };
  }
  if (!/^[a-z0-9-]{1,32}$/.test(region ?? '')) return { incomplete: 'Credential should be scoped to a valid region.' };
  if (fromBasicIso(parts.date) === undefined) {
    return { incomplete: `Date must be in ISO-8601 'basic format', such as 20150830T123600Z.` };
  }
  return {
    form: parts.form,
    accessKeyId,
    day: day!,
    region: region!,
    service,
    signedHeaders: parts.signedHeaders.toLowerCase().split(';'),
    signature: parts.signature,
    sessionToken: parts.sessionToken,
    date: parts.date,
    expires: parts.expires,
  };
}

function httpDate(text: string | undefined): string | undefined {
  const milliseconds = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : toBasicIso(milliseconds);
}
