import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { settingsAsEnvironment } from '../../main/bench/settings.ts';
import { EXIT } from '../exit.ts';
import type { StartFlags } from '../start-options.ts';
import type { Machine } from './machine.ts';

const DAY = 86_400_000;
const FETCH_LIMIT = 20_000;

/** The binary, found without importing the package, which would fetch it. */
export function findElectron(machine: Machine): string | undefined {
  const override = machine.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) return existing(machine, join(override, binaryName(machine)));
  const folder = packageFolder(machine);
  const name = folder && machine.read(join(folder, 'path.txt'))?.trim();
  return folder && name ? existing(machine, join(folder, 'dist', name)) : undefined;
}

/** Whether one attempt to fetch the binary is in order: it is missing, wanted, and did not fail today. */
export function mayFetchElectron(machine: Machine): boolean {
  if (machine.env['CI'] || isOn(machine.env['POOLBENCH_NO_FETCH'])) return false;
  if (packageFolder(machine) === undefined) return false;
  const failedAt = Number(machine.read(failureNote(machine)) ?? Number.NaN);
  return !(machine.now() - failedAt < DAY);
}

/** Runs the package's own install script once, with a limit; a failure is remembered for a day. */
export async function fetchElectron(machine: Machine, say: (text: string) => void): Promise<string | undefined> {
  const folder = packageFolder(machine);
  if (folder === undefined || !mayFetchElectron(machine)) return undefined;
  say('Fetching the desktop shell once (20 seconds at most; POOLBENCH_NO_FETCH=1 switches this off) …');
  const child = machine.spawn(process.execPath, [join(folder, 'install.js')], { limit: FETCH_LIMIT });
  const code = await exitCode(child);
  const binary = code === 0 ? findElectron(machine) : undefined;
  if (binary === undefined) machine.write(failureNote(machine), String(machine.now()));
  return binary;
}

export interface ShellRun {
  /** `undefined` where the shell did not come up, so that another face has its turn. */
  readonly exitCode: number | undefined;
  readonly reason: string;
}

/** Runs the bench inside the Electron shell, which prints the ready line, until its user quits. */
export async function runShell(flags: StartFlags, machine: Machine, say: (text: string) => void): Promise<ShellRun> {
  const binary = findElectron(machine) ?? (await fetchElectron(machine, say));
  const root = projectFolder(machine);
  if (binary === undefined || root === undefined) {
    return { exitCode: undefined, reason: 'The desktop shell (Electron) is not installed here.' };
  }
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = machine.env;
  const child = machine.spawn(binary, [root], {
    env: { ...env, ...settingsAsEnvironment(flags) },
    stdout: 'pipe',
    stderr: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
  let isReady = false;
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{"ready":true')) return;
      isReady = true;
      process.stdout.write(`${line}\n`);
    });
  }
  const code = await exitCode(child);
  // A refused setting is refused by every face alike.
  if (isReady || code === EXIT.ok || code === EXIT.usage) return { exitCode: code ?? EXIT.failed, reason: '' };
  return { exitCode: undefined, reason: 'The desktop shell (Electron) did not come up here.' };
}

async function exitCode(child: ReturnType<Machine['spawn']>): Promise<number | undefined> {
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? undefined;
  } catch {
    return undefined;
  }
}

/** Installed beside this build, or in a folder above. */
function packageFolder(machine: Machine): string | undefined {
  return above(machine, (folder) => join(folder, 'node_modules', 'electron'), 'package.json');
}

/** The folder whose package.json names the shell's entry. */
function projectFolder(machine: Machine): string | undefined {
  return above(machine, (folder) => folder, 'package.json');
}

function above(machine: Machine, candidate: (folder: string) => string, marker: string): string | undefined {
  for (let folder = machine.here; ; folder = dirname(folder)) {
    const found = candidate(folder);
    if (machine.exists(join(found, marker))) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

function binaryName({ platform }: Machine): string {
  if (platform === 'win32') return 'electron.exe';
  return platform === 'darwin' ? join('Electron.app', 'Contents', 'MacOS', 'Electron') : 'electron';
}

function existing(machine: Machine, path: string): string | undefined {
  return machine.exists(path) ? path : undefined;
}

function failureNote({ cache }: Machine): string {
  return join(cache, 'electron-fetch-failed');
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}
