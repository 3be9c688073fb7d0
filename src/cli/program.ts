import { Command } from 'commander';
import { version } from '../../package.json';
import { awsCommand } from './commands/aws.ts';
import { clockCommand } from './commands/clock.ts';
import { envCommand } from './commands/env.ts';
import { execCommand } from './commands/exec.ts';
import { inboxCommand } from './commands/inbox.ts';
import { resetCommand } from './commands/reset.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';

const AFTER_HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage or environment, 3 no bench is running, 4 timed out.
Each flag of start has a variable: --port is POOLBENCH_PORT, --data is POOLBENCH_DATA_DIR, and so on.`;

export function createProgram(): Command {
  const program = new Command('poolbench')
    .description('A testbench for Amazon Cognito: user pools, identity pools and sync, with simulated devices.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', AFTER_HELP)
    .enablePositionalOptions();
  const commands = [
    startCommand(),
    execCommand(),
    envCommand(),
    awsCommand(),
    resetCommand(),
    inboxCommand(),
    clockCommand(),
    statusCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands, ...commands.flatMap((parent) => parent.commands)]) speakPlainly(command);
  return program;
}

/** A refusal is one sentence on stderr and a thrown error, so that one place decides the exit code. */
function speakPlainly(command: Command): void {
  command.exitOverride().configureOutput({
    outputError: (text, write) => write(`${sentence(text)}\n`),
  });
}

/** `error: unknown option '--prot'\n(Did you mean --port?)` as a sentence. */
function sentence(text: string): string {
  const [first = '', ...rest] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  const hint = rest.length > 0 ? ` ${rest.join(' ')}` : '';
  return `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.$/, '')}.${hint}`;
}
