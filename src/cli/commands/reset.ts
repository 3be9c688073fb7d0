import { Command } from 'commander';
import { accountOf, addAttachOptions, attach, print, type AttachFlags } from '../attach.ts';

export function resetCommand(): Command {
  return addAttachOptions(new Command('reset'))
    .description('empty an account, or all of them; the clock goes back to real time')
    .option('--all', 'every account')
    .action(reset);
}

async function reset(flags: AttachFlags & { readonly all?: boolean }): Promise<void> {
  const answer = await attach(flags, process.env).post('/reset', flags.all ? { all: true } : {});
  const what = flags.all ? 'Every account' : `Account ${accountOf(flags, process.env)}`;
  print(flags, answer, `${what} is empty.`);
}
