import { Option, type Command } from 'commander';
import { ACCOUNT_HEADER, BENCH_PATH, DEFAULT_ACCOUNT, DEFAULT_PORT, type BenchErrorBody } from '../shared/bench-api.ts';
import { EXIT, Refusal } from './exit.ts';

export interface AttachFlags {
  readonly url?: string;
  readonly port?: string;
  readonly account?: string;
  readonly json?: boolean;
}

type Env = { readonly [name: string]: string | undefined };

/** The flags by which a command finds the running bench. */
export function addAttachOptions(command: Command): Command {
  return command
    .option('--url <url>', 'address of the running bench (default: POOLBENCH_URL, or http://127.0.0.1:9330)')
    .addOption(new Option('--port <number>', 'its port on this machine').conflicts('url'))
    .option('--account <digits>', 'account to speak for (default: POOLBENCH_ACCOUNT, or 000000000000)')
    .option('--json', 'print JSON');
}

export function benchUrl({ url, port }: AttachFlags, env: Env): string {
  const number = port ?? (url === undefined && !env['POOLBENCH_URL'] ? env['POOLBENCH_PORT'] : undefined);
  if (number && !/^\d{1,5}$/.test(number))
    throw new Refusal(`--port must be a number from 1 to 65535, not "${number}".`);
  const address = number
    ? `http://127.0.0.1:${number}`
    : (url ?? (env['POOLBENCH_URL'] || `http://127.0.0.1:${DEFAULT_PORT}`));
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? '')) {
    throw new Refusal(`--url (or POOLBENCH_URL) must be an http or https address, not "${address}".`);
  }
  return address.replace(/\/+$/, '');
}

export function accountOf({ account }: AttachFlags, env: Env): string {
  const chosen = account ?? (env['POOLBENCH_ACCOUNT'] || DEFAULT_ACCOUNT);
  if (!/^\d{12}$/.test(chosen)) {
    throw new Refusal(`--account (or POOLBENCH_ACCOUNT) must have exactly twelve digits, not "${chosen}".`);
  }
  return chosen;
}

/** A running bench, spoken to by its own calls. */
export interface Attached {
  readonly url: string;
  get<Answer>(path: string, query?: { readonly [name: string]: string | undefined }): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  remove<Answer>(path: string): Promise<Answer>;
}

export function attach(flags: AttachFlags, env: Env): Attached {
  const base = benchUrl(flags, env);
  const account = accountOf(flags, env);

  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    let response: Response;
    try {
      response = await fetch(base + BENCH_PATH + path, {
        method,
        headers: { [ACCOUNT_HEADER]: account, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new Refusal(
        `No bench is running at ${base}; start one with "poolbench start", or name another with --url.`,
        EXIT.notRunning,
      );
    }
    const answer = parse(await response.text());
    if (response.ok && answer !== undefined) return answer as Answer;
    const message = (answer as Partial<BenchErrorBody> | undefined)?.error?.message;
    if (message === undefined) {
      throw new Refusal(`What answers at ${base} is not Poolbench (HTTP ${response.status}).`, EXIT.notRunning);
    }
    throw new Refusal(message, response.status < 500 ? EXIT.usage : EXIT.failed);
  };

  return {
    url: base,
    get(path, query = {}) {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
      return call('GET', search.size > 0 ? `${path}?${search.toString()}` : path);
    },
    post: (path, body) => call('POST', path, body),
    remove: (path) => call('DELETE', path),
  };
}

function parse(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function print(flags: AttachFlags, value: unknown, text: string): void {
  process.stdout.write(flags.json ? `${JSON.stringify(value, null, 2)}\n` : text === '' ? '' : `${text}\n`);
}
