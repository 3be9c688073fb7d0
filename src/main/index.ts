import { join } from 'node:path';
import { app, BrowserWindow, clipboard, dialog, ipcMain, Menu, session, shell } from 'electron';
import { createBench } from './bench/create-bench.ts';
import { cacheFolder } from './bench/data-folder.ts';
import { readSettings } from './bench/settings.ts';
import { runShell } from './shell/app.ts';

const built = join(import.meta.dirname, '..');

async function main(): Promise<void> {
  const settings = readSettings({}, process.env);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  await runShell({
    app,
    clipboard,
    dialog,
    ipcMain,
    platform: process.platform,
    preload: join(built, 'preload', 'index.cjs'),
    icon: join(built, '..', 'resources', 'icons', 'poolbench.png'),
    profile: join(settings.data ?? cacheFolder(), 'window'),
    openExternal: (url) => shell.openExternal(url),
    createWindow: (options) => new BrowserWindow(options),
    defaultSession: () => session.defaultSession,
    setMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
    startBench: () => createBench({ ...settings, version: app.getVersion(), pageFolder: join(built, 'renderer') }),
    print: (line) => process.stdout.write(`${line}\n`),
    complain: (line) => process.stderr.write(`${line}\n`),
  });
}

// Not awaited here: Electron becomes ready only after this module has run to its end.
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  app.exit(2);
});
