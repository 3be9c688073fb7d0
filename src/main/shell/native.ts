import { writeFile } from 'node:fs/promises';
import type { BrowserWindow, Dialog, IpcMain, IpcMainInvokeEvent } from 'electron';
import { NATIVE_CHANNELS, type WindowState } from '../../shared/native.ts';
import { isOwn, isWeb } from './window.ts';

export interface NativeParts {
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly dialog: Pick<Dialog, 'showSaveDialog'>;
  readonly openExternal: (url: string) => Promise<void>;
}

type OwnWindow = Pick<BrowserWindow, 'webContents' | 'isMaximized' | 'isFullScreen' | 'isFocused'>;

/** The few native calls, taken from the bench's own page in the bench's own window and from nobody else. */
export function answerNativeCalls(
  { ipcMain, dialog, openExternal }: NativeParts,
  window: OwnWindow,
  benchUrl: string,
): void {
  const isOurs = ({ sender, senderFrame }: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>): boolean =>
    sender === window.webContents &&
    senderFrame !== null &&
    senderFrame === window.webContents.mainFrame &&
    isOwn(senderFrame.url, benchUrl);

  const handle = (channel: string, answer: (...args: unknown[]) => unknown): void => {
    ipcMain.handle(channel, (event, ...args: unknown[]) => {
      if (!isOurs(event)) throw new Error(`${channel} is only for the bench's own window`);
      return answer(...args);
    });
  };

  handle(NATIVE_CHANNELS.openExternal, async (url) => {
    if (typeof url !== 'string' || !isWeb(url)) return false;
    await openExternal(url);
    return true;
  });
  handle(NATIVE_CHANNELS.saveFile, async (name, text) => {
    if (typeof name !== 'string' || typeof text !== 'string') return false;
    // A suggestion only: the folder is the user's to choose.
    const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name.replace(/^.*[/\\]/, '') });
    if (canceled || !filePath) return false;
    await writeFile(filePath, text);
    return true;
  });
  handle(NATIVE_CHANNELS.windowState, (): WindowState => ({
    isMaximized: window.isMaximized(),
    isFullScreen: window.isFullScreen(),
    isFocused: window.isFocused(),
  }));
}
