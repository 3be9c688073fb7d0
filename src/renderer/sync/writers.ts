import { useMemo } from 'react';
import type { DatasetView } from '../../shared/sync-views.ts';
import type { DeviceState } from '../../shared/device.ts';
import type { TraceRecord } from '../../shared/trace.ts';
import { useBench } from '../data/bench-state.ts';

const TOKEN = 'poolbench-push-';

interface Known {
  readonly devices: readonly DeviceState[];
  readonly identityId?: string | undefined;
  /** Names by the ids that RegisterDevice gave out. */
  readonly registered?: ReadonlyMap<string, string>;
}

/** Who LastModifiedBy is: the account, an identity, or the id under which a device was registered for pushes. */
export function writerName(by: string, { devices, identityId, registered }: Known): string {
  if (/^\d{12}$/.test(by)) return 'the developer';
  const name = registered?.get(by);
  if (name !== undefined) return name;
  if (by !== identityId) return by;
  const holders = devicesOf(by, devices);
  return holders.length === 1 && holders[0] ? holders[0].name : 'this identity';
}

/** Names the writers of an identity's data, as well as subscribers and the calls that were seen tell them. */
export function useWriters(identityId?: string, subscribers?: DatasetView['subscribers']): (by: string) => string {
  const devices = useBench((state) => state.devices);
  const traces = useBench((state) => state.traces);
  const registered = useMemo(() => {
    const names = registrations(traces);
    for (const { deviceId, token } of subscribers ?? []) {
      const name = deviceOfToken(token, devices);
      if (name !== undefined) names.set(deviceId, name);
    }
    return names;
  }, [traces, subscribers, devices]);
  return (by) => writerName(by, { devices, identityId, registered });
}

function registrations(traces: readonly TraceRecord[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { operation, response, lane } of traces) {
    if (operation !== 'RegisterDevice' || response.status >= 400) continue;
    const { DeviceId } = (response.body ?? {}) as { readonly DeviceId?: string };
    if (DeviceId !== undefined) names.set(DeviceId, lane.name);
  }
  return names;
}

/** The name of the simulated device that has this push token. */
export const deviceOfToken = (token: string, devices: readonly DeviceState[]): string | undefined =>
  token.startsWith(TOKEN) ? devices.find(({ id }) => id === token.slice(TOKEN.length))?.name : undefined;

export const devicesOf = (identityId: string, devices: readonly DeviceState[]): readonly DeviceState[] =>
  devices.filter(({ profiles }) => profiles.some((profile) => profile.identityId === identityId));
