import { beginSrp, provePassword } from '../first-factors.ts';
import { type Ask, type Challenge, openChallenge } from './challenge.ts';

/** PASSWORD and PASSWORD_SRP, for whoever chose them without sending anything along. */
export const askForPassword: Ask<'first-factor-chosen'> = (step, { user, username, challenge }, services) =>
  openChallenge(
    step,
    { challenge, user, username, parameters: user ? { USER_ID_FOR_SRP: user.username } : {} },
    services,
  );

export const password: Challenge = (answer, services) =>
  provePassword({ ...answer, username: answer.session.username }, services);

export const passwordSrp: Challenge = (answer, services) =>
  beginSrp({ ...answer, username: answer.session.username }, services);
