import { Command } from 'commander';
import type { ClockChange, ClockState } from '../../shared/bench-api.ts';
import { addAttachOptions, attach, print, type AttachFlags } from '../attach.ts';
import { seconds } from '../duration.ts';
import { Refusal } from '../exit.ts';

export function clockCommand(): Command {
  const verb = (name: string, description: string): Command =>
    addAttachOptions(new Command(name)).description(description);
  const change =
    (value: ClockChange) =>
    (flags: AttachFlags): Promise<void> =>
      move(flags, value);
  return new Command('clock')
    .description("read and move the bench's clock, which tokens, codes and sessions go by")
    .addCommand(verb('now', 'print the time').action(now), { isDefault: true })
    .addCommand(verb('freeze', 'stand still at the present').action(change({ freeze: true })))
    .addCommand(verb('resume', 'go on from where it stands').action(change({ resume: true })))
    .addCommand(verb('reset', 'go back to real time').action(change({ reset: true })))
    .addCommand(
      verb('set', 'go to a time, such as 2026-01-01T00:00:00Z')
        .argument('<time>')
        .action((time: string, flags: AttachFlags) => move(flags, { set: isoTime(time) })),
    )
    .addCommand(
      verb('advance', 'move forward, or back with a minus: 90, 30s, 5m, 1h30m, 2d')
        .argument('<duration>')
        .action((duration: string, flags: AttachFlags) => move(flags, { advance: seconds(duration) })),
    );
}

/** `clock advance -30m` looks like a flag: a duration with a minus goes last, behind `--`. */
export function withMinus(args: readonly string[]): string[] {
  const [command, verb, ...rest] = args;
  const at = rest.findIndex((argument) => /^-\d/.test(argument));
  if (command !== 'clock' || verb !== 'advance' || at < 0 || rest.includes('--')) return [...args];
  return [command, verb, ...rest.toSpliced(at, 1), '--', rest[at]!];
}

async function now(flags: AttachFlags): Promise<void> {
  show(flags, await attach(flags, process.env).get<ClockState>('/clock'));
}

async function move(flags: AttachFlags, change: ClockChange): Promise<void> {
  show(flags, await attach(flags, process.env).post<ClockState>('/clock', change));
}

function show(flags: AttachFlags, clock: ClockState): void {
  print(flags, clock, describeClock(clock));
}

export function describeClock({ now, mode, offsetSeconds }: ClockState): string {
  const offset = offsetSeconds === 0 ? '' : `, ${Math.abs(offsetSeconds)} s ${offsetSeconds > 0 ? 'ahead' : 'behind'}`;
  return `${now} (${mode === 'frozen' ? 'frozen' : 'running'}${offset})`;
}

function isoTime(text: string): string {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Refusal(`A time is written 2026-01-01T00:00:00Z, not "${text}".`);
  return new Date(at).toISOString();
}
