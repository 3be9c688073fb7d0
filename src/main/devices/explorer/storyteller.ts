import type { ExplorerVerdict } from '../../../shared/bench-api.ts';
import type { SettledConflict, Settlement } from '../../../shared/device.ts';
import { isNamed } from '../sync-engine/engine.ts';
import { Ledger } from './ledger.ts';
import type { Story, StoryStep } from './story.ts';
import type { Glimpse, World } from './world.ts';

export interface Telling {
  /** What happened, in sentences; without the steps that made no sense where they stood. */
  readonly steps: readonly string[];
  readonly objection?: { readonly verdict: ExplorerVerdict; readonly text: string };
  readonly end: { readonly [holder: string]: { readonly [key: string]: string } };
}

/** A world's own objection, raised in the middle of a story. */
export class StoryObjection extends Error {
  override readonly name = 'StoryObjection';

  constructor(
    readonly verdict: ExplorerVerdict,
    message: string,
  ) {
    super(message);
  }
}

/** Enough for every write, conflict and merge of a story to reach everybody. */
const ROUNDS = 12;

export const nameOf = (device: number): string => `Phone ${device + 1}`;

/** Plays a story, brings everybody back online, and looks whether all agree and nothing went unseen. */
export async function tell(story: Story, world: World, formatValue = textValue): Promise<Telling> {
  const telling = new StoryInPlay(story, world, formatValue);
  try {
    for (const step of story.steps) await telling.play(step);
    await telling.bringTogether();
    return telling.end(await telling.objection());
  } catch (error) {
    if (!(error instanceof StoryObjection)) throw error;
    return telling.end({ verdict: error.verdict, text: error.message });
  }
}

export function textValue(count: number): string {
  return `v${count}`;
}

class StoryInPlay {
  readonly #world: World;
  readonly #devices: readonly number[];
  readonly #formatValue: (count: number) => string;
  readonly #ledger = new Ledger();
  readonly #steps: string[] = [];
  readonly #lastSettled = new Map<number, string>();
  #end: Telling['end'] = {};
  #values = 0;

  constructor({ guests }: Story, world: World, formatValue: (count: number) => string) {
    this.#world = world;
    this.#devices = guests.map((_guest, device) => device);
    this.#formatValue = formatValue;
  }

  async play(step: StoryStep): Promise<void> {
    const device = step.device % this.#devices.length;
    await this.#world.advance(1);
    await this.#do(device, step);
    this.#noteDeletions();
  }

  async #do(device: number, step: StoryStep): Promise<void> {
    const world = this.#world;
    const name = nameOf(device);
    switch (step.do) {
      case 'put':
        return this.#put(device, step.key);
      case 'remove':
        return this.#remove(device, step.key);
      case 'synchronise':
        return this.#attempt(device, `${name} synchronises`, () => world.synchronise(device));
      case 'race':
        return this.#race(device, step);
      case 'go-offline':
        return this.#attempt(device, `${name} goes offline`, () => world.network(device, { online: false }));
      case 'come-online':
        return this.#attempt(device, `${name} comes online`, () => world.network(device, { online: true }));
      case 'restart':
        return this.#attempt(device, `${name} restarts`, () => world.restart(device));
      case 'lose-request':
        return this.#tamper(device, 'is lost', { loseNext: 1 });
      case 'lose-answer':
        return this.#tamper(device, 'arrives, and its answer is lost', { loseNextAnswers: 1 });
      case 'duplicate':
        return this.#tamper(device, 'arrives twice', { duplicateNext: 1 });
      case 'overtake':
        return this.#tamper(device, 'is overtaken by the one after it', { reorderNext: 1 });
      case 'set-clock':
        return this.#attempt(device, `${name}’s clock is ${step.skewSeconds} s ahead`, () =>
          world.network(device, { clockSkewSeconds: step.skewSeconds }),
        );
      case 'wait':
        this.#steps.push(`${step.seconds} seconds pass`);
        return world.advance(step.seconds);
      case 'sign-in':
        if (!world.isGuest(device)) return undefined;
        return this.#attempt(device, `${name} signs in`, () => world.signIn(device));
      case 'delete-dataset':
        return this.#delete(device);
      case 'merge':
        return this.#merge(device, step.keep);
      case 'settle':
        return this.#settleOne(device, step.choice);
    }
  }

  /** Everybody online, signed in, and nothing left to send, settle or merge. */
  async bringTogether(): Promise<void> {
    const world = this.#world;
    this.#steps.push('Everybody comes online and synchronises until nothing is left to send');
    const calm = { loseNext: 0, loseNextAnswers: 0, duplicateNext: 0, reorderNext: 0, online: true };
    for (const device of this.#devices) {
      await this.#must(device, () => world.network(device, calm));
      if (world.isGuest(device)) await this.#must(device, () => world.signIn(device));
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const device of this.#devices) {
        await world.advance(1);
        await this.#must(device, () => world.synchronise(device));
        for (const { key } of (await world.glimpse(device)).conflicts) await this.#settleOne(device, 'local', key);
        for (const from of (await world.glimpse(device)).merged) await this.#mergeFrom(device, from, 'last-writer');
      }
      this.#noteDeletions();
      if (await this.#isAtRest()) return;
    }
  }

  async objection(): Promise<Telling['objection']> {
    const stored = await this.#world.stored();
    const end: { [holder: string]: { [key: string]: string } } = { 'the store': Object.fromEntries(stored) };
    for (const device of this.#devices) {
      end[nameOf(device)] = Object.fromEntries(present((await this.#world.glimpse(device)).values));
    }
    this.#end = end;
    const expected = JSON.stringify(sorted(stored));
    for (const device of this.#devices) {
      const glimpse = await this.#world.glimpse(device);
      if (isBusy(glimpse)) {
        const text = `${nameOf(device)} still has something to send, settle or merge after ${ROUNDS} rounds`;
        return { verdict: 'never-settles', text };
      }
      if (JSON.stringify(sorted(present(glimpse.values))) !== expected) {
        return { verdict: 'diverged', text: `${nameOf(device)} and the store end with different values` };
      }
    }
    const lost = this.#ledger.objection(stored);
    return lost === undefined ? undefined : { verdict: 'lost-write', text: lost };
  }

  end(objection: Telling['objection']): Telling {
    return { steps: this.#steps, end: this.#end, ...(objection === undefined ? {} : { objection }) };
  }

  async #put(device: number, key: string): Promise<void> {
    const value = this.#nextValue();
    this.#steps.push(`${nameOf(device)} writes ${key} = ${value}`);
    const before = (await this.#world.glimpse(device)).values.get(key);
    await this.#world.put(device, key, value);
    this.#ledger.write(key, value, before, this.#world.isGuest(device));
  }

  async #remove(device: number, key: string): Promise<void> {
    const before = (await this.#world.glimpse(device)).values.get(key);
    if (before == null) return;
    this.#steps.push(`${nameOf(device)} removes ${key}`);
    await this.#world.remove(device, key);
    this.#ledger.write(key, null, before, this.#world.isGuest(device));
  }

  async #race(device: number, { key, other, otherKey }: StoryStep & { do: 'race' }): Promise<void> {
    const second = other % this.#devices.length;
    if (device === second) return;
    await this.#put(device, key);
    await this.#put(second, otherKey);
    const what = `${nameOf(device)} synchronises, and ${nameOf(second)} too, between its pull and its push`;
    await this.#attempt(device, what, () => this.#world.race(device, second));
    await this.#showSettled(second);
  }

  async #delete(device: number): Promise<void> {
    const { values } = await this.#world.glimpse(device);
    if (values.size === 0) return;
    await this.#attempt(device, `${nameOf(device)} deletes the dataset`, () => this.#world.deleteDataset(device));
    this.#ledger.deleted(present(values).values());
  }

  #tamper(device: number, fate: string, change: Parameters<World['network']>[1]): Promise<void> {
    this.#steps.push(`The next request of ${nameOf(device)} ${fate}`);
    return this.#world.network(device, change);
  }

  async #merge(device: number, keep: Parameters<World['merge']>[2]): Promise<void> {
    const [from] = (await this.#world.glimpse(device)).merged;
    if (from !== undefined) await this.#mergeFrom(device, from, keep);
  }

  async #mergeFrom(device: number, from: string, keep: Parameters<World['merge']>[2]): Promise<void> {
    const before = await this.#world.glimpse(device);
    const sides = { local: 'the user’s', remote: 'the guest’s', 'last-writer': 'the later' };
    await this.#attempt(device, `${nameOf(device)} merges what a guest kept, and keeps ${sides[keep]}`, () =>
      this.#world.merge(device, from, keep),
    );
    this.#ledger.merged(present(before.values).values());
  }

  async #settleOne(device: number, choice: 'local' | 'remote' | 'value' | 'remove', only?: string): Promise<void> {
    const { conflicts } = await this.#world.glimpse(device);
    const conflict = only === undefined ? conflicts[0] : conflicts.find(({ key }) => key === only);
    if (!conflict) return;
    const { key, local, remote } = conflict;
    const own = choice === 'value' ? this.#nextValue() : null;
    const settlement: Settlement = choice === 'local' || choice === 'remote' ? choice : { value: own };
    const kept = choice === 'local' ? local.value : choice === 'remote' ? remote.value : own;
    this.#show(device, { ...conflict, kept });
    await this.#attempt(device, `${nameOf(device)} settles ${key}`, () =>
      this.#world.settle(device, { [key]: settlement }),
    );
  }

  /** A want of network is part of a story; everything else is not. */
  async #attempt(device: number, what: string, work: () => Promise<void>): Promise<void> {
    const at = this.#steps.push(what) - 1;
    try {
      await work();
    } catch (error) {
      if (!isNetworkError(error)) throw asObjection(error);
      this.#steps[at] = `${what}, and the network fails it`;
    }
    await this.#showSettled(device);
  }

  async #must(device: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw asObjection(error);
    }
    await this.#showSettled(device);
  }

  #noteDeletions(): void {
    const values = this.#world.deletedValues();
    if (values.length > 0) this.#ledger.deleted(values);
  }

  async #showSettled(device: number): Promise<void> {
    const { settled } = await this.#world.glimpse(device);
    const text = JSON.stringify(settled);
    if (text === this.#lastSettled.get(device)) return;
    this.#lastSettled.set(device, text);
    for (const conflict of settled) this.#show(device, conflict);
  }

  #show(device: number, conflict: SettledConflict): void {
    this.#ledger.settled(conflict);
    const { key, local, remote, kept } = conflict;
    const sides = `its ${say(local.value)}, the store’s ${say(remote.value)}`;
    this.#steps.push(`${nameOf(device)} has a conflict of ${key}: ${sides}; ${say(kept)} stays`);
  }

  async #isAtRest(): Promise<boolean> {
    const expected = JSON.stringify(sorted(await this.#world.stored()));
    for (const device of this.#devices) {
      const glimpse = await this.#world.glimpse(device);
      if (isBusy(glimpse) || JSON.stringify(sorted(present(glimpse.values))) !== expected) return false;
    }
    return true;
  }

  #nextValue(): string {
    this.#values += 1;
    return this.#formatValue(this.#values);
  }
}

function asObjection(error: unknown): Error {
  if (error instanceof StoryObjection) return error;
  return new StoryObjection('fault', (error as Error).message);
}

function isNetworkError(error: unknown): boolean {
  return isNamed(error, 'NetworkError') || (error as { code?: string }).code === 'NetworkError';
}

const isBusy = ({ unsent, conflicts, merged }: Glimpse): boolean =>
  unsent > 0 || conflicts.length > 0 || merged.length > 0;

const say = (value: string | null): string => value ?? 'removal';

function present(values: ReadonlyMap<string, string | null>): Map<string, string> {
  return new Map([...values].filter((entry): entry is [string, string] => entry[1] !== null));
}

function sorted(values: ReadonlyMap<string, string>): [string, string][] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1));
}
