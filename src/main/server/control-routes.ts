import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { ZodError, type z } from 'zod';
import { ACCOUNT_HEADER, BENCH_PATH, type BenchErrorBody } from '../../shared/bench-api.ts';
import { Download, type Action } from '../control/action.ts';
import { BenchError, Fault } from '../kernel/fault.ts';
import type { Logger } from '../kernel/log.ts';
import { accessKeyOf } from './authentication/read-signature.ts';
import { accountOfKey } from './authentication/signature.ts';
import type { BrowserGuard } from './browser-guard.ts';
import { openApi } from './open-api.ts';
import { parseQuery } from './protocols/rest-json.ts';
import { readBody } from './steps/receive.ts';

/** The bench's own calls over HTTP: JSON in, JSON out, an error as `{"error":{"code","message"}}`. */

interface Route {
  readonly action: Action;
  readonly segments: readonly { readonly member: string | undefined; readonly text: string }[];
}

export interface ControlParts {
  readonly actions: readonly Action[];
  readonly guard: BrowserGuard;
  readonly log: Logger;
  readonly version: string;
  /** Aborts calls that wait when the bench stops. */
  readonly stopping: AbortSignal;
}

export function controlRoutes(parts: ControlParts): (request: Request, response: Response) => Promise<void> {
  const routes: Route[] = parts.actions.map((action) => ({
    action,
    segments: action.path.split('/').map((text) => ({ member: /^\{(\w+)\}$/.exec(text)?.[1], text })),
  }));
  let description: object | undefined;

  const answer = async (request: Request, response: Response): Promise<unknown> => {
    const path = request.path.slice(BENCH_PATH.length);
    guardBrowser(request, path, parts.guard);
    if (path === '/openapi.json' && request.method === 'GET') {
      return (description ??= openApi(parts.actions, parts.version));
    }
    const account = accountOf(request);
    const { action, members } = find(routes, request.method, path);
    const input = await inputOf(request, action, members);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, parts.stopping]);
    return action.run(input as never, { account, signal });
  };

  return async (request, response) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    try {
      const result = await answer(request, response);
      if (result instanceof Download) await download(result, response);
      else if (!response.destroyed) response.json(result === undefined ? {} : result);
    } catch (error) {
      const { status, code, message } = refusalOf(error, parts.log);
      if (status === 413) response.set('Connection', 'close');
      const body: BenchErrorBody = { error: { code, message } };
      if (!response.destroyed) response.status(status).json(body);
    }
  };
}

/** A caller that hangs up ends it; what fails in the middle cannot be told any more, and breaks the answer off. */
async function download({ contentType, fileName, pieces }: Download, response: Response): Promise<void> {
  response.set({ 'Content-Type': contentType, 'Content-Disposition': `attachment; filename="${fileName}"` });
  await pipeline(Readable.from(pieces), response).catch(() => response.destroy());
}

function refusalOf(error: unknown, log: Logger): { status: number; code: string; message: string } {
  if (error instanceof BenchError) return error;
  if (error instanceof ZodError) return { status: 400, code: 'InvalidInput', message: sentence(error) };
  // A service refused what the bench asked of it, such as a user pool that is not there.
  if (error instanceof Fault) return { status: error.status ?? 400, code: error.code, message: error.message };
  log.error({ err: error }, 'an unexpected error in a call of the bench');
  return { status: 500, code: 'InternalError', message: 'Poolbench failed unexpectedly; its log has the details.' };
}

/** `name: Invalid input: expected string, received number` for each member, in one line. */
function sentence({ issues }: ZodError): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ');
}

/** A page of another origin has no business here; a page of this one shows the launch token. */
function guardBrowser({ method, headers }: Request, path: string, guard: BrowserGuard): void {
  if (!guard.isBrowser(headers)) return;
  if (!guard.isOwnOrigin(headers)) {
    throw new BenchError('OriginNotAllowed', 'Pages of another origin may not call the bench.', 403);
  }
  if (!(method === 'GET' && path === '/health') && !guard.hasToken(headers)) {
    throw new BenchError('TokenMissing', 'A page must show the launch token of this bench; reload it.', 403);
  }
}

function accountOf({ headers, url }: Request): string {
  const named = headers[ACCOUNT_HEADER];
  if (named !== undefined) {
    if (typeof named === 'string' && /^\d{12}$/.test(named)) return named;
    throw new BenchError('InvalidAccount', `The header ${ACCOUNT_HEADER} must be twelve digits.`);
  }
  const { authorization } = headers;
  return accountOfKey(accessKeyOf({ headers: { authorization }, query: url.split('?')[1] ?? '' }) ?? '');
}

function find(
  routes: readonly Route[],
  method: string,
  path: string,
): { action: Action; members: { readonly [name: string]: string } } {
  const segments = path.split('/');
  const atPath = routes.flatMap(({ action, segments: expected }) => {
    if (expected.length !== segments.length) return [];
    const members: { [name: string]: string } = {};
    for (const [index, { member, text }] of expected.entries()) {
      const segment = segments[index]!;
      if (member === undefined ? segment !== text : segment === '') return [];
      if (member !== undefined) members[member] = decode(segment);
    }
    return [{ action, members }];
  });
  if (atPath.length === 0) throw new BenchError('NotFound', `There is nothing at ${BENCH_PATH}${path}.`, 404);
  // A fixed path comes before one with members: `/trace/query` is no trace.
  const fitting = atPath.filter(({ action }) => action.method === method);
  const exact = fitting.toSorted((a, b) => Object.keys(a.members).length - Object.keys(b.members).length)[0];
  if (exact) return exact;
  const allowed = [...new Set(atPath.map(({ action }) => action.method))].join(', ');
  throw new BenchError('MethodNotAllowed', `${BENCH_PATH}${path} takes ${allowed}.`, 405);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new BenchError('InvalidInput', 'The path is not properly percent-encoded.');
  }
}

async function inputOf(
  request: Request,
  action: Action,
  members: { readonly [name: string]: string },
): Promise<z.output<Action['input']>> {
  const body = await jsonBody(request);
  const search = request.url.split('?')[1] ?? '';
  const query = Object.fromEntries(parseQuery(search.replaceAll('+', '%20')));
  return action.input.parseAsync({ ...body, ...query, ...members });
}

async function jsonBody(request: Request): Promise<object> {
  const bytes = await readBody(request);
  if (bytes === 'too-large') throw new BenchError('TooLarge', 'The body is larger than 2 MiB.', 413);
  if (bytes.length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BenchError('InvalidInput', 'The body is not JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BenchError('InvalidInput', 'The body must be a JSON object.');
  }
  return body;
}
