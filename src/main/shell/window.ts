import type { BrowserWindowConstructorOptions, Session, WebContents } from 'electron';

/** The page gets no Node, no shared world with the preload, and the operating system's sandbox. */
export function windowOptions(preload: string, icon?: string): BrowserWindowConstructorOptions {
  return {
    ...(icon === undefined ? {} : { icon }),
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#16181d',
    title: 'Poolbench',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

export function isOwn(url: string, benchUrl: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(benchUrl).origin;
}

/** http and https only: other schemes start programs. */
export function isWeb(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;

/** Keeps a page on the bench's own origin; other web addresses go to the user's browser. */
export function guardNavigation(
  contents: GuardedContents,
  benchUrl: string,
  preload: string,
  openExternal: (url: string) => void,
): void {
  const stay = (details: { readonly url: string; preventDefault(): void }): void => {
    if (!isOwn(details.url, benchUrl)) details.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isOwn(url, benchUrl)) {
      return { action: 'allow', overrideBrowserWindowOptions: { ...windowOptions(preload), show: true } };
    }
    if (isWeb(url)) openExternal(url);
    return { action: 'deny' };
  });
}

type GuardedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

/** Copying text is all that the page may ask of the machine, and only the bench's own page may. */
export function guardPermissions(session: GuardedSession, benchUrl: string): void {
  const isCopying = (permission: string, origin: string): boolean =>
    permission === 'clipboard-sanitized-write' && isOwn(origin, benchUrl);
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(isCopying(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => isCopying(permission, origin));
  session.setDevicePermissionHandler(() => false);
}
