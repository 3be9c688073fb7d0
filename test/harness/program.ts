import { execFile } from 'node:child_process';
import { ACCOUNT, REGION, type TestBench } from './bench.ts';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an AWS client of another language against a bench, with nothing of the machine's own AWS settings. */
export function runProgram(
  program: string,
  args: readonly string[],
  bench?: TestBench,
  more: { readonly [name: string]: string } = {},
): Promise<Run> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    SYSTEMROOT: process.env['SYSTEMROOT'],
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: 'no-such-file',
    AWS_SHARED_CREDENTIALS_FILE: 'no-such-file',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    ...(bench ? { POOLBENCH_URL: bench.url, AWS_ENDPOINT_URL: bench.url } : {}),
    ...more,
  };
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}

/** Why a program is of no use here, for the title of the tests that are skipped; `undefined` where it works. */
export async function missing(what: string, program: string, args: readonly string[]): Promise<string | undefined> {
  const { code, stderr } = await runProgram(program, args);
  if (code === 0) return undefined;
  const reason = `${what} is not installed here: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}
