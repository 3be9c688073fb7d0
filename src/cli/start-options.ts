import { Option, type Command } from 'commander';
import type { Flags } from '../main/bench/settings.ts';

/** The flags that say how a bench is started, the same for `start` and `exec`. */
export function addStartOptions(command: Command): Command {
  return command
    .option('--port <number>', 'port to listen on; 0 picks a free one (default: 9330)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, which only this machine can reach)')
    .option('--data <folder>', "folder to keep everything in (default: the user's data folder)")
    .option('--memory', 'keep nothing')
    .option('--region <name>', 'region of the bench (default: us-east-1)')
    .option('--account <digits>', 'account that the page shows first (default: 000000000000)')
    .addOption(
      new Option('--issuer <kind>', '`iss` of tokens: the local address, or the one that AWS uses (local|aws)'),
    )
    .option(
      '--auth <mode>',
      'what policies do not allow is denied (enforce), denied with no role made for a name that is unknown (strict), ' +
        'only reported (soft), or not looked at (off) (default: enforce)',
    )
    .option('--clock <time>', 'real, frozen, or a time to stand still at, such as 2026-01-01T00:00:00Z')
    .option('--seed <number>', 'make identifiers and codes repeatable')
    .option('--limits <set>', "AWS's documented quotas, those of today, or none (seed|current|off)")
    .option('--public-url <url>', 'address by which clients know the bench, for tokens and links')
    .option(
      '--forward <service=url>',
      'check calls that are signed for a service, and let this endpoint answer them, such as s3=http://127.0.0.1:4566 ' +
        'or s3=http://KEY:SECRET@127.0.0.1:9000; may be given several times',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .option('--log-level <level>', 'silent, error, warn, info or debug, as JSON lines on stderr (default: warn)');
}

export interface StartFlags extends Flags {
  readonly ui?: string;
  readonly open?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}
