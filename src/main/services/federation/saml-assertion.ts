import type { Element } from '@xmldom/xmldom';
import type { SamlAssertion } from '../services.ts';
import { ASSERTION, children, instant, textOf } from './saml-xml.ts';

/** What an assertion says, and whether it says it to us and now. Pure. */

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
/** docs, for identity pools assumed [FED-SAML-5] */
const AUDIENCES = ['urn:amazon:webservices', 'https://signin.aws.amazon.com/saml'];
/** Clocks differ. [FED-SAML-6] assumed: how much AWS allows is not known */
const GRACE_MS = 60_000;

export type Reading =
  | { readonly ok: true; readonly assertion: SamlAssertion }
  | { readonly ok: false; readonly why: 'malformed' | 'subject' | 'confirmation'; readonly decided: string }
  | { readonly ok: false; readonly why: 'audience'; readonly decided: string; readonly audiences: readonly string[] }
  | { readonly ok: false; readonly why: 'not-yet-valid' | 'expired'; readonly decided: string; readonly at: Date };

const NO_TIME: Reading & { ok: false } = {
  ok: false,
  why: 'malformed',
  decided: 'The assertion has a time that is none.',
};

export function readAssertion(element: Element, now: Date): Reading {
  const id = element.getAttribute('ID') ?? '';
  const issuer = textOf(only(element, 'Issuer')).trim();
  const issuedAt = instant(element, 'IssueInstant');
  const isDated = issuedAt instanceof Date;
  if (id === '' || issuer === '' || !isDated || element.getAttribute('Version') !== '2.0') {
    return { ok: false, why: 'malformed', decided: 'The assertion lacks its ID, version, issuer or time of issue.' };
  }
  const subject = only(element, 'Subject');
  const nameId = subject && only(subject, 'NameID');
  // Text and nothing else: markup inside a name has been used to cut it short.
  if (nameId === undefined || textOf(nameId).trim() === '' || [...nameId.childNodes].some(isMarkup)) {
    return {
      ok: false,
      why: 'subject',
      decided: 'The assertion does not name its subject by one NameID of plain text.',
    };
  }
  const window = checkWindow(element, issuedAt, now);
  if (window) return window;
  const confirmed = confirmation(subject!, now);
  if (!confirmed.ok) return confirmed;
  const refused = checkAudience(element);
  if (refused) return refused;

  const ends = children(element, ASSERTION, 'AuthnStatement').flatMap(
    (statement) => instant(statement, 'SessionNotOnOrAfter') ?? [],
  );
  if (ends.includes('malformed')) return NO_TIME;
  const [sessionNotOnOrAfter] = ends.filter((end) => end !== 'malformed').toSorted((a, b) => a.getTime() - b.getTime());
  const { notOnOrAfter, recipient } = confirmed;
  return {
    ok: true,
    assertion: {
      id,
      issuer,
      nameId: textOf(nameId),
      nameIdFormat: nameId.getAttribute('Format') ?? '',
      attributes: readAttributes(element),
      recipient,
      issuedAt,
      notOnOrAfter,
      isForOneUse: conditions(element).some((each) => children(each, ASSERTION, 'OneTimeUse').length > 0),
      ...(sessionNotOnOrAfter && { sessionNotOnOrAfter }),
    },
  };
}

function only(parent: Element, name: string): Element | undefined {
  const found = children(parent, ASSERTION, name);
  return found.length === 1 ? found[0] : undefined;
}

function isMarkup({ nodeType }: { readonly nodeType: number }): boolean {
  const TEXT_NODE = 3;
  const CDATA_SECTION_NODE = 4;
  return nodeType !== TEXT_NODE && nodeType !== CDATA_SECTION_NODE;
}

function conditions(element: Element): Element[] {
  return children(element, ASSERTION, 'Conditions');
}

function tooEarly(at: Date): Reading & { ok: false } {
  return { ok: false, why: 'not-yet-valid', decided: 'The assertion is not valid yet.', at };
}

function tooLate(at: Date): Reading & { ok: false } {
  return { ok: false, why: 'expired', decided: 'The assertion has expired.', at };
}

/** [FED-SAML-6] */
function checkWindow(element: Element, issuedAt: Date, now: Date): (Reading & { ok: false }) | undefined {
  if (issuedAt.getTime() > now.getTime() + GRACE_MS) return tooEarly(issuedAt);
  for (const each of conditions(element)) {
    const notBefore = instant(each, 'NotBefore');
    const notOnOrAfter = instant(each, 'NotOnOrAfter');
    if (notBefore === 'malformed' || notOnOrAfter === 'malformed') return NO_TIME;
    if (notBefore && notBefore.getTime() > now.getTime() + GRACE_MS) return tooEarly(notBefore);
    if (notOnOrAfter && notOnOrAfter.getTime() <= now.getTime() - GRACE_MS) return tooLate(notOnOrAfter);
  }
  return undefined;
}

type Confirmation =
  | { readonly ok: true; readonly recipient: string; readonly notOnOrAfter: Date }
  | (Reading & { readonly ok: false });

/** Of several confirmations one is enough. [FED-SAML-7] */
function confirmation(subject: Element, now: Date): Confirmation {
  let late: Date | undefined;
  for (const each of children(subject, ASSERTION, 'SubjectConfirmation')) {
    const data = only(each, 'SubjectConfirmationData');
    const notOnOrAfter = data && instant(data, 'NotOnOrAfter');
    const recipient = data?.getAttribute('Recipient') ?? '';
    const isBearer = each.getAttribute('Method') === BEARER;
    if (!isBearer || !(notOnOrAfter instanceof Date) || recipient === '') continue;
    if (notOnOrAfter.getTime() > now.getTime() - GRACE_MS) return { ok: true, recipient, notOnOrAfter };
    late = notOnOrAfter;
  }
  if (late) return tooLate(late);
  return {
    ok: false,
    why: 'confirmation',
    decided: 'No bearer confirmation of the subject has a Recipient and a NotOnOrAfter.',
  };
}

/** Every restriction must name one of AWS's, and there must be one. [FED-SAML-5] */
function checkAudience(element: Element): (Reading & { ok: false }) | undefined {
  const restrictions = conditions(element).flatMap((each) => children(each, ASSERTION, 'AudienceRestriction'));
  const named = restrictions.map((each) => children(each, ASSERTION, 'Audience').map((one) => textOf(one).trim()));
  if (named.length > 0 && named.every((audiences) => audiences.some((audience) => AUDIENCES.includes(audience)))) {
    return undefined;
  }
  return {
    ok: false,
    why: 'audience',
    decided: `The assertion is meant for somebody else than ${AUDIENCES.join(' or ')}.`,
    audiences: named.flat(),
  };
}

function readAttributes(element: Element): SamlAssertion['attributes'] {
  const attributes = new Map<string, string[]>();
  for (const statement of children(element, ASSERTION, 'AttributeStatement')) {
    for (const attribute of children(statement, ASSERTION, 'Attribute')) {
      const name = attribute.getAttribute('Name') ?? '';
      if (name === '') continue;
      const values = children(attribute, ASSERTION, 'AttributeValue').map((value) => textOf(value));
      attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
    }
  }
  return attributes;
}
