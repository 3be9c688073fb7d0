import { askForCode, requireCode, simulateCode } from '../sign-in-codes.ts';
import { type Ask, type AskSecondFactor, type Challenge, provenBefore } from './challenge.ts';

export const askForEmailOtp: Ask<'first-factor-chosen'> = (step, { user, username }, services) =>
  user
    ? askForCode(step, { challenge: 'EMAIL_OTP', user }, services)
    : simulateCode(step, { challenge: 'EMAIL_OTP', username }, services);

export const askForEmailCode: AskSecondFactor = (step, { user, proven, write }, services) =>
  askForCode(step, { challenge: 'EMAIL_OTP', user, proven, write }, services);

/** Asks for a code at the address that is being set up as a factor. */
export const askForAddressCode: Ask<'address-given'> = (step, { user, email }, services) => {
  const proven = provenBefore(step);
  if (!proven) throw new Error('a factor is being set up before the first one was shown');
  const setUp = { attribute: 'email', medium: 'EMAIL', address: email } as const;
  return askForCode(step, { challenge: 'EMAIL_OTP', user, proven, setUp }, services);
};

/** The code that came by e-mail: in place of a password, after one, or to set the address up as a factor. */
export const emailOtp: Challenge = (answer, services) => {
  const { user, changes, isSetUp } = requireCode(answer, 'EMAIL_OTP_CODE', services);
  if (!provenBefore({ spent: answer.session })) {
    return {
      reached: 'first-factor-proven',
      user,
      factor: 'EMAIL_OTP',
      countsAsTwo: false,
      changes: user.status === 'UNCONFIRMED' ? { ...changes, status: 'CONFIRMED' } : changes,
    };
  }
  if (!isSetUp) return { reached: 'second-factor-proven', user, changes };
  const factors = services.mfaFactors.of(user);
  const enabled = [...new Set([...factors.enabled, 'EMAIL_OTP' as const])];
  return { reached: 'second-factor-proven', user, changes, factors: { ...factors, enabled } };
};
