import { ACCOUNT_HEADER, BENCH_PATH, TOKEN_HEADER, type BenchErrorBody } from '../../shared/bench-api.ts';
import { currentAccount, launchToken } from './session.ts';

/** A refusal by the bench, or no answer at all (status 0). */
export class BenchCallError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = 'BenchCallError';
  }
}

/** One of the bench's own calls; `path` is below `/_bench`. */
export async function call<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(BENCH_PATH + path, {
      method,
      headers: {
        [TOKEN_HEADER]: launchToken(),
        [ACCOUNT_HEADER]: currentAccount(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new BenchCallError('NoAnswer', 'The bench does not answer.', 0);
  }
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) throw refusal(answer, response.status);
  return answer as Answer;
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(answer: unknown, status: number): BenchCallError {
  const error = (answer as BenchErrorBody | undefined)?.error;
  return new BenchCallError(
    error?.code ?? `Status${status}`,
    error?.message ?? `The bench answered ${status}.`,
    status,
  );
}

export function asRefusal(error: unknown): { code: string; message: string } {
  if (error instanceof BenchCallError) return { code: error.code, message: error.message };
  return { code: 'Error', message: error instanceof Error ? error.message : String(error) };
}
