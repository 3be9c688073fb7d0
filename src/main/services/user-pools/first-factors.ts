import type { UserRecord } from '../../store/repositories/users.ts';
import type { AuthContext, AuthNeeds, Progress } from './flows/flow.ts';
import { requireParameter } from './parameters.ts';
import { makeVerifier, passwordMatches } from './password-verifiers.ts';
import { availableChallenges, type Candidate, type ChoosableChallenge } from './policies/first-factor.ts';
import { activeFactors } from './policies/second-factor.ts';
import { requireUncompromised } from './risk-configuration.ts';
import { incorrect, judgePassword } from './sign-in-attempts.ts';
import { exchangeWith, requireClientPublic } from './srp-exchange.ts';

interface Beginning extends AuthContext {
  /** Absent where there is no such user and the client hides that. */
  readonly user: UserRecord | undefined;
  readonly username: string;
  readonly responses: { readonly [name: string]: string };
}

/** How this user may begin a choice-based sign-in. */
export function challengesOf(
  { pool }: Pick<AuthContext, 'pool'>,
  user: UserRecord,
  { mfaFactors, passkeys }: Pick<AuthNeeds, 'mfaFactors' | 'passkeys'>,
): ChoosableChallenge[] {
  const factors = mfaFactors.of(user);
  const candidate: Candidate = {
    status: user.status,
    attributes: user.attributes,
    hasPassword: user.password !== undefined,
    hasPasskey: passkeys.list(user).length > 0,
    hasSecondFactor:
      activeFactors({
        mode: pool.settings.MfaConfiguration,
        pool: pool.factors,
        attributes: user.attributes,
        factors,
      }).length > 0,
    passkeyCountsAsTwo: passkeyCountsAsTwo(pool, factors),
  };
  return availableChallenges(pool.settings, candidate);
}

/** Whether a passkey that verifies its user stands for two factors: pool and user must both want it. */
export function passkeyCountsAsTwo(
  pool: AuthContext['pool'],
  factors: { readonly enabled: readonly string[] },
): boolean {
  return (
    pool.factors.webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION' &&
    factors.enabled.includes('WEB_AUTHN')
  );
}

/** Judges what came along with the choice; what did not come along is asked for as a challenge of its own. */
export async function beginWith(
  challenge: ChoosableChallenge,
  beginning: Beginning,
  services: AuthNeeds,
): Promise<Progress> {
  const { user, username, responses } = beginning;
  if (challenge === 'PASSWORD' && responses['PASSWORD']) return provePassword(beginning, services);
  if (challenge === 'PASSWORD_SRP' && responses['SRP_A']) return beginSrp(beginning, services);
  return { reached: 'first-factor-chosen', user, username, challenge };
}

/** A password that was sent, for a user who may not exist. */
export async function provePassword(
  { call, pool, client, user, username, responses }: Beginning,
  services: AuthNeeds,
): Promise<Progress> {
  const password = requireParameter(call, responses, 'PASSWORD');
  const kept = user?.password;
  if (!user) {
    // As much work as for a user that exists, so that time does not tell them apart.
    await makeVerifier(pool.id, username, password, services);
    throw call.why.refuse('UP-AUTH-3', 'There is no such user, and the client hides that.', incorrect());
  }
  const matches = (): boolean | Promise<boolean> =>
    kept !== undefined && passwordMatches(pool.id, user.username, password, kept, services);
  const proven = await judgePassword(call, user, 'UP-AUTH-6', matches, services);
  requireUncompromised({ call, pool, client }, 'SIGN_IN', password, services);
  return { reached: 'password-proven', user: proven };
}

export function beginSrp(beginning: Beginning, services: AuthNeeds): Promise<Progress> {
  const A = requireClientPublic(beginning.call, beginning.responses);
  return exchangeWith(beginning, beginning.user, beginning.username, A, services);
}
