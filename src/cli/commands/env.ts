import { Command, Option } from 'commander';
import type { Health } from '../../shared/bench-api.ts';
import { accountOf, addAttachOptions, attach, type AttachFlags } from '../attach.ts';
import { appName, awsEnvironment, CLEARED } from '../aws-environment.ts';
import { EXIT, Refusal } from '../exit.ts';
import { script, SHELLS, type Shell } from '../shells.ts';

interface EnvFlags extends AttachFlags {
  readonly shell: Shell;
  readonly region?: string;
  readonly app?: string;
  readonly all?: boolean;
  readonly unset?: boolean;
}

export function envCommand(): Command {
  return addAttachOptions(new Command('env'))
    .description('print the variables that point AWS clients at the bench: eval "$(poolbench env)"')
    .addOption(new Option('--shell <name>', 'syntax to print').choices(SHELLS).default('bash'))
    .option('--region <name>', 'region, where no bench is running to ask')
    .option('--app <name>', 'name of the lane on which your app appears (default: my-app)')
    .option('--all', 'IAM, S3, DynamoDB, CloudTrail, Lambda, SNS and Kinesis too, of which the bench has a part')
    .option('--unset', 'print what takes the variables away again')
    .action(env);
}

async function env(flags: EnvFlags): Promise<void> {
  const shell = flags.json ? 'json' : flags.shell;
  const bench = attach(flags, process.env);
  const endpoint = {
    url: bench.url,
    region: flags.region ?? (await regionOf(bench.get('/health'), bench.url)),
    account: accountOf(flags, process.env),
    app: flags.app ?? appName(undefined, process.env),
  };
  const set = awsEnvironment(endpoint, flags.all);
  process.stdout.write(flags.unset ? script(shell, {}, Object.keys(set)) : script(shell, set, CLEARED));
}

/** The variables are of use before the bench is started, too. */
async function regionOf(health: Promise<Health>, url: string): Promise<string> {
  try {
    return (await health).region;
  } catch (error) {
    if (!(error instanceof Refusal) || error.exitCode !== EXIT.notRunning) throw error;
    process.stderr.write(`No bench is running at ${url} yet.\n`);
    return process.env['POOLBENCH_REGION'] || 'us-east-1';
  }
}
