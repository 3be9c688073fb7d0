import { createHash, timingSafeEqual } from 'node:crypto';
import type { Spoil } from '../../../shared/stand-ins.ts';
import type { StandInTokenRecord } from '../../store/repositories/stand-in-tokens.ts';
import type {
  AuthorizationRequest,
  CodeProof,
  OAuthRefusal,
  OAuthTokens,
  Services,
  StandIn,
  StandInSignIns,
} from '../services.ts';
import { ACCESS_TOKEN_SECONDS, type StandInAccessTokens } from './access-tokens.ts';
import { signIdToken } from './id-tokens.ts';
import type { StandInKeys } from './keys.ts';

type Needs = Pick<Services, 'clock' | 'ids' | 'standInRecords'>;

interface Parts {
  readonly keys: StandInKeys;
  readonly tokens: StandInAccessTokens;
  /** What the stand-in is told to do to the next token; used up where it is meant for one. */
  takeSpoil(standIn: StandIn): Spoil;
}

const CODE_SECONDS = 60;
const REFRESH_SECONDS = 30 * 24 * 3600;
const WISH_MS = 10 * 60 * 1000;
/** Pages that nobody answers must not fill the memory. */
const MOST_WISHES = 500;

/** The code flow of RFC 6749 with PKCE and OpenID Connect's ID tokens. */
export function createSignIns(
  { clock, ids, standInRecords }: Needs,
  { keys, tokens, takeSpoil }: Parts,
): StandInSignIns {
  // In memory alone: a person who is about to choose starts again when the bench does.
  const wishes = new Map<
    string,
    { readonly place: string; readonly request: AuthorizationRequest; readonly until: number }
  >();
  const placeOf = ({ account, name }: StandIn): string => `${account}/${name}`;

  const give = async (standIn: StandIn, from: StandInTokenRecord): Promise<OAuthTokens | OAuthRefusal> => {
    const request = JSON.parse(from.request ?? '{}') as AuthorizationRequest;
    const person = standInRecords.person(standIn, from.subject);
    const client = standInRecords.client(standIn, from.appId);
    if (!person || !client) return refusal('invalid_grant', 'The person or the client is gone.');
    const spoil = takeSpoil(standIn);
    const fromCode = from.use === 'code' ? from.digest : from.fromCode;
    const common = { client, subject: person.subject, fromCode };
    const isSigned = standIn.format === 'id-token';
    const wants = request.scope.split(' ');
    // Before anything is waited for, so that a code that comes again meanwhile finds what it led to. [SI-OIDC-5]
    const { token } = tokens.make(standIn, 'access', { ...common, spoil: isSigned ? 'none' : spoil });
    const refresh =
      from.use === 'code' && wants.includes('offline_access')
        ? tokens.make(standIn, 'refresh', { ...common, spoil: 'none', request, seconds: REFRESH_SECONDS })
        : undefined;
    const idToken =
      isSigned && wants.includes('openid')
        ? await signIdToken(
            standIn,
            {
              person,
              audience: client.id,
              nonce: from.use === 'code' ? request.nonce : undefined,
              spoil,
              now: clock.now(),
            },
            keys,
          )
        : undefined;
    return {
      ok: true,
      accessToken: token,
      idToken: idToken?.token,
      refreshToken: refresh?.token,
      scope: request.scope,
      expiresIn: ACCESS_TOKEN_SECONDS,
    };
  };

  const isGood = ({ endedAt, expiresAt }: StandInTokenRecord): boolean => !endedAt && expiresAt > clock.now();

  return {
    ask(standIn, request) {
      const now = clock.now().getTime();
      for (const [value, { until }] of wishes) if (until <= now || wishes.size >= MOST_WISHES) wishes.delete(value);
      const value = ids.opaque(32);
      wishes.set(value, { place: placeOf(standIn), request, until: now + WISH_MS });
      return value;
    },

    take(standIn, value) {
      const wish = wishes.get(value);
      if (!wish || wish.place !== placeOf(standIn)) return undefined;
      wishes.delete(value);
      return wish.until > clock.now().getTime() ? wish.request : undefined;
    },

    code(standIn, request, subject) {
      const client = { id: request.clientId, redirectUris: [] };
      return tokens.make(standIn, 'code', { client, subject, spoil: 'none', request, seconds: CODE_SECONDS }).token;
    },

    async redeem(standIn, proof) {
      const code = tokens.find(standIn, 'code', proof.code);
      if (!code) return refusal('invalid_grant', 'The code is unknown.');
      const request = JSON.parse(code.request ?? '{}') as AuthorizationRequest;
      const client = standInRecords.client(standIn, proof.clientId);
      const problem = clientProblem(client?.secret, proof, {
        client: client?.id,
        provesByPkce: request.challenge !== undefined,
      });
      if (problem) return problem;
      if (code.appId !== proof.clientId) return refusal('invalid_grant', 'The code was given to another client.');
      if (request.redirectUri !== proof.redirectUri) {
        return refusal('invalid_grant', 'redirect_uri is not the one that the code was sent to.');
      }
      if (!isProven(request, proof.verifier)) {
        return refusal('invalid_grant', 'code_verifier does not fit the code_challenge.');
      }
      if (code.expiresAt <= clock.now()) return refusal('invalid_grant', 'The code has expired.');
      // A code that comes twice was stolen: what it led to ends. [SI-OIDC-5]
      if (!tokens.end(code)) {
        tokens.endFrom(code);
        return refusal('invalid_grant', 'The code was used before; the tokens that it led to are revoked.');
      }
      return give(standIn, code);
    },

    async refresh(standIn, { refreshToken, clientId, clientSecret }) {
      const token = tokens.find(standIn, 'refresh', refreshToken);
      const client = standInRecords.client(standIn, clientId);
      const request = JSON.parse(token?.request ?? '{}') as Partial<AuthorizationRequest>;
      const provesByPkce = request.challenge !== undefined;
      const problem = clientProblem(client?.secret, { clientSecret }, { client: client?.id, provesByPkce });
      if (problem) return problem;
      if (!token || token.appId !== clientId || !isGood(token)) {
        return refusal('invalid_grant', 'The refresh token is unknown, expired or revoked.');
      }
      return give(standIn, token);
    },

    person(standIn, accessToken) {
      const token = tokens.find(standIn, 'access', accessToken);
      return token && isGood(token) ? standInRecords.person(standIn, token.subject) : undefined;
    },
  };
}

/** A client with a secret shows it, unless the code is bound to the asker by PKCE. */
function clientProblem(
  secret: string | undefined,
  { clientSecret }: Pick<CodeProof, 'clientSecret'>,
  { client, provesByPkce }: { readonly client: string | undefined; readonly provesByPkce: boolean },
): OAuthRefusal | undefined {
  if (client === undefined) return refusal('invalid_client', 'The client is unknown.');
  if (clientSecret === undefined) {
    const mayLeaveOut = provesByPkce || secret === undefined;
    return mayLeaveOut ? undefined : refusal('invalid_client', 'The client has a secret, which is missing.');
  }
  return secret !== undefined && isSame(clientSecret, secret)
    ? undefined
    : refusal('invalid_client', 'The client secret is wrong.');
}

function isProven({ challenge, challengeMethod }: AuthorizationRequest, verifier: string | undefined): boolean {
  if (challenge === undefined) return verifier === undefined;
  if (verifier === undefined) return false;
  const shown = challengeMethod === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  return isSame(shown, challenge);
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}

function refusal(error: OAuthRefusal['error'], description: string): OAuthRefusal {
  return { ok: false, error, description };
}
