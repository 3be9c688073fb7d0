/** `*`: any run of characters, also none, also across `/` and `:`. */
export const ANY_RUN = Symbol('*');
/** `?`: exactly one character. */
export const ANY_ONE = Symbol('?');

/** A pattern in pieces: literal text, and the two wildcards. */
export type Pattern = readonly (string | typeof ANY_RUN | typeof ANY_ONE)[];

/** Reads the wildcards of a text in which nothing is escaped. */
export function patternOf(text: string): Pattern {
  const pieces: (string | typeof ANY_RUN | typeof ANY_ONE)[] = [];
  let literal = '';
  for (const character of text) {
    if (character !== '*' && character !== '?') {
      literal += character;
      continue;
    }
    if (literal !== '') pieces.push(literal);
    literal = '';
    pieces.push(character === '*' ? ANY_RUN : ANY_ONE);
  }
  if (literal !== '') pieces.push(literal);
  return pieces;
}

/**
 * Whether the whole text fits the pattern. Walks forward and only ever returns to the last `*`, so no pattern
 * makes it slow; a regular expression built from a policy could be made to take for ever.
 */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  let at = 0;
  let next = 0;
  let lastRun = -1;
  let runEnd = 0;
  for (;;) {
    const piece = pattern[next];
    if (piece === ANY_RUN) {
      if (next === pattern.length - 1) return true;
      lastRun = next;
      runEnd = at;
      next += 1;
    } else if (piece === undefined ? at === text.length : fitsAt(piece, text, at)) {
      if (piece === undefined) return true;
      at += piece === ANY_ONE ? characterLength(text, at) : piece.length;
      next += 1;
    } else if (lastRun >= 0 && runEnd < text.length) {
      // The last `*` takes one character more.
      runEnd += 1;
      at = runEnd;
      next = lastRun + 1;
    } else {
      return false;
    }
  }
}

function fitsAt(piece: string | typeof ANY_ONE, text: string, at: number): boolean {
  return piece === ANY_ONE ? at < text.length : text.startsWith(piece, at);
}

/** A character outside the first plane is two units of the text, and still one character. */
function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
