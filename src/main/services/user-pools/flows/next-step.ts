import type { UserRecord } from '../../../store/repositories/users.ts';
import { writeSignIn } from '../auth-event-log.ts';
import { type AuthAnswer, provenBefore, type SecondFactorAsked, type Step } from '../challenges/challenge.ts';
import { askForCustomChallenge, roundsBefore } from '../challenges/custom-challenge.ts';
import { askForDevice, askForDeviceProof } from '../challenges/device-srp.ts';
import { askForAddressCode, askForEmailCode, askForEmailOtp } from '../challenges/email-otp.ts';
import { askForSetup } from '../challenges/mfa-setup.ts';
import { askForNewPassword } from '../challenges/new-password-required.ts';
import { askForPassword } from '../challenges/password.ts';
import { askForPasswordProof } from '../challenges/password-verifier.ts';
import { askForChoice } from '../challenges/select-challenge.ts';
import { askWhichFactor } from '../challenges/select-mfa-type.ts';
import { askForSmsCode } from '../challenges/sms-mfa.ts';
import { askForSmsOtp } from '../challenges/sms-otp.ts';
import { askForTokenCode } from '../challenges/software-token-mfa.ts';
import { askForPasskey } from '../challenges/web-authn.ts';
import { deviceOfSignIn, suppressesMfa } from '../device-tracking.ts';
import { activeFactors, type SecondFactor, secondFactorDemand, type Situation } from '../policies/second-factor.ts';
import { fault } from '../../../kernel/fault.ts';
import { hidesExistence } from '../lookup.ts';
import { incorrect, requireEnabled, requireUsableStatus } from '../sign-in-attempts.ts';
import { spendSession } from '../sessions.ts';
import { momentOf } from '../trigger-moment.ts';
import type { AuthNeeds, Progress, Proven } from './flow.ts';
import { giveTokens, refreshTokens } from './give-tokens.ts';
import { type News, writeNews } from './news.ts';

/**
 * The only place that decides what follows: a challenge, tokens, or a refusal. Flows and challenges report what
 * was reached and never call each other.
 */
export async function nextStep(step: Step, progress: Progress, services: AuthNeeds): Promise<AuthAnswer> {
  switch (progress.reached) {
    case 'srp-exchange':
      return askForPasswordProof(step, progress, services);
    case 'custom-round':
      return afterRound(step, progress, services);
    case 'choice':
      return askForChoice(step, progress, services);
    case 'first-factor-chosen':
      return askForFirstFactor(step, progress, services);
    case 'password-proven': {
      const { user } = progress;
      const rounds = roundsBefore(step);
      if (!rounds) return afterPassword(step, user, services);
      const shown = [...rounds, { challengeName: 'PASSWORD_VERIFIER', challengeResult: true }];
      return afterRound(step, { reached: 'custom-round', user, username: user.username, rounds: shown }, services);
    }
    case 'first-factor-proven': {
      const { user, factor, countsAsTwo, changes } = progress;
      return goOn(step, user, { first: factor, second: countsAsTwo }, { changes }, services);
    }
    case 'new-password':
      return goOn(step, progress.user, { ...soFar(step), newPassword: true }, { changes: progress.changes }, services);
    case 'second-factor-chosen':
      return askForChosenFactor(step, progress, services);
    case 'address-given':
      return askForAddressCode(step, progress, services);
    case 'second-factor-proven':
      return goOn(step, progress.user, { ...soFar(step), second: true }, progress, services);
    case 'device-exchange':
      return askForDeviceProof(step, progress, services);
    case 'device-proven':
      return goOn(step, progress.user, { ...soFar(step), device: progress.device.deviceKey }, {}, services);
    // What is left: refresh-token-accepted.
    default:
      return refreshTokens(step, progress, services);
  }
}

/** What the sessions before this step have shown. A step that builds on nothing is a mistake of ours. */
function soFar(step: Step): Proven {
  const proven = provenBefore(step);
  if (!proven) throw new Error(`${step.spent?.challenge ?? 'a first step'} builds on a first factor that is not there`);
  return proven;
}

async function askForFirstFactor(
  step: Step,
  progress: Extract<Progress, { reached: 'first-factor-chosen' }>,
  services: AuthNeeds,
): Promise<AuthAnswer> {
  const ask = {
    EMAIL_OTP: askForEmailOtp,
    SMS_OTP: askForSmsOtp,
    WEB_AUTHN: askForPasskey,
    PASSWORD: askForPassword,
    PASSWORD_SRP: askForPassword,
  }[progress.challenge];
  const answer = await ask(step, progress, services);
  return progress.available === undefined ? answer : { ...answer, AvailableChallenges: [...progress.available] };
}

async function afterPassword(step: Step, user: UserRecord, services: AuthNeeds): Promise<AuthAnswer> {
  const proven: Proven = { first: 'PASSWORD', second: false };
  if (user.status !== 'FORCE_CHANGE_PASSWORD') return goOn(step, user, proven, {}, services);
  requireEnabled(step.call, user);
  return askForNewPassword(step, asking(step, user, proven, {}, services), services);
}

/** In a custom authentication the pool's function decides: tokens, refusal, or which challenge comes next. */
async function afterRound(
  step: Step,
  progress: Extract<Progress, { reached: 'custom-round' }>,
  services: AuthNeeds,
): Promise<AuthAnswer> {
  const { user, username, rounds, exchange } = progress;
  const { why } = step.call;
  const tellsExistence = hidesExistence(step.client);
  const asked = { user, username, tellsExistence, session: rounds };
  const decision = await services.triggers.defineAuthChallenge(momentOf(step), asked);
  const inputs = { rounds: rounds.length, challenge: decision.challengeName ?? null };
  if (decision.failAuthentication || (decision.issueTokens && !user)) {
    // The last answer is not to be tried again with another.
    const { spent } = step;
    if (spent) services.store.write(() => spendSession(step, spent, services));
    throw why.refuse('FN-CUSTOM-3', 'The function ends the authentication.', incorrect(), inputs);
  }
  if (decision.issueTokens) {
    why.choose('FN-CUSTOM-3', 'The function is satisfied: tokens are next.', inputs);
    // assumed: what the function asked counts as every factor, as AWS combines custom authentication with no other
    return goOn(step, user!, { first: 'CUSTOM', second: true }, {}, services);
  }
  if (decision.challengeName === 'CUSTOM_CHALLENGE') return askForCustomChallenge(step, progress, services);
  if (decision.challengeName === 'PASSWORD_VERIFIER' && exchange) {
    return askForPasswordProof(step, { ...exchange, reached: 'srp-exchange', user, rounds }, services);
  }
  throw why.refuse(
    'FN-CUSTOM-3',
    'The function names no challenge that can come next.',
    // text from memory
    fault('InvalidLambdaResponseException', 'Unrecognizable lambda output'),
    inputs,
  );
}

/** A factor was shown. What else must be: a second one, the device's word, or nothing. */
async function goOn(
  step: Step,
  known: UserRecord,
  shown: Proven,
  news: News,
  services: AuthNeeds,
): Promise<AuthAnswer> {
  const { call, pool } = step;
  const user: UserRecord = { ...known, ...news.changes };
  requireEnabled(call, user);
  requireUsableStatus(call, user);
  // assumed: a custom authentication asks for no password, so a temporary one does not stand in its way
  if (user.status === 'FORCE_CHANGE_PASSWORD' && shown.first !== 'CUSTOM') {
    // An administrator gave a temporary password since; only knowing that one leads on.
    throw call.why.refuse(
      'UP-AUTH-13',
      'The user has got a temporary password meanwhile.',
      fault('NotAuthorizedException', 'Invalid session for the user.'),
    );
  }
  const device = deviceOfSignIn(step, user, shown, services);
  const proven: Proven = { ...shown, ...(device ? { deviceKey: device.deviceKey } : {}) };
  const situation = situationOf(step, user, news, services);
  const asked = asking(step, user, proven, news, services);

  if (!proven.second) {
    if (device && suppressesMfa(call, pool, device)) {
      if (proven.device !== device.deviceKey) return askForDevice(step, asked, device, services);
    } else {
      const answer = await askForSecondFactor(step, asked, situation, services);
      if (answer) return answer;
    }
  }
  if (device && proven.device !== device.deviceKey) return askForDevice(step, asked, device, services);
  return giveTokens(step, { user, proven, news, device }, services);
}

function situationOf({ pool }: Step, user: UserRecord, news: News, { mfaFactors }: AuthNeeds): Situation {
  return {
    mode: pool.settings.MfaConfiguration,
    pool: pool.factors,
    attributes: user.attributes,
    factors: news.factors ?? mfaFactors.of(user),
  };
}

/** Whom to ask further, and what is written together with the question. */
function asking(step: Step, user: UserRecord, proven: Proven, news: News, services: AuthNeeds): SecondFactorAsked {
  const event = writeSignIn(step, user, proven, services);
  return {
    user,
    proven: event.proven,
    write: () => {
      writeNews(step, user, news, services);
      services.users.setFailures(user, { count: 0, lastAt: undefined });
      event.write('InProgress');
    },
  };
}

async function askForSecondFactor(
  step: Step,
  asked: SecondFactorAsked,
  situation: Situation,
  services: AuthNeeds,
): Promise<AuthAnswer | undefined> {
  const { why } = step.call;
  const demand = secondFactorDemand(situation);
  const inputs = { pool: situation.mode ?? 'OFF', active: activeFactors(situation) };
  switch (demand.demand) {
    case 'nothing':
      why.choose('UP-MFA-4', demand.because, inputs);
      return undefined;
    case 'factor':
      why.choose('UP-MFA-4', `${demand.factor} comes next. ${demand.because}`, inputs);
      return askFor(demand.factor, step, asked, services);
    case 'choice':
      why.choose('UP-MFA-5', 'The user has several factors and prefers none: the user chooses.', inputs);
      return askWhichFactor(step, asked, demand.factors, services);
    case 'setup':
      why.choose('UP-MFA-6', 'The pool requires a second factor, and the user has none: one is set up.', {
        ...inputs,
        offered: [...demand.factors],
      });
      return askForSetup(step, asked, demand.factors, services);
    // Impossible: nothing can be asked for, and nothing set up.
    default:
      throw why.refuse(
        'UP-MFA-6',
        'The pool requires SMS, and the user has no phone number: an administrator must add one.',
        // guessed wording: no source found
        fault('InvalidParameterException', 'User does not have a phone_number to receive the MFA code.'),
        inputs,
      );
  }
}

function askFor(
  factor: SecondFactor,
  step: Step,
  asked: SecondFactorAsked,
  services: AuthNeeds,
): AuthAnswer | Promise<AuthAnswer> {
  if (factor === 'SMS_MFA') return askForSmsCode(step, asked, services);
  if (factor === 'EMAIL_OTP') return askForEmailCode(step, asked, services);
  return askForTokenCode(step, asked, services);
}

async function askForChosenFactor(
  step: Step,
  { user, factor }: Extract<Progress, { reached: 'second-factor-chosen' }>,
  services: AuthNeeds,
): Promise<AuthAnswer> {
  const situation = situationOf(step, user, {}, services);
  if (!activeFactors(situation).includes(factor)) {
    throw step.call.why.refuse(
      'UP-MFA-11',
      'The user has lost the factor since it was offered.',
      // guessed wording: no source found
      fault('MFAMethodNotFoundException', 'The MFA method is not available for the user.'),
      { factor },
    );
  }
  return askFor(factor, step, asking(step, user, soFar(step), {}, services), services);
}
