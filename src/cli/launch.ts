import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { version } from '../../package.json';
import type { Bench } from '../main/bench/bench.ts';
import type { BenchSettings } from '../main/bench/settings.ts';
import { requireFreePort } from './port.ts';

/** Starts a bench in this process. Loaded on demand: most commands only talk to one. */
export async function launch(settings: BenchSettings): Promise<Bench> {
  await requireFreePort(settings.port, settings.host);
  const { createBench } = await import('../main/bench/create-bench.ts');
  return createBench({ ...settings, version, pageFolder: pageFolder() });
}

/** Beside every chunk of the build: out/cli, out/main and out/chunks alike. */
function pageFolder(): string | undefined {
  const folder = fileURLToPath(new URL('../renderer', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|::1)$/;

export function hostWarning(host: string): string | undefined {
  if (LOOPBACK.test(host)) return undefined;
  return `Warning: listening on ${host}, so every machine that reaches it can read and change this bench; it has no passwords of its own.`;
}
