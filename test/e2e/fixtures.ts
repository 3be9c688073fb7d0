import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { ROOT } from '../harness/source.ts';

export interface BuiltBench {
  readonly url: string;
  readonly ui: string;
  /** One of the bench's own calls. */
  call<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
}

interface Fixtures {
  /** The built program on a free port, with nothing in it. */
  readonly bench: BuiltBench;
  /** The page of that bench. Talking to anything but the bench, or a complaint in the console, fails the test. */
  readonly page: Page;
}

/** A refusal by the bench is part of many stories; the browser reports each as a failed resource. */
const EXPECTED_COMPLAINT = /^Failed to load resource: the server responded with a status of 4\d\d/;

export const test = base.extend<Fixtures>({
  // Playwright reads a fixture's needs from this pattern.
  // oxlint-disable-next-line eslint/no-empty-pattern
  bench: async ({}, use) => {
    const own = Object.entries(process.env).filter(([name]) => !/^(POOLBENCH|AWS)_/.test(name));
    const flags = ['start', '--ui', 'none', '--memory', '--port', '0', '--quiet'];
    const child = spawn(process.execPath, [join(ROOT, 'out', 'cli', 'index.js'), ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: Object.fromEntries(own),
    });
    const exited = once(child, 'close');
    const [line] = (await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      exited.then(([code]) => Promise.reject(new Error(`the bench ended with ${String(code)}`))),
    ])) as [string];
    const { url, ui } = JSON.parse(line) as { url: string; ui: string };
    await use({ url, ui, call: (method, path, body) => callBench(url, method, path, body) });
    child.kill('SIGTERM');
    await exited;
  },

  page: async ({ page, bench }, use) => {
    const strangers: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      const address = new URL(request.url());
      const isOwn = address.origin === bench.url || ['data:', 'blob:'].includes(address.protocol);
      if (!isOwn) strangers.push(request.url());
    });
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== new URL(bench.url).host) strangers.push(socket.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && !EXPECTED_COMPLAINT.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(bench.ui);
    await expect(page.getByText('connected', { exact: true })).toBeVisible();
    await use(page);
    expect(strangers, 'requests to anything but the bench').toEqual([]);
    expect(complaints, 'complaints in the console').toEqual([]);
  },
});

async function callBench<Answer>(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}/_bench${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

export { expect };
