import type { Clock } from '../kernel/clock.ts';
import type { DeviceNetwork, MiddlewareStack } from './network.ts';

/** A device's own clock: the bench's, and wrong by its skew. [DV-CLOCK-1] */
export interface DeviceClock {
  now(): Date;
  millis(): number;
}

export function skewedClock(clock: Clock, network: DeviceNetwork): DeviceClock {
  const millis = (): number => clock.millis() + skewOf(network);
  return { millis, now: () => new Date(millis()) };
}

function skewOf({ state }: DeviceNetwork): number {
  return state.clockSkewSeconds * 1000;
}

interface ClockedClient {
  readonly config: unknown;
  readonly middlewareStack: unknown;
}

/**
 * Dates a client's signatures by the device's clock, and leaves the correction to the SDK: it learns the service's
 * time from every answer's `Date` header, and repeats a call once that was refused for its date. The SDK reads the
 * machine's clock, so the header is moved instead, until it lies as far off as a wrong clock would see it. Without a
 * skew, signatures carry real time, which the bench accepts wherever its own clock stands. [DV-CLOCK-2]
 */
export function followDeviceClock(
  { config, middlewareStack }: ClockedClient,
  clock: Clock,
  network: DeviceNetwork,
): void {
  /** The device's clock against the machine's. */
  const wrongBy = (): number => {
    const skew = skewOf(network);
    return skew === 0 ? 0 : skew + clock.state().offsetSeconds * 1000;
  };
  let correction = 0;
  Object.defineProperty(config, 'systemClockOffset', {
    get: () => wrongBy() + (network.state.correctsClockSkew ? correction : 0),
    set: (offset: number) => {
      correction = offset;
    },
  });
  (middlewareStack as MiddlewareStack).add(
    (next) => async (args) => {
      const output = await next(args);
      const { headers } = output.response as { headers?: { date?: string } };
      if (headers?.date !== undefined && wrongBy() !== 0) {
        headers.date = new Date(Date.parse(headers.date) - wrongBy()).toUTCString();
      }
      return output;
    },
    { step: 'deserialize', priority: 'low', name: 'deviceClock' },
  );
}
