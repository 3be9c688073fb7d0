import { UI_IMAGE_BYTES } from '../../../../shared/limits.ts';
import { refusal, type Refusal } from './refusal.ts';

/** `ClientId` of what holds for every client that has nothing of its own. */
export const ALL_CLIENTS = 'ALL';

/** What the style of the classic pages may speak of; reference/user-pools 8.9. */
const CLASSES: ReadonlySet<string> = new Set(
  [
    'background',
    'banner',
    'errorMessage',
    'idpButton',
    'idpDescription',
    'inputField',
    'label',
    'legalText',
    'logo',
    'passwordCheck-notValid',
    'passwordCheck-valid',
    'redirect',
    'socialButton',
    'submitButton',
    'textDescription',
  ].map((name) => `${name}-customizable`),
);

// Guessed wordings: no source found.
export function cssProblem(css: string): Refusal | undefined {
  const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);
  const plain = withoutComments(css);
  const rule = /@(import|supports|page|media)\b/i.exec(plain)?.[0];
  if (rule !== undefined) return invalid(`Invalid CSS: ${rule} is not allowed.`);
  if (/[<>]\s*\/?\s*(style|script)/i.test(plain)) return invalid('Invalid CSS: markup is not allowed.');
  let depth = 0;
  for (const sign of plain) {
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (depth < 0) break;
  }
  if (depth !== 0) return invalid('Invalid CSS: braces do not match.');
  const selectors = plain.replaceAll(/\{[^{}]*\}/g, ' ');
  const unknown = [...selectors.matchAll(/\.([\w-]+)/g)].find(([, name]) => !CLASSES.has(name!));
  return unknown && invalid(`Invalid CSS: class ${unknown[1]} cannot be customized.`);
}

/** By hand: a pattern would look for the end of each comment that has none, all the way. */
function withoutComments(css: string): string {
  let plain = '';
  let at = 0;
  for (;;) {
    const begin = css.indexOf('/*', at);
    if (begin < 0) return plain + css.slice(at);
    plain += css.slice(at, begin);
    const end = css.indexOf('*/', begin + 2);
    if (end < 0) return plain;
    at = end + 2;
  }
}

/** What the bytes are, by how they begin. */
export function imageType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | undefined {
  const begins = (...signature: number[]): boolean => signature.every((byte, index) => bytes[index] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  return begins(0xff, 0xd8, 0xff) ? 'image/jpeg' : undefined;
}

// Guessed wordings: no source found.
export function imageProblem(bytes: Uint8Array): Refusal | undefined {
  if (bytes.length > UI_IMAGE_BYTES) {
    return refusal('InvalidParameterException', 'Image file size cannot be larger than 100 KB.');
  }
  return imageType(bytes)
    ? undefined
    : refusal('InvalidParameterException', 'Image file must be in PNG, JPG or JPEG format.');
}
