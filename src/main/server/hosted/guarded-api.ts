import type { IncomingHttpHeaders } from 'node:http';
import type { Request, Response } from 'express';
import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { Json } from '../../../shared/json.ts';
import { Reasons } from '../../kernel/reasons.ts';
import { startStopwatch } from '../../kernel/stopwatch.ts';
import type { TraceLog } from '../../kernel/trace-log.ts';
import type { Services } from '../../services/services.ts';
import { laneOf } from '../lanes.ts';

/**
 * A sample API behind an authorizer of a user pool, as API Gateway puts one before a REST API: every path below
 * `/sample-api/{userPoolId}/` answers 200 with the caller's claims, or 401. An authorizer knows nothing but the
 * pool's published keys, so a token of a user who signed out goes on working here until it expires.
 */
export const GUARDED_API_PATH = '/sample-api/';

type Needs = Pick<Services, 'clock' | 'directory' | 'ids' | 'tokens'>;

interface Answer {
  readonly status: 200 | 401 | 404;
  readonly body: { readonly message: string; readonly claims?: { readonly [name: string]: Json } };
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Amz-Date, X-Api-Key, X-Amz-Security-Token',
  'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
};

export async function guardedApi(
  request: Request,
  response: Response,
  services: Needs,
  traceLog: TraceLog,
): Promise<void> {
  response.set(CORS);
  if (request.method === 'OPTIONS') {
    response.status(200).end();
    return;
  }
  const elapsed = startStopwatch();
  const why = new Reasons();
  const now = services.clock.now();
  // A request's address may be a whole one, which need not be one that can be.
  const scopes = new URLSearchParams(request.originalUrl.split('?')[1]).getAll('scope');
  const userPoolId = request.path.slice(GUARDED_API_PATH.length).split('/')[0] ?? '';
  const place = services.directory.userPool(userPoolId);
  const answer = place
    ? await authorize(request.headers, scopes, userPoolId, services, now, why)
    : { status: 404 as const, body: { message: `User pool ${userPoolId} does not exist.` } };
  const requestId = services.ids.uuid();
  const headers = {
    'x-amzn-RequestId': requestId,
    ...(answer.status === 401 ? { 'x-amzn-ErrorType': 'UnauthorizedException' } : {}),
  };
  response.set(headers).status(answer.status).json(answer.body);
  if (!place) return;

  const milliseconds = elapsed();
  const { method, originalUrl: path } = request;
  const asked = shown(request.headers);
  const lane = laneOf(request.headers['user-agent'] ?? '');
  traceLog.close({
    account: place.account,
    bytes: JSON.stringify(answer.body).length,
    describe: (id) => ({
      id,
      requestId,
      account: place.account,
      region: place.region,
      at: now.toISOString(),
      milliseconds,
      lane,
      service: 'execute-api',
      operation: 'Invoke',
      caller: { kind: 'anyone' },
      request: { method, path, headers: asked, body: null, secrets: ['headers.authorization'] },
      response: { status: answer.status, headers, body: answer.body, secrets: [] },
      ...(answer.status === 401 ? { fault: { code: 'UnauthorizedException', message: answer.body.message } } : {}),
      reasons: why.list,
      steps: [{ name: 'authorize', milliseconds }],
      summary: why.list.at(-1)?.decided ?? '',
    }),
  });
}

async function authorize(
  headers: IncomingHttpHeaders,
  scopes: readonly string[],
  userPoolId: string,
  { tokens }: Needs,
  now: Date,
  why: Reasons,
): Promise<Answer> {
  const refuse = (rule: string, decided: string, message = 'Unauthorized'): Answer => {
    why.note(rule, 'refuse', decided);
    return { status: 401, body: { message } };
  };
  const token = headers.authorization?.replace(/^Bearer\s+/i, '').trim();
  if (!token) return refuse('PR-API-1', 'The request carries no token in its Authorization header.');

  const keys = createLocalJWKSet((await tokens.jwks(userPoolId)) as JSONWebKeySet);
  let claims: JWTPayload;
  try {
    ({ payload: claims } = await jwtVerify(token, keys, {
      issuer: tokens.issuer(userPoolId),
      algorithms: ['RS256'],
      currentDate: now,
    }));
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      return refuse('PR-API-3', 'The token has expired.', 'The incoming token has expired');
    }
    return refuse('PR-API-2', `The token is not one of this pool's: ${explain(error, token, userPoolId)}.`);
  }
  why.pass('PR-API-2', 'The token is signed by this pool and has not expired.');

  if (claims['token_use'] === 'access') {
    const granted = typeof claims['scope'] === 'string' ? claims['scope'].split(' ') : [];
    if (!scopes.some((scope) => granted.includes(scope))) {
      const decided =
        scopes.length === 0
          ? 'The method asks for no scope, so it takes ID tokens only, and this is an access token.'
          : `The access token has none of the scopes that the method asks for (${scopes.join(', ')}).`;
      return refuse('PR-API-4', decided);
    }
    why.pass('PR-API-4', 'The access token has a scope that the method asks for.', { scopes: [...scopes] });
  } else if (scopes.length > 0) {
    return refuse('PR-API-4', 'The method asks for scopes, so it takes access tokens only, and this is an ID token.');
  }
  why.pass('PR-API-5', 'The API lets the caller in.');
  return { status: 200, body: { message: 'Authorized', claims: claims as { [name: string]: Json } } };
}

function explain(error: unknown, token: string, userPoolId: string): string {
  try {
    const { iss } = decodeJwt(token);
    if (iss && !iss.endsWith(`/${userPoolId}`)) return `it was issued by ${iss}`;
  } catch {
    return 'it is not a JSON Web Token';
  }
  return error instanceof Error ? error.message : 'it cannot be verified';
}

function shown(headers: IncomingHttpHeaders): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
