import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

/** better-sqlite3 13 and commander 15 need it. */
const NEEDED = [22, 12] as const;

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** The Node that the `node` package put beside a checkout's dependencies. */
export function findNewerNode(from: string, exists: (path: string) => boolean = existsSync): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', 'node', 'bin', name);
    if (exists(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Runs the same command with another Node and gives its exit code. The channel between the two closes when
 * either ends, however it ends, so that no bench outlives the command that started it.
 */
export async function runWith(node: string, args: readonly string[]): Promise<number> {
  const child = spawn(node, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, POOLBENCH_STARTED_BY: String(process.pid) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** In the child of {@link runWith}: ends with its parent. */
export function endWithParent(): void {
  if (process.env['POOLBENCH_STARTED_BY'] === undefined || !process.connected) return;
  delete process.env['POOLBENCH_STARTED_BY'];
  process.on('disconnect', () => process.exit(1));
  process.channel?.unref();
}

export function tooOld(version: string): string {
  return `Poolbench needs Node ${NEEDED.join('.')} or newer, and this is ${version}.\n`;
}
