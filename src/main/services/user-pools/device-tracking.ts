import { fault } from '../../kernel/fault.ts';
import type { RememberedDeviceRecord } from '../../store/repositories/remembered-devices.ts';
import type { SignInRecord } from '../../store/repositories/refresh-tokens.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import type { Step } from './challenges/challenge.ts';
import type { AuthContext, Proven } from './flows/flow.ts';

export function tracksDevices({ settings }: UserPoolRecord): boolean {
  return settings.DeviceConfiguration !== undefined;
}

export function noSuchDevice(call: Call, deviceKey: string, decided: string): Error {
  return call.why.refuse('UP-DEVICE-5', decided, fault('ResourceNotFoundException', 'Device does not exist.'), {
    device: deviceKey,
  });
}

/**
 * The confirmed device that somebody signs in on. One that this request names must exist; one that an earlier
 * request named counts as long as it does.
 */
export function deviceOfSignIn(
  { call, pool, deviceKey: named }: Step,
  user: UserRecord,
  { deviceKey: carried }: Proven,
  { rememberedDevices }: Pick<Services, 'rememberedDevices'>,
): RememberedDeviceRecord | undefined {
  if (!tracksDevices(pool)) return undefined;
  const key = named ?? carried;
  if (key === undefined) return undefined;
  const device = rememberedDevices.find(user, key);
  if (device?.secret) return device;
  if (named === undefined) return undefined;
  throw noSuchDevice(call, named, 'The user has no such device, or it was not confirmed.');
}

/** Whether a device, once it has shown that it is the one, stands in for the second factor. */
export function suppressesMfa(call: Call, { settings }: UserPoolRecord, device: RememberedDeviceRecord): boolean {
  const configured = settings.DeviceConfiguration?.ChallengeRequiredOnNewDevice === true;
  const suppressed = configured && device.remembered;
  call.why.choose(
    'UP-DEVICE-4',
    suppressed
      ? 'The device is remembered, and the pool challenges new devices only: the device’s word is enough.'
      : configured
        ? 'The device is known but not remembered: it spares the user nothing.'
        : 'The pool asks for a second factor on remembered devices, too.',
    { device: device.deviceKey, remembered: device.remembered, challengeRequiredOnNewDevice: configured },
  );
  return suppressed;
}

/** A device that is seen for the first time; it is kept once its sign-in is. */
export function newDevice(
  { call, pool }: AuthContext,
  user: UserRecord,
  { ids }: Pick<Services, 'ids'>,
): Omit<RememberedDeviceRecord, 'modifiedAt' | 'authenticatedAt'> {
  const deviceKey = ids.device(pool.region);
  call.why.choose('UP-DEVICE-2', 'The pool tracks devices, and this one is new: it gets a key.', {
    device: deviceKey,
  });
  return {
    deviceKey,
    account: pool.account,
    userNumber: user.number,
    deviceGroupKey: ids.deviceGroup(),
    name: undefined,
    secret: undefined,
    remembered: false,
    lastIp: call.sourceIp,
    sdk: call.userAgent,
    createdAt: call.now,
  };
}

/** Where devices are tracked, a refresh token works on the confirmed device that it was given to, and no other. */
export function requireDeviceOfRefresh(
  { call, pool }: AuthContext,
  signIn: SignInRecord,
  user: UserRecord,
  named: string | undefined,
  { rememberedDevices }: Pick<Services, 'rememberedDevices'>,
): void {
  if (!tracksDevices(pool) || signIn.deviceKey === undefined) return;
  const device = rememberedDevices.find(user, signIn.deviceKey);
  if (device?.secret && named === signIn.deviceKey) {
    call.why.pass('UP-DEVICE-9', 'The refresh token is used on the device that it was given to.', {
      device: signIn.deviceKey,
    });
    return;
  }
  throw call.why.refuse(
    'UP-DEVICE-9',
    !device
      ? 'The device of the refresh token was forgotten.'
      : !device.secret
        ? 'The device of the refresh token was never confirmed.'
        : 'The refresh token belongs to another device than the one that was named.',
    fault('NotAuthorizedException', 'Invalid Refresh Token'),
    { named: named ?? null },
  );
}
