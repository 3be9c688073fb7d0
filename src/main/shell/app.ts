import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Clipboard,
  MenuItemConstructorOptions,
  Session,
} from 'electron';
import type { Bench } from '../bench/bench.ts';
import { BenchError } from '../bench/host.ts';
import { menuTemplate } from './menu.ts';
import { answerNativeCalls, type NativeParts } from './native.ts';
import { guardNavigation, guardPermissions, windowOptions } from './window.ts';

/** Electron's parts that the shell uses, so that tests can hand in pretended ones. */
export interface ShellParts extends NativeParts {
  readonly app: Pick<
    App,
    'requestSingleInstanceLock' | 'whenReady' | 'on' | 'quit' | 'exit' | 'setPath' | 'enableSandbox'
  >;
  readonly clipboard: Pick<Clipboard, 'writeText'>;
  readonly platform: NodeJS.Platform;
  readonly preload: string;
  readonly icon: string;
  /** Where the window's own files go; one bench, one folder, one window. */
  readonly profile: string;
  createWindow(this: void, options: BrowserWindowConstructorOptions): BrowserWindow;
  defaultSession(): Session;
  setMenu(template: MenuItemConstructorOptions[]): void;
  startBench(): Promise<Pick<Bench, 'url' | 'uiUrl' | 'stop'>>;
  print(line: string): void;
  complain(line: string): void;
}

/** Single instance, ready, quit: the bench lives as long as the window. */
export async function runShell(parts: ShellParts): Promise<void> {
  const { app } = parts;
  app.enableSandbox();
  app.setPath('userData', parts.profile);
  if (!app.requestSingleInstanceLock()) {
    parts.complain('Poolbench is already open with this data; its window comes to the front.');
    app.quit();
    return;
  }
  await app.whenReady();
  let bench;
  try {
    bench = await parts.startBench();
  } catch (error) {
    parts.complain(error instanceof Error ? error.message : String(error));
    app.exit(error instanceof BenchError ? 2 : 1);
    return;
  }
  stopBenchOnQuit(parts, bench);
  const window = openWindow(parts, bench.url);
  await window.loadURL(bench.uiUrl);
  parts.print(JSON.stringify({ ready: true, url: bench.url, ui: bench.uiUrl, pid: process.pid }));
}

function openWindow(parts: ShellParts, benchUrl: string): BrowserWindow {
  const { app, preload } = parts;
  const openExternal = (url: string): void => {
    void parts.openExternal(url);
  };
  guardPermissions(parts.defaultSession(), benchUrl);
  // Every page, also one that a page opened.
  app.on('web-contents-created', (_event, contents) => guardNavigation(contents, benchUrl, preload, openExternal));
  const window = parts.createWindow(windowOptions(preload, parts.icon));
  window.once('ready-to-show', () => window.show());
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  answerNativeCalls(parts, window, benchUrl);
  parts.setMenu(
    menuTemplate(parts.platform, {
      openInBrowser: () => openExternal(benchUrl),
      copyEndpoint: () => void parts.clipboard.writeText(benchUrl),
    }),
  );
  return window;
}

/** Quitting waits until everything that was answered is on disk. */
function stopBenchOnQuit({ app, complain }: ShellParts, bench: Pick<Bench, 'stop'>): void {
  let stopping = false;
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    bench.stop().then(
      () => app.exit(0),
      (error: unknown) => {
        complain(String(error));
        app.exit(1);
      },
    );
  });
}
