import type { ScenarioSummary } from '../../shared/bench-api.ts';
import type { DeviceState } from '../../shared/device.ts';
import type { StandInPerson, StandInSpoil, StandInView } from '../../shared/stand-ins.ts';
import { BenchError } from '../kernel/fault.ts';
import { delay } from '../kernel/scheduler.ts';
import type { Fleet } from './fleet.ts';

/** A story played by simulated devices: each step says in plain words what it then really does. */
export interface Script {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** Makes the steps of one performance, which share what it finds out on the way. */
  readonly steps: (stage: Stage) => readonly ScriptStep[];
  /** The cards, in the order of the steps. */
  readonly cards: readonly ScriptCard[];
}

export interface ScriptCard {
  readonly title: string;
  readonly text: string;
}

export type ScriptStep = () => Promise<void>;

/** Where a script is played. */
export interface Stage {
  readonly account: string;
  readonly region: string;
  readonly url: string;
  readonly fleet: Fleet;
  /** Aborts when the scenario is stopped. */
  readonly signal: AbortSignal;
  /** The newest code that the inbox holds for this address. */
  codeFor(address: string): string | undefined;
  readonly standIns: StageProviders;
}

/** What a story does to the identity providers of its account. */
export interface StageProviders {
  view(account: string, name: string): StandInView;
  putPerson(account: string, name: string, person: StandInPerson): StandInView;
  spoil(account: string, name: string, spoil: StandInSpoil): StandInView;
}

/** How long a script waits for something that it set off to arrive, in real time. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 20;

/** Waits until a device looks as it should, such as after a push; fails with a sentence when it never does. */
export async function until(
  stage: Stage,
  deviceId: string,
  what: string,
  holds: (device: DeviceState) => boolean,
): Promise<void> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    if (holds(await stage.fleet.settled(stage.account, deviceId))) return;
    if (waited >= PATIENCE_MS) throw new BenchError('NeverHappened', `Waited in vain: ${what}`, 409);
    await delay(LOOK_EVERY_MS, stage.signal);
  }
}

/** A step's own check: a demo that shows something else than it says must stop. */
export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new BenchError('NotAsTold', otherwise, 409);
}

export function summaryOf({ name, title, text, cards }: Script): ScenarioSummary {
  return { name, title, text, steps: cards.length };
}
