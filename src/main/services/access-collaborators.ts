import type { PolicyFinding } from '../../shared/access.ts';
import type { AccessExplanation } from '../../shared/bench-api.ts';
import type { Reasons } from '../kernel/reasons.ts';
import type { SessionHolder, TemporaryCredentials } from '../store/repositories/temporary-credentials.ts';
import type { Caller } from './family.ts';

export type { SessionHolder, TemporaryCredentials };

/** Who vends credentials, and who says what they may do. */

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
