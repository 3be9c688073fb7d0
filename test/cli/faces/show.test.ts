import { expect, it, vi } from 'vitest';
import { browserCommand } from '../../../src/cli/faces/browser.ts';
import { findAppBrowser } from '../../../src/cli/faces/app-window.ts';
import { showFirst } from '../../../src/cli/faces/show.ts';
import { fakeMachine } from '../../harness/machine.ts';

const ADDRESS = 'http://127.0.0.1:9330/_bench/ui/';

it('opens an app window with a profile of its own', async () => {
  const machine = fakeMachine({ files: { '/usr/bin/brave-browser': '', '/usr/bin/chromium': '' } });
  const shown = await showFirst(['app', 'browser', 'none'], ADDRESS, machine);
  expect(shown.face).toBe('app');
  expect(machine.spawned).toHaveLength(1);
  expect(machine.spawned[0]).toMatchObject({ command: '/usr/bin/chromium' });
  expect(machine.spawned[0]?.args).toEqual(
    expect.arrayContaining([`--app=${ADDRESS}`, '--user-data-dir=/home/alice/.cache/poolbench/app-window']),
  );
});

it('falls back to the default browser where the program is not there after all', async () => {
  const machine = fakeMachine({
    files: { '/usr/bin/chromium': '' },
    programs: { '/usr/bin/chromium': { missing: true } },
  });
  expect((await showFirst(['app', 'browser', 'none'], ADDRESS, machine)).face).toBe('browser');
  expect(machine.spawned.map(({ command }) => command)).toEqual(['/usr/bin/chromium', 'xdg-open']);
});

it('opens the default browser when the app window gives up at once', async () => {
  const machine = fakeMachine({ files: { '/usr/bin/chromium': '' }, programs: { '/usr/bin/chromium': { exit: 1 } } });
  await showFirst(['app', 'browser', 'none'], ADDRESS, machine);
  await vi.waitFor(() =>
    expect(machine.spawned.map(({ command }) => command)).toEqual(['/usr/bin/chromium', 'xdg-open']),
  );
});

it('leaves a person with the address where nothing opens', async () => {
  const machine = fakeMachine({ programs: { 'xdg-open': { missing: true } } });
  expect((await showFirst(['app', 'browser', 'none'], ADDRESS, machine)).face).toBe('none');
});

it('finds the browsers of each platform', () => {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  expect(findAppBrowser(fakeMachine({ platform: 'darwin', files: { [mac]: '' } }))).toBe(mac);
  const windows = 'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe';
  const env = { PROGRAMFILES: 'C:\\Program Files' };
  expect(findAppBrowser(fakeMachine({ platform: 'win32', env, files: { [windows]: '' } }))).toBe(windows);
});

it('hands an address to the platform without a shell in between', () => {
  expect(browserCommand(`${ADDRESS}#a&b`, { platform: 'win32' })).toEqual([
    'rundll32.exe',
    'url.dll,FileProtocolHandler',
    `${ADDRESS}#a&b`,
  ]);
  expect(browserCommand(ADDRESS, { platform: 'darwin' })).toEqual(['open', ADDRESS]);
});
