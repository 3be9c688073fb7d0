import type { Response } from 'express';
import type { StandInPerson } from '../../../shared/stand-ins.ts';
import { bearerOf } from './stand-in-oidc.ts';
import type { Visit } from './stand-ins.ts';

/** What Facebook and Amazon answer to programs that show an access token. Forms and words are from memory. */

export function facebookDebugToken({ request, response, standIn, standIns, clock }: Visit): void {
  const query = queryOf(request.originalUrl);
  const [appId = '', secret = ''] = (query.get('access_token') ?? '').split('|');
  const app = standIns.client(standIn, appId);
  if (app?.secret === undefined || app.secret !== secret) return facebookError(response, 'Invalid OAuth access token.');
  const facts = standIns.inspect(standIn.account, standIn.provider, query.get('input_token') ?? '');
  if (!facts || facts.appId !== appId) {
    response.json({
      data: { error: { code: 190, message: 'Invalid OAuth access token.' }, is_valid: false, scopes: [] },
    });
    return;
  }
  response.json({
    data: {
      app_id: facts.appId,
      type: 'USER',
      expires_at: Math.floor(facts.expiresAt.getTime() / 1000),
      is_valid: !facts.isRevoked && facts.expiresAt > clock.now(),
      scopes: ['public_profile', 'email'],
      user_id: facts.userId,
    },
  });
}

export function facebookMe(visit: Visit): void {
  const person = personOf(visit);
  if (!person) return facebookError(visit.response, 'Invalid OAuth access token - Cannot parse access token');
  const { subject: id, name, email, claims } = person;
  const all: { readonly [field: string]: unknown } = { name, ...(email !== undefined && { email }), ...claims, id };
  const fields = (queryOf(visit.request.originalUrl).get('fields') ?? 'id,name').split(',');
  const wanted = ['id', ...fields].filter((field) => Object.hasOwn(all, field));
  visit.response.json(Object.fromEntries(wanted.map((field) => [field, all[field]])));
}

export function amazonTokenInfo({ request, response, standIn, standIns, clock }: Visit): void {
  const token = queryOf(request.originalUrl).get('access_token') ?? '';
  const facts = standIns.inspect(standIn.account, standIn.provider, token);
  if (!facts || facts.isRevoked || facts.expiresAt <= clock.now()) return amazonError(response);
  response.json({
    iss: standIn.issuer,
    user_id: facts.userId,
    aud: facts.appId,
    app_id: facts.appId,
    exp: Math.floor((facts.expiresAt.getTime() - clock.now().getTime()) / 1000),
    iat: Math.floor(clock.now().getTime() / 1000),
  });
}

export function amazonProfile(visit: Visit): void {
  const person = personOf(visit);
  if (!person) return amazonError(visit.response);
  const { subject, name, email, claims } = person;
  visit.response.json({ name, ...(email !== undefined && { email }), ...claims, user_id: subject });
}

function personOf({ request, standIn, standIns }: Visit): StandInPerson | undefined {
  const token = bearerOf(request) ?? queryOf(request.originalUrl).get('access_token') ?? '';
  return standIns.signIns.person(standIn, token);
}

const queryOf = (address: string): URLSearchParams => new URL(address, 'http://localhost').searchParams;

function facebookError(response: Response, message: string): void {
  response.status(400).json({ error: { message, type: 'OAuthException', code: 190 } });
}

function amazonError(response: Response): void {
  const description = 'The request has an invalid parameter : access_token';
  response.status(400).json({ error: 'invalid_token', error_description: description });
}
