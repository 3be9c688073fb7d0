import type { NewDeviceMetadataType } from '@aws-sdk/client-cognito-identity-provider';
import { BenchError } from '../kernel/fault.ts';
import { configured, type DeviceParts } from './parts.ts';
import { deviceVerifier } from './srp.ts';

/*
 * What a device keeps so that a user pool knows it again: the key that the pool gave it, and a password of its own
 * that it alone knows (reference/user-pools 5.9).
 */

export interface DeviceKey {
  readonly userPoolId: string;
  readonly username: string;
  /** What was typed to sign in, if that was another name of the user. */
  readonly typed: string;
  readonly deviceKey: string;
  readonly groupKey: string;
  readonly password: string;
  readonly remembered: boolean;
}

/** @param name the user's, or whatever the user typed to sign in */
export function findDeviceKey({ file, profile }: DeviceParts, ...names: readonly string[]): DeviceKey | undefined {
  return file.deviceKeys.find(
    ({ userPoolId, username, typed }) =>
      userPoolId === profile.app.userPoolId && (names.includes(username) || names.includes(typed)),
  );
}

export function requireDeviceKey(parts: DeviceParts, username: string): DeviceKey {
  const device = findDeviceKey(parts, username);
  if (device) return device;
  throw new BenchError('NoDeviceKey', `The pool gave ${parts.profile.name} no key for ${username}`, 409);
}

export function keepDeviceKey({ file }: DeviceParts, device: DeviceKey): void {
  file.set('deviceKeys', [...others(file.deviceKeys, device), device]);
}

export function dropDeviceKey({ file }: DeviceParts, device: DeviceKey): void {
  file.set('deviceKeys', others(file.deviceKeys, device));
}

function others(all: readonly DeviceKey[], { userPoolId, username }: DeviceKey): DeviceKey[] {
  return all.filter((other) => other.userPoolId !== userPoolId || other.username !== username);
}

/** Gives the pool a verifier of a new password, as SDKs do at once after a sign-in on a new device. [DV-REMEMBER-1] */
export async function confirmOwnDevice(
  parts: DeviceParts,
  signedIn: { readonly username: string; readonly typed: string; readonly accessToken: string },
  { DeviceKey: deviceKey = '', DeviceGroupKey: groupKey = '' }: NewDeviceMetadataType,
): Promise<void> {
  const { username, typed, accessToken } = signedIn;
  const password = bytes(parts, 40).toString('base64');
  const salt = bytes(parts, 16);
  const config = await deviceVerifier({ groupKey, deviceKey, password, salt }, parts.powers);
  const client = await parts.clients.userPools();
  const answer = await client.confirmDevice({
    AccessToken: accessToken,
    DeviceKey: deviceKey,
    DeviceName: parts.profile.name,
    DeviceSecretVerifierConfig: { PasswordVerifier: config.verifier, Salt: config.salt },
  });
  const remembered = answer.UserConfirmationNecessary !== true;
  const userPoolId = configured(parts, 'userPoolId');
  keepDeviceKey(parts, { userPoolId, username, typed, deviceKey, groupKey, password, remembered });
}

function bytes({ ids }: DeviceParts, count: number): Buffer {
  return Buffer.from(ids.opaque(count), 'base64url');
}
