import type { InitiateAuthResponse } from '../../../../shared/aws/cognito-idp.ts';
import { fault } from '../../../kernel/fault.ts';
import type { AuthSessionRecord } from '../../../store/repositories/auth-sessions.ts';
import type { UserChanges, UserRecord } from '../../../store/repositories/users.ts';
import { settleAliases } from '../new-users.ts';
import { missingRequired } from '../policies/attribute-schema.ts';
import { DEFAULT_PASSWORD_POLICY, temporaryPasswordDays } from '../policies/password-policy.ts';
import { requireEnabled, requireUsableStatus } from '../sign-in-attempts.ts';
import { openSession, spendSession } from '../sessions.ts';
import type { AuthContext, AuthNeeds, Progress } from './flow.ts';

type AuthAnswer = Omit<InitiateAuthResponse, 'AvailableChallenges'>;

/** The context, with the session that this step spends; absent at the first step. */
interface Step extends AuthContext {
  readonly spent: AuthSessionRecord | undefined;
}

/**
 * The only place that decides what follows: a challenge, tokens, or a refusal. Flows and challenges report what
 * was reached and never call each other.
 */
export async function nextStep(step: Step, progress: Progress, services: AuthNeeds): Promise<AuthAnswer> {
  if (progress.reached === 'srp-exchange') return askForPasswordProof(step, progress, services);
  if (progress.reached === 'password-proven') return afterPassword(step, progress.user, services);
  if (progress.reached === 'new-password') return giveTokens(step, progress.user, progress.changes, services);
  return refreshTokens(step, progress, services);
}

function askForPasswordProof(
  step: Step,
  { user, username, salt, state }: Extract<Progress, { reached: 'srp-exchange' }>,
  services: AuthNeeds,
): AuthAnswer {
  const session = services.store.write(() =>
    openSession(
      step,
      { challenge: 'PASSWORD_VERIFIER', user, username, state: { ...state }, secretBlock: state.secretBlock },
      services,
    ),
  );
  step.call.why.choose('UP-AUTH-16', 'The password is proven next, without being sent.', {
    challenge: 'PASSWORD_VERIFIER',
  });
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    Session: session,
    ChallengeParameters: {
      SALT: salt,
      SECRET_BLOCK: state.secretBlock,
      SRP_B: state.B,
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    },
  };
}

async function afterPassword(step: Step, user: UserRecord, services: AuthNeeds): Promise<AuthAnswer> {
  const { call, pool } = step;
  requireEnabled(call, user);
  requireUsableStatus(call, user);
  if (user.status !== 'FORCE_CHANGE_PASSWORD') return giveTokens(step, user, {}, services);

  requireFreshTemporaryPassword(step, user);
  const session = services.store.write(() => {
    if (step.spent) spendSession(step, step.spent, services);
    services.users.setFailures(user, { count: 0, lastAt: undefined });
    return openSession(
      step,
      { challenge: 'NEW_PASSWORD_REQUIRED', user, username: user.username, state: {} },
      services,
    );
  });
  const required = missingRequired(pool.settings.SchemaAttributes ?? [], user.attributes);
  call.why.choose('UP-AUTH-13', 'The password is temporary: the user chooses a new one next.', {
    challenge: 'NEW_PASSWORD_REQUIRED',
    requiredAttributes: required,
  });
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: session,
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(required.map((name) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(user.attributes),
    },
  };
}

function requireFreshTemporaryPassword({ call, pool }: Step, user: UserRecord): void {
  const days = temporaryPasswordDays(pool.settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY);
  const set = user.passwordSetAt ?? user.createdAt;
  const until = new Date(set.getTime() + days * 24 * 60 * 60 * 1000);
  if (until > call.now) {
    call.why.pass('UP-AUTH-12', 'The temporary password still holds.', { until: until.toISOString() });
    return;
  }
  throw call.why.refuse(
    'UP-AUTH-12',
    'The temporary password is too old.',
    fault('NotAuthorizedException', 'Temporary password has expired and must be reset by an administrator.'),
    { until: until.toISOString(), days },
  );
}

async function giveTokens(
  step: Step,
  user: UserRecord,
  changes: UserChanges,
  services: AuthNeeds,
): Promise<AuthAnswer> {
  const { call, pool, client } = step;
  const { store, tokens, users } = services;
  requireEnabled(call, user);
  await call.decision('UP-AUTH-14');
  const issued = await tokens.signIn({ pool, client, user: { ...user, ...changes }, now: call.now });
  store.write((tx) => {
    if (step.spent) spendSession(step, step.spent, services);
    const current = users.find(user.number);
    if (!current) {
      throw call.why.refuse(
        'UP-AUTH-3',
        'The user was deleted meanwhile.',
        fault('UserNotFoundException', 'User does not exist.'),
      );
    }
    requireEnabled(call, current);
    users.setFailures(current, { count: 0, lastAt: undefined });
    if (Object.keys(changes).length > 0) {
      const changed = users.update(current, changes, call.now);
      const conflict = settleAliases(pool, changed, false, call.now, services);
      if (conflict) {
        throw call.why.refuse(
          'UP-CONFIRM-5',
          `Another user signs in by this ${conflict.kind}.`,
          fault('AliasExistsException', `An account with the given ${conflict.kind} already exists.`),
        );
      }
    }
    issued.save();
    const who = { account: pool.account, userPoolId: pool.id, username: user.username };
    tx.announce('user.signed-in', { ...who, clientId: client.id });
  });
  call.why.choose('UP-AUTH-14', 'Nothing is left to ask: the user gets tokens.', { username: user.username });
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: issued.accessToken,
      ExpiresIn: issued.expiresIn,
      TokenType: 'Bearer',
      RefreshToken: issued.refreshToken,
      IdToken: issued.idToken,
    },
  };
}

async function refreshTokens(
  { call, pool, client }: Step,
  { user, signIn }: Extract<Progress, { reached: 'refresh-token-accepted' }>,
  { tokens }: AuthNeeds,
): Promise<AuthAnswer> {
  const issued = await tokens.refresh({ pool, client, user, now: call.now }, signIn);
  call.why.choose('TK-REFRESH-5', 'New access and ID tokens; the refresh token stays.', { username: user.username });
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: issued.accessToken,
      ExpiresIn: issued.expiresIn,
      TokenType: 'Bearer',
      IdToken: issued.idToken,
    },
  };
}
