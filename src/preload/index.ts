import { contextBridge, ipcRenderer } from 'electron';
import { NATIVE_CHANNELS, NATIVE_NAME, type NativeShell, type WindowState } from '../shared/native.ts';

const shell: NativeShell = {
  platform: process.platform,
  openExternal: (url) => ipcRenderer.invoke(NATIVE_CHANNELS.openExternal, url) as Promise<boolean>,
  saveFile: (name, text) => ipcRenderer.invoke(NATIVE_CHANNELS.saveFile, name, text) as Promise<boolean>,
  windowState: () => ipcRenderer.invoke(NATIVE_CHANNELS.windowState) as Promise<WindowState>,
};

contextBridge.exposeInMainWorld(NATIVE_NAME, shell);
