import type { DeviceAction } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { configured, type DeviceParts } from './parts.ts';
import { requireTokens } from './session.ts';

type Action<Name extends DeviceAction['do']> = DeviceAction & { do: Name };

export async function changePassword(parts: DeviceParts, action: Action<'change-password'>): Promise<void> {
  const { accessToken } = await requireTokens(parts);
  const client = await parts.clients.userPools();
  await client.changePassword({
    AccessToken: accessToken,
    PreviousPassword: action.previous,
    ProposedPassword: action.proposed,
  });
}

/** Leaves the device waiting for the code, unless somebody is signed in on it. */
export async function forgotPassword(parts: DeviceParts, { username }: Action<'forgot-password'>): Promise<void> {
  const client = await parts.clients.userPools();
  const answer = await client.forgotPassword({ ClientId: configured(parts, 'clientId'), Username: username });
  const destination = answer.CodeDeliveryDetails?.Destination;
  if (parts.file.session.status === 'signed-in') return;
  parts.file.set('session', {
    status: 'resetting',
    username,
    ...(destination === undefined ? {} : { destination }),
  });
}

export async function confirmForgotPassword(
  parts: DeviceParts,
  { username, code, password }: Action<'confirm-forgot-password'>,
): Promise<void> {
  const { session } = parts.file;
  const name = username ?? (session.status === 'resetting' ? session.username : undefined);
  if (name === undefined) {
    throw new BenchError('NoUsername', 'No password is being reset on this device; name the user', 409);
  }
  const client = await parts.clients.userPools();
  await client.confirmForgotPassword({
    ClientId: configured(parts, 'clientId'),
    Username: name,
    ConfirmationCode: code,
    Password: password,
  });
  if (session.status === 'resetting') parts.file.set('session', undefined);
}
