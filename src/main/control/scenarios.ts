import { z } from 'zod';
import type { ScenarioProgress, ScenarioSummary } from '../../shared/bench-api.ts';
import type { Fleet } from '../devices/fleet.ts';
import { summaryOf, type Script, type Stage } from '../devices/script.ts';
import { scripts as builtIn } from '../devices/scripts/index.ts';
import { BenchError } from '../kernel/fault.ts';
import { delay } from '../kernel/scheduler.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

/** `step` waits for a word before each step but the first; a number is a pause in milliseconds of real time. */
export type Pace = 'step' | number;

export interface Scenarios {
  list(): ScenarioSummary[];
  /** The last scenario of the account, running or ended. */
  current(account: string): ScenarioProgress | null;
  /** Starts it; one at a time in an account. `ended` resolves however it ends. */
  run(
    account: string,
    name: string,
    pace: Pace,
  ): { readonly progress: ScenarioProgress; readonly ended: Promise<ScenarioProgress> };
  /** Plays the next step of one that waits. */
  proceed(account: string, name: string): ScenarioProgress;
  stop(account: string, name: string): Promise<ScenarioProgress>;
}

interface Needs {
  readonly fleet: Fleet;
  readonly services: Pick<Services, 'bus' | 'config' | 'log' | 'messages' | 'standIns'>;
  readonly url: () => string;
  readonly scripts?: readonly Script[];
}

interface Run {
  progress: ScenarioProgress;
  readonly stopped: AbortController;
  /** Set while it waits for a word. */
  proceed?: () => void;
  ended: Promise<ScenarioProgress>;
}

export function createScenarios({ fleet, services, url, scripts = builtIn }: Needs): Scenarios {
  const { bus, config, log, messages, standIns } = services;
  const runs = new Map<string, Run>();

  const report = (account: string, run: Run, change: Partial<ScenarioProgress>): void => {
    run.progress = { ...run.progress, ...change };
    bus.publish('scenario.progressed', { account, progress: run.progress });
  };

  const pause = async (account: string, run: Run, pace: Pace): Promise<void> => {
    if (pace !== 'step') return delay(pace, run.stopped.signal);
    const word = new Promise<void>((resolve, reject) => {
      run.proceed = resolve;
      run.stopped.signal.addEventListener('abort', () => reject(run.stopped.signal.reason as Error), { once: true });
    });
    report(account, run, { status: 'waiting' });
    return word.finally(() => delete run.proceed);
  };

  const play = async (account: string, run: Run, script: Script, pace: Pace): Promise<ScenarioProgress> => {
    const { signal } = run.stopped;
    const stage: Stage = {
      account,
      region: config.region,
      url: url(),
      fleet,
      signal,
      standIns,
      codeFor: (address) => messages.list(account, { to: address })[0]?.code ?? undefined,
    };
    try {
      for (const [index, step] of script.steps(stage).entries()) {
        if (index > 0) await pause(account, run, pace);
        signal.throwIfAborted();
        report(account, run, { status: 'running', step: index });
        await step();
      }
      report(account, run, { status: 'done' });
    } catch (error) {
      if (signal.aborted) report(account, run, { status: 'stopped' });
      else {
        const { message } = error as Error;
        log.warn({ err: error, scenario: script.name, step: run.progress.step }, 'a scenario failed');
        report(account, run, { status: 'failed', error: message });
      }
    }
    return run.progress;
  };

  const require = (account: string, name: string): Run => {
    const run = runs.get(account);
    if (run?.progress.name === name && isUnderWay(run.progress)) return run;
    throw new BenchError('NotRunning', `The scenario ${name} is not running`, 409);
  };

  // A reset takes the devices away that a scenario plays with.
  bus.on('account.reset', ({ account }) => runs.get(account)?.stopped.abort());
  bus.on('bench.reset', () => {
    for (const run of runs.values()) run.stopped.abort();
  });

  return {
    list: () => scripts.map(summaryOf),
    current: (account) => runs.get(account)?.progress ?? null,
    run(account, name, pace) {
      const script = scripts.find((candidate) => candidate.name === name);
      if (!script) throw new BenchError('NoSuchScenario', `There is no scenario ${name}`, 404);
      const before = runs.get(account);
      if (before && isUnderWay(before.progress)) {
        throw new BenchError('AlreadyRunning', `The scenario ${before.progress.name} is still running`, 409);
      }
      const progress: ScenarioProgress = { name, status: 'running', step: 0, steps: script.cards };
      const run: Run = { progress, stopped: new AbortController(), ended: Promise.resolve(progress) };
      runs.set(account, run);
      run.ended = play(account, run, script, pace);
      return { progress: run.progress, ended: run.ended };
    },
    proceed(account, name) {
      const run = require(account, name);
      if (!run.proceed) throw new BenchError('NotWaiting', `The scenario ${name} is not waiting for a word`, 409);
      run.proceed();
      return run.progress;
    },
    async stop(account, name) {
      const run = require(account, name);
      run.stopped.abort();
      return run.ended;
    },
  };
}

function isUnderWay({ status }: ScenarioProgress): boolean {
  return status === 'running' || status === 'waiting';
}

const name = z.string().min(1);

export function scenarioActions(scenarios: Scenarios): Action[] {
  return [
    action({
      method: 'GET',
      path: '/scenarios',
      summary: 'The scenarios that can be played.',
      input: z.object({}),
      run: () => scenarios.list(),
    }),
    action({
      method: 'GET',
      path: '/scenarios/current',
      summary: 'How far the account’s scenario has come; null when none was played.',
      input: z.object({}),
      run: (_input, { account }) => scenarios.current(account),
    }),
    action({
      method: 'POST',
      path: '/scenarios/{name}/run',
      summary:
        'Plays a scenario: step by step, or with a pause of `pace` milliseconds, where `wait` answers at its end.',
      input: z
        .strictObject({
          name,
          pace: z.union([z.literal('step'), z.number().int().min(0).max(60_000)]).default('step'),
          wait: z.boolean().default(false),
        })
        .refine(({ pace, wait }) => !wait || pace !== 'step', {
          path: ['wait'],
          message: 'goes with a pace in milliseconds; step by step, somebody has to say continue',
        }),
      run(input, { account }) {
        const { progress, ended } = scenarios.run(account, input.name, input.pace);
        return input.wait ? ended : progress;
      },
    }),
    action({
      method: 'POST',
      path: '/scenarios/{name}/continue',
      summary: 'Plays the next step of a scenario that waits.',
      input: z.object({ name }),
      run: (input, { account }) => scenarios.proceed(account, input.name),
    }),
    action({
      method: 'POST',
      path: '/scenarios/{name}/stop',
      summary: 'Ends a scenario after the step that it is at.',
      input: z.object({ name }),
      run: (input, { account }) => scenarios.stop(account, input.name),
    }),
  ];
}
