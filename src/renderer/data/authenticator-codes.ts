import { useEffect } from 'react';
import type { AuthenticatorCode, DeviceState } from '../../shared/device.ts';
import { useBenchNow } from './bench-clock.ts';
import { useBench } from './bench-state.ts';
import { call } from './call.ts';

const PERIOD_MS = 30_000;

export interface TimedCode extends AuthenticatorCode {
  /** Of its half minute, from 1 to 0. */
  readonly share: number;
}

/**
 * The codes of a device's authenticator as they are now. A device says nothing when a half minute passes, so the page
 * asks for the next codes when these are over.
 */
export function useCodes(device: DeviceState): readonly TimedCode[] {
  const now = useBenchNow();
  const { authenticator } = device;
  const codes = authenticator.map((code) => {
    const left = now === undefined ? code.secondsLeft * 1000 : Date.parse(code.validUntil) - now;
    return {
      ...code,
      isOver: left <= 0 || left > PERIOD_MS,
      secondsLeft: Math.min(Math.max(Math.ceil(left / 1000), 0), PERIOD_MS / 1000),
      share: Math.min(Math.max(left / PERIOD_MS, 0), 1),
    };
  });
  // Asks again each second where the bench's clock turns out to be a little behind the page's.
  const overAt = codes.some(({ isOver }) => isOver) ? Math.floor((now ?? 0) / 1000) : undefined;
  useEffect(() => {
    if (overAt !== undefined) void fetchCodes(device.id);
  }, [overAt, device.id]);
  return codes;
}

async function fetchCodes(deviceId: string): Promise<void> {
  try {
    const { authenticator } = await call<DeviceState>('GET', `/devices/${encodeURIComponent(deviceId)}`);
    useBench.setState(({ devices }) => ({
      devices: devices.map((device) => (device.id === deviceId ? { ...device, authenticator } : device)),
    }));
  } catch {
    // The device or the bench is gone; the page says so by itself.
  }
}
