// The Node that the `node` package brings, for programs that an older one cannot run.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from './bootstrap.mjs';

export const BIN = join(ROOT, 'node_modules', '.bin');
const BROUGHT = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

export function nodePath() {
  return existsSync(BROUGHT) ? BROUGHT : process.execPath;
}

/** The environment of an npm script, also where a script was started without npm. */
export function scriptEnvironment(extra = {}) {
  return { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** Runs a program of a dependency, or a script, with that Node; resolves with its exit code. */
export function runNode(args, { env = {}, stdio = 'inherit' } = {}) {
  const child = spawn(nodePath(), args, { cwd: ROOT, stdio, env: scriptEnvironment(env) });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
