import type { JWK } from 'jose';
import type { PolicyFinding } from '../../shared/access.ts';
import type { AccessExplanation, InboxMessage } from '../../shared/bench-api.ts';
import type { RoleMapping } from '../../shared/aws/cognito-identity.ts';
import type { Json } from '../../shared/json.ts';
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
import type { SignInActivity, SignInRecord } from '../store/repositories/refresh-tokens.ts';
import type { UserPoolRecord } from '../store/repositories/user-pools.ts';
import type { UserRecord } from '../store/repositories/users.ts';
import type { Call, Caller } from './family.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { LambdaFunctions, TokenSource, Triggers, TriggerText } from './functions.ts';
import type { OutsideTokens } from './outside-tokens.ts';
import type { SamlAssertions } from './saml.ts';
import type { StandIns } from './stand-ins.ts';
import type { BulkPublisher, PushService, StreamHistory, StreamWriter, UsageMeter } from './sync-collaborators.ts';

/** What the services may know of how the bench was started. */
export interface ServiceConfig {
  /** The region of unsigned calls that name no pool, and of the bench's own resources. */
  readonly region: string;
  /** The account that the page shows first. */
  readonly account: string;
  readonly issuer: 'local' | 'aws';
  readonly auth: 'enforce' | 'strict' | 'soft' | 'off';
  readonly limits: 'seed' | 'current' | 'off';
  /** Real milliseconds that a trigger may take, and that loading a function's module may take. */
  readonly functionLimits: { readonly trigger: number; readonly load: number };
  /** The bench on this machine, for the functions that call back. */
  url(): string;
  /** `http://127.0.0.1:<port>` unless `--public-url` says otherwise; known once the bench listens. */
  publicUrl(): string;
}

export type * from './audit-trail.ts';
export type * from './functions.ts';
export type * from './outside-tokens.ts';
export type * from './saml.ts';
export type * from './stand-ins.ts';
export type * from './sync-collaborators.ts';

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
  /** Who acts, where no role was assumed: name and id of the role are empty then. */
  readonly holder?: SessionHolder;
  /** Condition keys that the session carries for its life. */
  readonly keys?: { readonly [key: string]: string | readonly string[] };
  /** Tags that the next role of a chain gets too. */
  readonly transitiveTagKeys?: readonly string[];
}

/** The long-term principal behind a session of GetSessionToken or GetFederationToken. */
export interface SessionHolder {
  readonly kind: 'root' | 'user';
  readonly name: string;
  readonly id: string;
  /** A federated user has only what its session policies leave. */
  readonly federated: boolean;
}

/** An IAM user's own access key: no session token, and it does not expire. */
export interface UserAccessKey {
  readonly kind: 'access-key';
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretKey: string;
  /** `Inactive` and `Deleted` keys are found too, to be refused. */
  readonly status: 'Active' | 'Inactive' | 'Deleted';
  readonly userName: string;
  readonly userId: string;
  readonly arn: string;
}

export interface CredentialRequest {
  readonly account: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly identity?: TemporaryCredentials['identity'];
  /** Why an identity gets this role, for its history; without it the client named the role itself. */
  readonly choice?: { readonly rule: string; readonly decided: string };
  readonly sessionPolicies?: readonly string[];
  readonly tags?: { readonly [key: string]: string };
  readonly keys?: TemporaryCredentials['keys'];
  readonly transitiveTagKeys?: readonly string[];
  readonly now: Date;
}

/** A session of a user or of the root itself. */
export interface HolderSessionRequest extends Omit<CredentialRequest, 'roleArn' | 'identity'> {
  readonly holder: SessionHolder;
  readonly arn: string;
}

/** Vends temporary credentials, and finds those and the access keys of IAM users. Implemented in services/sts. */
export interface CredentialVendor {
  vend(request: CredentialRequest | HolderSessionRequest): TemporaryCredentials;
  find(accessKeyId: string): TemporaryCredentials | UserAccessKey | undefined;
  /** Whether a bench made this session token, also if it has forgotten the credentials since. */
  made(sessionToken: string): boolean;
  /** Remembers, every quarter of an hour at most, that a key or a role's session signed a request. */
  used(
    credentials: TemporaryCredentials | UserAccessKey,
    where: { readonly service: string; readonly region: string; readonly now: Date },
  ): void;
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
  readonly action:
    | 'sts:AssumeRole'
    | 'sts:AssumeRoleWithWebIdentity'
    | 'sts:AssumeRoleWithSAML'
    | 'sts:TagSession'
    | 'sts:SetSourceIdentity';
  /** Several names of one principal: a session is its role, too, and Google may be registered besides being known. */
  readonly principal: {
    readonly Federated?: string | readonly string[];
    readonly AWS?: string | readonly string[];
    readonly Service?: string;
  };
  readonly context: { readonly [key: string]: string | readonly string[] };
  readonly why: Reasons;
}

/** An AWS principal that wants to be a role. */
export interface AssumeRequest {
  readonly caller: Caller;
  readonly roleArn: string;
  readonly actions: readonly ('sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity')[];
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
  /** What IAM would refuse in a document, or else what is legal and unlikely to be meant. */
  findings(account: string, document: string, kind: 'identity' | 'trust'): PolicyFinding[];
  /** Whether trust policy and the caller's own policies together let it become the role. */
  mayAssume(request: AssumeRequest): boolean;
  /** The text of a managed policy's default version, of AWS's or of the account's. */
  managedPolicy(account: string, policyArn: string): string | undefined;
  /** What every policy of a principal says to a question, allowed or not. `undefined`: no such principal. */
  explain(question: AccessQuestion): AccessExplanation | undefined;
}

export interface AccessQuestion {
  readonly account: string;
  /** ARN of a role, a user or a vended session, or a vended access key. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: { readonly [key: string]: string | readonly string[] };
  /** Of a session that the role would be asked for; a session that was vended brings its own. */
  readonly sessionPolicies?: readonly string[];
  /** The same: its tags, which win over the role's. */
  readonly sessionTags?: { readonly [key: string]: string };
}

/** Datasets of a merged identity move to the survivor as `name.<old identity>`. Implemented in services/sync. */
export interface DatasetAdoption {
  /** Inside the caller's transaction; gives what moved, and the names it has now. */
  adopt(move: {
    readonly account: string;
    readonly identityPoolId: string;
    readonly from: string;
    readonly into: string;
    readonly now: Date;
  }): { readonly name: string; readonly as: string }[];
}

export interface OutgoingMessage {
  readonly account: string;
  readonly userPoolId: string;
  readonly username: string;
  readonly medium: 'EMAIL' | 'SMS';
  readonly to: string;
  readonly from: string;
  readonly replyTo?: string;
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

/** Sign-ups confirmed by opening the link of a message. Implemented in services/user-pools. */
export interface ConfirmationLinks {
  /** @throws Fault as ConfirmSignUp does */
  confirm(
    link: { readonly clientId: string; readonly username: string; readonly code: string },
    call: Call,
  ): Promise<void>;
}

/** Why a file is not taken in. */
export type ImportUploadRefusal = 'unknown' | 'expired' | 'started';

/** A file that is on its way to an import job. */
export interface ImportUpload {
  write(bytes: Uint8Array): 'ok' | 'too-large';
  /** The whole file is there. `started`: the job was started without it. */
  complete(): 'complete' | 'started';
  abandon(): void;
}

/** Jobs that import users from files. Implemented in services/user-pools. */
export interface UserImports {
  /** For whoever shows the token of the job's address. */
  upload(jobId: string, token: string): ImportUpload | ImportUploadRefusal;
  /** Begins the work of a job that was started. */
  run(jobId: string): void;
  /** Goes on with the jobs that were under way when the bench stopped. */
  resume(): void;
  /** Leaves off after the rows under way. */
  stop(): Promise<void>;
}

/** Somebody who might ask an identity pool for credentials; without a login a guest. */
export interface RoleQuestion {
  readonly account: string;
  readonly identityPoolId: string;
  readonly login?: {
    /** As role mappings name it. */
    readonly provider: string;
    readonly claims: { readonly [name: string]: unknown };
  };
  /** In the place of the provider's saved one; `null` for none. */
  readonly mapping?: RoleMapping | null;
  /** In the place of the pool's. */
  readonly roles?: { readonly authenticated?: string; readonly unauthenticated?: string };
  readonly customRoleArn?: string | undefined;
}

export type ChosenRole = {
  readonly rule: string;
  readonly decided: string;
  readonly inputs: { readonly [name: string]: Json };
} & (
  | { readonly chosen: true; readonly roleArn: string }
  | { readonly chosen: false; readonly because: 'no-role' | 'ambiguous' | 'not-permitted' }
);

/** Which role an identity pool would give, and why. Implemented in services/identity-pools. */
export interface RoleChooser {
  /** `undefined`: the account has no such pool. */
  choose(question: RoleQuestion): ChosenRole | undefined;
  /** Why the pool would let nobody in by this provider, or no guest without one; `undefined` where it would. */
  refusal(question: RoleQuestion): Pick<ChosenRole, 'rule' | 'decided'> | undefined;
  /** The tags that the session would get. */
  tags(question: RoleQuestion): { readonly [key: string]: string };
  /** Documents that narrow whatever role a guest gets. */
  readonly guestPolicies: readonly string[];
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
  readonly samlAssertions: SamlAssertions;
  readonly standIns: StandIns;
  readonly outsideTokens: OutsideTokens;
  readonly vendor: CredentialVendor;
  readonly access: AccessControl;
  readonly adoption: DatasetAdoption;
  readonly inbox: Inbox;
  readonly confirmationLinks: ConfirmationLinks;
  readonly lambda: LambdaFunctions;
  readonly triggers: Triggers;
  readonly push: PushService;
  readonly streamWriter: StreamWriter;
  readonly history: StreamHistory;
  readonly meter: UsageMeter;
  readonly audit: AuditTrail;
  readonly bulkPublisher: BulkPublisher;
  readonly userImports: UserImports;
  readonly roleChooser: RoleChooser;
}
