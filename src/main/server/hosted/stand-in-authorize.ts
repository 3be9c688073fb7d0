import type { AuthorizationRequest, StandIn } from '../../services/services.ts';
import { readForm } from './stand-in-oidc.ts';
import { choicePage, refused } from './stand-in-pages.ts';
import type { Visit } from './stand-ins.ts';

/** Where an app sends people, and where they choose who they are. */

/** RFC 7636 4.1 and 4.2. */
const CHALLENGE = /^[A-Za-z0-9._~-]{43,128}$/;

/** What some readers of addresses leave out, or take for a slash, and others do not. */
const HAS_OTHER_READING = /[\s\\\p{Cc}]/u;

export function authorizePage(visit: Visit): void {
  const { request, response, standIn, standIns } = visit;
  const query = new URL(request.originalUrl, 'http://localhost').searchParams;
  // Until it is known where to answer, a person is told and nobody is sent anywhere. [SI-OIDC-2]
  const repeated = [...query.keys()].find((name) => query.getAll(name).length > 1);
  if (repeated !== undefined) return refused(response, 400, `${repeated} is given more than once.`);
  const clientId = query.get('client_id') ?? '';
  const client = standIns.client(standIn, clientId);
  if (!client) return refused(response, 400, `The client ${clientId} is not registered with ${standIn.name}.`);
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!isRegistered(redirectUri, client.redirectUris)) {
    const where = `on the page, or by POST /_bench/stand-ins/${standIn.name}/clients`;
    return refused(
      response,
      400,
      `The address ${redirectUri} is not registered for the client ${clientId}. Register it ${where}.`,
    );
  }
  const wish = readWish(query, standIn, { clientId, redirectUri });
  if ('error' in wish) return answer(visit, { ...wish, redirectUri, state: query.get('state') ?? undefined });
  const { protocol } = new URL(redirectUri);
  choicePage(response, {
    standIn,
    people: standIns.people(standIn),
    sentence: `${clientId} asks who you are.`,
    action: '/authorize',
    fields: { request: standIns.signIns.ask(standIn, wish) },
    ...(protocol !== 'http:' && protocol !== 'https:' && { scheme: protocol }),
    mayRefuse: true,
  });
}

export async function chosen(visit: Visit): Promise<void> {
  const { request, response, standIn, standIns } = visit;
  const form = await readForm(request);
  const wish = form && standIns.signIns.take(standIn, form.get('request') ?? '');
  if (!wish) return refused(response, 400, 'This page was used already, or is too old. Start again from the app.');
  const { redirectUri, state, responseType, clientId, nonce } = wish;
  if (form.has('refuse')) {
    return answer(visit, { ...wish, error: 'access_denied', description: 'The person refused.' });
  }
  const person = standIns.person(standIn, form.get('person') ?? '');
  if (!person) return refused(response, 400, `${standIn.name} knows no such person. Start again from the app.`);
  if (responseType === 'code') {
    const code = standIns.signIns.code(standIn, wish, person.subject);
    return send(visit, redirectUri, { code, state, iss: standIn.issuer }, '?');
  }
  const order = { person: person.subject, audience: clientId, nonce };
  const { token } = await standIns.issue(standIn.account, standIn.name, order);
  send(visit, redirectUri, { id_token: token, state }, '#');
}

interface Refusal {
  readonly error: string;
  readonly description: string;
  readonly responseType: string;
}

function readWish(
  query: URLSearchParams,
  standIn: StandIn,
  known: Pick<AuthorizationRequest, 'clientId' | 'redirectUri'>,
): AuthorizationRequest | Refusal {
  const given = (name: string): string | undefined => query.get(name) ?? undefined;
  const responseType = given('response_type') ?? '';
  const refuse = (error: string, description: string): Refusal => ({ error, description, responseType });
  const isSigned = standIn.format === 'id-token';
  if (responseType !== 'code' && !(responseType === 'id_token' && isSigned)) {
    return refuse('unsupported_response_type', `response_type can be code${isSigned ? ' or id_token' : ''}.`);
  }
  const mode = given('response_mode');
  if (mode !== undefined && mode !== (responseType === 'code' ? 'query' : 'fragment')) {
    return refuse('invalid_request', `response_mode ${mode} is not supported here.`);
  }
  if (query.has('request') || query.has('request_uri')) {
    return refuse('request_not_supported', 'Requests are read from the address alone.');
  }
  if (given('prompt')?.split(' ').includes('none')) {
    return refuse('login_required', 'A person has to choose each time.');
  }
  const scope = given('scope') ?? '';
  const nonce = given('nonce');
  if (responseType === 'id_token' && !(scope.split(' ').includes('openid') && nonce)) {
    return refuse('invalid_request', 'id_token takes the scope openid and a nonce.');
  }
  const challenge = given('code_challenge');
  const method = given('code_challenge_method') ?? 'plain';
  if (challenge !== undefined && (!CHALLENGE.test(challenge) || (method !== 'S256' && method !== 'plain'))) {
    return refuse('invalid_request', 'code_challenge or code_challenge_method is not as RFC 7636 has it.');
  }
  return {
    ...known,
    responseType,
    scope,
    state: given('state'),
    nonce,
    challenge,
    challengeMethod: challenge === undefined ? undefined : (method as 'S256' | 'plain'),
  };
}

/** An address on this machine, where the app that is being built runs, or one that is registered to the letter. */
export function isRegistered(uri: string, registered: readonly string[]): boolean {
  if (registered.includes(uri)) return true;
  if (!URL.canParse(uri) || HAS_OTHER_READING.test(uri)) return false;
  const { protocol, hostname, username, password, hash } = new URL(uri);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  const isHere =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname);
  return isWeb && isHere && username === '' && password === '' && hash === '' && !uri.includes('#');
}

function answer(
  visit: Visit,
  {
    error,
    description,
    redirectUri,
    state,
    responseType,
  }: Refusal & { redirectUri: string; state: string | undefined },
): void {
  const members = { error, error_description: description, state };
  send(visit, redirectUri, members, responseType === 'id_token' ? '#' : '?');
}

function send(
  { response }: Visit,
  redirectUri: string,
  members: { readonly [name: string]: string | undefined },
  separator: '?' | '#',
): void {
  const given = Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(given).toString();
  // A header takes no letters beyond ASCII, which an address may have.
  const { href } = new URL(redirectUri);
  const glue = separator === '?' && href.includes('?') ? '&' : separator;
  response
    .set('Referrer-Policy', 'no-referrer')
    .set('Location', href + glue + text)
    .status(303)
    .end();
}
