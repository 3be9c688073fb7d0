import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { ROOT } from './source.ts';

/** The built command line, as a user runs it. */
const ENTRY = join(ROOT, 'out', 'cli', 'index.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly url: string;
  readonly ui: string;
  readonly pid: number;
  readonly child: ChildProcess;
  stderr(): string;
  /** Sends the signal and waits for the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

type Env = { readonly [name: string]: string | undefined };

/** Without the settings of whoever runs the tests. */
function environment(env: Env): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(POOLBENCH|AWS)_/.test(name));
  return { ...Object.fromEntries(own), CI: 'true', ...env };
}

function start(args: readonly string[], env: Env): { child: ChildProcess; texts: { stdout: string; stderr: string } } {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(env),
    // A test that waits for a command that never ends gets an answer instead.
    timeout: 30_000,
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  return { child, texts };
}

export async function poolbench(args: readonly string[], env: Env = {}): Promise<Finished> {
  const { child, texts } = start(args, env);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...texts };
}

export async function startPoolbench(args: readonly string[], env: Env = {}): Promise<Running> {
  const { child, texts } = start(['start', '--ui', 'none', ...args], env);
  const exited = once(child, 'close') as Promise<[number | null]>;
  const line = await new Promise<string>((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
    exited.then(([code]) => reject(new Error(`ended with ${code}: ${texts.stderr}`)), reject);
  });
  const ready = JSON.parse(line) as { ready: true; url: string; ui: string; pid: number };
  return {
    ...ready,
    child,
    stderr: () => texts.stderr,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
