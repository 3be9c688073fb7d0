import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import type { ShellParts } from '../../src/main/shell/app.ts';

export const BENCH_URL = 'http://127.0.0.1:9330';

type Handler = (...args: unknown[]) => unknown;
type Answer = (event: unknown, ...args: unknown[]) => unknown;

/** Electron as far as the shell uses it: it remembers what it was told and emits what a test says. */
export function fakeElectron(overrides: Partial<ShellParts> = {}) {
  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: vi.fn(() => true),
    whenReady: vi.fn(async () => undefined),
    quit: vi.fn(() => {
      app.emit('before-quit', { preventDefault: vi.fn() });
    }),
    exit: vi.fn(),
    setPath: vi.fn(),
    enableSandbox: vi.fn(),
  });
  const contents = fakeContents();
  const window = Object.assign(new EventEmitter(), {
    webContents: Object.assign(contents, { mainFrame: { url: `${BENCH_URL}/_bench/ui/` } }),
    loadURL: vi.fn(async () => undefined),
    show: vi.fn(),
    focus: vi.fn(),
    restore: vi.fn(),
    isMinimized: vi.fn(() => true),
    isMaximized: vi.fn(() => true),
    isFullScreen: vi.fn(() => false),
    isFocused: vi.fn(() => true),
  });
  const session = {
    setPermissionRequestHandler: vi.fn((_handler: Handler) => undefined),
    setPermissionCheckHandler: vi.fn((_handler: Handler) => undefined),
    setDevicePermissionHandler: vi.fn((_handler: Handler) => undefined),
  };
  const answers = new Map<string, Answer>();
  const bench = { url: BENCH_URL, uiUrl: `${BENCH_URL}/_bench/ui/`, stop: vi.fn(async () => undefined) };
  const fake = {
    app,
    clipboard: { writeText: vi.fn() },
    dialog: { showSaveDialog: vi.fn() },
    ipcMain: { handle: vi.fn((channel: string, answer: Answer) => void answers.set(channel, answer)) },
    platform: 'linux',
    preload: '/app/out/preload/index.cjs',
    icon: '/app/resources/icons/poolbench.png',
    profile: '/data/window',
    createWindow: vi.fn(() => {
      app.emit('web-contents-created', {}, window.webContents);
      return window;
    }),
    defaultSession: () => session,
    setMenu: vi.fn((_template: unknown) => undefined),
    openExternal: vi.fn(async (_url: string) => undefined),
    startBench: vi.fn(async () => bench),
    print: vi.fn((_line: string) => undefined),
    complain: vi.fn((_line: string) => undefined),
  };
  return { parts: { ...fake, ...overrides } as unknown as ShellParts, fake, app, window, session, answers, bench };
}

/** Web contents that tell what their guards decided. */
export function fakeContents() {
  let onWindowOpen: (details: { url: string }) => { action: string; overrideBrowserWindowOptions?: object } = () => ({
    action: 'unguarded',
  });
  const contents = new EventEmitter();
  return Object.assign(contents, {
    setWindowOpenHandler: vi.fn((handler: typeof onWindowOpen) => {
      onWindowOpen = handler;
    }),
    opening: (url: string) => onWindowOpen({ url }),
    /** Whether going to `url` is prevented. */
    prevents(event: string, url: string): boolean {
      const preventDefault = vi.fn();
      contents.emit(event, { url, preventDefault });
      return preventDefault.mock.calls.length > 0;
    },
  });
}
