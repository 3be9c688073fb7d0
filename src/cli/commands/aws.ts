import { Command } from 'commander';
import type { Health } from '../../shared/bench-api.ts';
import { accountOf, attach } from '../attach.ts';
import { appName, withBench } from '../aws-environment.ts';
import { run } from '../run.ts';

export function awsCommand(): Command {
  return new Command('aws')
    .description(
      'run the AWS CLI against the running bench: poolbench aws cognito-idp list-user-pools --max-results 10',
    )
    .usage('ARGUMENTS…')
    .argument('[arguments...]', 'as for the AWS CLI')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(aws);
}

async function aws(args: readonly string[]): Promise<void> {
  const env = process.env;
  const bench = attach({}, env);
  const { region } = await bench.get<Health>('/health');
  const endpoint = { url: bench.url, region, account: accountOf({}, env), app: appName('aws-cli', env) };
  process.exitCode = await run('aws', awsArguments(args, bench.url), {
    ...withBench(env, endpoint),
    // No call may leave for AWS itself, not even for a service that the bench does not have.
    AWS_ENDPOINT_URL: bench.url,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  });
}

/** The flag, because versions of the AWS CLI before 1.29 and 2.13 know no endpoint variables. */
export function awsArguments(args: readonly string[], url: string): readonly string[] {
  const chosen = args.some((arg) => arg === '--endpoint-url' || arg.startsWith('--endpoint-url='));
  return chosen || args.length === 0 ? args : ['--endpoint-url', url, ...args];
}
