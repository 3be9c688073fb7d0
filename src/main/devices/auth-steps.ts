import type {
  AuthenticationResultType,
  AuthFlowType,
  ChallengeNameType,
} from '@aws-sdk/client-cognito-identity-provider';
import { BenchError } from '../kernel/fault.ts';
import { confirmOwnDevice, dropDeviceKey, findDeviceKey } from './own-device.ts';
import { configured, type DeviceParts } from './parts.ts';
import { takeTokens } from './session.ts';
import { srpTimestamp, startSrp } from './srp.ts';
import { isNamed } from './sync-engine/engine.ts';

/** Who is signing in. */
export interface Who {
  readonly typed: string;
  /** The name that answers carry: what the pool calls the user, once it has said so. */
  readonly userId: string;
}

export interface AuthAnswer {
  readonly ChallengeName?: ChallengeNameType | undefined;
  readonly ChallengeParameters?: Record<string, string> | undefined;
  readonly Session?: string | undefined;
  readonly AvailableChallenges?: readonly string[] | undefined;
  readonly AuthenticationResult?: AuthenticationResultType | undefined;
}

type Texts = { readonly [name: string]: string };

export async function initiate(
  parts: DeviceParts,
  who: Who,
  flow: AuthFlowType,
  parameters: Texts,
): Promise<AuthAnswer> {
  const client = await parts.clients.userPools();
  return namingDevice(parts, who, (device) =>
    client.initiateAuth({
      ClientId: configured(parts, 'clientId'),
      AuthFlow: flow,
      AuthParameters: { USERNAME: who.typed, ...parameters, ...device },
    }),
  );
}

export async function respond(
  parts: DeviceParts,
  who: Who,
  asked: Pick<AuthAnswer, 'ChallengeName' | 'Session'>,
  responses: Texts,
): Promise<AuthAnswer> {
  const client = await parts.clients.userPools();
  const ask = (device: Texts): Promise<AuthAnswer> =>
    client.respondToAuthChallenge({
      ClientId: configured(parts, 'clientId'),
      ChallengeName: asked.ChallengeName,
      Session: asked.Session,
      ChallengeResponses: { USERNAME: who.userId, ...responses, ...device },
    });
  return namingDevice(parts, who, ask, asked.ChallengeName?.startsWith('DEVICE_'));
}

/** With the key by which the pool knows this device; without it, once the pool says that it knows it no longer. */
async function namingDevice(
  parts: DeviceParts,
  { typed, userId }: Who,
  ask: (device: Texts) => Promise<AuthAnswer>,
  isAboutDevice = false,
): Promise<AuthAnswer> {
  const known = findDeviceKey(parts, typed, userId);
  if (!known) return ask({});
  try {
    return await ask({ DEVICE_KEY: known.deviceKey });
  } catch (error) {
    // SDKs drop the key and go on as a new device. [DV-REMEMBER-5]
    if (!isNamed(error, 'ResourceNotFoundException') || !/device/i.test((error as Error).message)) throw error;
    dropDeviceKey(parts, known);
    if (isAboutDevice) throw error;
    return ask({});
  }
}

/** Takes the tokens, shows that this is the device that the pool knows, or keeps the challenge for a person. */
export async function proceed(parts: DeviceParts, before: Who, answer: AuthAnswer): Promise<void> {
  const { ChallengeName: challenge, ChallengeParameters: parameters = {} } = answer;
  const who: Who = { ...before, userId: parameters['USER_ID_FOR_SRP'] ?? parameters['USERNAME'] ?? before.userId };
  if (challenge === 'DEVICE_SRP_AUTH') {
    // Whatever comes of it, the challenge of before is answered.
    parts.file.set('session', undefined);
    await proceed(parts, who, await proveDevice(parts, who, answer));
    return;
  }
  if (challenge !== undefined) {
    parts.file.set('session', {
      status: 'challenged',
      username: who.typed,
      challenge,
      session: answer.Session ?? '',
      userId: who.userId,
      requiredAttributes: requiredAttributes(parameters['requiredAttributes']),
      parameters,
      ...(answer.AvailableChallenges ? { available: answer.AvailableChallenges } : {}),
    });
    return;
  }
  const signedIn = takeTokens(parts, who.userId, answer.AuthenticationResult);
  if (!signedIn) throw new BenchError('NoTokens', 'The answer held neither tokens nor a challenge', 422);
  const metadata = answer.AuthenticationResult?.NewDeviceMetadata;
  if (metadata) await confirmOwnDevice(parts, { ...signedIn, typed: who.typed }, metadata);
}

function requiredAttributes(text: string | undefined): string[] {
  if (text === undefined) return [];
  return (JSON.parse(text) as string[]).map((name) => name.replace(/^userAttributes\./, ''));
}

/** The device shows its own password, in the way of SRP. [DV-REMEMBER-2] */
async function proveDevice(parts: DeviceParts, who: Who, asked: AuthAnswer): Promise<AuthAnswer> {
  const device = findDeviceKey(parts, who.typed, who.userId);
  if (!device) throw new BenchError('NoDeviceKey', 'The pool asks for a device key that is not here', 409);
  const srp = await beginSrp(parts);
  const challenge = await respond(parts, who, asked, { SRP_A: srp.publicHex });
  const proof = await provePassword(parts, srp, challenge, {
    poolName: device.groupKey,
    userId: device.deviceKey,
    password: device.password,
  });
  return respond(parts, who, challenge, proof);
}

export function beginSrp({ ids, powers }: DeviceParts): ReturnType<typeof startSrp> {
  // 256 bits, odd: what the powers worker computes fastest.
  const secret = BigInt(`0x${Buffer.from(ids.opaque(32), 'base64url').toString('hex')}`) | 1n;
  return startSrp(secret, powers);
}

/** What PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER want to see. */
export async function provePassword(
  { clock }: DeviceParts,
  srp: Awaited<ReturnType<typeof startSrp>>,
  { ChallengeParameters: { SALT = '', SRP_B = '', SECRET_BLOCK = '' } = {} }: AuthAnswer,
  party: { readonly poolName: string; readonly userId: string; readonly password: string },
): Promise<Texts> {
  const timestamp = srpTimestamp(clock.now());
  const signature = await srp.prove({
    ...party,
    salt: SALT,
    serverPublic: SRP_B,
    secretBlock: SECRET_BLOCK,
    timestamp,
  });
  return { PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK, PASSWORD_CLAIM_SIGNATURE: signature, TIMESTAMP: timestamp };
}
