import type { OutsideTokenVerdict } from '../services.ts';

/** What an ID token must say besides being signed. Pure. */

/** How far a token's beginning may lie ahead: clocks of other machines differ. Its end is its end. [FED-TOKEN-5] */
const GRACE_SECONDS = 5 * 60;

const NEEDED = ['sub', 'aud', 'exp', 'iat'] as const;
/** The last second that a date can be of. */
const LAST_SECOND = 8.64e12;

interface Expected {
  readonly issuer: string;
  /** `undefined`: whoever asks knows of no clients, and leaves them to the trust policy. */
  readonly clientIds: readonly string[] | undefined;
  readonly now: Date;
}

export function judgeClaims(
  claims: { readonly [name: string]: unknown },
  { issuer, clientIds, now }: Expected,
): OutsideTokenVerdict {
  const missing = [...NEEDED, ...('nbf' in claims ? (['nbf'] as const) : [])].find(
    (name) => !isThere(name, claims[name]),
  );
  if (missing !== undefined) {
    return { ok: false, why: 'missing-claim', claim: missing, rule: 'FED-TOKEN-3', decided: `It has no ${missing}.` };
  }
  const { sub, exp, iat, nbf } = claims as { sub: string; exp: number; iat: number; nbf: number | undefined };
  const audiences = [claims['aud']].flat().filter(isText);
  // Who writes the party that it is for in another form than a text means nobody whom we know.
  const meant = claims['azp'] === undefined ? audiences : [claims['azp']].filter(isText);
  // Of several audiences the first that is known counts. [assumed]
  const clientId = meant.find((one) => clientIds?.includes(one) ?? true);
  if (clientId === undefined) {
    return {
      ok: false,
      why: 'audience',
      rule: 'FED-TOKEN-4',
      decided: `It is for ${meant.join(', ') || 'nobody'}, which is none of the registered client ids.`,
    };
  }
  const seconds = Math.floor(now.getTime() / 1000);
  if (seconds >= exp) {
    return { ok: false, why: 'expired', exp, rule: 'FED-TOKEN-5', decided: 'It has expired.' };
  }
  const from = Math.max(iat, nbf ?? iat);
  if (seconds + GRACE_SECONDS < from) {
    return { ok: false, why: 'not-yet-valid', from, rule: 'FED-TOKEN-5', decided: 'It is not valid yet.' };
  }
  return { ok: true, issuer, clientId, audiences, sub, claims, ...sessionTags(claims[TAGS_CLAIM]) };
}

function isThere(name: (typeof NEEDED)[number] | 'nbf', value: unknown): boolean {
  if (name === 'sub') return isText(value);
  if (name === 'aud') return [value].flat().some(isText);
  return typeof value === 'number' && Math.abs(value) <= LAST_SECOND;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

const TAGS_CLAIM = 'https://aws.amazon.com/tags';

/** Session tags that a provider may put into a token for STS: every key with a list of one value. [FED-TOKEN-6] */
function sessionTags(claim: unknown): Pick<OutsideTokenVerdict & { ok: true }, 'principalTags' | 'transitiveTagKeys'> {
  if (typeof claim !== 'object' || claim === null) return {};
  const { principal_tags: tags, transitive_tag_keys: transitive } = claim as { readonly [member: string]: unknown };
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) return {};
  const principalTags = Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => {
      const first: unknown = [value].flat()[0];
      return typeof first === 'string' ? [[key, first] as const] : [];
    }),
  );
  const transitiveTagKeys = Array.isArray(transitive)
    ? transitive.filter((key) => typeof key === 'string' && Object.hasOwn(principalTags, key))
    : [];
  return { principalTags, transitiveTagKeys };
}
