import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { cacheFolder } from '../../main/bench/data-folder.ts';
import { realMillis } from '../../main/bench/host.ts';

/** What the faces need of the machine, so that each choice is tested without one. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: { readonly [name: string]: string | undefined };
  readonly home: string;
  readonly cache: string;
  /** The folder of this file's build, from which installed packages are looked for. */
  readonly here: string;
  exists(path: string): boolean;
  /** `undefined` where the file cannot be read. */
  read(path: string): string | undefined;
  write(path: string, text: string): void;
  now(): number;
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}

export interface SpawnOptions {
  readonly env?: { readonly [name: string]: string | undefined };
  readonly stdout?: 'pipe' | 'ignore';
  readonly stderr?: 'inherit' | 'ignore';
  /** Ends the program after so many milliseconds. */
  readonly limit?: number;
}

export function realMachine(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    cache: cacheFolder(),
    here: import.meta.dirname,
    exists: existsSync,
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
    write(path, text) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
    now: realMillis,
    spawn(command, args, { env, stdout = 'ignore', stderr = 'ignore', limit }) {
      return spawn(command, args, {
        stdio: ['ignore', stdout, stderr],
        env: { ...(env ?? process.env) },
        ...(limit === undefined ? {} : { timeout: limit }),
      });
    },
  };
}
