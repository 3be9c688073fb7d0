import { CommanderError } from 'commander';
import { BenchError } from '../main/bench/host.ts';
import { withMinus } from './commands/clock.ts';
import { EXIT, Refusal } from './exit.ts';
import { createProgram } from './program.ts';
import { endWithParent } from './runtime.ts';

/** Runs one command line; the exit code is set, and nothing is thrown. */
export async function main(args: readonly string[]): Promise<void> {
  endWithParent();
  // A reader that closes early (`poolbench env | head -1`) is no error of ours.
  process.stdout.on('error', () => process.exit(EXIT.failed));
  try {
    await createProgram().parseAsync(withMinus(args), { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, (text) => process.stderr.write(text));
  }
}

/** One clear sentence for what a person can mend; a stack for what only we can. */
export function report(error: unknown, write: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Refusal) {
    write(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof BenchError) {
    write(`${error.message}\n`);
    return EXIT.usage;
  }
  write(`Poolbench failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.failed;
}
