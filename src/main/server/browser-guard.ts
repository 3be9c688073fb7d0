import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { timingSafeEqual } from 'node:crypto';
import { TOKEN_HEADER } from '../../shared/bench-api.ts';

/** What keeps other sites' pages out of a bench that runs in reach of a browser. */
export interface BrowserGuard {
  /** Names this bench answers to; any other is a page that rebinds its own name to loopback. */
  isKnownHost(host: string | undefined): boolean;
  /** Whether the headers are a browser's: other clients need no token. */
  isBrowser(headers: IncomingHttpHeaders): boolean;
  isOwnOrigin(headers: IncomingHttpHeaders): boolean;
  hasToken(headers: IncomingHttpHeaders): boolean;
  isToken(candidate: string): boolean;
}

export interface GuardConfig {
  readonly host: string;
  readonly publicUrl: string | undefined;
}

export function createBrowserGuard(config: GuardConfig, token: string): BrowserGuard {
  const publicUrl = config.publicUrl === undefined ? undefined : new URL(config.publicUrl);
  const known = new Set(['localhost', config.host.toLowerCase()]);
  if (publicUrl) known.add(publicUrl.hostname.toLowerCase());
  const listensBeyondLoopback = !isLoopback(config.host);

  const isToken = (candidate: string): boolean => {
    const given = Buffer.from(candidate);
    const expected = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };

  return {
    isKnownHost(host) {
      const name = hostname(host);
      if (name === undefined) return false;
      // Rebinding needs a name: an address that a person typed cannot be turned against the bench.
      if (isLoopback(name) || name.endsWith('.localhost') || known.has(name)) return true;
      return listensBeyondLoopback && isIP(name) !== 0;
    },
    isBrowser: (headers) => headers.origin !== undefined || headers['sec-fetch-site'] !== undefined,
    isOwnOrigin(headers) {
      const { origin, host } = headers;
      if (origin !== undefined && origin !== `http://${host}` && origin !== publicUrl?.origin) return false;
      const site = headers['sec-fetch-site'];
      return site === undefined || site === 'same-origin' || site === 'none';
    },
    hasToken: (headers) => {
      const given = headers[TOKEN_HEADER];
      return typeof given === 'string' && isToken(given);
    },
    isToken,
  };
}

/** The name in a Host header, without port and brackets, in lower case. */
function hostname(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/i.exec(host ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
