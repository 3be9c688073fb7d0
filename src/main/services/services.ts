import type { JWK } from 'jose';
import type { InboxMessage } from '../../shared/bench-api.ts';
import type { Bus } from '../kernel/bus.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Logger } from '../kernel/log.ts';
import type { Powers } from '../kernel/powers.ts';
import type { Random } from '../kernel/random.ts';
import type { Reasons } from '../kernel/reasons.ts';
import type { Scheduler } from '../kernel/scheduler.ts';
import type { Repositories, Store } from '../store/index.ts';
import type { AppClientRecord } from '../store/repositories/app-clients.ts';
import type { SignInRecord } from '../store/repositories/refresh-tokens.ts';
import type { UserPoolRecord } from '../store/repositories/user-pools.ts';
import type { UserRecord } from '../store/repositories/users.ts';
import type { Caller } from './family.ts';

/** What the services may know of how the bench was started. */
export interface ServiceConfig {
  /** The region of unsigned calls that name no pool, and of the bench's own resources. */
  readonly region: string;
  readonly issuer: 'local' | 'aws';
  readonly auth: 'enforce' | 'strict' | 'soft' | 'off';
  readonly limits: 'seed' | 'current' | 'off';
  /** `http://127.0.0.1:<port>` unless `--public-url` says otherwise; known once the bench listens. */
  publicUrl(): string;
}

/** Account and region of a thing that unsigned calls name. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Finds the account behind the ids that unsigned calls carry. */
export interface Directory {
  userPool(userPoolId: string): Place | undefined;
  appClient(clientId: string): (Place & { readonly userPoolId: string }) | undefined;
  identityPool(identityPoolId: string): Place | undefined;
  identity(identityId: string): (Place & { readonly identityPoolId: string }) | undefined;
}

export interface AccessTokenClaims {
  readonly sub: string;
  readonly iss: string;
  readonly client_id: string;
  readonly username: string;
  readonly scope: string;
  readonly jti: string;
  readonly origin_jti?: string;
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

/** Temporary credentials as the store keeps them. */
export interface TemporaryCredentials {
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  /** `arn:aws:sts::A:assumed-role/ROLE/SESSION` */
  readonly arn: string;
  /** Where the session came from an identity pool. */
  readonly identity?: {
    readonly identityPoolId: string;
    readonly identityId: string;
    /** `authenticated` or `unauthenticated`, then providers. */
    readonly amr: readonly string[];
  };
  /** Policy documents (JSON text) that narrow the role's. */
  readonly sessionPolicies: readonly string[];
  readonly tags: { readonly [key: string]: string };
}

export interface CredentialRequest {
  readonly account: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly identity?: TemporaryCredentials['identity'];
  readonly sessionPolicies?: readonly string[];
  readonly tags?: { readonly [key: string]: string };
  readonly now: Date;
}

/** Vends and finds temporary credentials. Implemented in services/sts. */
export interface CredentialVendor {
  vend(request: CredentialRequest): TemporaryCredentials;
  find(accessKeyId: string): TemporaryCredentials | undefined;
}

export interface AccessRequest {
  readonly caller: Caller;
  readonly account: string;
  readonly action: string;
  readonly resources: readonly string[];
  /** Condition keys of the request, such as `aws:SourceIp`. */
  readonly context: { readonly [key: string]: string | readonly string[] };
  readonly why: Reasons;
}

export interface TrustRequest {
  readonly account: string;
  readonly roleArn: string;
  readonly action: 'sts:AssumeRole' | 'sts:AssumeRoleWithWebIdentity' | 'sts:AssumeRoleWithSAML' | 'sts:TagSession';
  readonly principal: { readonly Federated?: string; readonly AWS?: string; readonly Service?: string };
  readonly context: { readonly [key: string]: string | readonly string[] };
  readonly why: Reasons;
}

/** A role that an identity pool's owner names for its identities. */
export interface RoleAssignment {
  readonly account: string;
  readonly roleArn: string;
  readonly identityPoolId: string;
  readonly state: 'authenticated' | 'unauthenticated';
  readonly now: Date;
  readonly why: Reasons;
}

/** What a caller may do. Implemented in services/iam. */
export interface AccessControl {
  /** Returns when allowed. @throws Fault `AccessDeniedException` (or `AccessDenied` for query services). */
  authorize(request: AccessRequest): void;
  /** Whether a role's trust policy lets this principal in; an unknown role follows `--auth`. */
  trusts(request: TrustRequest): boolean;
  /** Whether an identity pool may be given this role; an unknown one follows `--auth`. */
  accepts(assignment: RoleAssignment): boolean;
  /** Why a text cannot be a session policy, in IAM's words. */
  policyProblem(document: string): string | undefined;
}

/** Datasets of a merged identity move to the survivor as `name.<old identity>`. Implemented in services/sync. */
export interface DatasetAdoption {
  /** Inside the caller's transaction. */
  adopt(move: {
    readonly account: string;
    readonly identityPoolId: string;
    readonly from: string;
    readonly into: string;
    readonly now: Date;
  }): void;
}

export interface OutgoingMessage {
  readonly account: string;
  readonly userPoolId: string;
  readonly username: string;
  readonly medium: 'EMAIL' | 'SMS';
  readonly to: string;
  readonly from: string;
  readonly subject?: string;
  readonly body: string;
  readonly code?: string;
  readonly link?: string;
  readonly trigger: string;
  readonly now: Date;
}

/** E-mail and SMS kept where people and tests can read them. Implemented in services/messages. */
export interface Inbox {
  /** Inside the caller's transaction; announces `message.sent` after commit. */
  send(message: OutgoingMessage): InboxMessage;
}

/** Every collaborator that a service may ask for; bench/services.ts builds the record. */
export interface Services extends Repositories {
  readonly config: ServiceConfig;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly ids: Ids;
  readonly random: Random;
  readonly bus: Bus;
  readonly log: Logger;
  readonly powers: Powers;
  readonly store: Store;
  readonly directory: Directory;
  readonly signingKeys: SigningKeys;
  readonly tokens: UserPoolTokens;
  readonly openIdTokens: OpenIdTokens;
  readonly vendor: CredentialVendor;
  readonly access: AccessControl;
  readonly adoption: DatasetAdoption;
  readonly inbox: Inbox;
}
