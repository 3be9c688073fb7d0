import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { StandInPerson } from '../../../shared/stand-ins.ts';
import type { StandIn } from '../../services/services.ts';

/** The pages of stand-ins: no script, nothing loaded, framed by nobody. */

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 26rem; margin: 12vh auto 0; padding: 0 1rem; }
h1 { font-size: 1.25rem; margin: 0 0 .25rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
button { display: block; width: 100%; margin: 0 0 .5rem; padding: .6rem .9rem; border: 1px solid #8a8f98; border-radius: 8px;
  background: transparent; color: inherit; font: inherit; text-align: left; cursor: pointer; }
button:hover, button:focus-visible { border-color: #4050c8; outline: 2px solid #4050c8; outline-offset: -1px; }
button small { display: block; opacity: .8; }
button[name=refuse] { margin-top: 1rem; text-align: center; }
.spoiled { padding: .5rem .75rem; border: 1px solid #b7791f; border-radius: 8px; }
`;

const HEADERS = {
  // The answer to the form leads to the app, and Chrome asks this policy about every stop on the way.
  'Content-Security-Policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
    `base-uri 'none'; frame-ancestors 'none'; form-action 'self' http: https:`,
  'X-Frame-Options': 'DENY',
  // With less than this the browser would hide whose page sent the form.
  'Referrer-Policy': 'same-origin',
};

export interface ChoicePage {
  readonly standIn: StandIn;
  readonly people: readonly StandInPerson[];
  /** Who wants to know, as plain text. */
  readonly sentence: string;
  /** Below the stand-in's address: where the choice is sent, with these fields. */
  readonly action: string;
  readonly fields: { readonly [name: string]: string | undefined };
  /** Of the app, where it has one of its own. */
  readonly scheme?: string;
  readonly mayRefuse: boolean;
}

export function choicePage(
  response: Response,
  { standIn, people, sentence, action, fields, scheme, mayRefuse }: ChoicePage,
): void {
  const { spoil, url, name: provider } = standIn;
  const persons = people.map(
    ({ subject, name, email }) =>
      `<button name="person" value="${escaped(subject)}">${escaped(name)}<small>${escaped(email ?? subject)}</small></button>`,
  );
  send(
    response,
    200,
    `Sign in with ${provider}`,
    `<p>${escaped(sentence)} Choose a person; this is a stand-in, so no password is asked for.</p>
${spoil.what === 'none' ? '' : `<p class="spoiled">What it hands out is spoiled: ${escaped(spoil.what)}.</p>`}
<form method="post" action="${escaped(new URL(url).pathname + action)}">
${hidden(fields)}
${persons.length > 0 ? persons.join('\n') : '<p>It knows nobody yet; add people on the bench.</p>'}
${mayRefuse ? '<button name="refuse" value="yes">Refuse</button>' : ''}
</form>`,
    scheme,
  );
}

export function hidden(fields: ChoicePage['fields']): string {
  return Object.entries(fields)
    .filter((field): field is [string, string] => field[1] !== undefined)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('\n');
}

export function refused(response: Response, status: number, sentence: string): void {
  send(response, status, 'Not signed in', `<p>${escaped(sentence)}</p>`);
}

/** `scheme` is one more that its form may lead to, `script` the source of the one script it may run. */
export function send(
  response: Response,
  status: number,
  title: string,
  content: string,
  scheme?: string,
  script?: string,
): void {
  const policy = HEADERS['Content-Security-Policy'];
  response
    .status(status)
    .set(HEADERS)
    .set('Content-Security-Policy', [policy, scheme, script && `; script-src ${script}`].filter(Boolean).join(' '))
    .type('text/html')
    .send(
      `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<main>
<h1>${escaped(title)}</h1>
${content}
</main>
</html>
`,
    );
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
