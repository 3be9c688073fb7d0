import type { DeviceAction } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { type AuthAnswer, beginSrp, initiate, proceed, provePassword, respond, type Who } from './auth-steps.ts';
import { configured, type DeviceParts } from './parts.ts';
import { unconfirmed } from './sign-up.ts';
import { isNamed } from './sync-engine/engine.ts';

type SignIn = DeviceAction & { do: 'sign-in' };
type Texts = { readonly [name: string]: string };

export async function signIn(parts: DeviceParts, action: SignIn): Promise<void> {
  const who: Who = { typed: action.username, userId: action.username };
  try {
    switch (action.flow) {
      case 'USER_PASSWORD_AUTH':
        return await proceed(
          parts,
          who,
          await initiate(parts, who, 'USER_PASSWORD_AUTH', { PASSWORD: passwordOf(action) }),
        );
      case 'CUSTOM_AUTH':
        return await signInByCustomAuth(parts, who, action);
      case 'USER_AUTH':
        return await signInByChoice(parts, who, action);
      default:
        return await withSrp(parts, who, passwordOf(action), (srpA) =>
          initiate(parts, who, 'USER_SRP_AUTH', { SRP_A: srpA }),
        );
    }
  } catch (error) {
    // An app's usual next screen: enter the code.
    if (isNamed(error, 'UserNotConfirmedException')) parts.file.set('session', unconfirmed(action.username));
    if (isNamed(error, 'PasswordResetRequiredException')) {
      parts.file.set('session', { status: 'resetting', username: action.username });
    }
    throw error;
  }
}

/** With a password the pool checks that first, and its functions go on from there. [DV-CHALLENGE-5] */
async function signInByCustomAuth(parts: DeviceParts, who: Who, { password }: SignIn): Promise<void> {
  if (password === undefined) return proceed(parts, who, await initiate(parts, who, 'CUSTOM_AUTH', {}));
  return withSrp(parts, who, password, (srpA) =>
    initiate(parts, who, 'CUSTOM_AUTH', { CHALLENGE_NAME: 'SRP_A', SRP_A: srpA }),
  );
}

async function signInByChoice(parts: DeviceParts, who: Who, action: SignIn): Promise<void> {
  const { prefer } = action;
  const preferred: Texts = prefer === undefined ? {} : { PREFERRED_CHALLENGE: prefer };
  if (prefer === 'PASSWORD_SRP') {
    return withSrp(parts, who, passwordOf(action), (srpA) =>
      initiate(parts, who, 'USER_AUTH', { ...preferred, SRP_A: srpA }),
    );
  }
  const password: Texts = prefer === 'PASSWORD' ? { PASSWORD: passwordOf(action) } : {};
  return proceed(parts, who, await initiate(parts, who, 'USER_AUTH', { ...preferred, ...password }));
}

/** Begins an exchange by SRP, and proves the password where the pool asks for that next. [DV-SESSION-1] */
export async function withSrp(
  parts: DeviceParts,
  who: Who,
  password: string,
  begin: (srpA: string) => Promise<AuthAnswer>,
): Promise<void> {
  const poolName = configured(parts, 'userPoolId').split('_')[1] ?? '';
  const srp = await beginSrp(parts);
  const challenge = await begin(srp.publicHex);
  if (challenge.ChallengeName !== 'PASSWORD_VERIFIER') return proceed(parts, who, challenge);
  const userId = challenge.ChallengeParameters?.['USER_ID_FOR_SRP'] ?? who.userId;
  const proof = await provePassword(parts, srp, challenge, { poolName, userId, password });
  const proven = { ...who, userId };
  return proceed(parts, proven, await respond(parts, proven, challenge, proof));
}

function passwordOf({ password }: { readonly password?: string | undefined }): string {
  if (password !== undefined && password !== '') return password;
  throw new BenchError('NoPassword', 'This way to sign in needs a password', 400);
}
