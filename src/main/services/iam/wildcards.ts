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
  if (pattern.length === 1 && pattern[0] === ANY_RUN) return true;
  const wanted = pattern.flatMap<Pattern[number]>((piece) => (typeof piece === 'string' ? Array.from(piece) : [piece]));
  const given = Array.from(text);
  let at = 0;
  let next = 0;
  let lastRun = -1;
  let runEnd = 0;
  while (at < given.length) {
    const piece = wanted[next];
    if (piece === ANY_RUN) {
      lastRun = next;
      runEnd = at;
      next += 1;
    } else if (piece === ANY_ONE || (piece !== undefined && piece === given[at])) {
      at += 1;
      next += 1;
    } else if (lastRun >= 0) {
      // The last `*` takes one character more.
      runEnd += 1;
      at = runEnd;
      next = lastRun + 1;
    } else {
      return false;
    }
  }
  while (wanted[next] === ANY_RUN) next += 1;
  return next === wanted.length;
}

export function matchesWildcards(pattern: string, text: string): boolean {
  return pattern === '*' || matchesPattern(patternOf(pattern), text);
}
