import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTVerifyGetKey,
  type ProtectedHeaderParameters,
} from 'jose';
import type {
  IdTokenRequest,
  OAuthTokenFacts,
  OAuthTokenVerdict,
  OutsideTokens,
  OutsideTokenVerdict,
  Services,
} from '../services.ts';
import { IssuerProblem } from './documents.ts';
import { judgeClaims } from './id-token-claims.ts';
import { issuerAddress, issuerName } from './issuer-address.ts';
import type { IssuerKeys } from './issuer-keys.ts';

type Needs = Pick<Services, 'standIns' | 'tokens'>;

/** Decoders let white space and padding pass, which nobody signs. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

type Refusal = OutsideTokenVerdict & { readonly ok: false };

/** Signatures with a public key only: what is public cannot be taken for a secret. [FED-TOKEN-1] */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];

export function createOutsideTokens(needs: Needs, issuerKeys: IssuerKeys): OutsideTokens {
  return {
    claimedIssuer(token) {
      const iss = readToken(token)?.iss;
      return iss === undefined ? undefined : { iss, issuer: issuerName(iss) };
    },

    async verifyIdToken(request) {
      const verdict = await verify(request, issuerKeys, needs);
      if (!verdict.ok) request.why.note(verdict.rule, 'refuse', verdict.decided, { issuer: request.issuer });
      return verdict;
    },

    inspectAccessToken({ account, provider, token, now, why }) {
      const facts = needs.standIns.inspect(account, provider, token);
      const verdict = judgeFacts(facts, now);
      if (verdict.ok) why.pass('FED-OAUTH-1', 'The provider knows the token, and it holds.', { provider });
      else why.note('FED-OAUTH-1', 'refuse', verdict.decided, { provider });
      return verdict;
    },
  };
}

async function verify(request: IdTokenRequest, issuerKeys: IssuerKeys, needs: Needs): Promise<OutsideTokenVerdict> {
  const { issuer, clientIds, now } = request;
  const read = readToken(request.token);
  if (read === undefined) {
    return { ok: false, why: 'malformed', rule: 'FED-TOKEN-1', decided: 'It is not a signed JSON Web Token.' };
  }
  const { header, iss } = read;
  // What an issuer calls critical we would have to understand, and we understand none of it. (RFC 7515 4.1.11)
  if (header.crit !== undefined) return notVerified('FED-TOKEN-1', 'Its header has extensions that are not known.');
  const otherIssuer = (decided: string): Refusal => ({ ok: false, why: 'issuer', rule: 'FED-TOKEN-2', decided });
  if (iss === undefined) return otherIssuer('It names no issuer.');
  if (issuerName(iss) !== issuer) return otherIssuer(`It names the issuer ${iss}, and the provider is ${issuer}.`);
  const address = issuerAddress(iss);
  if (address === undefined) return otherIssuer(`Its issuer ${iss} is neither an https address nor on this machine.`);
  if (header.alg === undefined || !ALGORITHMS.includes(header.alg)) {
    return notVerified('FED-TOKEN-1', 'Its algorithm is none that proves anything with a public key.');
  }
  const checked = await checkSignature(address, header, request, issuerKeys, needs);
  if (isRefusal(checked)) return checked;
  if (checked === 'unknown-key') return notVerified('FED-TOKEN-1', 'Its issuer has no such key.');
  if (checked === 'bad-signature') return notVerified('FED-TOKEN-1', `Its signature does not fit its issuer's key.`);
  return judgeClaims(readClaims(checked), { issuer, clientIds, now });
}

/** A stand-in answers before the issuer that it stands in for. [FED-KEYS-5] */
async function checkSignature(
  address: string,
  header: ProtectedHeaderParameters,
  request: IdTokenRequest,
  issuerKeys: IssuerKeys,
  needs: Needs,
): Promise<Checked | Refusal> {
  const { account, token, why } = request;
  const ours = await ownKeys(account, address, needs);
  if (ours === undefined) return checkWithPublishedKeys(address, header, request, issuerKeys);
  why.choose('FED-KEYS-5', ours.decided, { issuer: address });
  const checked = await check(token, header, ours.find);
  if (checked !== 'unknown-key' || ours.isOnlySource) return checked;
  why.note('FED-KEYS-5', 'note', 'The stand-in has no such key; the issuer itself is asked.', { issuer: address });
  const foreign = await checkWithPublishedKeys(address, header, request, issuerKeys);
  // The stand-in did answer for this issuer, so nobody is missing.
  return isRefusal(foreign) && foreign.why === 'unreachable' ? { ...foreign, why: 'signature' } : foreign;
}

type Checked = Uint8Array | 'unknown-key' | 'bad-signature';

async function checkWithPublishedKeys(
  address: string,
  header: ProtectedHeaderParameters,
  { token, now, why }: IdTokenRequest,
  issuerKeys: IssuerKeys,
): Promise<Checked | Refusal> {
  try {
    const keys = await issuerKeys.current(address, now);
    const checked = await check(token, header, keys.find);
    if (checked !== 'unknown-key') {
      why.choose('FED-KEYS-1', 'The issuer publishes its keys.', {
        issuer: address,
        fetchedAt: keys.fetchedAt.toISOString(),
      });
      return checked;
    }
    const newer = issuerKeys.newer(address, keys, now);
    if (newer === undefined) {
      why.note('FED-KEYS-2', 'note', 'The key is unknown, and the issuer was asked for new keys only just now.', {
        issuer: address,
      });
      return checked;
    }
    why.choose('FED-KEYS-2', 'The key is unknown: the issuer is asked for its keys again.', { issuer: address });
    return await check(token, header, (await newer).find);
  } catch (error) {
    if (!(error instanceof IssuerProblem)) throw error;
    const { kind, rule, message } = error;
    return { ok: false, why: kind === 'unreachable' ? kind : 'signature', rule, decided: message };
  }
}

async function check(token: string, { kid }: ProtectedHeaderParameters, find: JWTVerifyGetKey): Promise<Checked> {
  try {
    return (await compactVerify(token, find, { algorithms: ALGORITHMS })).payload;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return 'unknown-key';
    // Without its name a new key looks like a wrong signature.
    return kid === undefined ? 'unknown-key' : 'bad-signature';
  }
}

interface OwnKeys {
  readonly find: JWTVerifyGetKey;
  readonly decided: string;
  /** Nobody else issues under this name. */
  readonly isOnlySource: boolean;
}

/** Keys of the bench's own: of a stand-in of the account, or of a user pool, which may be a provider like any other. */
async function ownKeys(account: string, address: string, { standIns, tokens }: Needs): Promise<OwnKeys | undefined> {
  const ofStandIn = standIns.keys(account, address);
  if (ofStandIn !== undefined) {
    const decided = 'A stand-in of the bench issues under this name; its keys are asked first.';
    return { find: createLocalJWKSet({ keys: [...ofStandIn.keys] }), decided, isOnlySource: false };
  }
  const userPoolId = address.slice(address.lastIndexOf('/') + 1);
  if (!userPoolId.includes('_') || tokens.issuer(userPoolId) !== address) return undefined;
  const ofUserPool = await tokens.jwks(userPoolId);
  return (
    ofUserPool && {
      find: createLocalJWKSet({ keys: [...ofUserPool.keys] }),
      decided: 'The issuer is a user pool of this bench, whose keys are at hand.',
      isOnlySource: true,
    }
  );
}

function readToken(
  token: string,
): { readonly header: ProtectedHeaderParameters; readonly iss: string | undefined } | undefined {
  if (!COMPACT.test(token)) return undefined;
  try {
    const { iss } = decodeJwt(token);
    return { header: decodeProtectedHeader(token), iss: typeof iss === 'string' ? iss : undefined };
  } catch {
    return undefined;
  }
}

/** The very bytes that were signed, of which it is known that they are a JSON object. */
function readClaims(payload: Uint8Array): { readonly [name: string]: unknown } {
  return JSON.parse(Buffer.from(payload).toString('utf8')) as { readonly [name: string]: unknown };
}

function isRefusal(checked: Checked | Refusal): checked is Refusal {
  return typeof checked === 'object' && 'why' in checked;
}

function notVerified(rule: string, decided: string): Refusal {
  return { ok: false, why: 'signature', rule, decided };
}

/** An opaque token is what its provider says of it. [FED-OAUTH-1] */
function judgeFacts(facts: OAuthTokenFacts | undefined, now: Date): OAuthTokenVerdict {
  if (facts === undefined) return { ok: false, why: 'unknown', decided: 'The provider does not know the token.' };
  if (facts.isRevoked) return { ok: false, why: 'revoked', decided: 'The provider has revoked the token.' };
  const exp = Math.floor(facts.expiresAt.getTime() / 1000);
  if (now >= facts.expiresAt) return { ok: false, why: 'expired', exp, decided: 'The token has expired.' };
  return { ok: true, appId: facts.appId, userId: facts.userId };
}
