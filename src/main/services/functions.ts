import type { FunctionInvocation } from '../../shared/bench-api.ts';
import type { Json } from '../../shared/json.ts';
import type { FunctionRecord, FunctionSettings } from '../store/repositories/functions.ts';

export type { FunctionRecord } from '../store/repositories/functions.ts';
import type { UserPoolRecord } from '../store/repositories/user-pools.ts';
import type { UserRecord } from '../store/repositories/users.ts';
import type { Call } from './family.ts';

/** What a function is made from. */
export type FunctionCode =
  | { readonly kind: 'source' | 'file' | 'url'; readonly target: string }
  | { readonly kind: 'zip'; readonly archive: Uint8Array };

export interface FunctionRegistration {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly code: FunctionCode;
  readonly settings?: FunctionSettings;
}

/** Where a name, a partial ARN or an ARN of a function points; `undefined` for text that is none of them. */
export interface FunctionAddress {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly qualifier?: string;
}

export interface FunctionRun {
  readonly payload: Json;
  /** Shown with the invocation: a trigger's source, `Invoke`, `by hand`. */
  readonly purpose: string;
  /** How long the caller waits, in real milliseconds; a function's own time limit may be shorter. */
  readonly patience?: number;
  readonly requestId?: string;
  /** `ClientContext` of Invoke. */
  readonly clientContext?: Json;
  /** Paths in the payload that the page masks. */
  readonly secrets?: readonly string[];
}

/** Functions and how they are run; Lambda's own operations and every trigger go through here. */
export interface LambdaFunctions {
  /**
   * Stores a function, or replaces what a name runs; the next invocation runs the new code.
   *
   * @throws BenchError 422 where `check` is asked for and the code cannot be loaded; nothing is stored then
   */
  register(registration: FunctionRegistration, check: boolean): Promise<FunctionRecord>;
  remove(record: Pick<FunctionRecord, 'account' | 'region' | 'name'>): boolean;
  /** Reads `name`, `account:function:name`, or an ARN, for a caller of this account and region. */
  address(text: string, home: { readonly account: string; readonly region: string }): FunctionAddress | undefined;
  find(address: FunctionAddress): FunctionRecord | undefined;
  /** Runs it and keeps the invocation. Never called with a transaction open: the function may call back. */
  invoke(record: FunctionRecord, run: FunctionRun): Promise<FunctionInvocation>;
  /** Newest first. */
  invocations(record: Pick<FunctionRecord, 'account' | 'region' | 'name'>): readonly FunctionInvocation[];
  /** Resolves once every worker has ended. */
  stop(): Promise<void>;
}

export type TriggerText = { readonly [name: string]: string };

/** On behalf of which call a trigger runs, for which pool, and through which client. */
export interface TriggerMoment {
  readonly call: Call;
  readonly pool: UserPoolRecord;
  /** Absent where an administrator names none. */
  readonly clientId?: string | undefined;
  /** What the caller sent as ClientMetadata, where the operation passes it on to this trigger. */
  readonly clientMetadata?: TriggerText | undefined;
}

export interface SignUpVerdict {
  readonly autoConfirmUser: boolean;
  readonly autoVerifyEmail: boolean;
  readonly autoVerifyPhone: boolean;
}

export type MessageSource =
  | 'SignUp'
  | 'AdminCreateUser'
  | 'ResendCode'
  | 'ForgotPassword'
  | 'UpdateUserAttribute'
  | 'VerifyUserAttribute'
  | 'Authentication';

/** Texts that replace the pool's templates; a text without the placeholders that it needs is left out. */
export interface CustomMessageTexts {
  readonly smsMessage?: string;
  readonly emailMessage?: string;
  readonly emailSubject?: string;
}

/** One step of a custom authentication, oldest first, as the functions see it. */
export interface ChallengeResult {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata?: string | null;
}

/** Whom an authentication is about; without a user where the client hides that there is none. */
export interface ChallengedUser {
  readonly user: UserRecord | undefined;
  /** What was typed, for a user that does not exist. */
  readonly username: string;
  /** Whether the functions are told that the user may not exist. */
  readonly tellsExistence: boolean;
}

export interface DefinedChallenge {
  readonly challengeName: string | undefined;
  readonly issueTokens: boolean;
  readonly failAuthentication: boolean;
}

export interface CreatedChallenge {
  readonly publicParameters: TriggerText;
  readonly privateParameters: TriggerText;
  readonly metadata: string | null;
}

export interface UserGroups {
  /** By precedence. */
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly preferredRole?: string | undefined;
}

export type TokenSource =
  | 'HostedAuth'
  | 'Authentication'
  | 'NewPasswordChallenge'
  | 'AuthenticateDevice'
  | 'RefreshTokens'
  | 'ClientCredentials';

export interface ClaimChanges {
  readonly add: { readonly [claim: string]: Json };
  readonly suppress: readonly string[];
}

/** What a pre token generation function wants changed. */
export interface TokenCustomisation {
  readonly id: ClaimChanges;
  readonly access: ClaimChanges & {
    readonly scopesToAdd: readonly string[];
    readonly scopesToSuppress: readonly string[];
  };
  /** Replaces the user's groups and roles in the tokens, where present. */
  readonly groups?: UserGroups;
}

/** Somebody whom a migration function knows. */
export interface MigratedUser {
  readonly attributes: TriggerText;
  readonly status: 'CONFIRMED' | 'RESET_REQUIRED';
  readonly suppressMessage: boolean;
  readonly mediums: readonly ('EMAIL' | 'SMS')[];
  readonly forceAliasCreation: boolean;
  readonly enableSmsMfa: boolean;
}

/** What a Cognito Events function said, or why it said nothing. */
export type SyncTriggerAnswer =
  | { readonly outcome: 'answered'; readonly records: { readonly [key: string]: SyncTriggerRecord | null } }
  /** The function refused: the write is rejected. */
  | { readonly outcome: 'failed'; readonly message: string }
  | { readonly outcome: 'timed-out' }
  | { readonly outcome: 'throttled' }
  /** The answer is not the event's shape. */
  | { readonly outcome: 'bad-output'; readonly problem: string }
  /** It may not be run, or is not there: the name of Lambda's error. */
  | { readonly outcome: 'not-invoked'; readonly code: string };

export interface SyncTriggerRecord {
  readonly oldValue?: string;
  readonly newValue?: string;
  readonly op: 'replace' | 'remove';
}

export interface SyncTriggerEvent {
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly datasetName: string;
  /** Every record of the dataset; those that do not change have equal values. */
  readonly datasetRecords: { readonly [key: string]: SyncTriggerRecord | null };
}

/**
 * The functions that user pools and identity pools ask on their way. Each answers at once where the pool names no
 * function, and is never called with a transaction open: a function may call back into the bench.
 *
 * @throws Fault UserLambdaValidationException, UnexpectedLambdaException or InvalidLambdaResponseException
 */
export interface Triggers {
  preSignUp(
    moment: TriggerMoment,
    ask: {
      readonly source: 'SignUp' | 'AdminCreateUser' | 'ExternalProvider';
      /** As typed. */
      readonly username: string;
      readonly attributes: TriggerText;
      readonly validationData: TriggerText | undefined;
    },
  ): Promise<SignUpVerdict>;
  postConfirmation(
    moment: TriggerMoment,
    ask: { readonly source: 'ConfirmSignUp' | 'ConfirmForgotPassword'; readonly user: UserRecord },
  ): Promise<void>;
  preAuthentication(
    moment: TriggerMoment,
    ask: ChallengedUser & { readonly validationData: TriggerText | undefined },
  ): Promise<void>;
  postAuthentication(
    moment: TriggerMoment,
    ask: { readonly user: UserRecord; readonly newDeviceUsed: boolean },
  ): Promise<void>;
  /** Asks nothing where a custom sender takes the message of every medium. */
  customMessage(
    moment: TriggerMoment,
    ask: {
      readonly source: MessageSource;
      readonly user: UserRecord;
      readonly mediums: readonly ('EMAIL' | 'SMS')[];
      /** E-mail carries a link in the place of a code. */
      readonly byLink: boolean;
    },
  ): Promise<CustomMessageTexts>;
  /** Whether the pool hands messages of this medium to a function, and nothing leaves by itself. */
  sends(pool: UserPoolRecord, medium: 'EMAIL' | 'SMS'): boolean;
  /** Hands a code to the pool's own sender. Its failure is noted and hurts nobody. */
  customSender(
    moment: TriggerMoment,
    ask: {
      readonly source: MessageSource | 'AccountTakeOverNotification';
      readonly user: UserRecord;
      readonly medium: 'EMAIL' | 'SMS';
      readonly code: string;
    },
  ): Promise<void>;
  /** Whether the pool names the functions of custom authentication. */
  hasCustomAuth(pool: UserPoolRecord): boolean;
  defineAuthChallenge(
    moment: TriggerMoment,
    ask: ChallengedUser & { readonly session: readonly ChallengeResult[] },
  ): Promise<DefinedChallenge>;
  createAuthChallenge(
    moment: TriggerMoment,
    ask: ChallengedUser & { readonly challengeName: string; readonly session: readonly ChallengeResult[] },
  ): Promise<CreatedChallenge>;
  /** Whether the answer is right. */
  verifyAuthChallenge(
    moment: TriggerMoment,
    ask: ChallengedUser & { readonly privateParameters: TriggerText; readonly answer: string },
  ): Promise<boolean>;
  preTokenGeneration(
    moment: TriggerMoment,
    ask: {
      readonly source: TokenSource;
      /** Nobody, for the credentials of a client. */
      readonly user: UserRecord | undefined;
      readonly groups: UserGroups;
      readonly scopes: readonly string[];
    },
  ): Promise<TokenCustomisation | undefined>;
  /** `undefined` where there is no such function, or it knows nobody of this name. */
  userMigration(
    moment: TriggerMoment,
    ask: {
      readonly source: 'Authentication' | 'ForgotPassword';
      readonly username: string;
      readonly password: string | undefined;
      readonly validationData: TriggerText | undefined;
    },
  ): Promise<MigratedUser | undefined>;
  /** Cognito Events of sync: the function at this ARN sees, changes or refuses a write. Never throws. */
  sync(call: Call, arn: string, event: SyncTriggerEvent): Promise<SyncTriggerAnswer>;
}
