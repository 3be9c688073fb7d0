import { Command, Option } from 'commander';
import type { InboxMessage } from '../../shared/bench-api.ts';
import { addAttachOptions, attach, print, type AttachFlags } from '../attach.ts';
import { seconds } from '../duration.ts';
import { EXIT, Refusal } from '../exit.ts';

interface InboxFlags extends AttachFlags {
  readonly to?: string;
  readonly kind?: 'email' | 'sms';
  readonly since?: string;
}

interface WaitFlags extends InboxFlags {
  readonly timeout: string;
}

export function inboxCommand(): Command {
  const verb = (name: string, description: string): Command =>
    addAttachOptions(new Command(name)).description(description);
  return new Command('inbox')
    .description('read the e-mail and SMS messages that the bench sent')
    .addCommand(addFilter(verb('list', 'print the messages, newest first')).action(list), { isDefault: true })
    .addCommand(
      addFilter(verb('wait', 'wait for a message and print the newest; exit code 4 when none comes'))
        .option('--timeout <duration>', 'how long', '10s')
        .action(wait),
    )
    .addCommand(
      addFilter(verb('code', 'print the newest code, nothing else; exit code 4 when none comes'))
        .option('--timeout <duration>', 'how long to wait for one', '10s')
        .action(code),
    )
    .addCommand(verb('clear', 'remove every message').action(clear));
}

function addFilter(command: Command): Command {
  return command
    .option('--to <address>', 'only to this e-mail address or telephone number')
    .addOption(new Option('--kind <kind>', 'only these').choices(['email', 'sms']))
    .option('--since <time>', "only those sent since, on the bench's clock");
}

function messages(flags: InboxFlags, waitSeconds?: number): Promise<InboxMessage[]> {
  return attach(flags, process.env).get('/messages', {
    to: flags.to,
    medium: flags.kind?.toUpperCase(),
    since: flags.since,
    wait: waitSeconds === undefined ? undefined : String(waitSeconds),
  });
}

async function list(flags: InboxFlags): Promise<void> {
  const found = await messages(flags);
  print(flags, found, found.length === 0 ? 'No messages.' : found.map(describe).join('\n\n'));
}

async function wait(flags: WaitFlags): Promise<void> {
  const newest = await newestOf(flags);
  print(flags, newest, describe(newest));
}

async function code(flags: WaitFlags): Promise<void> {
  const newest = await newestOf(flags);
  if (newest.code === null) throw new Refusal(`The newest message to ${newest.to} has no code.`, EXIT.failed);
  print(flags, { code: newest.code, to: newest.to }, newest.code);
}

async function newestOf(flags: WaitFlags): Promise<InboxMessage> {
  const [newest] = await messages(flags, Math.max(0, Math.min(120, seconds(flags.timeout))));
  if (newest) return newest;
  throw new Refusal(`No message${flags.to ? ` to ${flags.to}` : ''} came within ${flags.timeout}.`, EXIT.timeout);
}

async function clear(flags: AttachFlags): Promise<void> {
  const answer = await attach(flags, process.env).remove<{ removed?: number }>('/messages');
  print(flags, answer, 'The inbox is empty.');
}

function describe({ sentAt, medium, to, subject, body }: InboxMessage): string {
  return `${sentAt}  ${medium}  ${to}${subject === null ? '' : `  ${subject}`}\n${body}`;
}
