import { create } from 'zustand';
import type { NewDevice } from '../../shared/bench-api.ts';
import type { DeviceAction, DeviceApp, DeviceState } from '../../shared/device.ts';
import { withLane } from './apply-events.ts';
import { useBench } from './bench-state.ts';
import { asRefusal, call } from './call.ts';

/** What the page is asking of each device, and how the last request ended. */
interface Asked {
  readonly busy?: string | undefined;
  readonly failed?: Failure | undefined;
  /** The failure on the device's own state that was put away. */
  readonly dismissed?: string | undefined;
}

interface Failure {
  readonly action: string;
  readonly code: string;
  readonly message: string;
}

export const useAsked = create<{ readonly [deviceId: string]: Asked }>(() => ({}));

const set = (deviceId: string, asked: Asked): void => useAsked.setState({ [deviceId]: asked });

const keyOf = ({ action, code, message }: Failure): string => `${action} ${code} ${message}`;

export function dismissFailure(device: DeviceState): void {
  set(device.id, { dismissed: device.lastError && keyOf(device.lastError) });
}

/** Why the last thing was refused: what the page asked for, or what the device did by itself, as after a push. */
export function failureOf(device: DeviceState, asked: Asked | undefined): Failure | undefined {
  if (asked?.failed) return asked.failed;
  const { lastError } = device;
  return lastError && keyOf(lastError) !== asked?.dismissed ? lastError : undefined;
}

/** What was typed into a device's sign-up form, so that its sign-in form can offer it again. Gone on reload. */
export const lastTyped = new Map<string, { username: string; password: string }>();

const WORDS: Readonly<Record<DeviceAction['do'], string>> = {
  'sign-up': 'Signing up',
  'confirm-sign-up': 'Confirming',
  'resend-code': 'Sending a new code',
  'sign-in': 'Signing in',
  'new-password': 'Setting the password',
  answer: 'Answering',
  'change-password': 'Setting the password',
  'forgot-password': 'Asking for a code',
  'confirm-forgot-password': 'Setting the password',
  'set-up-totp': 'Setting up the authenticator',
  'verify-totp': 'Showing a first code',
  'set-mfa-preference': 'Switching factors',
  'remember-device': 'Asking the pool',
  'forget-device': 'Forgetting the device',
  'create-passkey': 'Creating a passkey',
  'delete-passkey': 'Deleting the passkey',
  'refresh-tokens': 'Refreshing tokens',
  'sign-out': 'Signing out',
  'link-login': 'Signing in with a provider',
  'unlink-login': 'Unlinking',
  'developer-login': 'Asking the app’s backend',
  'get-credentials': 'Getting credentials',
  put: 'Putting the value',
  remove: 'Removing the value',
  synchronize: 'Synchronising',
  resolve: 'Resolving',
  'undo-resolve': 'Undoing',
  merge: 'Merging',
  'delete-dataset': 'Deleting the dataset',
  subscribe: 'Subscribing',
  unsubscribe: 'Unsubscribing',
  'call-resource': 'Calling',
  network: 'Switching the network',
  wipe: 'Wiping',
};

/** Asks a device to do something. The answer is whether it did; why it did not is shown on its card. */
export async function act(deviceId: string, action: DeviceAction): Promise<boolean> {
  set(deviceId, { busy: WORDS[action.do] });
  try {
    // What it changed comes as an event; the answer may be older than the newest of these.
    await call('POST', `/devices/${encodeURIComponent(deviceId)}/actions`, action);
    set(deviceId, {});
    return true;
  } catch (error) {
    set(deviceId, { failed: { action: action.do, ...asRefusal(error) } });
    return false;
  }
}

/** Shows a device that was just made, unless an event told of it already. */
function keep(device: DeviceState): void {
  useBench.setState((state) => ({
    devices: state.devices.some(({ id }) => id === device.id) ? state.devices : [...state.devices, device],
    lanes: withLane(state.lanes, device),
  }));
}

/** A user pool with a client, and an identity pool with roles, made for whoever has none yet. */
export interface Sandbox {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly identityPoolId: string;
}

export const makeSandbox = (): Promise<Sandbox> => call<Sandbox>('POST', '/sandbox', {});

/** The pools that a new device is pointed at: the newest that exist, or a sandbox made now. */
export async function appForNewDevice(): Promise<Partial<DeviceApp>> {
  const resources = useBench.getState().resources;
  const userPool = resources?.userPools.find((pool) => pool.clients.some((client) => !client.hasSecret));
  const client = userPool?.clients.find(({ hasSecret }) => !hasSecret);
  const identityPool = resources?.identityPools[0];
  const device = useBench.getState().devices.at(-1);
  if (device?.app.identityPoolId && device.app.userPoolId) return device.app;
  if (userPool && client && identityPool) {
    return { userPoolId: userPool.id, clientId: client.id, identityPoolId: identityPool.id };
  }
  return makeSandbox();
}

export async function addDevice(device: NewDevice): Promise<DeviceState> {
  const added = await call<DeviceState>('POST', '/devices', device);
  keep(added);
  return added;
}

export async function removeDevice(deviceId: string): Promise<void> {
  await call('DELETE', `/devices/${encodeURIComponent(deviceId)}`);
  useBench.setState((state) => ({ devices: state.devices.filter(({ id }) => id !== deviceId) }));
}

/** `Phone A`, `Tablet B`, …: the next letter that no device has. */
export function nextDeviceName(kind: NewDevice['kind'], devices: readonly DeviceState[]): string {
  const taken = new Set(devices.map(({ name }) => name.split(' ').at(-1)));
  const letter = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('').find((candidate) => !taken.has(candidate));
  return `${kind === 'phone' ? 'Phone' : 'Tablet'} ${letter ?? devices.length + 1}`;
}
