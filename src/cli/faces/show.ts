import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appWindowArguments, findAppBrowser } from './app-window.ts';
import { browserCommand } from './browser.ts';
import type { Face } from './choose.ts';
import type { Machine } from './machine.ts';

export interface Shown {
  readonly face: Exclude<Face, 'electron'>;
  /** Closes a window of our own. */
  close(): void;
}

/** Opens the page in the first face that works; `none` always does. */
export async function showFirst(faces: readonly Face[], address: string, machine: Machine): Promise<Shown> {
  for (const [index, face] of faces.entries()) {
    const next = (): void => {
      void showFirst(faces.slice(index + 1), address, machine);
    };
    if (face === 'app') {
      const browser = findAppBrowser(machine);
      const child = browser && (await open(machine, browser, appWindowArguments(address, machine), next));
      if (child) return { face, close: () => void child.kill() };
    } else if (face === 'browser') {
      const [command, ...args] = browserCommand(address, machine);
      if (await open(machine, command, args, next)) return { face, close: () => undefined };
    }
  }
  return { face: 'none', close: () => undefined };
}

/** `onFailed` runs when the program started but gave up, as a browser without permission for a sandbox does. */
async function open(
  machine: Machine,
  command: string,
  args: readonly string[],
  onFailed: () => void,
): Promise<ChildProcess | undefined> {
  const child = machine.spawn(command, args, {});
  child.unref();
  try {
    await once(child, 'spawn');
  } catch {
    return undefined;
  }
  child.once('exit', (code) => {
    if (code !== null && code !== 0) onFailed();
  });
  return child;
}
