/** What the desktop shell offers to the page, as `window.poolbenchShell`; a browser has none of it. */
export interface NativeShell {
  readonly platform: string;
  /** Opens an http or https address in the user's browser; resolves with whether it was accepted. */
  openExternal(url: string): Promise<boolean>;
  /** Asks where to save; resolves with whether it was saved. */
  saveFile(suggestedName: string, text: string): Promise<boolean>;
  windowState(): Promise<WindowState>;
}

export interface WindowState {
  readonly isMaximized: boolean;
  readonly isFullScreen: boolean;
  readonly isFocused: boolean;
}

export const NATIVE_NAME = 'poolbenchShell';

export const NATIVE_CHANNELS = {
  openExternal: 'poolbench:open-external',
  saveFile: 'poolbench:save-file',
  windowState: 'poolbench:window-state',
} as const;
