import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { EXIT, Refusal } from './exit.ts';

/** Runs a program on this terminal and gives its exit code, as a shell would; signals reach it too. */
export async function run(
  command: string,
  args: readonly string[],
  env: { readonly [name: string]: string | undefined },
): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...env }, shell: process.platform === 'win32' });
  // A terminal sends Ctrl+C to the whole group; we outlive it to give the program's own exit code.
  const ignore = (): void => undefined;
  const pass = (signal: NodeJS.Signals): boolean => child.kill(signal);
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Refusal(
      code === 'ENOENT' ? `There is no program "${command}".` : `"${command}" cannot be run (${message}).`,
      EXIT.usage,
    );
  } finally {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', pass);
    process.off('SIGHUP', pass);
  }
}
