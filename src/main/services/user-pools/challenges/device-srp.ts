import { fault } from '../../../kernel/fault.ts';
import type { RememberedDeviceRecord } from '../../../store/repositories/remembered-devices.ts';
import type { AuthNeeds, Proven, SrpState } from '../flows/flow.ts';
import { requireParameter } from '../parameters.ts';
import { incorrect, judgePassword } from '../sign-in-attempts.ts';
import { openExchange, readProof, requireClientPublic } from '../srp-exchange.ts';
import {
  type Answer,
  type Ask,
  type AuthAnswer,
  type Challenge,
  openChallenge,
  provenBefore,
  type SecondFactorAsked,
  type Step,
} from './challenge.ts';

export function askForDevice(
  step: Step,
  { user, proven, write }: SecondFactorAsked,
  device: RememberedDeviceRecord,
  services: AuthNeeds,
): AuthAnswer {
  step.call.why.choose('UP-DEVICE-6', 'The device that the client names shows that it is the one, next.', {
    challenge: 'DEVICE_SRP_AUTH',
    device: device.deviceKey,
  });
  return openChallenge(
    step,
    {
      challenge: 'DEVICE_SRP_AUTH',
      user,
      username: user.username,
      proven: { ...proven, deviceKey: device.deviceKey },
      parameters: { USERNAME: user.username },
      write,
    },
    services,
  );
}

/** The device that the session is about, which the answer must name too. */
function requireSameDevice({ call, session, user, responses }: Answer, services: AuthNeeds) {
  const named = requireParameter(call, responses, 'DEVICE_KEY');
  const deviceKey = provenBefore({ spent: session })?.deviceKey;
  const device = user && deviceKey === named ? services.rememberedDevices.find(user, named) : undefined;
  if (!user || !device?.secret) {
    throw call.why.refuse(
      'UP-DEVICE-5',
      'It is not the device that was asked for, or it was forgotten.',
      fault('ResourceNotFoundException', 'Device does not exist.'),
      { device: named },
    );
  }
  return { user, device, secret: device.secret };
}

/** The device begins to show its own password, which only it knows. */
export const deviceSrp: Challenge = async (answer, services) => {
  const { user, device, secret } = requireSameDevice(answer, services);
  const A = requireClientPublic(answer.call, answer.responses);
  const state = await openExchange(A, BigInt(`0x${secret.verifier}`), services);
  return { reached: 'device-exchange', user, device, salt: secret.salt, state };
};

export const askForDeviceProof: Ask<'device-exchange'> = (step, { user, device, salt, state }, services) =>
  openChallenge(
    step,
    {
      challenge: 'DEVICE_PASSWORD_VERIFIER',
      user,
      username: user.username,
      proven: requireProven(step),
      state: { ...state },
      secretBlock: state.secretBlock,
      parameters: {
        SALT: salt,
        SECRET_BLOCK: state.secretBlock,
        SRP_B: state.B,
        DEVICE_KEY: device.deviceKey,
        USERNAME: user.username,
      },
    },
    services,
  );

function requireProven(step: Step): Proven {
  const proven = provenBefore(step);
  if (!proven) throw new Error('a device is asked for before its user');
  return proven;
}

/** The device's proof that it knows its password. A wrong one counts as a wrong password of the user does. */
export const devicePasswordVerifier: Challenge = async (answer, services) => {
  const { call, session, responses } = answer;
  const { user, device, secret } = requireSameDevice(answer, services);
  const state = session.state as unknown as SrpState;
  const party = { poolName: device.deviceGroupKey, userId: device.deviceKey };
  const proves = readProof(call, state, party, responses, services);
  const proven = await judgePassword(call, user, 'UP-DEVICE-7', proves, services);
  // The device may have been forgotten, and confirmed anew by somebody else, while the proof was being judged.
  const current = services.rememberedDevices.find(user, device.deviceKey);
  if (current?.secret?.verifier !== secret.verifier) {
    throw call.why.refuse('UP-DEVICE-5', 'The device was forgotten meanwhile.', incorrect());
  }
  return { reached: 'device-proven', user: proven, device: current };
};
