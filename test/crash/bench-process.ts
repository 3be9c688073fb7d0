import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../out/cli/index.js', import.meta.url));

export interface BenchProcess {
  readonly url: string;
  readonly pid: number;
  /** From the spawn to the ready line. */
  readonly startMilliseconds: number;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as Ctrl+C would; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** The built program as a user runs it, in a process of its own. */
export async function startBenchProcess(flags: readonly string[]): Promise<BenchProcess> {
  if (!existsSync(ENTRY)) throw new Error('out/cli/index.js is missing: run `npm run build` first');
  const started = performance.now();
  const child = spawn(process.execPath, [ENTRY, 'start', '--ui', 'none', '--port', '0', '--quiet', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = exitOf(child);
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));

  const lines = createInterface({ input: child.stdout });
  const ready = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    gone.then((code) => {
      throw new Error(`the bench ended with ${code} before it was ready: ${complaints}`);
    }),
  ]);
  const startMilliseconds = performance.now() - started;
  const { url, pid } = JSON.parse(ready) as { url: string; pid: number };

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return gone;
  };
  return {
    url,
    pid,
    startMilliseconds,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}
