import type { Request } from 'express';
import { Fault } from '../../kernel/fault.ts';
import { Reasons } from '../../kernel/reasons.ts';
import { HIDDEN } from '../../model/audit-form.ts';
import type { Call } from '../../services/family.ts';
import type { Services } from '../../services/services.ts';

/** The page behind the link of a sign-up message. Opening it does what ConfirmSignUp does. */

type Needs = Pick<Services, 'audit' | 'clock' | 'confirmationLinks' | 'directory' | 'ids' | 'log'>;

export interface Page {
  readonly status: number;
  readonly html: string;
}

export async function confirmationPage(request: Request, services: Needs): Promise<Page> {
  const query = new URL(request.originalUrl, 'http://localhost').searchParams;
  const clientId = query.get('client_id');
  const username = query.get('user_name');
  const code = query.get('confirmation_code');
  if (!clientId || !username || !code) return page(400, 'The link is not complete.');
  const place = services.directory.appClient(clientId);
  // guessed wordings: no source found for these pages
  if (!place) return page(400, 'The link does not belong to an app of this bench.');

  const call: Call = {
    requestId: services.ids.uuid(),
    now: services.clock.now(),
    account: place.account,
    region: place.region,
    caller: { kind: 'app-client', clientId, userPoolId: place.userPoolId },
    lane: { kind: 'app', id: 'browser', name: 'Browser' },
    userAgent: request.headers['user-agent'] ?? '',
    sourceIp: request.socket.remoteAddress ?? '',
    why: new Reasons(),
    // Step mode holds calls that the timeline shows; this is none.
    decision: () => undefined,
  };
  const answer = await follow({ clientId, username, code }, call, services);
  services.audit.recordPage({
    ...call,
    eventName: 'Confirm_With_Link_GET',
    userPoolId: place.userPoolId,
    status: answer.status,
    query: { client_id: clientId, user_name: HIDDEN, confirmation_code: HIDDEN },
  });
  return answer;
}

async function follow(
  link: { readonly clientId: string; readonly username: string; readonly code: string },
  call: Call,
  { confirmationLinks, log }: Needs,
): Promise<Page> {
  try {
    await confirmationLinks.confirm(link, call);
  } catch (error) {
    if (error instanceof Fault) return page(400, error.message);
    log.error({ err: error }, 'a confirmation link could not be followed');
    return page(500, 'Something went wrong in the bench; its log says more.');
  }
  return page(200, 'Your registration has been confirmed!');
}

function page(status: number, sentence: string): Page {
  const title = status === 200 ? 'Confirmed' : 'Not confirmed';
  return {
    status,
    html: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<h1>${title}</h1>
<p>${escaped(sentence)}</p>
</html>
`,
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
