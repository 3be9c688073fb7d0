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
  readonly identity?: DeviceIdentity;
  readonly datasets: readonly DeviceDataset[];
  readonly pushes: readonly ReceivedPush[];
  /** What the device is doing now, for example `Signing in`; absent when idle. */
  readonly busy?: string;
  /** The last action's failure, as the app would see it. */
  readonly lastError?: { readonly action: string; readonly code: string; readonly message: string };
}

export interface NetworkState {
  readonly online: boolean;
  /** Added to every message, one way, in milliseconds. */
  readonly latencyMs: number;
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
  | {
      readonly status: 'challenged';
      readonly username: string;
      readonly challenge: string;
      readonly requiredAttributes?: readonly string[];
    }
  | {
      readonly status: 'signed-in';
      readonly username: string;
      /** ISO 8601, from the tokens. */
      readonly accessTokenExpiresAt: string;
      readonly idToken: string;
      readonly accessToken: string;
    };

export interface DeviceIdentity {
  readonly identityId: string;
  readonly guest: boolean;
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
  readonly local: { readonly value: string | null; readonly modifiedAt: string };
  readonly remote: {
    readonly value: string | null;
    readonly modifiedAt: string;
    readonly syncCount: number;
    readonly modifiedBy?: string;
  };
}

export type ConflictChoice = 'local' | 'remote' | 'last-writer';

/** How a device settles conflicts while synchronising; `ask` stops and shows them. */
export type Resolver = ConflictChoice | 'ask';

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

/** Everything a person, a script or a test can ask of a simulated device. */
export type DeviceAction =
  | { readonly do: 'sign-up'; readonly username: string; readonly password: string; readonly email?: string; readonly phoneNumber?: string }
  | { readonly do: 'confirm-sign-up'; readonly username?: string; readonly code: string }
  | { readonly do: 'resend-code'; readonly username?: string }
  | { readonly do: 'sign-in'; readonly username: string; readonly password: string; readonly flow?: 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH' }
  | { readonly do: 'new-password'; readonly password: string; readonly attributes?: { readonly [name: string]: string } }
  | { readonly do: 'refresh-tokens' }
  | { readonly do: 'sign-out'; readonly everywhere?: boolean }
  | { readonly do: 'get-credentials' }
  | { readonly do: 'put'; readonly dataset: string; readonly key: string; readonly value: string }
  | { readonly do: 'remove'; readonly dataset: string; readonly key: string }
  | { readonly do: 'synchronize'; readonly dataset: string; readonly resolver?: Resolver }
  | { readonly do: 'resolve'; readonly dataset: string; readonly choices: { readonly [key: string]: ConflictChoice } }
  | { readonly do: 'merge'; readonly dataset: string; readonly from: string; readonly keep: ConflictChoice }
  | { readonly do: 'delete-dataset'; readonly dataset: string }
  | { readonly do: 'subscribe'; readonly dataset: string }
  | { readonly do: 'unsubscribe'; readonly dataset: string }
  | { readonly do: 'network'; readonly online?: boolean; readonly latencyMs?: number }
  | { readonly do: 'wipe' };
