import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

interface Place {
  readonly platform: NodeJS.Platform;
  readonly env: { readonly [name: string]: string | undefined };
  readonly home: string;
}

const here = (): Place => ({ platform: process.platform, env: process.env, home: homedir() });

/** Where a bench keeps its data unless told otherwise: the platform's folder for a user's data. */
export function defaultDataFolder({ platform, env, home }: Place = here()): string {
  if (platform === 'win32') {
    return win32.join(env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'Poolbench');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Poolbench');
  return posix.join(env['XDG_DATA_HOME'] || posix.join(home, '.local', 'share'), 'poolbench');
}

/** Where things are kept that can be made again. */
export function cacheFolder({ platform, env, home }: Place = here()): string {
  if (platform === 'win32') {
    return win32.join(env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'Poolbench', 'Cache');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches', 'Poolbench');
  return posix.join(env['XDG_CACHE_HOME'] || posix.join(home, '.cache'), 'poolbench');
}
