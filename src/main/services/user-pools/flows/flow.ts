import type { AppClientRecord } from '../../../store/repositories/app-clients.ts';
import type { SignInRecord } from '../../../store/repositories/refresh-tokens.ts';
import type { UserPoolRecord } from '../../../store/repositories/user-pools.ts';
import type { UserChanges, UserRecord } from '../../../store/repositories/users.ts';
import type { Call } from '../../family.ts';
import type { Services } from '../../services.ts';

export type AuthNeeds = Pick<
  Services,
  | 'appClients'
  | 'authSessions'
  | 'ids'
  | 'powers'
  | 'random'
  | 'refreshTokens'
  | 'store'
  | 'tokens'
  | 'userPools'
  | 'users'
>;

/** Where an authentication happens: one call, through one client of one pool. */
export interface AuthContext {
  readonly call: Call;
  readonly pool: UserPoolRecord;
  readonly client: AppClientRecord;
}

export interface Start extends AuthContext {
  readonly parameters: { readonly [name: string]: string };
}

/** The server's half of an SRP exchange, as the session keeps it; numbers as hexadecimal text. */
export interface SrpState {
  readonly A: string;
  readonly B: string;
  readonly b: string;
  readonly verifier: string;
  readonly secretBlock: string;
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
    }
  | { readonly reached: 'password-proven'; readonly user: UserRecord }
  /** `changes` are written together with the tokens, or not at all. */
  | { readonly reached: 'new-password'; readonly user: UserRecord; readonly changes: UserChanges }
  | { readonly reached: 'refresh-token-accepted'; readonly user: UserRecord; readonly signIn: SignInRecord };

/** How an authentication begins. */
export type Flow = (start: Start, services: AuthNeeds) => Progress | Promise<Progress>;
