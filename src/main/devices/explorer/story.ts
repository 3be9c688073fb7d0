import type FastCheck from 'fast-check';
import type { ConflictChoice } from '../../../shared/device.ts';

/*
 * Stories of a few devices of one user, as data: what fast-check draws, shortens and draws again from the same
 * seed. A step that makes no sense where it stands is passed over, so that any part of a story is a story.
 */

export interface Story {
  /** For each device, whether it begins as a guest. The first is the user's always. */
  readonly guests: readonly boolean[];
  readonly steps: readonly StoryStep[];
}

export type StoryStep = { readonly device: number } & (
  | { readonly do: 'put' | 'remove'; readonly key: string }
  | { readonly do: 'synchronise' | 'go-offline' | 'come-online' | 'restart' | 'sign-in' | 'delete-dataset' }
  /** Both write, and the other one synchronises between the first one's pull and its push. */
  | { readonly do: 'race'; readonly key: string; readonly other: number; readonly otherKey: string }
  /** What becomes of the next packet. */
  | { readonly do: 'lose-request' | 'lose-answer' | 'duplicate' | 'overtake' }
  | { readonly do: 'merge'; readonly keep: ConflictChoice }
  /** Of the first conflict that waits for a person. */
  | { readonly do: 'settle'; readonly choice: 'local' | 'remote' | 'value' | 'remove' }
  | { readonly do: 'set-clock'; readonly skewSeconds: number }
  | { readonly do: 'wait'; readonly seconds: number }
);

export interface StorySize {
  readonly devices: { readonly min: number; readonly max: number };
  readonly steps: number;
}

const KEYS = ['a', 'b'];

export function storyArbitrary(fc: typeof FastCheck, { devices, steps }: StorySize): FastCheck.Arbitrary<Story> {
  const device = fc.nat({ max: devices.max - 1 });
  const key = fc.constantFrom(...KEYS);
  const plain = (...names: string[]) => fc.record({ device, do: fc.constantFrom(...names) });
  const step = fc.oneof(
    { weight: 10, arbitrary: fc.record({ device, do: fc.constant('put'), key }) },
    { weight: 2, arbitrary: fc.record({ device, do: fc.constant('remove'), key }) },
    { weight: 10, arbitrary: plain('synchronise') },
    { weight: 4, arbitrary: fc.record({ device, do: fc.constant('race'), key, other: device, otherKey: key }) },
    { weight: 3, arbitrary: plain('go-offline', 'come-online') },
    { weight: 3, arbitrary: plain('lose-request', 'lose-answer', 'duplicate', 'overtake') },
    { weight: 1, arbitrary: plain('restart', 'delete-dataset') },
    { weight: 2, arbitrary: plain('sign-in') },
    {
      weight: 1,
      arbitrary: fc.record({
        device,
        do: fc.constant('merge'),
        keep: fc.constantFrom('local', 'remote', 'last-writer'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        device,
        do: fc.constant('settle'),
        choice: fc.constantFrom('local', 'remote', 'value', 'remove'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ device, do: fc.constant('set-clock'), skewSeconds: fc.constantFrom(-3600, 0, 3600) }),
    },
    { weight: 1, arbitrary: fc.record({ device, do: fc.constant('wait'), seconds: fc.constantFrom(1, 90) }) },
  ) as FastCheck.Arbitrary<StoryStep>;
  return fc.record({
    guests: fc.array(fc.boolean(), { minLength: devices.min, maxLength: devices.max }),
    steps: fc.array(step, { maxLength: steps, size: 'max' }),
  });
}
