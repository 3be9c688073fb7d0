import { askForCode, requireCode } from '../sign-in-codes.ts';
import type { AskSecondFactor, Challenge } from './challenge.ts';

export const askForSmsCode: AskSecondFactor = (step, { user, proven, write }, services) =>
  askForCode(
    step,
    { challenge: 'SMS_MFA', user, proven, parameters: { USER_ID_FOR_SRP: user.username }, write },
    services,
  );

/** The code that came by SMS, after the first factor. */
export const smsMfa: Challenge = (answer, services) => {
  const { user, changes } = requireCode(answer, 'SMS_MFA_CODE', services);
  return { reached: 'second-factor-proven', user, changes };
};
