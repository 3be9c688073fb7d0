/**
 * Whether a document is small enough to be parsed: the parser's time grows with the square of the depth and of the
 * attributes, and nobody has shown yet who sent it. Documents of S3 are flat.
 */
export function isModest(text: string): boolean {
  let depth = 0;
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const end = endOf(text, at);
    if (end === undefined) return false;
    if (text[at + 1] === '/') {
      depth -= 1;
      if (depth < 0) return false;
    } else if (text[at + 1] !== '!' && text[at + 1] !== '?') {
      elements += 1;
      if (end - at > LONGEST_TAG || elements > MOST_ELEMENTS) return false;
      if (text[end - 2] !== '/') depth += 1;
      if (depth > DEEPEST) return false;
    }
    at = end;
  }
  return true;
}

const LONGEST_TAG = 1024;
const DEEPEST = 16;
/** An upload of 10,000 parts is completed with four elements each. */
const MOST_ELEMENTS = 60_000;

const SPANS: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/** Behind the tag, comment or section that begins here. */
function endOf(text: string, at: number): number | undefined {
  const [start, close] = SPANS.find(([opening]) => text.startsWith(opening, at)) ?? ['<', undefined];
  if (close === undefined) return endOfTag(text, at);
  const end = text.indexOf(close, at + start.length);
  return end < 0 ? undefined : end + close.length;
}

/** A bracket in quotes ends no tag. */
function endOfTag(text: string, at: number): number | undefined {
  for (let quote = '', next = at + 1; next < text.length; next += 1) {
    const character = text[next]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return next + 1;
    else if (character === '<') return undefined;
  }
  return undefined;
}
