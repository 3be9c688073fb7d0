import { expect, it, vi } from 'vitest';
import { BenchError } from '../../src/main/kernel/fault.ts';
import { runShell } from '../../src/main/shell/app.ts';
import { BENCH_URL, fakeContents, fakeElectron } from '../harness/electron.ts';

it('starts the bench, opens its page and prints the ready line', async () => {
  const { parts, fake, window, app } = fakeElectron();
  await runShell(parts);
  expect(app.setPath).toHaveBeenCalledWith('userData', '/data/window');
  expect(window.loadURL).toHaveBeenCalledWith(`${BENCH_URL}/_bench/ui/`);
  expect(JSON.parse(String(fake.print.mock.calls[0]))).toEqual({
    ready: true,
    url: BENCH_URL,
    ui: `${BENCH_URL}/_bench/ui/`,
    pid: process.pid,
  });
});

it('shows the window only when there is something to see', async () => {
  const { parts, window } = fakeElectron();
  await runShell(parts);
  expect(window.show).not.toHaveBeenCalled();
  window.emit('ready-to-show');
  expect(window.show).toHaveBeenCalledOnce();
});

it('leaves a second start on the same data to the first, whose window comes to the front', async () => {
  const second = fakeElectron();
  second.app.requestSingleInstanceLock.mockReturnValue(false);
  await runShell(second.parts);
  expect(second.fake.startBench).not.toHaveBeenCalled();
  expect(second.app.quit).toHaveBeenCalledOnce();

  const first = fakeElectron();
  await runShell(first.parts);
  first.app.emit('second-instance');
  expect(first.window.restore).toHaveBeenCalledOnce();
  expect(first.window.focus).toHaveBeenCalledOnce();
});

it.each([
  [new BenchError('PortInUse', 'Port 9330 is in use.'), 2],
  [new Error('a defect'), 1],
])('says why the bench did not start, and ends: %s', async (error, code) => {
  const { parts, fake, app } = fakeElectron({ startBench: vi.fn().mockRejectedValue(error) });
  await runShell(parts);
  expect(fake.complain).toHaveBeenCalledWith(error.message);
  expect(app.exit).toHaveBeenCalledWith(code);
  expect(fake.createWindow).not.toHaveBeenCalled();
});

it('stops the bench once before it quits', async () => {
  const { parts, app, bench } = fakeElectron();
  await runShell(parts);
  app.emit('window-all-closed');
  app.emit('before-quit', { preventDefault: vi.fn() });
  await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(0));
  expect(bench.stop).toHaveBeenCalledOnce();
});

it('guards every page, also one that a page opened', async () => {
  const { parts, app, window } = fakeElectron();
  await runShell(parts);
  expect(app.enableSandbox).toHaveBeenCalledOnce();
  expect(window.webContents.prevents('will-navigate', 'https://example.test/')).toBe(true);
  const opened = fakeContents();
  app.emit('web-contents-created', {}, opened);
  expect(opened.prevents('will-navigate', 'https://example.test/')).toBe(true);
});
