import { findAppBrowser } from './app-window.ts';
import { findElectron, mayFetchElectron } from './electron.ts';
import type { Machine } from './machine.ts';

export type Face = 'electron' | 'app' | 'browser' | 'none';

export interface Plan {
  /** To be tried in this order; the last one always works. */
  readonly faces: readonly Face[];
  /** What a person should know about the choice. */
  readonly notes: readonly string[];
}

/** Which faces to try. A face that was asked for by name is tried before giving the bare address. */
export function chooseFaces(wanted: Face | 'auto', machine: Machine): Plan {
  if (wanted === 'none') return { faces: ['none'], notes: [] };
  if (wanted !== 'auto') return { faces: [wanted, 'none'], notes: [] };
  if (machine.env['CI']) return { faces: ['none'], notes: [] };
  if (!hasDisplay(machine)) return { faces: ['none'], notes: ['There is no display here, so no window is opened.'] };
  const faces: Face[] = [];
  if (findElectron(machine) !== undefined || mayFetchElectron(machine)) faces.push('electron');
  if (findAppBrowser(machine) !== undefined) faces.push('app');
  return { faces: [...faces, 'browser', 'none'], notes: [] };
}

/** Windows and macOS always have one; elsewhere X11 or Wayland says so. */
export function hasDisplay({ platform, env }: Pick<Machine, 'platform' | 'env'>): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}
