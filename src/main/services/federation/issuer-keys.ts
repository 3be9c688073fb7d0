import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { startStopwatch } from '../../kernel/stopwatch.ts';
import { DOCUMENT_LIMITS, fetchDocument, IssuerProblem, type DocumentLimits } from './documents.ts';
import { discoveryAddress, mayPublishKeysAt } from './issuer-address.ts';

export interface IssuerKeys {
  /**
   * The keys that an issuer publishes, lately fetched or fetched now.
   *
   * @throws IssuerProblem
   */
  current(issuer: string, now: Date): Promise<FetchedKeys>;
  /**
   * The same, fetched again for the sake of a key that is not among `seen`; `undefined` while that is too soon.
   *
   * @throws IssuerProblem
   */
  newer(issuer: string, seen: FetchedKeys, now: Date): Promise<FetchedKeys> | undefined;
  forget(): void;
}

export interface FetchedKeys {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAt: Date;
}

interface Known {
  keys?: FetchedKeys;
  underWay?: Promise<FetchedKeys>;
  /** When an unknown key last was a reason to ask, by the bench's clock and by the real one. */
  asked?: { readonly at: Date; readonly sinceMs: () => number };
}

/** How long keys are believed, by the bench's clock. [assumed] */
const KEPT_MS = 60 * 60 * 1000;
/** A frozen clock must not hide a new key for good, nor may forged tokens make the bench a nuisance. [FED-KEYS-2] */
const FLOOR_MS = 30 * 1000;
const REAL_FLOOR_MS = 5 * 1000;
const MOST_ISSUERS = 500;

/** Finds issuers' keys by discovery, and keeps them. Two calls that need the same ones fetch them once. */
export function createIssuerKeys(limits: DocumentLimits = DOCUMENT_LIMITS): IssuerKeys {
  const known = new Map<string, Known>();

  const entryOf = (issuer: string): Known => {
    const entry = known.get(issuer) ?? {};
    if (!known.has(issuer) && known.size >= MOST_ISSUERS) known.delete(known.keys().next().value!);
    known.set(issuer, entry);
    return entry;
  };

  const fetchInto = (entry: Known, issuer: string, now: Date): Promise<FetchedKeys> => {
    entry.underWay ??= fetchKeys(issuer, now, limits)
      .then((keys) => {
        entry.keys = keys;
        return keys;
      })
      .finally(() => {
        delete entry.underWay;
      });
    return entry.underWay;
  };

  return {
    async current(issuer, now) {
      const entry = entryOf(issuer);
      const { keys } = entry;
      // A clock that was set back makes keys of the future.
      const isFresh = keys !== undefined && Math.abs(now.getTime() - keys.fetchedAt.getTime()) < KEPT_MS;
      return isFresh ? keys : fetchInto(entry, issuer, now);
    },
    newer(issuer, seen, now) {
      const entry = entryOf(issuer);
      if (entry.keys !== undefined && entry.keys !== seen) return Promise.resolve(entry.keys);
      if (entry.underWay !== undefined) return entry.underWay;
      const { asked } = entry;
      const isTooSoon =
        asked !== undefined &&
        Math.abs(now.getTime() - asked.at.getTime()) < FLOOR_MS &&
        asked.sinceMs() < REAL_FLOOR_MS;
      if (isTooSoon) return undefined;
      entry.asked = { at: now, sinceMs: startStopwatch() };
      return fetchInto(entry, issuer, now);
    },
    forget: () => known.clear(),
  };
}

async function fetchKeys(issuer: string, now: Date, limits: DocumentLimits): Promise<FetchedKeys> {
  const discovery = await fetchDocument(discoveryAddress(issuer), limits);
  if (discovery['issuer'] !== issuer) {
    throw unfit(`The discovery document of ${issuer} names another issuer.`);
  }
  const keysAddress = discovery['jwks_uri'];
  if (typeof keysAddress !== 'string' || !mayPublishKeysAt(issuer, keysAddress)) {
    throw unfit(`The discovery document of ${issuer} points to keys where none may be.`);
  }
  const keys = await fetchDocument(keysAddress, limits);
  try {
    return { find: createLocalJWKSet(keys as unknown as JSONWebKeySet), fetchedAt: now };
  } catch {
    throw unfit(`${keysAddress} is not a set of keys.`);
  }
}

function unfit(message: string): IssuerProblem {
  return new IssuerProblem('unfit', message, 'FED-KEYS-4');
}
