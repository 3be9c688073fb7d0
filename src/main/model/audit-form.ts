import type { Json } from '../../shared/json.ts';
import { isSecretEntry, SECRET_MEMBERS } from './secrets.ts';
import type { Shape } from './shapes.ts';

/**
 * A message as CloudTrail writes it down: members with a small first letter, dates in words, and nothing that is
 * secret. More is hidden than the inspector masks, since a record is exported and kept. [AU-HIDE-1]
 */
export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** Sensitive to the model, but in the open on records that people published. */
const OPEN_SHAPES = new Set(['ClientIdType']);

/** Secrets, or what people own, that no model marks; on top of those that the inspector masks. */
const HIDDEN_MEMBERS = new Set([
  ...SECRET_MEMBERS,
  'ChallengeParameters',
  'ContextAssertion',
  'Credential',
  'CredentialCreationOptions',
  'EncodedData',
  'EventSourceToken',
  'Filter',
  'PasswordVerifier',
  'ProviderAttributeValue',
  'Salt',
  'SyncSessionToken',
  'Token',
  'headerValue',
]);

const HIDDEN_ENTRIES = new Set(['PlatformPrincipal', 'Token']);

/** Left out altogether in AWS's own samples. */
const ABSENT_SHAPES = new Set(['accessKeySecretType', 'SecretKeyString']);

/** Shorter texts are parts of ordinary words. */
const SHORTEST_SECRET = 4;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `undefined` for what is left out. */
export function auditForm(shape: Shape, value: unknown): Json | undefined {
  if (value === undefined || value === null || ABSENT_SHAPES.has(shape.name)) return undefined;
  if (shape.sensitive && !OPEN_SHAPES.has(shape.name)) return HIDDEN;
  switch (shape.type) {
    case 'structure': {
      const form: { [member: string]: Json } = {};
      for (const member of shape.members) {
        const inner = (value as { readonly [name: string]: unknown })[member.name];
        if (inner === undefined || inner === null) continue;
        const written = isHidden(member.name, shape.name) ? HIDDEN : auditForm(member.shape, inner);
        if (written !== undefined) form[member.name[0]!.toLowerCase() + member.name.slice(1)] = written;
      }
      return form;
    }
    case 'list':
      return Array.isArray(value) ? value.map((item) => auditForm(shape.item, item) ?? null) : null;
    case 'map':
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          isHiddenEntry(key, inner) ? HIDDEN : (auditForm(shape.value, inner) ?? null),
        ]),
      );
    case 'timestamp':
      return value instanceof Date ? inWords(value) : null;
    case 'blob':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : null;
    default:
      return value as Json;
  }
}

/** An error's message without what the form hides of its request. */
export function hiddenIn(text: string, shape: Shape, value: unknown): string {
  // A secret may begin with another one, whose place would give away the rest of it.
  const secrets = hiddenTexts(shape, value).toSorted((a, b) => b.length - a.length);
  return secrets.reduce(
    (shown, secret) => (secret.length < SHORTEST_SECRET ? shown : shown.replaceAll(secret, HIDDEN)),
    text,
  );
}

function hiddenTexts(shape: Shape, value: unknown, found: string[] = []): string[] {
  if (value === undefined || value === null) return found;
  if (ABSENT_SHAPES.has(shape.name) || (shape.sensitive && !OPEN_SHAPES.has(shape.name))) leaves(value, found);
  else if (shape.type === 'structure') {
    for (const member of shape.members) {
      const inner = (value as { readonly [name: string]: unknown })[member.name];
      if (isHidden(member.name, shape.name)) leaves(inner, found);
      else hiddenTexts(member.shape, inner, found);
    }
  } else if (shape.type === 'list' && Array.isArray(value)) {
    for (const item of value) hiddenTexts(shape.item, item, found);
  } else if (shape.type === 'map') {
    for (const [key, inner] of Object.entries(value)) {
      if (isHiddenEntry(key, inner)) leaves(inner, found);
      else hiddenTexts(shape.value, inner, found);
    }
  }
  return found;
}

function leaves(value: unknown, found: string[]): void {
  if (typeof value === 'string') found.push(value);
  else if (value instanceof Uint8Array) return;
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) leaves(inner, found);
}

function isHiddenEntry(key: string, value: unknown): boolean {
  return isSecretEntry(key, value) || HIDDEN_ENTRIES.has(key);
}

/** What an app synchronises is its users' own. */
function isHidden(member: string, structure: string): boolean {
  return HIDDEN_MEMBERS.has(member) || (member === 'Value' && (structure === 'Record' || structure === 'RecordPatch'));
}

/** `Mar 23, 2016 2:39:51 AM` */
function inWords(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const hours = date.getUTCHours();
  const time = `${hours % 12 === 0 ? 12 : hours % 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()} ${time} ${hours < 12 ? 'AM' : 'PM'}`;
}
