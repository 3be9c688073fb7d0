import { Command } from 'commander';
import { readSettings } from '../../main/bench/settings.ts';
import { appName, withBench } from '../aws-environment.ts';
import { hostWarning, launch } from '../launch.ts';
import { run } from '../run.ts';
import { addStartOptions, type StartFlags } from '../start-options.ts';

export function execCommand(): Command {
  return addStartOptions(new Command('exec'))
    .description('start a bench, run a command against it, stop, and return its exit code')
    .usage('[flags] -- COMMAND [ARGUMENTS…]')
    .argument('<command...>', 'the command, after --')
    .option('--quiet', 'print nothing of our own')
    .passThroughOptions()
    .action(exec);
}

/** In memory and on a free port unless told otherwise, so that many may run at once. */
async function exec(command: readonly string[], flags: StartFlags): Promise<void> {
  const env = process.env;
  const settings = readSettings(
    {
      ...flags,
      port: flags.port ?? (env['POOLBENCH_PORT'] || '0'),
      memory: (flags.memory ?? (flags.data === undefined && !env['POOLBENCH_DATA_DIR'])) ? true : undefined,
    },
    env,
  );
  const warning = hostWarning(settings.host);
  if (warning) process.stderr.write(`${warning}\n`);
  const bench = await launch(settings);
  if (!flags.quiet) process.stderr.write(`Poolbench runs at ${bench.url} for this command.\n`);
  const [program = '', ...args] = command;
  const endpoint = { url: bench.url, region: settings.region, account: settings.account, app: appName(program, env) };
  try {
    process.exitCode = await run(program, args, withBench(env, endpoint));
  } finally {
    await bench.stop();
  }
}
