import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { menuTemplate } from '../../src/main/shell/menu.ts';
import { runShell } from '../../src/main/shell/app.ts';
import { NATIVE_CHANNELS } from '../../src/shared/native.ts';
import { BENCH_URL, fakeElectron } from '../harness/electron.ts';

async function shell() {
  const electron = fakeElectron();
  await runShell(electron.parts);
  const { webContents } = electron.window;
  const own = { sender: webContents, senderFrame: webContents.mainFrame };
  const call = async (channel: string, args: unknown[] = [], event: object = own): Promise<unknown> =>
    electron.answers.get(channel)?.(event, ...args);
  return { ...electron, own, call };
}

it.each([
  ['https://example.test/', true],
  ['http://127.0.0.1:9330/', true],
  ['file:///etc/passwd', false],
  ['ms-settings:', false],
  [7, false],
])('opens %s in the browser: %s', async (url, accepted) => {
  const { call, fake } = await shell();
  expect(await call(NATIVE_CHANNELS.openExternal, [url])).toBe(accepted);
  expect(fake.openExternal.mock.calls).toEqual(accepted ? [[url]] : []);
});

it('saves a file where its user says, and suggests a bare name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'poolbench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { call, fake } = await shell();
  fake.dialog.showSaveDialog.mockResolvedValue({ canceled: false, filePath: join(folder, 'kept.json') });
  expect(await call(NATIVE_CHANNELS.saveFile, ['../../.bashrc', '{}'])).toBe(true);
  expect(fake.dialog.showSaveDialog).toHaveBeenCalledWith({ defaultPath: '.bashrc' });
  expect(readFileSync(join(folder, 'kept.json'), 'utf8')).toBe('{}');
});

it('saves nothing when its user cancels', async () => {
  const { call, fake } = await shell();
  fake.dialog.showSaveDialog.mockResolvedValue({ canceled: true, filePath: '' });
  expect(await call(NATIVE_CHANNELS.saveFile, ['trace.json', '{}'])).toBe(false);
});

it('tells the state of the window', async () => {
  const { call } = await shell();
  expect(await call(NATIVE_CHANNELS.windowState)).toEqual({ isMaximized: true, isFullScreen: false, isFocused: true });
});

it('answers nobody but the own page in the own window', async () => {
  const { call, window, own, fake } = await shell();
  const refused = [
    { ...own, sender: {} },
    { ...own, senderFrame: null },
    { ...own, senderFrame: { url: `${BENCH_URL}/_bench/ui/` } },
  ];
  for (const event of refused) {
    await expect(call(NATIVE_CHANNELS.openExternal, ['https://example.test/'], event)).rejects.toThrow(/own window/);
  }
  window.webContents.mainFrame.url = 'https://example.test/';
  await expect(call(NATIVE_CHANNELS.openExternal, ['https://example.test/'])).rejects.toThrow(/own window/);
  expect(fake.openExternal).not.toHaveBeenCalled();
});

it('offers the endpoint and the browser in the menu', async () => {
  const { fake } = await shell();
  const template = fake.setMenu.mock.calls[0]?.[0] as ReturnType<typeof menuTemplate>;
  const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  for (const item of items) (item.click as (() => void) | undefined)?.();
  expect(fake.clipboard.writeText).toHaveBeenCalledWith(BENCH_URL);
  expect(fake.openExternal).toHaveBeenCalledWith(BENCH_URL);
  expect(menuTemplate('darwin', { openInBrowser: () => undefined, copyEndpoint: () => undefined })[0]).toEqual({
    role: 'appMenu',
  });
});
