import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../harness/source.ts';

const out = join(ROOT, 'out');
const read = (...path: string[]): string => readFileSync(join(out, ...path), 'utf8');
const IMPORTS_ELECTRON = /(from|require\(|import\()\s*["'`]electron["'`]|import\s*["'`]electron["'`]/;

const NODE_IN_A_PAGE = [
  /\brequire\(["'`](node:|fs|path|child_process|electron)/,
  /from\s*["'`](node:|electron)/,
  /\bprocess\.(versions|platform|cwd|argv)\b/,
  /\b__dirname\b/,
];

/** A file of the build and every chunk it loads, at once or later. */
function reachable(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const [, chunk] of read(entry).matchAll(/["'`]\.{1,2}\/(?:chunks\/)?([\w.-]+\.js)["'`]/g)) {
    const path = join('chunks', chunk ?? '');
    if (existsSync(join(out, path))) reachable(path, seen);
  }
  return seen;
}

it('the window is built with sandbox and context isolation', () => {
  const main = [...reachable(join('main', 'index.js'))].map((path) => read(path)).join('\n');
  // Only verdicts are compared: a failure would print the whole bundle.
  expect({
    sandbox: /sandbox:\s*(!0|true)/.test(main) && !/sandbox:\s*(!1|false)/.test(main),
    contextIsolation: /contextIsolation:\s*(!0|true)/.test(main),
    withoutNode: /nodeIntegration:\s*(!1|false)/.test(main),
  }).toEqual({ sandbox: true, contextIsolation: true, withoutNode: true });
});

it('the preload is CommonJS and needs nothing but Electron, as a sandbox wants it', () => {
  expect(readdirSync(join(out, 'preload'))).toEqual(['index.cjs']);
  const preload = read('preload', 'index.cjs');
  expect(/^\s*(import|export)\s/m.test(preload)).toBe(false);
  expect([...preload.matchAll(/require\(["'`]([^"'`]+)["'`]\)/g)].map(([, name]) => name)).toEqual(['electron']);
});

it('the page has no Node in it', () => {
  const scripts = readdirSync(join(out, 'renderer', 'assets')).filter((name) => name.endsWith('.js'));
  expect(scripts).not.toEqual([]);
  for (const name of scripts) {
    const script = read('renderer', 'assets', name);
    expect(NODE_IN_A_PAGE.filter((pattern) => pattern.test(script))).toEqual([]);
  }
});

it('the command line imports no Electron', () => {
  const files = reachable(join('cli', 'index.js'));
  expect(files.size).toBeGreaterThan(3);
  expect([...files].filter((path) => IMPORTS_ELECTRON.test(read(path)))).toEqual([]);
  expect(IMPORTS_ELECTRON.test(read('main', 'index.js'))).toBe(true);
});

it('the clients of simulated devices are loaded when the first device needs them, not before', () => {
  const chunks = readdirSync(join(out, 'chunks'));
  const clients = chunks.filter((name) => read('chunks', name).includes('CognitoIdentityProviderServiceException'));
  expect(clients).not.toEqual([]);
  expect(clients.filter((name) => name.startsWith('create-bench-') || name.startsWith('main-'))).toEqual([]);
});
