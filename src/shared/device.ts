import type { StandInKind } from './stand-ins.ts';

/** A simulated device as the page, the command line and tests see it. */
export interface DeviceState {
  readonly id: string;
  readonly name: string;
  readonly kind: 'phone' | 'tablet';
  readonly account: string;
  readonly network: NetworkState;
  /** What the device's app is pointed at; absent members were not configured. */
  readonly app: DeviceApp;
  readonly signIn: SignInState;
  /** What it shows of outside providers beside the user pool's token; without the tokens. */
  readonly logins: readonly DeviceLogin[];
  /** What the signed-in user's pool knows of this device. */
  readonly remembered: RememberedState;
  /** The codes that the device's authenticator app shows, of every user who set it up. */
  readonly authenticator: readonly AuthenticatorCode[];
  readonly passkeys: readonly DevicePasskey[];
  readonly identity?: DeviceIdentity;
  readonly datasets: readonly DeviceDataset[];
  readonly pushes: readonly ReceivedPush[];
  /** What the app last asked of S3 and DynamoDB with its identity's credentials, newest first. */
  readonly resourceCalls: readonly ResourceCall[];
  /** What the device is doing now, for example `Signing in`; absent when idle. */
  readonly busy?: string;
  /** The last action's failure, as the app would see it. */
  readonly lastError?: {
    readonly action: string;
    readonly code: string;
    readonly message: string;
    /** What would help, where the words of AWS do not say. */
    readonly hint?: string;
  };
  /** Whose data lies on the device, this one's and others': a family shares a tablet. */
  readonly profiles: readonly DeviceProfileSummary[];
}

/** Whom a provider says that somebody is. */
export interface LoginOwner {
  /** The key of `Logins`; the name of a developer provider. */
  readonly provider: string;
  readonly kind: StandInKind | 'user-pool' | 'developer';
  /** The provider's own id of the person; for a user pool the user name. */
  readonly subject: string;
  /** How the person is called. */
  readonly person: string;
  /** The stand-in that they sign in with. */
  readonly standIn?: string;
}

/** A login of an outside provider on a device. */
export interface DeviceLogin extends LoginOwner {
  /** ISO 8601; absent for developer logins, for which the app's backend vouches anew each time. */
  readonly expiresAt?: string;
}

/** One identity's part of a device's cache. */
export interface DeviceProfileSummary {
  /** `unknown` holds what was kept before there was an identity. */
  readonly identityId: string;
  /** By whose logins it is known; nobody's for a guest, and for data that nobody owns yet. */
  readonly owners: readonly LoginOwner[];
  /** The one that the app works on now. */
  readonly current: boolean;
  readonly datasets: number;
  readonly records: number;
  /** Changes that the store has not seen. */
  readonly unsent: number;
}

export const OBJECT_OPERATIONS = ['PutObject', 'GetObject', 'HeadObject', 'DeleteObject', 'ListObjectsV2'] as const;
export const ITEM_OPERATIONS = ['GetItem', 'PutItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem'] as const;
/** What a device's app can ask of resources. */
export const RESOURCE_OPERATIONS = [...OBJECT_OPERATIONS, ...ITEM_OPERATIONS] as const;
export type ResourceOperation = (typeof RESOURCE_OPERATIONS)[number];
export type ResourceService = 's3' | 'dynamodb';

/** A call on a resource that policies guard, and what became of it. */
export interface ResourceCall {
  readonly at: string;
  readonly service: ResourceService;
  readonly operation: ResourceOperation;
  /** `s3://bucket/key`, or the table's name. */
  readonly target: string;
  readonly identityId: string;
  /** Of the answer, by which the call is found on the timeline. */
  readonly requestId?: string;
  /** As the service gave it; absent where the call was refused. */
  readonly answer?: string;
  readonly refused?: { readonly code: string; readonly message: string };
}

export interface NetworkState {
  readonly online: boolean;
  /** Added to every message, one way, in milliseconds. */
  readonly latencyMs: number;
  /** Up to so many milliseconds are added to the latency or taken from it, by chance. */
  readonly jitterMs: number;
  /** The chance, from 0 to 1, that a request never arrives. */
  readonly lossRate: number;
  /** So many requests from now on never arrive. Counts down. */
  readonly loseNext: number;
  /** The chance that a request arrives and its answer is lost. */
  readonly answerLossRate: number;
  readonly loseNextAnswers: number;
  /** The chance that a request arrives twice. */
  readonly duplicateRate: number;
  readonly duplicateNext: number;
  /** The chance that a request is overtaken: the device gives up on it, and it arrives after the next one. */
  readonly reorderRate: number;
  readonly reorderNext: number;
  /** Only requests of this operation, such as `UpdateRecords`, meet with any of that; empty for all. */
  readonly faultsOn: string;
  /** How far the device's clock is ahead of the bench's. */
  readonly clockSkewSeconds: number;
  /** Whether the app's SDK corrects its signatures' dates by the service's clock, as AWS's SDKs do. */
  readonly correctsClockSkew: boolean;
}

export interface DeviceApp {
  readonly region: string;
  readonly userPoolId?: string;
  readonly clientId?: string;
  readonly identityPoolId?: string;
}

export type SignInState =
  | { readonly status: 'signed-out' }
  | { readonly status: 'unconfirmed'; readonly username: string; readonly destination?: string }
  /** A code to reset the password is under way. */
  | { readonly status: 'resetting'; readonly username: string; readonly destination?: string }
  | ({ readonly status: 'challenged'; readonly username: string } & ChallengeState)
  | {
      readonly status: 'signed-in';
      readonly username: string;
      /** ISO 8601, from the tokens. */
      readonly accessTokenExpiresAt: string;
      readonly idToken: string;
      readonly accessToken: string;
    };

/** What the pool asks of whoever is signing in. */
export interface ChallengeState {
  /** `SMS_MFA`, `SELECT_CHALLENGE`, … */
  readonly challenge: string;
  /** Attributes that NEW_PASSWORD_REQUIRED asks for. */
  readonly requiredAttributes: readonly string[];
  /** Where the code went, masked. */
  readonly destination?: string;
  /** What can be chosen, or set up. */
  readonly choices: readonly string[];
  /** What a challenge of the pool's own making shows. */
  readonly parameters: { readonly [name: string]: string };
  /** Whether the device can answer by itself: its authenticator has the code, or it has a passkey. */
  readonly answersItself: boolean;
}

/**
 * A tracked device is known to the pool by its key; a remembered one also stands in for the second factor, where the
 * pool says so.
 */
export interface RememberedState {
  readonly status: 'remembered' | 'tracked' | 'none';
  readonly deviceKey?: string;
}

export interface AuthenticatorCode {
  readonly username: string;
  readonly userPoolId: string;
  /** By the device's own clock. */
  readonly code: string;
  readonly secondsLeft: number;
  /** When the next code comes, on the bench's clock; ISO 8601. */
  readonly validUntil: string;
  /** Waits for its first code to be entered. */
  readonly pending: boolean;
  /** Whether the device entered this code already: a code works once. */
  readonly used: boolean;
}

export interface DevicePasskey {
  readonly credentialId: string;
  readonly username: string;
  readonly userPoolId: string;
  /** Whose pages may ask for it. */
  readonly relyingPartyId: string;
}

export interface DeviceIdentity {
  readonly identityId: string;
  readonly guest: boolean;
  /** The identity that the device had until it was merged into this one. */
  readonly mergedFrom?: string;
  readonly credentialsExpireAt?: string;
  readonly accessKeyId?: string;
}

export interface DeviceDataset {
  readonly name: string;
  readonly lastSyncCount: number;
  readonly subscribed: boolean;
  /** ISO 8601 of the last successful synchronise. */
  readonly lastSyncAt?: string;
  readonly records: readonly DeviceRecord[];
  readonly conflicts: readonly DeviceConflict[];
  /** Guest datasets waiting to be merged, named `dataset.<old identity>`. */
  readonly mergedDatasetNames: readonly string[];
  /** What the last synchronise settled by its resolver, so that no conflict goes unseen. */
  readonly settled: readonly SettledConflict[];
  /** Keys whose settling by hand can still be undone, until the next synchronise. */
  readonly undoable: readonly string[];
}

export interface DeviceRecord {
  readonly key: string;
  /** `null` is a removed record (a tombstone). */
  readonly value: string | null;
  readonly syncCount: number;
  readonly dirty: boolean;
  readonly modifiedAt: string;
}

/** A key that was changed here and on the store since the last synchronise. */
export interface DeviceConflict {
  readonly key: string;
  /** What both began from: the store's record when this device last saw it; absent where it never had one. */
  readonly base?: { readonly value: string | null; readonly syncCount: number };
  readonly local: { readonly value: string | null; readonly modifiedAt: string };
  readonly remote: {
    readonly value: string | null;
    readonly modifiedAt: string;
    readonly syncCount: number;
    readonly modifiedBy?: string;
  };
}

export interface SettledConflict extends DeviceConflict {
  /** What the device keeps; `null` is removed. */
  readonly kept: string | null;
}

export type ConflictChoice = 'local' | 'remote' | 'last-writer';

/** What becomes of one key in conflict: a side, or a value of one's own; `null` removes it. */
export type Settlement = ConflictChoice | { readonly value: string | null };

/** The text of `(conflict) => 'local' | 'remote' | 'last-writer' | 'remove' | { value }`. */
export interface ScriptResolver {
  readonly javascript: string;
}

/** How a device settles conflicts while synchronising; `ask` stops and shows them. */
export type Resolver = ConflictChoice | 'ask' | ScriptResolver;

/** What a resolver of the user's own is given. Dates are ISO 8601. */
export interface ResolverConflict extends DeviceConflict {
  readonly dataset: string;
  readonly device: { readonly id: string; readonly name: string };
}

/** What would become of a dataset in conflict, by one way to settle it; nothing is changed to find out. */
export interface PreviewOutcome {
  /** `choices` is what was asked about; the others are the resolvers to compare it with. */
  readonly by: ConflictChoice | 'choices' | 'javascript';
  /** What every device of the identity shows after its next synchronise, this one first. */
  readonly devices: readonly DevicePreview[];
  /** Why this way leads nowhere. */
  readonly error?: string;
}

export interface DevicePreview {
  readonly deviceId: string;
  readonly name: string;
  readonly values: { readonly [key: string]: string | null };
  /** Keys that this device itself has in conflict when it synchronises, settled by the same resolver. */
  readonly conflicts: readonly string[];
}

/** The body of a silent push, with the keys that the mobile SDKs read. */
export interface PushNotification {
  readonly source: 'cognito-sync';
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly datasetName: string;
  readonly syncCount: number;
}

export interface ReceivedPush {
  readonly at: string;
  readonly notification: PushNotification;
  /** Whether a synchronise has fetched this change since. */
  readonly handled: boolean;
}

export type SignInFlow = 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH' | 'CUSTOM_AUTH' | 'USER_AUTH';
export type FirstChallenge = 'PASSWORD' | 'PASSWORD_SRP' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN';
export type MfaFactor = 'sms' | 'email' | 'softwareToken';
export type MfaPreference = 'off' | 'on' | 'preferred';

/** Everything a person, a script or a test can ask of a simulated device. */
export type DeviceAction =
  | {
      readonly do: 'sign-up';
      readonly username: string;
      readonly password: string;
      readonly email?: string;
      readonly phoneNumber?: string;
    }
  | { readonly do: 'confirm-sign-up'; readonly username?: string; readonly code: string }
  | { readonly do: 'resend-code'; readonly username?: string }
  | {
      readonly do: 'sign-in';
      readonly username: string;
      /** Only the flows that begin without one can leave it out. */
      readonly password?: string;
      readonly flow?: SignInFlow;
      /** With which challenge USER_AUTH begins; without it the pool offers a choice. */
      readonly prefer?: FirstChallenge;
    }
  /**
   * Answers the challenge under way: a code, a choice, or a text. Without an answer the device takes it from its
   * authenticator or signs with its passkey. A choice of a password brings that along.
   */
  | { readonly do: 'answer'; readonly answer?: string; readonly password?: string }
  | {
      readonly do: 'new-password';
      readonly password: string;
      readonly attributes?: { readonly [name: string]: string };
    }
  | { readonly do: 'change-password'; readonly previous: string; readonly proposed: string }
  | { readonly do: 'forgot-password'; readonly username: string }
  | {
      readonly do: 'confirm-forgot-password';
      readonly username?: string;
      readonly code: string;
      readonly password: string;
    }
  /** Gets a secret for the authenticator, for the signed-in user or to answer MFA_SETUP. */
  | { readonly do: 'set-up-totp' }
  /** Shows the pool a first code; without one, the authenticator's. */
  | { readonly do: 'verify-totp'; readonly code?: string }
  | ({ readonly do: 'set-mfa-preference' } & { readonly [Factor in MfaFactor]?: MfaPreference })
  | { readonly do: 'remember-device'; readonly remembered: boolean }
  | { readonly do: 'forget-device' }
  | { readonly do: 'create-passkey' }
  | { readonly do: 'delete-passkey'; readonly credentialId: string }
  | { readonly do: 'refresh-tokens' }
  /** Of the user pool; of one provider, by its stand-in's name or its key of `Logins`; or of `all` of them. */
  | { readonly do: 'sign-out'; readonly everywhere?: boolean; readonly provider?: string; readonly all?: boolean }
  /** Signs a person in with a stand-in, and shows its token from then on beside what is shown already. */
  | { readonly do: 'link-login'; readonly provider: string; readonly person: string }
  /** By the stand-in's name, or by the key of `Logins`. */
  | { readonly do: 'unlink-login'; readonly provider: string }
  /** The app's backend vouches for a user of its own. */
  | { readonly do: 'developer-login'; readonly user: string }
  | { readonly do: 'get-credentials' }
  | { readonly do: 'put'; readonly dataset: string; readonly key: string; readonly value: string }
  | { readonly do: 'remove'; readonly dataset: string; readonly key: string }
  | { readonly do: 'synchronize'; readonly dataset: string; readonly resolver?: Resolver }
  | {
      readonly do: 'resolve';
      readonly dataset: string;
      readonly choices: { readonly [key: string]: Settlement };
      readonly send?: boolean;
    }
  | { readonly do: 'undo-resolve'; readonly dataset: string }
  | { readonly do: 'merge'; readonly dataset: string; readonly from: string; readonly keep: ConflictChoice }
  | { readonly do: 'delete-dataset'; readonly dataset: string }
  | { readonly do: 'subscribe'; readonly dataset: string }
  | { readonly do: 'unsubscribe'; readonly dataset: string }
  /** A call of the SDK's client, such as `PutObject`, signed by the identity's credentials. */
  | {
      readonly do: 'call-resource';
      readonly service: ResourceService;
      readonly operation: ResourceOperation;
      readonly input: { readonly [member: string]: unknown };
    }
  | ({ readonly do: 'network' } & Partial<NetworkState>)
  | { readonly do: 'wipe'; readonly identityId?: string };
