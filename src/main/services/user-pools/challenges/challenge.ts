import type { InitiateAuthResponse } from '../../../../shared/aws/cognito-idp.ts';
import type { Json } from '../../../../shared/json.ts';
import type { AuthSessionRecord } from '../../../store/repositories/auth-sessions.ts';
import type { UserRecord } from '../../../store/repositories/users.ts';
import type { AuthContext, AuthNeeds, Progress, Proven } from '../flows/flow.ts';
import { openSession, spendSession } from '../sessions.ts';

export type AuthAnswer = InitiateAuthResponse;

/** One step of an authentication: the context, and the session that the step spends; absent at the first one. */
export interface Step extends AuthContext {
  readonly spent: AuthSessionRecord | undefined;
  /** The device that this very request names. */
  readonly deviceKey?: string | undefined;
}

export interface Answer extends AuthContext {
  readonly session: AuthSessionRecord;
  /** Absent where the user does not exist and the challenge was simulated. */
  readonly user: UserRecord | undefined;
  readonly responses: { readonly [name: string]: string };
}

/** How an answer to a challenge is judged. Challenges do not know what comes before or after them. */
export type Challenge = (answer: Answer, services: AuthNeeds) => Progress | Promise<Progress>;

/** How a challenge is asked, once next-step.ts has decided that it follows. */
export type Ask<Reached extends Progress['reached']> = (
  step: Step,
  progress: Extract<Progress, { reached: Reached }>,
  services: AuthNeeds,
) => AuthAnswer | Promise<AuthAnswer>;

/** Whom a second factor is asked of, and what is written with the question. */
export interface SecondFactorAsked {
  readonly user: UserRecord;
  readonly proven: Proven;
  readonly write: () => void;
}

export type AskSecondFactor = (
  step: Step,
  asked: SecondFactorAsked,
  services: AuthNeeds,
) => AuthAnswer | Promise<AuthAnswer>;

export interface OpenedChallenge {
  readonly challenge: NonNullable<AuthAnswer['ChallengeName']>;
  readonly user: UserRecord | undefined;
  readonly username: string;
  /** What has been shown so far; absent before the first factor. */
  readonly proven?: Proven;
  readonly state?: { readonly [name: string]: Json };
  readonly secretBlock?: string;
  readonly parameters: { readonly [name: string]: string };
  /** Written in the same transaction: nothing of a step happens without its challenge. */
  readonly write?: () => void;
}

/** Opens the session of the challenge, spends the one that led to it, and makes the answer. */
export function openChallenge(
  step: Step,
  { challenge, user, username, proven, state = {}, secretBlock, parameters, write }: OpenedChallenge,
  services: Pick<AuthNeeds, 'authSessions' | 'ids' | 'store'>,
): AuthAnswer {
  const session = services.store.write(() => {
    if (step.spent) spendSession(step, step.spent, services);
    write?.();
    return openSession(
      step,
      {
        challenge,
        user,
        username,
        state: proven === undefined ? state : { ...state, proven: { ...proven } },
        ...(secretBlock === undefined ? {} : { secretBlock }),
      },
      services,
    );
  });
  return { ChallengeName: challenge, Session: session, ChallengeParameters: { ...parameters } };
}

/** What the authentication has shown when the session was opened. */
export function provenBefore({ spent }: Pick<Step, 'spent'>): Proven | undefined {
  const state = spent?.state as { readonly proven?: Proven } | undefined;
  return state?.proven;
}
