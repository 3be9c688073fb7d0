import type { Request, Response } from 'express';
import type { StandInPerson } from '../../../shared/stand-ins.ts';
import type { OAuthRefusal, OAuthTokens } from '../../services/services.ts';
import { readBody } from '../steps/receive.ts';
import type { Visit } from './stand-ins.ts';

/** What programs ask a stand-in for OpenID Connect: discovery, keys, tokens, and who a token is about. */

export function openIdConfiguration({ response, standIn: { issuer, url } }: Visit): void {
  response.json({
    issuer,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    userinfo_endpoint: `${url}/userinfo`,
    jwks_uri: `${url}/jwks`,
    response_types_supported: ['code', 'id_token'],
    response_modes_supported: ['query', 'fragment'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'implicit'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'name', 'email', 'email_verified'],
    code_challenge_methods_supported: ['S256', 'plain'],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  });
}

export async function publishedKeys({ response, standIn, standIns }: Visit): Promise<void> {
  response.json(await standIns.jwks(standIn));
}

export async function token(visit: Visit): Promise<void> {
  const { request, response, standIn, standIns } = visit;
  const form =
    request.method === 'GET' ? new URL(request.originalUrl, 'http://localhost').searchParams : await readForm(request);
  if (!form) return refuse(response, 'invalid_request', 'The body is a form of at most 2 MiB.');
  const given = (name: string): string | undefined => form.get(name) ?? undefined;
  const basic = readBasic(request);
  if (basic === 'malformed') return refuse(response, 'invalid_client', 'The Authorization header is no Basic one.');
  const clientId = basic?.clientId ?? given('client_id');
  const clientSecret = basic?.clientSecret ?? given('client_secret');
  if (clientId === undefined) return refuse(response, 'invalid_client', 'client_id is missing.');

  // Facebook's app shows a code and says no more.
  const grant = given('grant_type') ?? (standIn.kind === 'facebook' ? 'authorization_code' : '');
  if (grant === 'authorization_code') {
    const code = given('code');
    if (code === undefined) return refuse(response, 'invalid_request', 'code is missing.');
    const proof = {
      code,
      clientId,
      clientSecret,
      redirectUri: given('redirect_uri'),
      verifier: given('code_verifier'),
    };
    return answer(response, await standIns.signIns.redeem(standIn, proof));
  }
  if (grant === 'refresh_token') {
    const refreshToken = given('refresh_token');
    if (refreshToken === undefined) return refuse(response, 'invalid_request', 'refresh_token is missing.');
    return answer(response, await standIns.signIns.refresh(standIn, { refreshToken, clientId, clientSecret }));
  }
  refuse(response, 'unsupported_grant_type', 'grant_type can be authorization_code or refresh_token.');
}

export function userInfo({ request, response, standIn, standIns }: Visit): void {
  const person = standIns.signIns.person(standIn, bearerOf(request) ?? '');
  if (person) return void response.json(profile(person));
  response
    .set('WWW-Authenticate', 'Bearer error="invalid_token"')
    .status(401)
    .json({ error: 'invalid_token', error_description: 'The access token is missing, unknown, expired or revoked.' });
}

function profile({ subject, name, email, claims }: StandInPerson): object {
  return { name, ...(email !== undefined && { email, email_verified: true }), ...claims, sub: subject };
}

function answer(response: Response, result: OAuthTokens | OAuthRefusal): void {
  if (!result.ok) return refuse(response, result.error, result.description);
  response.json({
    access_token: result.accessToken,
    token_type: 'Bearer',
    expires_in: result.expiresIn,
    ...(result.idToken !== undefined && { id_token: result.idToken }),
    ...(result.refreshToken !== undefined && { refresh_token: result.refreshToken }),
    ...(result.scope !== '' && { scope: result.scope }),
  });
}

function refuse(response: Response, error: string, description: string): void {
  if (error === 'invalid_client') response.set('WWW-Authenticate', 'Basic realm="stand-in"');
  response.status(error === 'invalid_client' ? 401 : 400).json({ error, error_description: description });
}

export async function readForm(request: Request): Promise<URLSearchParams | undefined> {
  const bytes = await readBody(request);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  return bytes === 'too-large' || !isForm ? undefined : new URLSearchParams(bytes.toString('utf8'));
}

export function bearerOf({ headers }: Request): string | undefined {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** Both parts are form-encoded before they are joined (RFC 6749 2.3.1). */
function readBasic({ headers }: Request): { clientId: string; clientSecret: string } | 'malformed' | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const text = Buffer.from(/^Basic (\S+)$/i.exec(authorization)?.[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return 'malformed';
  try {
    const [clientId, clientSecret] = [text.slice(0, colon), text.slice(colon + 1)].map((part) =>
      decodeURIComponent(part.replaceAll('+', ' ')),
    );
    return { clientId: clientId!, clientSecret: clientSecret! };
  } catch {
    return 'malformed';
  }
}
