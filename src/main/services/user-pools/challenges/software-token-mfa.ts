import { fault } from '../../../kernel/fault.ts';
import { requireParameter } from '../parameters.ts';
import { wrongCode } from '../sign-in-codes.ts';
import { stepOfCode } from '../software-token.ts';
import { type AskSecondFactor, type Challenge, openChallenge } from './challenge.ts';

export const askForTokenCode: AskSecondFactor = (step, { user, proven, write }, services) => {
  const { tokenName } = services.mfaFactors.of(user);
  return openChallenge(
    step,
    {
      challenge: 'SOFTWARE_TOKEN_MFA',
      user,
      username: user.username,
      proven,
      parameters: {
        ...(tokenName === undefined ? {} : { FRIENDLY_DEVICE_NAME: tokenName }),
        ...(step.spent === undefined ? { USER_ID_FOR_SRP: user.username } : {}),
      },
      write,
    },
    services,
  );
};

/** The code that the user's software token shows. */
export const softwareTokenMfa: Challenge = ({ call, user, responses }, services) => {
  const { why } = call;
  const { mfaFactors, store } = services;
  const code = requireParameter(call, responses, 'SOFTWARE_TOKEN_MFA_CODE');
  const factors = user && mfaFactors.of(user);
  if (!user || factors?.secret === undefined) {
    throw why.refuse(
      'UP-MFA-9',
      'The user has no software token any more.',
      fault('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.'),
    );
  }
  const step = stepOfCode(factors.secret, code, call.now);
  if (step === undefined) {
    throw why.refuse('UP-MFA-9', 'The code is none that the software token shows now.', wrongCode());
  }
  // Looked at and burnt at once: of two answers with one code, the second is too late.
  store.write(() => {
    if (step <= factors.lastStep) {
      throw why.refuse(
        'UP-MFA-10',
        'A code of this half minute, or of a later one, was used already.',
        fault('ExpiredCodeException', 'Your software token has already been used once.'),
        { step, lastStep: factors.lastStep },
      );
    }
    mfaFactors.save(user, { ...factors, lastStep: step });
  });
  why.pass('UP-MFA-9', 'The software token shows this code, and it was not used before.', { step });
  return { reached: 'second-factor-proven', user, changes: {} };
};
