import { z } from 'zod';
import type { ExplorerProgress } from '../../shared/bench-api.ts';
import { explore, type Exploration } from '../devices/explorer/explore.ts';
import { LONGEST_SOURCE, type ScriptResolvers } from '../devices/resolvers/script-resolver.ts';
import type { Bus } from '../kernel/bus.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Logger } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import { action, type Action } from './action.ts';

/** Looks for stories that a resolver cannot stand: one search at a time in an account. */
export interface Explorers {
  /** The last search of the account, running or ended. */
  current(account: string): ExplorerProgress | null;
  /** `ended` resolves however it ends. */
  start(
    account: string,
    exploration: Exploration,
  ): { readonly progress: ExplorerProgress; readonly ended: Promise<ExplorerProgress> };
  halt(account: string): Promise<ExplorerProgress>;
  /** Ends every search; for a bench that stops. */
  stop(): Promise<void>;
}

interface Search {
  progress: ExplorerProgress;
  readonly halted: AbortController;
  ended: Promise<ExplorerProgress>;
}

export function createExplorers({
  bus,
  log,
  scripts,
}: {
  readonly bus: Bus;
  readonly log: Logger;
  readonly scripts: ScriptResolvers;
}): Explorers {
  const searches = new Map<string, Search>();

  const run = async (search: Search, exploration: Exploration): Promise<ExplorerProgress> => {
    try {
      const outcome = await explore(exploration, {
        scripts,
        signal: search.halted.signal,
        onProgress: (progress) => {
          search.progress = { ...search.progress, ...progress };
        },
      });
      const ending =
        typeof outcome === 'string' ? { status: outcome } : ({ status: 'failed', failure: outcome } as const);
      search.progress = { ...search.progress, ...ending };
    } catch (error) {
      log.error({ err: error }, 'an exploration broke off');
      search.progress = { ...search.progress, status: 'stopped' };
    }
    return search.progress;
  };

  bus.on('account.reset', ({ account }) => {
    searches.get(account)?.halted.abort();
    searches.delete(account);
  });
  bus.on('bench.reset', () => {
    for (const { halted } of searches.values()) halted.abort();
    searches.clear();
  });

  return {
    current: (account) => searches.get(account)?.progress ?? null,
    start(account, exploration) {
      if (searches.get(account)?.progress.status === 'running') {
        throw new BenchError('AlreadyRunning', 'A resolver is being explored already', 409);
      }
      const { resolver, seed, devices, runs } = exploration;
      const progress: ExplorerProgress = { status: 'running', resolver, seed, devices, runs, played: 0, conflicts: 0 };
      const search: Search = { progress, halted: new AbortController(), ended: Promise.resolve(progress) };
      searches.set(account, search);
      search.ended = run(search, exploration);
      return { progress, ended: search.ended };
    },
    async halt(account) {
      const search = searches.get(account);
      if (search?.progress.status !== 'running') {
        throw new BenchError('NotRunning', 'No resolver is being explored', 409);
      }
      search.halted.abort();
      return search.ended;
    },
    async stop() {
      for (const { halted } of searches.values()) halted.abort();
      await Promise.all([...searches.values()].map(({ ended }) => ended));
    },
  };
}

const LARGEST_SEED = 2 ** 31 - 1;

export function explorerActions(explorers: Explorers, random: Random): Action[] {
  return [
    action({
      method: 'POST',
      path: '/explorer',
      summary:
        'Plays random stories of several devices on a resolver, and gives the shortest one that it fails; `wait` answers at its end.',
      input: z.strictObject({
        resolver: z.union([
          z.enum(['local', 'remote', 'last-writer']),
          z.strictObject({ javascript: z.string().min(1).max(LONGEST_SOURCE) }),
        ]),
        runs: z.number().int().min(1).max(20_000).default(500),
        seed: z.number().int().min(0).max(LARGEST_SEED).optional(),
        devices: z.number().int().min(2).max(5).default(3),
        values: z.enum(['text', 'number', 'json']).default('text'),
        wait: z.boolean().default(false),
      }),
      run({ wait, seed, ...exploration }, { account }) {
        const { progress, ended } = explorers.start(account, {
          ...exploration,
          seed: seed ?? random.below(LARGEST_SEED),
        });
        return wait ? ended : progress;
      },
    }),
    action({
      method: 'GET',
      path: '/explorer',
      summary: 'How far the account’s exploration has come; null when there was none.',
      input: z.object({}),
      run: (_input, { account }) => explorers.current(account),
    }),
    action({
      method: 'POST',
      path: '/explorer/stop',
      summary: 'Ends the exploration after the story that it is at.',
      input: z.object({}),
      run: (_input, { account }) => explorers.halt(account),
    }),
  ];
}
