/** Keys are ordered by their bytes in UTF-8, which is the order of their code points. */

const LAST = 0x10ffff;

/** The first text that comes after every text with this beginning; `undefined` where none does. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.length > 0) {
    const last = points.pop()!;
    // Surrogates are no characters.
    if (last < LAST) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

/** The first text after this one. */
export function afterKey(key: string): string {
  return `${key}\0`;
}

export function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
