import type { JWK } from 'jose';
import type { Reasons } from '../kernel/reasons.ts';
import type { AppClientRecord } from '../store/repositories/app-clients.ts';
import type { SignInActivity, SignInRecord } from '../store/repositories/refresh-tokens.ts';
import type { UserPoolRecord } from '../store/repositories/user-pools.ts';
import type { UserRecord } from '../store/repositories/users.ts';
import type { Call } from './family.ts';
import type { TokenSource, TriggerText } from './functions.ts';
import type { Place } from './services.ts';

/** Who makes tokens and who verifies them: user pools' and identity pools'. */

export interface AccessTokenClaims {
  readonly sub: string;
  readonly iss: string;
  readonly client_id: string;
  readonly username: string;
  readonly scope: string;
  readonly jti: string;
  readonly origin_jti?: string;
  /** Shared by all tokens of the sign-in. */
  readonly event_id: string;
  readonly auth_time: number;
  readonly iat: number;
  readonly exp: number;
  readonly token_use: 'access';
  readonly device_key?: string;
  readonly 'cognito:groups'?: readonly string[];
  /** Not a claim: the pool that issued it. */
  readonly userPoolId: string;
}

/** What became of a user pool's ID token that was shown to an identity pool. */
export type IdTokenVerdict =
  | {
      readonly ok: true;
      readonly userPoolId: string;
      readonly clientId: string;
      readonly sub: string;
      readonly claims: { readonly [name: string]: unknown };
    }
  | { readonly ok: false; readonly why: 'malformed' | 'unknown-issuer' | 'signature' | 'not-an-id-token' }
  | { readonly ok: false; readonly why: 'expired'; readonly exp: number };

/** For whom tokens are made, and through which client. */
export interface TokenGrant {
  readonly pool: UserPoolRecord;
  readonly client: AppClientRecord;
  readonly user: UserRecord;
  readonly now: Date;
  /** Where the pool tracks devices: the one that signs in. */
  readonly deviceKey?: string | undefined;
  /** Where the sign-in is on record already: the id of that event, which its tokens carry. */
  readonly eventId?: string | undefined;
  /** From where the sign-in comes, kept with it. */
  readonly activity?: SignInActivity;
  /** On which call and why the tokens are made; the pool's function is asked then. */
  readonly occasion?: TokenOccasion;
}

export interface TokenOccasion {
  readonly call: Call;
  readonly source: TokenSource;
  readonly clientMetadata?: TriggerText | undefined;
}

/** A client that acts for itself, with no user. */
export interface ClientGrant {
  readonly pool: UserPoolRecord;
  readonly client: AppClientRecord;
  readonly scopes: readonly string[];
  readonly now: Date;
  readonly occasion: TokenOccasion;
}

export interface IssuedTokens {
  readonly idToken: string;
  readonly accessToken: string;
  /** Seconds for which the access token holds. */
  readonly expiresIn: number;
}

/** Tokens of user pools: signing keys, issuing, verifying. Implemented in services/tokens. */
export interface UserPoolTokens {
  /**
   * Signature, expiry on the bench's clock, revocation, and that the user still exists.
   * @throws Fault `NotAuthorizedException` or `UserNotFoundException` with AWS's texts.
   */
  verifyAccessToken(token: string, now: Date, why: Reasons): Promise<AccessTokenClaims>;
  /** Signature, expiry and use; never throws. Does not ask whether the user signed out since. */
  verifyIdToken(token: string, now: Date): Promise<IdTokenVerdict>;
  /** Whether the user behind a verified ID token is enabled, exists, and has not signed out since it was issued. */
  isStillSignedIn(verdict: IdTokenVerdict & { ok: true }): boolean;
  /** Signs the tokens of a new sign-in. Nothing is kept until `save` runs, inside the caller's transaction. */
  signIn(grant: TokenGrant): Promise<IssuedTokens & { readonly refreshToken: string; save(): void }>;
  /** New access and ID tokens for an old sign-in; when it began and what names it stay. */
  refresh(grant: TokenGrant, signIn: SignInRecord): Promise<IssuedTokens>;
  /** An access token of client credentials: no user, no refresh token, and no class of operations that takes it. */
  issueToClient(grant: ClientGrant): Promise<Pick<IssuedTokens, 'accessToken' | 'expiresIn'>>;
  /** A refresh token in the place of `previous`, which works until `usableUntil`. Kept when `save` runs. */
  rotate(signIn: SignInRecord, previous: string, usableUntil: Date): { readonly refreshToken: string; save(): void };
  /** What an ID token would say if the user signed in now; a function of the pool is not asked. */
  idTokenClaims(grant: Pick<TokenGrant, 'pool' | 'client' | 'user' | 'now'>): { readonly [name: string]: unknown };
  /** `iss` of the pool's tokens. */
  issuer(userPoolId: string): string;
  /** The public keys of a pool, both of them; `undefined` for an unknown pool. */
  jwks(userPoolId: string): Promise<{ readonly keys: readonly JWK[] } | undefined>;
}

/** Signing keys, kept in the store. `owner` is `user-pool:<id>:id`, `user-pool:<id>:access`, `identity-pools`. */
export interface SigningKeys {
  /** Makes the pair on first use; two callers at once get the same one. */
  key(owner: string, account: string): Promise<SigningKey>;
  publicJwk(key: SigningKey): JWK;
}

export interface SigningKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'RS512';
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

/** What an identity pool's OpenID token says. */
export interface OpenIdTokenClaims {
  readonly identityId: string;
  readonly identityPoolId: string;
  /** `authenticated` or `unauthenticated`, then providers. */
  readonly amr: readonly string[];
  /** Session tags for whatever role the token is exchanged for. */
  readonly principalTags?: { readonly [key: string]: string };
}

export type OpenIdTokenVerdict =
  | ({ readonly ok: true } & OpenIdTokenClaims)
  | { readonly ok: false; readonly why: 'malformed' | 'signature' }
  /** A JWT that somebody else issued. */
  | { readonly ok: false; readonly why: 'foreign'; readonly issuer: string }
  | { readonly ok: false; readonly why: 'expired'; readonly exp: number };

/** OpenID tokens of identity pools; one key pair serves every account. Implemented in services/identity-pools. */
export interface OpenIdTokens {
  issue(claims: OpenIdTokenClaims & Place & { readonly durationSeconds: number; readonly now: Date }): Promise<string>;
  /** Signature, issuer and expiry; never throws. */
  verify(token: string, now: Date): Promise<OpenIdTokenVerdict>;
  issuer(): string;
  jwks(): Promise<{ readonly keys: readonly JWK[] }>;
}
