import { ANY_RUN, patternOf, type Pattern } from './wildcards.ts';

/** What a request says about itself, by condition key; a list is a multi-valued key. */
export interface ConditionContext {
  get(key: string): string | readonly string[] | undefined;
}

/** Key names are case-insensitive, the part after `/` (a tag's key) is not. */
function normalise(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? key.toLowerCase() : key.slice(0, slash).toLowerCase() + key.slice(slash);
}

/** Later records win over earlier ones. */
export function contextOf(
  ...records: readonly { readonly [key: string]: string | readonly string[] | undefined }[]
): ConditionContext {
  const values = new Map<string, string | readonly string[]>();
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) if (value !== undefined) values.set(normalise(key), value);
  }
  return { get: (key) => values.get(normalise(key)) };
}

/** The first context wins, and the second is only worked out when the first has not the key. */
export function layered(first: ConditionContext, second: () => ConditionContext): ConditionContext {
  let rest: ConditionContext | undefined;
  return { get: (key) => first.get(key) ?? (rest ??= second()).get(key) };
}

type Piece = { readonly raw: string } | { readonly literal: string };

/** Pieces of a policy's text: what its author wrote, and what a variable or an escape put in. */
function expand(text: string, context: ConditionContext): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf('${', from);
    const end = start < 0 ? -1 : text.indexOf('}', start);
    if (end < 0) {
      pieces.push({ raw: text.slice(from) });
      return pieces;
    }
    pieces.push({ raw: text.slice(from, start) });
    const literal = valueOf(text.slice(start + 2, end), context);
    if (literal === undefined) return undefined;
    pieces.push({ literal });
    from = end + 1;
  }
}

function valueOf(inside: string, context: ConditionContext): string | undefined {
  if (inside === '*' || inside === '?' || inside === '$') return inside;
  const comma = inside.indexOf(',');
  const key = (comma < 0 ? inside : inside.slice(0, comma)).trim();
  const value = context.get(key);
  // A multi-valued key has no one value to put in.
  if (typeof value === 'string') return value;
  const fallback = comma < 0 ? '' : inside.slice(comma + 1).trim();
  return fallback.length >= 2 && fallback.startsWith("'") && fallback.endsWith("'") ? fallback.slice(1, -1) : undefined;
}

/** Text with its variables filled in; `undefined` when one has no value, so that nothing matches it. */
export function expandText(text: string, context: ConditionContext, hasVariables: boolean): string | undefined {
  if (!hasVariables || !text.includes('${')) return text;
  return expand(text, context)
    ?.map((piece) => ('raw' in piece ? piece.raw : piece.literal))
    .join('');
}

/** Like {@link expandText}, for text whose `*` and `?` are wildcards; those inside a variable's value are not. */
export function expandPattern(text: string, context: ConditionContext, hasVariables: boolean): Pattern | undefined {
  if (text === '*') return [ANY_RUN];
  if (!hasVariables || !text.includes('${')) return patternOf(text);
  return expand(text, context)?.flatMap((piece) => ('raw' in piece ? patternOf(piece.raw) : [piece.literal]));
}
