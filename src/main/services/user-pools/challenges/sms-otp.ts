import { askForCode, requireCode, simulateCode } from '../sign-in-codes.ts';
import type { Ask, Challenge } from './challenge.ts';

export const askForSmsOtp: Ask<'first-factor-chosen'> = (step, { user, username }, services) =>
  user
    ? askForCode(step, { challenge: 'SMS_OTP', user }, services)
    : simulateCode(step, { challenge: 'SMS_OTP', username }, services);

/** The code that came by SMS, in place of a password. It confirms whoever had not confirmed the sign-up yet. */
export const smsOtp: Challenge = (answer, services) => {
  const { user, changes } = requireCode(answer, 'SMS_OTP_CODE', services);
  return {
    reached: 'first-factor-proven',
    user,
    factor: 'SMS_OTP',
    countsAsTwo: false,
    changes: user.status === 'UNCONFIRMED' ? { ...changes, status: 'CONFIRMED' } : changes,
  };
};
