import { afterEach, expect, it, vi } from 'vitest';
import { fetchElectron, findElectron, runShell } from '../../../src/cli/faces/electron.ts';
import { fakeMachine } from '../../harness/machine.ts';

const PACKAGE = '/app/node_modules/electron';
const BINARY = `${PACKAGE}/dist/electron`;
const installed = {
  '/app/package.json': '{}',
  [`${PACKAGE}/package.json`]: '{}',
  [`${PACKAGE}/path.txt`]: 'electron',
  [BINARY]: '',
};
const silent = (): void => undefined;

afterEach(() => {
  vi.restoreAllMocks();
});

it('finds the binary without loading the package', () => {
  expect(findElectron(fakeMachine({ files: installed }))).toBe(BINARY);
  expect(findElectron(fakeMachine({ files: { [`${PACKAGE}/package.json`]: '{}' } }))).toBeUndefined();
});

it('prefers the folder that ELECTRON_OVERRIDE_DIST_PATH names', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: '/opt/electron' };
  expect(findElectron(fakeMachine({ env, files: { ...installed, '/opt/electron/electron': '' } }))).toBe(
    '/opt/electron/electron',
  );
  expect(findElectron(fakeMachine({ env, files: installed }))).toBeUndefined();
});

it('fetches the binary once, with a limit', async () => {
  const files = { [`${PACKAGE}/package.json`]: '{}' };
  const machine = fakeMachine({
    files,
    programs: {
      [process.execPath]: {
        exit: 0,
        effect: () => {
          machine.files.set(`${PACKAGE}/path.txt`, 'electron');
          machine.files.set(BINARY, '');
        },
      },
    },
  });
  expect(await fetchElectron(machine, silent)).toBe(BINARY);
  expect(machine.spawned[0]).toMatchObject({ args: [`${PACKAGE}/install.js`], options: { limit: 20_000 } });
});

it('remembers a failed attempt, and does not try again that day', async () => {
  const machine = fakeMachine({
    files: { [`${PACKAGE}/package.json`]: '{}' },
    programs: { [process.execPath]: { exit: 1 } },
  });
  expect(await fetchElectron(machine, silent)).toBeUndefined();
  expect(await fetchElectron(machine, silent)).toBeUndefined();
  expect(machine.spawned).toHaveLength(1);
});

it('passes the settings to the shell as variables, and its ready line on', async () => {
  const line = '{"ready":true,"url":"http://127.0.0.1:9330","ui":"http://127.0.0.1:9330/_bench/ui/","pid":7}';
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const machine = fakeMachine({
    env: { DISPLAY: ':0', ELECTRON_RUN_AS_NODE: '1' },
    files: installed,
    programs: { [BINARY]: { stdout: `noise\n${line}\n`, exit: 0 } },
  });
  expect(await runShell({ port: '9400', memory: true }, machine, silent)).toMatchObject({ exitCode: 0 });
  expect(write.mock.calls.flat()).toEqual([`${line}\n`]);
  const env = machine.spawned[0]?.options.env;
  expect(env).toMatchObject({ POOLBENCH_PORT: '9400', POOLBENCH_MEMORY: '1', DISPLAY: ':0' });
  expect(env).not.toHaveProperty('ELECTRON_RUN_AS_NODE');
  expect(machine.spawned[0]?.args).toEqual(['/app']);
});

it.each([
  ['another face has its turn when the shell does not come up', 127, undefined],
  ['a refused setting is refused for good', 2, 2],
])('%s', async (_title, exit, expected) => {
  const machine = fakeMachine({ files: installed, programs: { [BINARY]: { exit } } });
  expect((await runShell({}, machine, silent)).exitCode).toBe(expected);
});
