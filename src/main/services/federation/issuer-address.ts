/** Addresses of OpenID Connect issuers, and which of them may be asked. Pure. */

/** Google's tokens may say their issuer without its scheme. */
const GOOGLE = 'accounts.google.com';

/** An issuer as IAM and `Logins` name it: without scheme and without a slash at its end. */
export function issuerName(iss: string): string {
  return iss.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

/** The address behind a token's `iss`: https, or a plain one on this machine; `undefined` for any other. [FED-TOKEN-2] */
export function issuerAddress(iss: string): string | undefined {
  const address = iss === GOOGLE ? `https://${iss}` : iss;
  const url = readUrl(address);
  if (url === undefined || url.search !== '' || url.hash !== '') return undefined;
  return url.protocol === 'https:' || isOnThisMachine(url) ? address : undefined;
}

export function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/** An issuer on this machine may publish its keys here, over plain http too; every other one elsewhere over https. [FED-KEYS-4] */
export function mayPublishKeysAt(issuer: string, keysAddress: string): boolean {
  const keys = readUrl(keysAddress);
  const from = readUrl(issuer);
  if (keys === undefined || from === undefined) return false;
  if (isOnThisMachine(from) && isOnThisMachine(keys)) return true;
  return keys.protocol === 'https:' && !LOOPBACK.test(keys.hostname);
}

function readUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url : undefined;
}

/** Every literal that leads to this machine, as the parser of addresses writes it; what a name leads to is not asked. */
const LOOPBACK =
  /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::(?:ffff:)?7f[0-9a-f]{2}:[0-9a-f]+\])$/;

/** The names for which IAM takes an address without https. */
function isOnThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}
