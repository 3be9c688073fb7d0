import type { InboxMessage } from '../../shared/bench-api.ts';
import type { RoleMapping } from '../../shared/aws/cognito-identity.ts';
import type { Json } from '../../shared/json.ts';
import type { Bus } from '../kernel/bus.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Logger } from '../kernel/log.ts';
import type { Powers } from '../kernel/powers.ts';
import type { Random } from '../kernel/random.ts';
import type { Scheduler } from '../kernel/scheduler.ts';
import type { Repositories, Store } from '../store/index.ts';
import type { AccessControl, CredentialVendor } from './access-collaborators.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Call } from './family.ts';
import type { LambdaFunctions, Triggers } from './functions.ts';
import type { OutsideTokens } from './outside-tokens.ts';
import type { SamlAssertions } from './saml.ts';
import type { StandIns } from './stand-ins.ts';
import type { BulkPublisher, PushService, StreamHistory, StreamWriter, UsageMeter } from './sync-collaborators.ts';
import type { OpenIdTokens, SigningKeys, UserPoolTokens } from './token-collaborators.ts';

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

export type * from './access-collaborators.ts';
export type * from './audit-trail.ts';
export type * from './functions.ts';
export type * from './outside-tokens.ts';
export type * from './saml.ts';
export type * from './stand-ins.ts';
export type * from './sync-collaborators.ts';
export type * from './token-collaborators.ts';

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
