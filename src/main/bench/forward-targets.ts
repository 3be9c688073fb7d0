import type { ForwardTarget } from '../server/forward/target.ts';

/** Theirs are the identities, credentials and policies that the gate goes by. */
const NEVER = new Set(['cognito-idp', 'cognito-identity', 'cognito-sync', 'iam', 'sts']);

/** Several in one text of the environment: a comma that another `service=` follows. */
export function splitForwards(text: string): string[] {
  return text
    .split(/,(?=[a-z][a-z0-9.-]*=)/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Reads `s3=http://127.0.0.1:4566` or `s3=http://KEY:SECRET@127.0.0.1:9000`; a text says what is wrong with it. */
export function readForward(text: string): ForwardTarget | string {
  const [, service, address] = /^([a-z][a-z0-9.-]{0,63})=(.+)$/.exec(text) ?? [];
  const url = address === undefined ? null : URL.parse(address);
  if (service === undefined || !url || !/^https?:$/.test(url.protocol) || url.search || url.hash) {
    return 'must be SERVICE=URL, a service as signatures name it and an http or https address without a query';
  }
  if (NEVER.has(service)) return `cannot name ${service}, which the bench itself answers`;
  if ((url.username === '') !== (url.password === '')) return 'must have both parts of KEY:SECRET or none';
  let credentials: ForwardTarget['credentials'];
  try {
    if (url.username !== '') {
      credentials = { accessKeyId: decodeURIComponent(url.username), secretKey: decodeURIComponent(url.password) };
    }
  } catch {
    return 'must have a KEY and a SECRET that are percent-encoded';
  }
  return { service, url: url.origin + url.pathname.replace(/\/+$/, ''), credentials };
}

/** For messages and logs, which show no secret. */
export function withoutSecret(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//…@');
}
