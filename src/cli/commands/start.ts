import { Command } from 'commander';
import { realMillis } from '../../main/bench/host.ts';
import { readSettings } from '../../main/bench/settings.ts';
import { chooseFaces, type Face } from '../faces/choose.ts';
import { realMachine } from '../faces/machine.ts';
import { showFirst, type Shown } from '../faces/show.ts';
import { runShell } from '../faces/electron.ts';
import { EXIT, Refusal } from '../exit.ts';
import { hostWarning, launch } from '../launch.ts';
import { addStartOptions, type StartFlags } from '../start-options.ts';

export function startCommand(): Command {
  return addStartOptions(new Command('start'))
    .description('start a bench and open its page; prints one line of JSON when it listens')
    .option('--ui <face>', 'auto, electron, app, browser or none (default: auto)')
    .option('--open', 'open the page in the default browser (as --ui browser)')
    .option('--json', 'print nothing but JSON')
    .option('--quiet', 'print nothing for people, only the ready line')
    .action(start);
}

async function start(flags: StartFlags): Promise<void> {
  const settings = readSettings(flags, process.env);
  const machine = realMachine();
  const faces = faceOf(flags);
  const say = (text: string): void => {
    if (!flags.quiet && !flags.json) process.stderr.write(`${text}\n`);
  };
  const warning = hostWarning(settings.host);
  if (warning) process.stderr.write(`${warning}\n`);

  const plan = chooseFaces(flags.open ? 'browser' : faces, machine);
  for (const note of plan.notes) say(note);
  if (plan.faces[0] === 'electron') {
    const ran = await runShell(flags, machine, say);
    if (ran.exitCode !== undefined) {
      process.exitCode = ran.exitCode;
      return;
    }
    if (faces === 'electron') throw new Refusal(ran.reason);
    say(ran.reason);
  }

  const bench = await launch(settings);
  let closeWindow = (): void => undefined;
  // Before the ready line: whoever reads it may stop the bench at once.
  stopOnSignal(async () => {
    closeWindow();
    await bench.stop();
  });
  process.stdout.write(`${JSON.stringify({ ready: true, url: bench.url, ui: bench.uiUrl, pid: process.pid })}\n`);
  const order = plan.faces.filter((face) => face !== 'electron');
  const shown = await showFirst(order, bench.uiUrl, machine);
  closeWindow = () => shown.close();
  say(greeting(bench.uiUrl, shown.face, settings.data));
}

function faceOf({ ui }: StartFlags): Face | 'auto' {
  const chosen = ui ?? (process.env['POOLBENCH_UI'] || 'auto');
  const known: readonly (Face | 'auto')[] = ['auto', 'electron', 'app', 'browser', 'none'];
  const face = known.find((name) => name === chosen);
  if (!face) throw new Refusal(`--ui (or POOLBENCH_UI) must be one of ${known.join(', ')}, not "${chosen}".`);
  return face;
}

function greeting(address: string, face: Shown['face'], data: string | undefined): string {
  const where = { app: 'in a window of its own', browser: 'in the browser', none: undefined }[face];
  return [
    where ? `Poolbench is open ${where}: ${address}` : `Poolbench is running; open ${address}`,
    data === undefined ? 'Nothing is kept.' : `Data: ${data}`,
    'Press Ctrl+C to stop.',
  ].join('\n');
}

const IMPATIENCE = 1000;

/**
 * The first signal stops cleanly, one more stops at once. Those within a second of the first are its echoes: npm
 * hands on the Ctrl+C that the terminal already sent to every process.
 */
function stopOnSignal(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const onSignal = (): void => {
    if (stoppingSince !== undefined) {
      if (realMillis() - stoppingSince > IMPATIENCE) process.exit(EXIT.failed);
      return;
    }
    stoppingSince = realMillis();
    stop().then(
      () => process.exit(EXIT.ok),
      (error: unknown) => {
        process.stderr.write(`Poolbench did not stop cleanly: ${String(error)}\n`);
        process.exit(EXIT.failed);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}
