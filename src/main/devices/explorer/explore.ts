import type { ExplorerFailure, ExplorerProgress, ExplorerVerdict } from '../../../shared/bench-api.ts';
import type { ConflictChoice, ResolverConflict, ScriptResolver, Settlement } from '../../../shared/device.ts';
import { BenchError } from '../../kernel/fault.ts';
import { delay } from '../../kernel/scheduler.ts';
import type { ScriptResolvers } from '../resolvers/script-resolver.ts';
import { settle, viewConflict, type Conflict } from '../sync-engine/conflicts.ts';
import type { SettleConflicts } from '../sync-engine/engine.ts';
import { MemoryWorlds } from './memory-world.ts';
import { storyArbitrary } from './story.ts';
import { StoryObjection, tell, type Telling } from './storyteller.ts';
import { STORY_DATASET } from './world.ts';

export interface Exploration {
  readonly resolver: ConflictChoice | ScriptResolver;
  readonly runs: number;
  readonly seed: number;
  readonly devices: number;
  /** What devices write: resolvers that read numbers or JSON need such values. */
  readonly values: ValueKind;
}

export type ValueKind = 'text' | 'number' | 'json';

const FORMATS: { readonly [Kind in ValueKind]: (count: number) => string } = {
  text: (count) => `v${count}`,
  number: (count) => String(count),
  json: (count) => JSON.stringify([count]),
};

interface Surroundings {
  readonly scripts: ScriptResolvers;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Pick<ExplorerProgress, 'played' | 'conflicts'>) => void;
}

const STEPS = 40;
/** The other work of the bench gets its turn after so many stories. */
const BREATH = 10;

/**
 * Plays stories drawn from the seed on a resolver, until one ends badly or all were played; the bad one is
 * shortened before it is told. [DV-EXPLORE-1]
 */
export async function explore(
  { resolver, runs, seed, devices, values }: Exploration,
  { scripts, signal, onProgress }: Surroundings,
): Promise<ExplorerFailure | 'passed' | 'stopped'> {
  const { default: fc } = await import('fast-check');
  const worlds = new MemoryWorlds();
  let played = 0;
  let conflicts = 0;
  let failure: ExplorerFailure | undefined;
  try {
    const property = fc.asyncProperty(
      storyArbitrary(fc, { devices: { min: 2, max: devices }, steps: STEPS }),
      async (story) => {
        if (played % BREATH === 0) await delay(0);
        if (signal.aborted) throw new fc.PreconditionFailure(true);
        const examined: Examined = { conflicts: 0 };
        const world = worlds.create(story.guests, (device) => examine(resolver, device, scripts, examined));
        const telling = await tell(story, world, FORMATS[values]);
        played += 1;
        conflicts += examined.conflicts;
        onProgress({ played, conflicts });
        // What fails is shortened further, so the last failure is the shortest.
        if (telling.objection) failure = failureOf(telling, telling.objection, examined);
        return telling.objection === undefined;
      },
    );
    await fc.check(property, { seed, numRuns: runs });
    if (signal.aborted) return 'stopped';
    return failure ?? 'passed';
  } finally {
    worlds.close();
  }
}

function failureOf(
  { steps, end }: Telling,
  { verdict, text }: NonNullable<Telling['objection']>,
  { guilty }: Examined,
): ExplorerFailure {
  return {
    kind: verdict,
    text,
    steps,
    ...(guilty ? { conflict: guilty } : {}),
    ...(Object.keys(end).length > 0 ? { end } : {}),
  };
}

interface Examined {
  conflicts: number;
  /** The conflict at which the resolver gave itself away. */
  guilty?: ResolverConflict;
}

/** Settles by the resolver, and looks closely at each of its answers. [DV-EXPLORE-2] */
function examine(
  resolver: Exploration['resolver'],
  deviceName: string,
  scripts: ScriptResolvers,
  examined: Examined,
): SettleConflicts {
  if (typeof resolver === 'string') {
    return async (conflicts) => {
      examined.conflicts += conflicts.length;
      return conflicts.map(() => resolver);
    };
  }
  const ask = (conflict: ResolverConflict): Promise<Settlement> => scripts.settle(resolver.javascript, conflict);
  return async (conflicts) => {
    const settlements: Settlement[] = [];
    for (const conflict of conflicts) {
      examined.conflicts += 1;
      const shown: ResolverConflict = {
        ...viewConflict(conflict),
        dataset: STORY_DATASET,
        device: { id: idOf(deviceName), name: deviceName },
      };
      examined.guilty = shown;
      settlements.push(await cleared(conflict, shown, ask));
      delete examined.guilty;
    }
    return settlements;
  };
}

const idOf = (name: string): string => name.toLowerCase().replaceAll(' ', '-');
const OTHER = 'Tablet 9';

async function cleared(
  conflict: Conflict,
  shown: ResolverConflict,
  ask: (conflict: ResolverConflict) => Promise<Settlement>,
): Promise<Settlement> {
  const about = `${shown.key} (${JSON.stringify(shown.local.value)} here, ${JSON.stringify(shown.remote.value)} on the store)`;
  let answer: Settlement;
  try {
    answer = await ask(shown);
  } catch (error) {
    throw objection('fault', error instanceof BenchError ? error.message : String(error));
  }
  const kept = valueOf(conflict, answer);
  if (valueOf(conflict, await ask(shown)) !== kept) {
    throw objection('changes-its-mind', `Asked twice about ${about}, it gave two answers`);
  }
  const elsewhere = await ask({ ...shown, device: { id: idOf(OTHER), name: OTHER } });
  if (valueOf(conflict, elsewhere) !== kept) {
    throw objection(
      'depends-on-device',
      `About ${about}, it answers otherwise on ${OTHER} than on ${shown.device.name}`,
    );
  }
  if (isBlank(kept) && !isBlank(conflict.local.value) && !isBlank(conflict.remote.value)) {
    throw objection('discards-both', `Of ${about} it keeps neither, and puts nothing in their place`);
  }
  if (await ignoresBoth(conflict, shown, kept, ask)) {
    throw objection('discards-both', `Whatever ${shown.key} is, it answers ${JSON.stringify(kept)}`);
  }
  return answer;
}

/** A third value that stays the same for other values was made of neither of them. */
async function ignoresBoth(
  { local, remote }: Conflict,
  shown: ResolverConflict,
  kept: string | null,
  ask: (conflict: ResolverConflict) => Promise<Settlement>,
): Promise<boolean> {
  if (kept === local.value || kept === remote.value) return false;
  const others = { local: like(local.value, 1), remote: like(remote.value, 2) };
  try {
    const answer = await ask({
      ...shown,
      local: { ...shown.local, value: others.local },
      remote: { ...shown.remote, value: others.remote },
    });
    return typeof answer === 'object' && answer.value === kept;
  } catch {
    // It cannot read these values; that says nothing about those of the story.
    return false;
  }
}

/** Another value of the same kind. */
function like(value: string | null, step: number): string | null {
  if (value === null) return null;
  return value.replace(/\d+/, (digits) => String(Number(digits) + 1_000 * step));
}

const isBlank = (value: string | null): boolean => value === null || value === '';

function valueOf(conflict: Conflict, settlement: Settlement): string | null {
  return settle(conflict, settlement, 0).value;
}

function objection(verdict: ExplorerVerdict, text: string): StoryObjection {
  return new StoryObjection(verdict, text);
}
