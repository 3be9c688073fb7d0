import { posix, win32 } from 'node:path';
import type { Machine } from './machine.ts';

const LINUX = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
];

const MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];

const WINDOWS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['BraveSoftware', 'Brave-Browser', 'Application', 'brave.exe'],
];

/** The first of Chrome, Chromium, Edge and Brave that is installed. */
export function findAppBrowser(machine: Machine): string | undefined {
  return candidates(machine).find((path) => machine.exists(path));
}

function candidates({ platform, env, home }: Machine): string[] {
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
      (root) => root !== undefined,
    );
    return WINDOWS.flatMap((parts) => roots.map((root) => win32.join(root, ...parts)));
  }
  if (platform === 'darwin') {
    return MAC.flatMap((name) =>
      ['/Applications', posix.join(home, 'Applications')].map((folder) =>
        posix.join(folder, `${name}.app`, 'Contents', 'MacOS', name),
      ),
    );
  }
  const folders = (env['PATH'] ?? '').split(':').filter(Boolean);
  return LINUX.flatMap((name) => folders.map((folder) => posix.join(folder, name)));
}

/** A window without address bar, in a profile of its own: no history, no extensions, no other account. */
export function appWindowArguments(address: string, { cache }: Machine): readonly string[] {
  return [
    `--app=${address}`,
    `--user-data-dir=${posix.join(cache, 'app-window')}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    '--window-size=1440,900',
  ];
}
