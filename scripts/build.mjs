// Builds main, command line, preload and page into out/, when something changed since the last time.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { install, ROOT } from './bootstrap.mjs';
import { runNode } from './newer-node.mjs';

const INPUTS = [
  'src',
  'resources',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'tsconfig.json',
];
const STAMP = join(ROOT, 'out', '.stamp');

/** Paths, sizes and times of everything that the build reads: a deleted or older file counts as a change, too. */
export function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(ROOT, path));
    if (!stat.isDirectory()) {
      hash.update(`${path}:${stat.size}:${stat.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(join(ROOT, path)).sort()) visit(`${path}/${name}`);
  };
  for (const input of INPUTS) visit(input);
  return hash.digest('hex');
}

function isCurrent(wanted) {
  try {
    return readFileSync(STAMP, 'utf8') === wanted;
  } catch {
    return false;
  }
}

export async function build({ force = false } = {}) {
  const wanted = fingerprint();
  if (!force && isCurrent(wanted)) return;
  process.stderr.write('Building …\n');
  rmSync(join(ROOT, 'out'), { recursive: true, force: true });
  // stdout is for the ready line of what follows.
  const code = await runNode(['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'], {
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) {
    process.stderr.write('The build failed.\n');
    process.exit(1);
  }
  writeFileSync(STAMP, wanted);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  install();
  await build({ force: process.argv.includes('--force') });
}
