import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron as electron, expect, test } from '@playwright/test';
import { findElectron } from '../../src/cli/faces/electron.ts';
import { hasDisplay } from '../../src/cli/faces/choose.ts';
import { realMachine } from '../../src/cli/faces/machine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const machine = { ...realMachine(), here: root };
const binary = findElectron(machine);

/** Why the desktop shell cannot be tried here, if it cannot. */
const reason = ((): string | undefined => {
  if (binary === undefined) return "Electron's binary is not installed (npx install-electron fetches it)";
  if (!hasDisplay(machine)) return 'there is no display';
  if (process.getuid?.() === 0) return "Electron's sandbox does not run as root";
  if (!existsSync(join(root, 'out', 'main', 'index.js'))) return 'it is not built';
  return undefined;
})();

test('the desktop shell opens the page in a sandbox', async () => {
  if (reason) process.stdout.write(`Skipped: the desktop shell, because ${reason}.\n`);
  test.skip(reason !== undefined, reason ?? '');

  const data = mkdtempSync(join(tmpdir(), 'poolbench-shell-'));
  const app = await electron.launch({
    ...(binary === undefined ? {} : { executablePath: binary }),
    args: [root],
    env: { ...process.env, POOLBENCH_PORT: '0', POOLBENCH_DATA_DIR: data },
  });
  try {
    const page = await app.firstWindow();
    await page.waitForURL(/\/_bench\/ui\//);
    await expect(page).toHaveTitle(/Poolbench/);
    const seen = await page.evaluate(() => ({
      shell: Object.keys((globalThis as { poolbenchShell?: object }).poolbenchShell ?? {}).sort(),
      node: [
        typeof (globalThis as { require?: unknown }).require,
        typeof (globalThis as { process?: unknown }).process,
      ],
    }));
    expect(seen).toEqual({
      shell: ['openExternal', 'platform', 'saveFile', 'windowState'],
      node: ['undefined', 'undefined'],
    });
  } finally {
    await app.close();
    rmSync(data, { recursive: true, force: true });
  }
});
