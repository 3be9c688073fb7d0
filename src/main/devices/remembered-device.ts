import type { DeviceAction } from '../../shared/device.ts';
import { dropDeviceKey, keepDeviceKey, requireDeviceKey } from './own-device.ts';
import type { DeviceParts } from './parts.ts';
import { requireTokens } from './session.ts';
import { isNamed } from './sync-engine/engine.ts';

/** The user's word on whether this device may stand in for the second factor. [DV-REMEMBER-3] */
export async function rememberDevice(
  parts: DeviceParts,
  { remembered }: DeviceAction & { do: 'remember-device' },
): Promise<void> {
  const { username, accessToken } = await requireTokens(parts);
  const device = requireDeviceKey(parts, username);
  const client = await parts.clients.userPools();
  await client.updateDeviceStatus({
    AccessToken: accessToken,
    DeviceKey: device.deviceKey,
    DeviceRememberedStatus: remembered ? 'remembered' : 'not_remembered',
  });
  keepDeviceKey(parts, { ...device, remembered });
}

/** The pool forgets the device, and the device its key. The refresh token, which was tied to it, is void. */
export async function forgetDevice(parts: DeviceParts): Promise<void> {
  const { username, accessToken } = await requireTokens(parts);
  const device = requireDeviceKey(parts, username);
  const client = await parts.clients.userPools();
  try {
    await client.forgetDevice({ AccessToken: accessToken, DeviceKey: device.deviceKey });
  } catch (error) {
    // Somebody else made the pool forget it already.
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
  }
  dropDeviceKey(parts, device);
}
