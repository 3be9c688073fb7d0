import type { Json } from '../../../shared/json.ts';

/**
 * Whether an object anywhere in a text of JSON has a member twice. Parsers do not agree which of the two counts: what is
 * checked here would not be what the target does.
 */
export function hasMembersTwice(text: string, parsed: Json): boolean {
  return namesIn(text) > namesOf(parsed);
}

/** Member names, which are the texts that a colon follows. */
function namesIn(text: string): number {
  let names = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    let end = text.indexOf('"', start + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    let after = end + 1;
    while (text[after] === ' ' || text[after] === '\n' || text[after] === '\r' || text[after] === '\t') after += 1;
    if (text[after] === ':') names += 1;
    start = text.indexOf('"', after);
  }
  return names;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** Without recursion: how deep it goes is the sender's choice. */
function namesOf(parsed: Json): number {
  const left: Json[] = [parsed];
  let names = 0;
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inner: readonly Json[] = Object.values(value);
    if (!Array.isArray(value)) names += inner.length;
    for (const each of inner) left.push(each);
  }
  return names;
}
