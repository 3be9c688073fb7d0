import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { readSamlRequest, type SamlRequest } from '../../services/federation/saml-request.ts';
import type { Services } from '../../services/services.ts';
import { samlResponse, type SamlPerson, type SamlSpoil } from '../../services/stand-ins/saml-response.ts';
import { isRegistered } from './stand-in-authorize.ts';
import { readForm } from './stand-in-oidc.ts';
import { escaped, refused, send } from './stand-in-pages.ts';

/** Single sign-on of a SAML stand-in: a service asks or nobody did, a person is chosen, the browser posts the answer. */

/** What the endpoints must know of a stand-in; whoever routes to them gathers it. */
export interface SamlStandIn {
  readonly account: string;
  /** As people know it. */
  readonly name: string;
  readonly entityId: string;
  /** The address that everything of this stand-in is below, without a slash at its end. */
  readonly url: string;
  readonly people: readonly (SamlPerson & { readonly name: string })[];
  readonly signingKey: CryptoKey;
  /** Base64 DER. */
  readonly certificate: string;
  readonly wrongKey?: CryptoKey;
  /** How its responses are spoiled. */
  readonly spoil?: SamlSpoil;
}

/** Paths below the stand-in's address that belong here. */
export const SAML_PATHS = ['/saml/metadata', '/saml/sso', '/saml/respond'] as const;

type Needs = Pick<Services, 'clock' | 'ids' | 'standIns'>;

/** For whom a person is chosen. */
interface Wish {
  /** The service's entity id. */
  readonly audience: string;
  readonly recipient: string;
  readonly inResponseTo: string | undefined;
  readonly relayState: string | undefined;
}

/** Nothing is posted to the real one: what it would do with a test's assertion is refuse it. */
const AWS_SIGN_IN = 'signin.aws.amazon.com';
const SUBMIT = 'document.forms[0].submit()';
const SUBMIT_HASH = `'sha256-${createHash('sha256').update(SUBMIT).digest('base64')}'`;

export async function handleStandInSaml(
  request: Request,
  response: Response,
  standIn: SamlStandIn,
  services: Needs,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.originalUrl, 'http://localhost');
  const isMethod = (...methods: readonly string[]): boolean => {
    if (methods.includes(request.method)) return true;
    response.set('Allow', methods.join(', ')).status(405).json({ error: 'method_not_allowed' });
    return false;
  };
  if (pathname.endsWith('/saml/metadata')) {
    if (isMethod('GET')) await metadata(response, standIn, services);
  } else if (pathname.endsWith('/saml/respond')) {
    if (isMethod('POST')) await respond(response, standIn, await readForm(request), services);
  } else if (isMethod('GET', 'POST')) {
    const given = request.method === 'GET' ? searchParams : await readForm(request);
    choose(response, standIn, given, request.method === 'GET' ? 'redirect' : 'post', services);
  }
}

/** [FED-SAML-13] */
async function metadata(response: Response, { account, name }: SamlStandIn, { standIns }: Needs): Promise<void> {
  response.type('application/samlmetadata+xml').send(await standIns.metadata(account, name));
}

/** [FED-SAML-14] */
function choose(
  response: Response,
  standIn: SamlStandIn,
  given: URLSearchParams | undefined,
  binding: 'redirect' | 'post',
  services: Needs,
): void {
  const wish = given && readWish(standIn, given, binding, services);
  if (wish === undefined) return refused(response, 400, 'The request is no form of at most 2 MiB.');
  if (typeof wish === 'string') return refused(response, 400, wish);
  const persons = standIn.people.map(
    ({ nameId, name }) =>
      `<button name="person" value="${escaped(nameId)}">${escaped(name)}<small>${escaped(nameId)}</small></button>`,
  );
  send(
    response,
    200,
    `Sign in with ${standIn.name}`,
    `<p>${escaped(wish.audience)} ${wish.inResponseTo === undefined ? 'will learn' : 'asks'} who you are. Choose a person; this is a stand-in, so no password is asked for.</p>
${standIn.spoil === undefined ? '' : `<p class="spoiled">What it hands out is spoiled: ${escaped(standIn.spoil)}.</p>`}
<form method="post" action="${escaped(`${new URL(standIn.url).pathname}/saml/respond`)}">
${hidden({ audience: wish.audience, recipient: wish.recipient, in_response_to: wish.inResponseTo, relay_state: wish.relayState })}
${persons.length > 0 ? persons.join('\n') : '<p>It knows nobody yet; add people on the bench.</p>'}
</form>`,
  );
}

/** A wish, or the sentence that says why there is none. */
function readWish(
  standIn: SamlStandIn,
  given: URLSearchParams,
  binding: 'redirect' | 'post',
  services: Needs,
): Wish | string {
  const encoded = given.get('SAMLRequest');
  const relayState = given.get('RelayState') ?? undefined;
  let asked: SamlRequest | undefined;
  if (encoded !== null) {
    asked = readSamlRequest(encoded, binding);
    if (asked === undefined) return 'SAMLRequest is no authentication request.';
    if (asked.isPassive) return 'The request wants nobody to be asked, and here a person has to choose.';
  }
  // Where nobody asked, the address may say for whom it is; else it is for the first service, which is AWS at first.
  const audience = asked?.issuer ?? given.get('service') ?? clientsOf(standIn, services)[0]?.id;
  if (audience === undefined) return `${standIn.name} knows no service; add one on the bench.`;
  const recipient =
    (asked ? asked.assertionConsumerService : given.get('recipient')) ??
    clientsOf(standIn, services).find(({ id }) => id === audience)?.redirectUris[0];
  if (recipient === undefined) return `${audience} does not say where it wants the answer, and is not registered.`;
  const wish = { audience, recipient, inResponseTo: asked?.id, relayState };
  return isAllowed(standIn, wish, services) ? wish : notAllowed(wish);
}

/** Checked again when the answer is made, since the page goes through the browser. */
function isAllowed(standIn: SamlStandIn, { audience, recipient }: Wish, services: Needs): boolean {
  if (!URL.canParse(recipient) || !/^https?:$/.test(new URL(recipient).protocol)) return false;
  const client = clientsOf(standIn, services).find(({ id }) => id === audience);
  return isRegistered(recipient, client?.redirectUris ?? []);
}

function notAllowed({ audience, recipient }: Wish): string {
  return `The address ${recipient} is not registered for ${audience}, and is not on this machine.`;
}

function clientsOf({ account, name }: SamlStandIn, { standIns }: Needs) {
  return standIns.view(account, name).clients;
}

async function respond(
  response: Response,
  standIn: SamlStandIn,
  form: URLSearchParams | undefined,
  services: Needs,
): Promise<void> {
  const person = standIn.people.find(({ nameId }) => nameId === form?.get('person'));
  const wish = {
    audience: form?.get('audience') ?? '',
    recipient: form?.get('recipient') ?? '',
    inResponseTo: form?.get('in_response_to') ?? undefined,
    relayState: form?.get('relay_state') ?? undefined,
  };
  if (person === undefined || wish.audience === '') {
    return refused(response, 400, `${standIn.name} knows no such person. Start again from the app.`);
  }
  if (!isAllowed(standIn, wish, services)) return refused(response, 400, notAllowed(wish));
  const { audience, recipient, inResponseTo, relayState } = wish;
  const { entityId: issuer, signingKey, certificate, wrongKey, spoil } = standIn;
  const SAMLResponse = await samlResponse({
    issuer,
    signingKey,
    certificate,
    audience,
    recipient,
    person,
    id: services.ids.uuid(),
    now: services.clock.now(),
    ...(wrongKey && { wrongKey }),
    ...(inResponseTo !== undefined && { inResponseTo }),
    ...(spoil && { spoil }),
  });
  if (new URL(recipient).hostname === AWS_SIGN_IN) return showForAws(response, SAMLResponse);
  send(
    response,
    200,
    'Signing in',
    `<form method="post" action="${escaped(recipient)}">
${hidden({ SAMLResponse, RelayState: relayState })}
<noscript><button>Continue to ${escaped(new URL(recipient).host)}</button></noscript>
</form>
<script>${SUBMIT}</script>`,
    undefined,
    SUBMIT_HASH,
  );
}

/** Programs that read such pages find the response where other providers have it. */
function showForAws(response: Response, SAMLResponse: string): void {
  send(
    response,
    200,
    'The response for AWS',
    `<p>Hand it to AssumeRoleWithSAML, or to an identity pool as a login. It is not posted to AWS.</p>
<form>${hidden({ SAMLResponse })}</form>
<textarea aria-label="SAML response" readonly rows="12" cols="40">${SAMLResponse}</textarea>`,
  );
}

function hidden(fields: { readonly [name: string]: string | undefined }): string {
  return Object.entries(fields)
    .filter((field): field is [string, string] => field[1] !== undefined)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('\n');
}
