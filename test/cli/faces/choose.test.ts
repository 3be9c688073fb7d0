import { describe, expect, it } from 'vitest';
import { chooseFaces, hasDisplay } from '../../../src/cli/faces/choose.ts';
import { fakeMachine } from '../../harness/machine.ts';

const electronPackage = { '/app/node_modules/electron/package.json': '{}' };
const electronBinary = {
  ...electronPackage,
  '/app/node_modules/electron/path.txt': 'electron',
  '/app/node_modules/electron/dist/electron': '',
};

describe('the face of a bench that is started without saying which', () => {
  it.each([
    ['Electron first, where its binary is', { files: electronBinary }, ['electron', 'browser', 'none']],
    [
      'an attempt to fetch Electron, where only its package is',
      { files: electronPackage },
      ['electron', 'browser', 'none'],
    ],
    [
      'no attempt where fetching is switched off',
      { files: electronPackage, env: { DISPLAY: ':0', POOLBENCH_NO_FETCH: '1' } },
      ['browser', 'none'],
    ],
    [
      'no attempt on the day after one failed',
      {
        files: {
          ...electronPackage,
          '/home/alice/.cache/poolbench/electron-fetch-failed': String(1_000_000_000_000 - 3_600_000),
        },
      },
      ['browser', 'none'],
    ],
    [
      'a new attempt two days later',
      {
        files: {
          ...electronPackage,
          '/home/alice/.cache/poolbench/electron-fetch-failed': String(1_000_000_000_000 - 172_800_000),
        },
      },
      ['electron', 'browser', 'none'],
    ],
    [
      'an app window, where a Chromium is installed',
      { files: { '/usr/bin/chromium': '' } },
      ['app', 'browser', 'none'],
    ],
    ['the default browser otherwise', {}, ['browser', 'none']],
    [
      'just the address without a display',
      { env: {}, files: { ...electronBinary, '/usr/bin/chromium': '' } },
      ['none'],
    ],
    ['just the address in CI', { env: { CI: 'true', DISPLAY: ':0' }, files: electronBinary }, ['none']],
  ])('is %s', (_title, machine, faces) => {
    expect(chooseFaces('auto', fakeMachine(machine)).faces).toEqual(faces);
  });

  it('says why no window opens where there is no display', () => {
    expect(chooseFaces('auto', fakeMachine({ env: {} })).notes).toEqual([
      'There is no display here, so no window is opened.',
    ]);
  });
});

it('a face asked for by name is tried before the bare address', () => {
  expect(chooseFaces('app', fakeMachine()).faces).toEqual(['app', 'none']);
  expect(chooseFaces('none', fakeMachine({ files: electronBinary })).faces).toEqual(['none']);
});

it.each([
  ['linux', {}, false],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['darwin', {}, true],
  ['win32', {}, true],
] as const)('on %s with %o a display is %s', (platform, env, expected) => {
  expect(hasDisplay({ platform, env })).toBe(expected);
});
