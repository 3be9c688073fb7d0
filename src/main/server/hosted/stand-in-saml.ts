import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { readSamlRequest, type SamlRequest } from '../../services/federation/saml-request.ts';
import { isRegistered } from './stand-in-authorize.ts';
import { readForm } from './stand-in-oidc.ts';
import { choicePage, escaped, hidden, refused, send } from './stand-in-pages.ts';
import type { Visit } from './stand-ins.ts';

/** Single sign-on of a SAML stand-in: a service asks or nobody did, a person is chosen, the browser posts the answer. */

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

/** [FED-SAML-13] */
export async function samlMetadataPage({ response, standIn, standIns }: Visit): Promise<void> {
  const { account, name } = standIn;
  response.type('application/samlmetadata+xml').send(await standIns.metadata(account, name));
}

/** [FED-SAML-14] */
export async function samlSignOn(visit: Visit): Promise<void> {
  const { request, response, standIn, standIns } = visit;
  const isRedirect = request.method === 'GET';
  const given = isRedirect ? new URL(request.originalUrl, 'http://localhost').searchParams : await readForm(request);
  if (!given) return refused(response, 400, 'The request is no form of at most 2 MiB.');
  const wish = readWish(visit, given, isRedirect ? 'redirect' : 'post');
  if (typeof wish === 'string') return refused(response, 400, wish);
  const { audience, recipient, inResponseTo, relayState } = wish;
  choicePage(response, {
    standIn,
    people: standIns.people(standIn),
    sentence: `${audience} ${inResponseTo === undefined ? 'will learn' : 'asks'} who you are.`,
    action: '/saml/respond',
    fields: { audience, recipient, in_response_to: inResponseTo, relay_state: relayState },
    mayRefuse: false,
  });
}

/** A wish, or the sentence that says why there is none. */
function readWish(visit: Visit, given: URLSearchParams, binding: 'redirect' | 'post'): Wish | string {
  const { standIn, standIns } = visit;
  const encoded = given.get('SAMLRequest');
  const relayState = given.get('RelayState') ?? undefined;
  let asked: SamlRequest | undefined;
  if (encoded !== null) {
    asked = readSamlRequest(encoded, binding);
    if (asked === undefined) return 'SAMLRequest is no authentication request.';
    if (asked.isPassive) return 'The request wants nobody to be asked, and here a person has to choose.';
  }
  // Where nobody asked, the address may say for whom it is; else it is for the first service, which is AWS at first.
  const audience = asked?.issuer ?? given.get('service') ?? standIns.view(standIn.account, standIn.name).clients[0]?.id;
  if (audience === undefined) return `${standIn.name} knows no service; add one on the bench.`;
  const recipient =
    (asked ? asked.assertionConsumerService : given.get('recipient')) ??
    standIns.client(standIn, audience)?.redirectUris[0];
  if (recipient === undefined) return `${audience} does not say where it wants the answer, and is not registered.`;
  const wish = { audience, recipient, inResponseTo: asked?.id, relayState };
  return isAllowed(visit, wish) ? wish : notAllowed(wish);
}

/** Checked again when the answer is made, since the page goes through the browser. */
function isAllowed({ standIn, standIns }: Visit, { audience, recipient }: Wish): boolean {
  if (!URL.canParse(recipient) || !/^https?:$/.test(new URL(recipient).protocol)) return false;
  return isRegistered(recipient, standIns.client(standIn, audience)?.redirectUris ?? []);
}

function notAllowed({ audience, recipient }: Wish): string {
  return `The address ${recipient} is not registered for ${audience}, and is not on this machine.`;
}

export async function samlResponsePage(visit: Visit): Promise<void> {
  const { request, response, standIn, standIns } = visit;
  const form = await readForm(request);
  const person = standIns.person(standIn, form?.get('person') ?? '');
  const wish = {
    audience: form?.get('audience') ?? '',
    recipient: form?.get('recipient') ?? '',
    inResponseTo: form?.get('in_response_to') ?? undefined,
    relayState: form?.get('relay_state') ?? undefined,
  };
  if (person === undefined || wish.audience === '') {
    return refused(response, 400, `${standIn.name} knows no such person. Start again from the app.`);
  }
  if (!isAllowed(visit, wish)) return refused(response, 400, notAllowed(wish));
  const { audience, recipient, inResponseTo, relayState } = wish;
  const SAMLResponse = await standIns.respond(standIn, { person, audience, recipient, inResponseTo });
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
