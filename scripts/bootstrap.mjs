// Runs before start and test, in any Node since 20.19: installs what is missing and nothing else.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OLDEST = [20, 19];

/** npm writes this file last, so it tells a finished installation and its age. */
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
const LOCK = join(ROOT, 'package-lock.json');
/** The lock that was installed last: git makes a file newer without changing it. */
const STAMP = join(ROOT, 'node_modules', '.poolbench-lock');

function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  if (statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs) {
    stamp();
    return true;
  }
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash();
}

function stamp() {
  const hash = lockHash();
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== hash) writeFileSync(STAMP, hash);
}

function lockHash() {
  return createHash('sha256').update(readFileSync(LOCK)).digest('hex');
}

export function install() {
  guard();
  if (isInstalled()) return;
  process.stderr.write('Installing dependencies (once) …\n');
  const npm = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  const [command, ...args] = [...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // Everything goes to stderr: stdout is for the ready line of what follows.
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && !process.env.npm_execpath,
    // The desktop shell's binary is fetched later, with a limit, and only where a window can open.
    env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
  });
  if (status !== 0) {
    process.stderr.write(`Dependencies could not be installed${error ? ` (${error.message})` : ''}.\n`);
    process.exit(2);
  }
  stamp();
}

function guard() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  process.stderr.write(
    `Poolbench needs Node ${OLDEST.join('.')} or newer to start, and this is ${process.versions.node}.\n`,
  );
  process.exit(2);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install();
