import type { AuthSessionRecord } from '../../../store/repositories/auth-sessions.ts';
import type { UserRecord } from '../../../store/repositories/users.ts';
import type { AuthContext, AuthNeeds, Progress } from '../flows/flow.ts';

export interface Answer extends AuthContext {
  readonly session: AuthSessionRecord;
  /** Absent where the user does not exist and the challenge was simulated. */
  readonly user: UserRecord | undefined;
  readonly responses: { readonly [name: string]: string };
}

/** How an answer to a challenge is judged. Challenges do not know what comes before or after them. */
export type Challenge = (answer: Answer, services: AuthNeeds) => Progress | Promise<Progress>;
