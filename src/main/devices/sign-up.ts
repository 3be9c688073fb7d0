import type { DeviceAction } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Session } from './device-file.ts';
import { configured, type DeviceParts } from './parts.ts';

type Action<Name extends DeviceAction['do']> = DeviceAction & { do: Name };

export async function signUp(parts: DeviceParts, action: Action<'sign-up'>): Promise<void> {
  const client = await parts.clients.userPools();
  const attributes = [
    { Name: 'email', Value: action.email },
    { Name: 'phone_number', Value: action.phoneNumber },
  ].filter(({ Value }) => Value !== undefined);
  const answer = await client.signUp({
    ClientId: configured(parts, 'clientId'),
    Username: action.username,
    Password: action.password,
    UserAttributes: attributes,
  });
  parts.file.set(
    'session',
    answer.UserConfirmed ? { status: 'signed-out' } : unconfirmed(action.username, answer.CodeDeliveryDetails),
  );
}

export async function confirmSignUp(parts: DeviceParts, action: Action<'confirm-sign-up'>): Promise<void> {
  const client = await parts.clients.userPools();
  await client.confirmSignUp({
    ClientId: configured(parts, 'clientId'),
    Username: action.username ?? unconfirmedUsername(parts),
    ConfirmationCode: action.code,
  });
  if (parts.file.session.status === 'unconfirmed') parts.file.set('session', { status: 'signed-out' });
}

export async function resendCode(parts: DeviceParts, action: Action<'resend-code'>): Promise<void> {
  const client = await parts.clients.userPools();
  const username = action.username ?? unconfirmedUsername(parts);
  const answer = await client.resendConfirmationCode({ ClientId: configured(parts, 'clientId'), Username: username });
  if (parts.file.session.status !== 'signed-in') {
    parts.file.set('session', unconfirmed(username, answer.CodeDeliveryDetails));
  }
}

export function unconfirmed(username: string, delivery?: { readonly Destination?: string | undefined }): Session {
  const destination = delivery?.Destination;
  return { status: 'unconfirmed', username, ...(destination === undefined ? {} : { destination }) };
}

function unconfirmedUsername({ file }: DeviceParts): string {
  if (file.session.status === 'unconfirmed') return file.session.username;
  throw new BenchError('NoUsername', 'Nobody signed up on this device; name the user', 409);
}
