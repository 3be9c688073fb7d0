import { expect, it, vi } from 'vitest';
import { guardNavigation, guardPermissions, windowOptions } from '../../src/main/shell/window.ts';
import { BENCH_URL, fakeContents, fakeElectron } from '../harness/electron.ts';

const PRELOAD = '/app/out/preload/index.cjs';

it('gives the page a sandbox and no Node', () => {
  expect(windowOptions(PRELOAD).webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    preload: PRELOAD,
  });
});

const elsewhere = [
  'https://example.test/',
  'http://127.0.0.1:9331/_bench/ui/',
  'http://localhost:9330/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'not an address',
];

it.each(elsewhere)('does not let a page go to %s', (url) => {
  const contents = fakeContents();
  guardNavigation(contents as never, BENCH_URL, PRELOAD, vi.fn());
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    expect(contents.prevents(event, url)).toBe(true);
    expect(contents.prevents(event, `${BENCH_URL}/_bench/ui/#/e/128`)).toBe(false);
  }
  expect(contents.prevents('will-attach-webview', BENCH_URL)).toBe(true);
});

it('opens own pages in an equally guarded window, web pages in the browser, and nothing else', () => {
  const contents = fakeContents();
  const openExternal = vi.fn();
  guardNavigation(contents as never, BENCH_URL, PRELOAD, openExternal);
  expect(contents.opening(`${BENCH_URL}/_bench/ui/`)).toMatchObject({
    action: 'allow',
    overrideBrowserWindowOptions: { webPreferences: { sandbox: true, contextIsolation: true } },
  });
  expect(contents.opening('https://example.test/docs').action).toBe('deny');
  expect(contents.opening('file:///etc/passwd').action).toBe('deny');
  expect(contents.opening('vscode://x').action).toBe('deny');
  expect(openExternal.mock.calls).toEqual([['https://example.test/docs']]);
});

it.each([
  ['clipboard-sanitized-write', `${BENCH_URL}/_bench/ui/`, true],
  ['clipboard-sanitized-write', 'https://example.test/', false],
  ['clipboard-read', `${BENCH_URL}/_bench/ui/`, false],
  ['geolocation', `${BENCH_URL}/_bench/ui/`, false],
  ['media', `${BENCH_URL}/_bench/ui/`, false],
])('answers a request for %s from %s with %s', (permission, requestingUrl, expected) => {
  const { session } = fakeElectron();
  guardPermissions(session as never, BENCH_URL);
  const answer = vi.fn();
  const [[onRequest], [onCheck], [onDevice]] = [
    session.setPermissionRequestHandler.mock.calls[0]!,
    session.setPermissionCheckHandler.mock.calls[0]!,
    session.setDevicePermissionHandler.mock.calls[0]!,
  ];
  onRequest(null, permission, answer, { requestingUrl });
  expect(answer).toHaveBeenCalledWith(expected);
  expect(onCheck(null, permission, requestingUrl)).toBe(expected);
  expect(onDevice({})).toBe(false);
});
