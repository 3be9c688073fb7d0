import type { AppClientRecord } from '../../../store/repositories/app-clients.ts';
import type { MfaFactorsRecord } from '../../../store/repositories/mfa-factors.ts';
import type { SignInRecord } from '../../../store/repositories/refresh-tokens.ts';
import type { RememberedDeviceRecord } from '../../../store/repositories/remembered-devices.ts';
import type { UserPoolRecord } from '../../../store/repositories/user-pools.ts';
import type { UserChanges, UserRecord } from '../../../store/repositories/users.ts';
import type { Call } from '../../family.ts';
import type { ChallengeResult, Services } from '../../services.ts';
import type { ChoosableChallenge } from '../policies/first-factor.ts';
import type { SecondFactor } from '../policies/second-factor.ts';

export type AuthNeeds = Pick<
  Services,
  | 'appClients'
  | 'authEvents'
  | 'authSessions'
  | 'ids'
  | 'inbox'
  | 'mfaFactors'
  | 'passkeys'
  | 'poolDocuments'
  | 'powers'
  | 'random'
  | 'refreshTokens'
  | 'rememberedDevices'
  | 'store'
  | 'tokens'
  | 'triggers'
  | 'userPools'
  | 'users'
>;

/** Where an authentication happens: one call, through one client of one pool. */
export interface AuthContext {
  readonly call: Call;
  readonly pool: UserPoolRecord;
  readonly client: AppClientRecord;
  /** What the caller sent for the functions, at the beginning of an authentication: those before it see it. */
  readonly validationData?: { readonly [name: string]: string } | undefined;
  /** The same with an answer to a challenge: the functions after it see it. */
  readonly clientMetadata?: { readonly [name: string]: string } | undefined;
}

export interface Start extends AuthContext {
  readonly parameters: { readonly [name: string]: string };
  /** What ConfirmSignUp gave, to sign in somebody who has just signed up. */
  readonly session?: string | undefined;
}

/** The server's half of an SRP exchange, as the session keeps it; numbers as hexadecimal text. */
export interface SrpState {
  readonly A: string;
  readonly B: string;
  readonly b: string;
  readonly verifier: string;
  readonly secretBlock: string;
}

/** How somebody began to show who they are. `SIGN_UP`: by confirming their sign-up a moment ago. */
export type FirstFactor = 'PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN' | 'SIGN_UP' | 'CUSTOM';

/** What has been shown so far in one authentication. Its sessions carry it from challenge to challenge. */
export interface Proven {
  readonly first: FirstFactor;
  /** A second factor was shown, or the first one counts as two. */
  readonly second: boolean;
  /** The tracked device that the client says it is on. */
  readonly deviceKey?: string;
  /** The device that has shown its own password. */
  readonly device?: string;
  /** The user chose a new password on the way. */
  readonly newPassword?: true;
  /** The event that a pool with threat protection writes down for this sign-in. */
  readonly eventId?: string;
}

/** What a flow or a challenge has brought about; next-step.ts decides what follows from it. */
export type Progress =
  | {
      readonly reached: 'srp-exchange';
      /** Absent where the user does not exist and the exchange is simulated. */
      readonly user: UserRecord | undefined;
      readonly username: string;
      readonly salt: string;
      readonly state: SrpState;
      /** Present in a custom authentication. */
      readonly rounds?: readonly ChallengeResult[];
    }
  | { readonly reached: 'password-proven'; readonly user: UserRecord }
  | {
      readonly reached: 'first-factor-proven';
      readonly user: UserRecord;
      readonly factor: Exclude<FirstFactor, 'PASSWORD' | 'CUSTOM'>;
      /** A passkey that verified its user can stand for both factors. */
      readonly countsAsTwo: boolean;
      readonly changes: UserChanges;
    }
  /** `changes` are written together with what follows, or not at all. */
  | { readonly reached: 'new-password'; readonly user: UserRecord; readonly changes: UserChanges }
  /** Somebody may choose how to begin; without a user where there is none and the choice is simulated. */
  | {
      readonly reached: 'choice';
      readonly user: UserRecord | undefined;
      readonly username: string;
      readonly available: readonly ChoosableChallenge[];
    }
  | {
      readonly reached: 'first-factor-chosen';
      readonly user: UserRecord | undefined;
      readonly username: string;
      readonly challenge: ChoosableChallenge;
      /** Present where the answer tells what else there was. */
      readonly available?: readonly ChoosableChallenge[];
    }
  | { readonly reached: 'second-factor-chosen'; readonly user: UserRecord; readonly factor: SecondFactor }
  | {
      readonly reached: 'second-factor-proven';
      readonly user: UserRecord;
      readonly changes: UserChanges;
      /** What setting up a first factor leaves behind; written with what follows. */
      readonly factors?: MfaFactorsRecord;
    }
  /** Setting up e-mail as a factor: a code to this address comes next. */
  | { readonly reached: 'address-given'; readonly user: UserRecord; readonly email: string }
  | {
      readonly reached: 'device-exchange';
      readonly user: UserRecord;
      readonly device: RememberedDeviceRecord;
      readonly salt: string;
      readonly state: SrpState;
    }
  | { readonly reached: 'device-proven'; readonly user: UserRecord; readonly device: RememberedDeviceRecord }
  /** A custom authentication has come so far; the pool's functions say what follows. */
  | {
      readonly reached: 'custom-round';
      /** Absent where there is no such user and the client hides that. */
      readonly user: UserRecord | undefined;
      readonly username: string;
      /** Oldest first, as the functions see them. */
      readonly rounds: readonly ChallengeResult[];
      /** Opened by a flow that begins with SRP, for the function that asks for its proof. */
      readonly exchange?: { readonly username: string; readonly salt: string; readonly state: SrpState };
    }
  | {
      readonly reached: 'refresh-token-accepted';
      readonly user: UserRecord;
      readonly signIn: SignInRecord;
      /** As it was shown: rotation replaces it. */
      readonly token: string;
    };

/** How an authentication begins. */
export type Flow = (start: Start, services: AuthNeeds) => Progress | Promise<Progress>;
