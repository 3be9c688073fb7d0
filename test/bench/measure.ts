import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

export interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const ROUNDS = 3;
const CONNECTIONS = 10;

/**
 * Requests a second over ten connections on loopback, for each of several servers or calls. They take turns, so that
 * whatever else the machine does falls on all of them; every answer must be a 2xx.
 */
export async function rates<Name extends string>(requests: Record<Name, Request>): Promise<Record<Name, number>> {
  const names = Object.keys(requests) as Name[];
  const measured = new Map<Name, number[]>(names.map((name) => [name, []]));
  // The first round warms up, and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of names) {
      const perSecond = await rate(requests[name], round === 0 ? 1 : 2);
      if (round > 0) measured.get(name)!.push(perSecond);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(measured.get(name)!)])) as Record<Name, number>;
}

async function rate(request: Request, seconds: number): Promise<number> {
  const result = await autocannon({ ...request, connections: CONNECTIONS, duration: seconds });
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(`${request.method} ${request.url}: ${result.non2xx} refusals, ${result.errors} errors`);
  }
  return result.requests.average;
}

export interface Child {
  /** The first line that it prints, which is JSON. */
  readonly line: Promise<string>;
  stop(): void;
}

/** Runs a script of this folder. */
export function run(script: string, args: readonly string[] = []): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => code && reject(new Error(`${script} ended with ${code}`)));
  });
  return { line, stop: () => void child.kill() };
}

/** Resident megabytes of a process. */
export function residentMegabytes(pid: number): number {
  const kilobytes =
    process.platform === 'linux'
      ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
      : Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString());
  return kilobytes / 1024;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** A table of figures on stdout. */
export class Figures {
  readonly #rows: [string, string, string][] = [];

  add(what: string, figure: string, goal = ''): void {
    this.#rows.push([what, figure, goal]);
  }

  print(): void {
    const rows: [string, string, string][] = [['what', 'measured', 'goal'], ...this.#rows];
    const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length));
    const line = (row: readonly string[]): string =>
      `| ${row[0]!.padEnd(width(0))} | ${row[1]!.padStart(width(1))} | ${row[2]!.padEnd(width(2))} |`;
    const [head, ...rest] = rows.map(line);
    const rule = `| ${'-'.repeat(width(0))} | ${'-'.repeat(width(1) - 1)}: | ${'-'.repeat(width(2))} |`;
    process.stdout.write(`\n${[head, rule, ...rest].join('\n')}\n\n`);
  }
}
