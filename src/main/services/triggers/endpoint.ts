import type { FunctionError } from '../../../shared/bench-api.ts';
import type { Json } from '../../../shared/json.ts';
import { within } from '../../kernel/scheduler.ts';

export type EndpointResult =
  | { readonly outcome: 'answered'; readonly payload: string }
  | { readonly outcome: 'failed' | 'unreadable' | 'unreachable' | 'throttled'; readonly error: FunctionError }
  | { readonly outcome: 'timed-out' };

/** Where Lambda's own emulators listen, under an address that names nothing but a host. */
const DEFAULT_PATH = '/2015-03-31/functions/function/invocations';
const MOST_BYTES = 6 * 1024 * 1024;

export function invocationUrl(target: string): string {
  const url = new URL(target);
  if (url.pathname === '/' && url.search === '') url.pathname = DEFAULT_PATH;
  return url.href;
}

/** Asks a Lambda-compatible endpoint, within the caller's patience. */
export async function askEndpoint(
  target: string,
  payload: string,
  clientContext: Json | undefined,
  milliseconds: number,
): Promise<EndpointResult> {
  const over = new AbortController();
  const answer = post(target, payload, clientContext, over.signal);
  return within(answer, milliseconds, () => {
    over.abort();
    return { outcome: 'timed-out' };
  });
}

async function post(
  target: string,
  payload: string,
  clientContext: Json | undefined,
  signal: AbortSignal,
): Promise<EndpointResult> {
  let response;
  let text;
  try {
    response = await fetch(invocationUrl(target), {
      method: 'POST',
      body: payload,
      signal,
      headers: {
        'content-type': 'application/json',
        'x-amz-invocation-type': 'RequestResponse',
        ...(clientContext === undefined
          ? {}
          : { 'x-amz-client-context': Buffer.from(JSON.stringify(clientContext)).toString('base64') }),
      },
    });
    text = await readText(response);
  } catch (error) {
    return { outcome: 'unreachable', error: unreachable(error) };
  }
  if (text === undefined) return { outcome: 'unreadable', error: problem('ResponseTooLarge', 'more than 6 MB') };
  if (response.status === 429) return { outcome: 'throttled', error: problem('TooManyRequestsException', text) };
  const read = parse(text);
  if (!response.ok) {
    const name = response.headers.get('x-amzn-errortype')?.split(':')[0] ?? `HTTP ${response.status}`;
    return { outcome: 'unreachable', error: problem(name, text.slice(0, 1000)) };
  }
  const own = ownError(read);
  if (response.headers.has('x-amz-function-error') || own) {
    return { outcome: 'failed', error: own ?? problem('Error', text.slice(0, 1000)) };
  }
  // A handler that returns nothing may be answered by an empty body.
  if (text.trim() === '') return { outcome: 'answered', payload: 'null' };
  if (read === undefined) return { outcome: 'unreadable', error: problem('NotJson', text.slice(0, 1000)) };
  return { outcome: 'answered', payload: text };
}

async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Node's fetch streams bytes; the type says nothing of that.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Emulators tell a handler's failure by its shape alone, with status 200. */
function ownError(answer: Json | undefined): FunctionError | undefined {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
  const { errorType, errorMessage, trace, stackTrace } = answer;
  if (typeof errorMessage !== 'string' || 'response' in answer) return undefined;
  const lines = [trace, stackTrace].find((list) => Array.isArray(list)) ?? [];
  return {
    errorType: typeof errorType === 'string' ? errorType : 'Error',
    errorMessage,
    trace: lines.filter((line) => typeof line === 'string'),
  };
}

function problem(errorType: string, errorMessage: string): FunctionError {
  return { errorType, errorMessage, trace: [] };
}

function unreachable(error: unknown): FunctionError {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return problem(cause?.code ?? 'Unreachable', cause?.message || message);
}
