import type { Operations as CloudTrail } from '../../shared/aws/cloudtrail.ts';
import type { Operations as IdentityProvider } from '../../shared/aws/cognito-idp.ts';
import type { Operations as Identity } from '../../shared/aws/cognito-identity.ts';
import type { Operations as DynamoDb } from '../../shared/aws/dynamodb.ts';
import type { Operations as Iam } from '../../shared/aws/iam.ts';
import type { Operations as Sync } from '../../shared/aws/cognito-sync.ts';
import type { Operations as Kinesis } from '../../shared/aws/kinesis.ts';
import type { Operations as Lambda } from '../../shared/aws/lambda.ts';
import type { Operations as S3 } from '../../shared/aws/s3.ts';
import type { Operations as Sns } from '../../shared/aws/sns.ts';
import type { Operations as Sts } from '../../shared/aws/sts.ts';
import type { Lane } from '../../shared/trace.ts';
import type { Reasons } from '../kernel/reasons.ts';
import type { AccessTokenClaims, TemporaryCredentials, UserAccessKey } from './services.ts';

/** The services whose every operation has a row, by their endpoint prefix. */
export interface ServiceOperations {
  'cognito-idp': IdentityProvider;
  'cognito-identity': Identity;
  'cognito-sync': Sync;
  sts: Sts;
  kinesis: Kinesis;
  sns: Sns;
  lambda: Lambda;
  iam: Iam;
  s3: S3;
  dynamodb: DynamoDb;
  cloudtrail: CloudTrail;
}

export type ServiceName = keyof ServiceOperations;

/** How a caller of an operation shows who they are. */
export type Authentication =
  /** Signature Version 4: a developer, or credentials that the bench vended. */
  | 'signature'
  /** `AccessToken` in the body. */
  | 'access-token'
  /** `ClientId` (and its secret's hash) of an app client. */
  | 'app-client'
  /** `ClientId` and `Session` of an authentication under way. */
  | 'auth-session'
  /** `AccessToken`, or `Session` of an authentication under way. */
  | 'token-or-session'
  /** `Logins` for an identity pool or identity. */
  | 'login-tokens'
  | 'anyone';

export type Caller =
  | { readonly kind: 'anyone' }
  /** Root of an account: an access key that the bench did not vend. */
  | { readonly kind: 'developer'; readonly accessKeyId: string; readonly arn: string }
  /** Temporary credentials that the bench vended. */
  | { readonly kind: 'session'; readonly credentials: TemporaryCredentials }
  /** An IAM user, by an access key of its own. */
  | { readonly kind: 'iam-user'; readonly credentials: UserAccessKey }
  | { readonly kind: 'user'; readonly claims: AccessTokenClaims }
  | { readonly kind: 'app-client'; readonly clientId: string; readonly userPoolId: string };

/** What a handler sees of the request it answers. */
export interface Call {
  readonly requestId: string;
  /** Bench time, read once: a request sees a single instant from start to end. */
  readonly now: Date;
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
  readonly lane: Lane;
  readonly userAgent: string;
  readonly sourceIp: string;
  readonly why: Reasons;
  /**
   * Waits here while step mode holds the decision that `rule` is about to make. Never call it with a
   * transaction open.
   */
  decision(rule: string): Promise<void> | undefined;
}

/** One question to the caller's policies: an action on each of some resources. */
export interface Permission {
  /** `s3:GetObject` */
  readonly action: string;
  readonly resources: readonly string[];
  /** Condition keys of the service's own, such as `s3:prefix`; a key without a value is not set. */
  readonly context?: { readonly [key: string]: string | readonly string[] | undefined };
}

export interface BuiltRow<Input, Output, Needs> {
  /** Default: `signature`. */
  readonly auth?: Authentication;
  /** The ARNs that IAM policies must allow for the caller; default `*`. */
  readonly resources?: (input: Input, call: Call, services: Needs) => readonly string[];
  /**
   * In the place of `resources`, where the action is not named as the operation, where there are several, or where
   * condition keys of the service's own belong to them. All must be allowed.
   */
  readonly permissions?: (input: Input, call: Call, services: Needs) => readonly Permission[];
  /** The handler asks the policies itself, since more than the caller's own decide. */
  readonly asksPolicies?: true;
  /** What of the operation cannot be had on one machine, or is still missing; shown in docs/operations.md. */
  readonly note?: string;
  readonly run: (input: Input, call: Call, services: Needs) => Output | Promise<Output>;
}

/** A row of an operation that is not built yet; a caller gets a 4xx answer that names it and `what`. */
export interface NotBuiltRow {
  readonly auth?: Authentication;
  readonly notBuilt: string;
}

export type Row<Input, Output, Needs> = BuiltRow<Input, Output, Needs> | NotBuiltRow;

export type Rows<Service extends ServiceName, Needs> = {
  readonly [Operation in keyof ServiceOperations[Service]]?: ServiceOperations[Service][Operation] extends {
    input: infer Input;
    output: infer Output;
  }
    ? Row<Input, Output extends undefined ? void : Output, Needs>
    : never;
};

/** A row with its types forgotten, as the pipeline sees it. */
export type AnyRow = Row<never, unknown, never>;

export interface Family {
  readonly service: ServiceName;
  /** The file's name, for docs/operations.md. */
  readonly name: string;
  readonly rows: { readonly [operation: string]: AnyRow };
}

/**
 * Declares the operations of one file. The services they need are in the handlers' third parameter, so the
 * type of a handler says what it leans on.
 */
export function family<Service extends ServiceName, Needs>(
  service: Service,
  name: string,
  rows: Rows<Service, Needs>,
): Family {
  return { service, name, rows: rows as Family['rows'] };
}

export function notBuilt(what: string, auth?: Authentication): NotBuiltRow {
  return auth ? { auth, notBuilt: what } : { notBuilt: what };
}

/** The condition keys that every signed request carries. [identity-and-sync 3.6] */
function requestKeys({ sourceIp, userAgent, now, region }: Call): { [key: string]: string } {
  return {
    'aws:SourceIp': sourceIp,
    'aws:UserAgent': userAgent,
    'aws:SecureTransport': 'false',
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:RequestedRegion': region,
  };
}

type Context = { readonly [key: string]: string | readonly string[] };

/** The condition keys of one question: the request's, and the service's own that have a value. */
export function contextOf(call: Call, { context }: Permission): Context {
  const ofRequest = requestKeys(call);
  if (!context) return ofRequest;
  const keys: { [key: string]: string | readonly string[] } = ofRequest;
  for (const [key, value] of Object.entries(context)) if (value !== undefined) keys[key] = value;
  return keys;
}

export function isBuilt(row: AnyRow): row is BuiltRow<never, unknown, never> {
  return 'run' in row;
}
