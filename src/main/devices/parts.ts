import type { DeviceApp } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Powers } from '../kernel/powers.ts';
import type { AppBackend } from './app-backend.ts';
import type { DeviceClients } from './client.ts';
import type { DeviceClock } from './clock.ts';
import type { DeviceFile, DeviceProfile } from './device-file.ts';
import type { DeviceNetwork } from './network.ts';
import type { OutsideProviders } from './outside-providers.ts';
import type { ScriptResolvers } from './resolvers/script-resolver.ts';

/** What the actions of one device work with. */
export interface DeviceParts {
  readonly profile: DeviceProfile;
  readonly file: DeviceFile;
  readonly clients: DeviceClients;
  readonly network: DeviceNetwork;
  readonly clock: DeviceClock;
  readonly ids: Ids;
  readonly powers: Powers;
  readonly scripts: ScriptResolvers;
  readonly backend: AppBackend;
  readonly standIns: OutsideProviders;
}

const NAMES = {
  userPoolId: 'a user pool',
  clientId: 'an app client',
  identityPoolId: 'an identity pool',
} as const;

/** A member of the app's configuration that an action cannot do without. */
export function configured(parts: DeviceParts, member: keyof typeof NAMES): string {
  const value: DeviceApp[typeof member] = parts.profile.app[member];
  if (value === undefined) {
    throw new BenchError('NotConfigured', `${parts.profile.name} is not pointed at ${NAMES[member]}`, 409);
  }
  return value;
}
