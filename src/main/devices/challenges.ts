import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { ChallengeState, DeviceAction } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { currentCode, noteUse } from './authenticator.ts';
import { type AuthAnswer, proceed, respond, type Who } from './auth-steps.ts';
import type { Session } from './device-file.ts';
import type { DeviceParts } from './parts.ts';
import { passkeyFor, signWithPasskey } from './passkeys.ts';
import { withSrp } from './sign-in.ts';
import { isNamed } from './sync-engine/engine.ts';

type Action<Name extends DeviceAction['do']> = DeviceAction & { do: Name };
type Challenged = Session & { status: 'challenged' };
type Texts = { readonly [name: string]: string };

/** By which name each challenge takes what a person typed, read or chose. */
const ANSWERS: Texts = {
  SMS_MFA: 'SMS_MFA_CODE',
  SMS_OTP: 'SMS_OTP_CODE',
  EMAIL_OTP: 'EMAIL_OTP_CODE',
  SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN_MFA_CODE',
  SELECT_MFA_TYPE: 'ANSWER',
  SELECT_CHALLENGE: 'ANSWER',
  CUSTOM_CHALLENGE: 'ANSWER',
  MFA_SETUP: 'EMAIL',
  PASSWORD: 'PASSWORD',
};

export async function answerChallenge(parts: DeviceParts, action: Action<'answer'>): Promise<void> {
  const session = requireChallenge(parts);
  await sending(parts, session, async (who, send) => {
    const { challenge } = session;
    const password = (challenge === 'SELECT_CHALLENGE' ? undefined : action.answer) ?? action.password;
    if (challenge === 'PASSWORD_SRP' || (challenge === 'SELECT_CHALLENGE' && action.answer === 'PASSWORD_SRP')) {
      const choice: Texts = challenge === 'SELECT_CHALLENGE' ? { ANSWER: 'PASSWORD_SRP' } : {};
      await withSrp(parts, who, given(password, 'a password'), (srpA) => send({ ...choice, SRP_A: srpA }));
      return;
    }
    const responses = responsesTo(parts, session, action);
    const answer = await send(responses);
    if (challenge === 'SOFTWARE_TOKEN_MFA') noteUse(parts, session.userId, responses['SOFTWARE_TOKEN_MFA_CODE']);
    await proceed(parts, who, answer);
  });
}

function responsesTo(parts: DeviceParts, session: Challenged, { answer, password }: Action<'answer'>): Texts {
  const { challenge } = session;
  if (challenge === 'WEB_AUTHN') return { CREDENTIAL: JSON.stringify(signWithPasskey(parts, session)) };
  if (challenge === 'SOFTWARE_TOKEN_MFA') {
    const code = answer ?? currentCode(parts, session.userId);
    return { SOFTWARE_TOKEN_MFA_CODE: given(code, 'a code: no authenticator is set up here') };
  }
  if (challenge === 'PASSWORD') return { PASSWORD: given(answer ?? password, 'a password') };
  const name = ANSWERS[challenge];
  if (name === undefined) {
    throw new BenchError('WrongAnswer', `${challenge} is answered by another action`, 409);
  }
  const choosesPassword = challenge === 'SELECT_CHALLENGE' && answer === 'PASSWORD';
  return {
    [name]: given(answer, 'an answer'),
    ...(choosesPassword ? { PASSWORD: given(password, 'a password') } : {}),
  };
}

export async function answerNewPassword(parts: DeviceParts, action: Action<'new-password'>): Promise<void> {
  const session = requireChallenge(parts, 'NEW_PASSWORD_REQUIRED', 'No new password is being asked for; sign in first');
  const attributes = Object.entries(action.attributes ?? {}).map(([name, value]) => [`userAttributes.${name}`, value]);
  await sending(parts, session, async (who, send) => {
    const responses = { NEW_PASSWORD: action.password, ...(Object.fromEntries(attributes) as Texts) };
    await proceed(parts, who, await send(responses));
  });
}

export function requireChallenge(
  { file: { session } }: DeviceParts,
  challenge?: string,
  otherwise = 'Nothing is being asked for; sign in first',
): Challenged {
  if (session.status === 'challenged' && (challenge === undefined || session.challenge === challenge)) return session;
  throw new BenchError('NoChallenge', otherwise, 409);
}

/** Once the pool says that the sign-in is over, there is nothing left to answer. [DV-CHALLENGE-4] */
async function sending(
  parts: DeviceParts,
  session: Challenged,
  work: (who: Who, send: (responses: Texts) => Promise<AuthAnswer>) => Promise<void>,
): Promise<void> {
  const who: Who = { typed: session.username, userId: session.userId };
  const asked = { ChallengeName: session.challenge as ChallengeNameType, Session: session.session };
  try {
    await work(who, (responses) => respond(parts, who, asked, responses));
  } catch (error) {
    const isOver = session.challenge === 'CUSTOM_CHALLENGE' || /session/i.test((error as Error).message);
    if (isNamed(error, 'NotAuthorizedException') && isOver) parts.file.set('session', undefined);
    throw error;
  }
}

function given(value: string | undefined, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw new BenchError('NoAnswer', `The challenge needs ${what}`, 400);
}

/** What a person needs to see to answer. */
export function viewChallenge(parts: DeviceParts, session: Challenged): ChallengeState {
  const { challenge, requiredAttributes, parameters = {}, available = [] } = session;
  const destination = parameters['CODE_DELIVERY_DESTINATION'];
  const factors = parameters['MFAS_CAN_CHOOSE'] ?? parameters['MFAS_CAN_SETUP'];
  const { USERNAME: _, USER_ID_FOR_SRP: __, ...shown } = parameters;
  return {
    challenge,
    requiredAttributes,
    ...(destination === undefined ? {} : { destination }),
    choices:
      challenge === 'SELECT_CHALLENGE' ? available : factors === undefined ? [] : (JSON.parse(factors) as string[]),
    parameters: challenge === 'CUSTOM_CHALLENGE' ? shown : {},
    answersItself:
      (challenge === 'SOFTWARE_TOKEN_MFA' && currentCode(parts, session.userId) !== undefined) ||
      (challenge === 'WEB_AUTHN' && passkeyFor(parts, session) !== undefined),
  };
}
