import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Machine, SpawnOptions } from '../../src/cli/faces/machine.ts';

export interface Spawned {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

/** How a pretended program behaves once it is spawned. */
export interface Program {
  /** It is not there at all. */
  readonly missing?: boolean;
  readonly stdout?: string;
  /** Ends with this code; without it, it stays. */
  readonly exit?: number | null;
  readonly effect?: () => void;
}

export interface FakeMachine extends Machine {
  readonly spawned: Spawned[];
  readonly files: Map<string, string>;
}

/** A machine of a test's making: its files are the map's keys, its programs do what the test says. */
export function fakeMachine(
  given: Partial<Omit<Machine, 'exists' | 'read' | 'write' | 'spawn'>> & {
    readonly files?: { readonly [path: string]: string };
    readonly programs?: { readonly [command: string]: Program };
  } = {},
): FakeMachine {
  const { files: contents = {}, programs = {}, ...rest } = given;
  const files = new Map(Object.entries(contents));
  const spawned: Spawned[] = [];
  return {
    platform: 'linux',
    env: { DISPLAY: ':0', PATH: '/usr/bin' },
    home: '/home/alice',
    cache: '/home/alice/.cache/poolbench',
    here: '/app/out/cli',
    now: () => 1_000_000_000_000,
    exists: (path) => files.has(path),
    read: (path) => files.get(path),
    write: (path, text) => void files.set(path, text),
    ...rest,
    files,
    spawned,
    spawn(command, args, options) {
      spawned.push({ command, args, options });
      return start(programs[command] ?? {});
    },
  };
}

function start(program: Program): ChildProcess {
  const stdout = new PassThrough();
  const child = Object.assign(new EventEmitter(), { stdout, unref: () => undefined, kill: () => true });
  queueMicrotask(() => {
    if (program.missing) {
      child.emit('error', Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' }));
      return;
    }
    child.emit('spawn');
    program.effect?.();
    if (program.stdout) stdout.write(program.stdout);
    setImmediate(() => {
      if (program.exit !== undefined) child.emit('exit', program.exit);
    });
  });
  return child as unknown as ChildProcess;
}
