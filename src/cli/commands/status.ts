import { Command } from 'commander';
import type { ClockState, Health } from '../../shared/bench-api.ts';
import { UI_PATH } from '../../shared/bench-api.ts';
import { addAttachOptions, attach, print, type AttachFlags } from '../attach.ts';
import { describeClock } from './clock.ts';

export function statusCommand(): Command {
  return addAttachOptions(new Command('status'))
    .description('say whether a bench is running, and how; exit code 3 when none is')
    .action(status);
}

async function status(flags: AttachFlags): Promise<void> {
  const bench = attach(flags, process.env);
  const [health, clock] = await Promise.all([bench.get<Health>('/health'), bench.get<ClockState>('/clock')]);
  const text = [
    `Poolbench ${health.version} is running at ${health.url}`,
    `page     ${health.url}${UI_PATH}`,
    `region   ${health.region}`,
    `issuer   ${health.issuer}`,
    `auth     ${health.auth}`,
    `limits   ${health.limits}`,
    `data     ${health.memory ? 'nothing is kept' : 'kept'}`,
    `clock    ${describeClock(clock)}`,
  ].join('\n');
  print(flags, { ...health, clock }, text);
}
