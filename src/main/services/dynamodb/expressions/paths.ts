import type { AttributeValue } from '../../../../shared/aws/dynamodb.ts';
import { attribute, emptyItem, type Item } from '../attribute-values.ts';
import type { Placeholders } from './placeholders.ts';
import type { Tokens } from './tokens.ts';

/** `a.b[0]`: an attribute, then names within maps and places within lists. */
export type Path = readonly [string, ...(string | number)[]];

export function readPath(tokens: Tokens, placeholders: Placeholders): Path {
  const path: [string, ...(string | number)[]] = [placeholders.name(tokens)];
  for (;;) {
    if (tokens.takeIf('.')) path.push(placeholders.name(tokens));
    else if (tokens.takeIf('[')) {
      if (tokens.peek().kind !== 'number') throw tokens.unexpected();
      path.push(Number(tokens.take().text));
      tokens.expect(']');
    } else return path;
  }
}

/** `[a, b, [0]]`, as refusals show it. */
export function pathText(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

export function valueAt(item: Item, [name, ...steps]: Path): AttributeValue | undefined {
  let value = attribute(item, name);
  for (const step of steps) {
    if (value === undefined) return undefined;
    value = typeof step === 'number' ? value.L?.[step] : value.M && attribute(value.M, step);
  }
  return value;
}

/** Two paths of which one holds the other, or that take one value for a list and for a map. */
export function refuseClashes(tokens: Tokens, paths: readonly Path[]): void {
  for (const [index, one] of paths.entries()) {
    for (const other of paths.slice(index + 1)) {
      const clash = clashOf(one, other);
      if (clash === undefined) continue;
      throw tokens.problem(
        `Two document paths ${clash} with each other; must remove or rewrite one of these paths; path one: ${pathText(one)}, path two: ${pathText(other)}`,
        'DB-EXPR-7',
      );
    }
  }
}

function clashOf(one: Path, other: Path): 'overlap' | 'conflict' | undefined {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    if (one[index] === other[index]) continue;
    return typeof one[index] === typeof other[index] ? undefined : 'conflict';
  }
  return 'overlap';
}

/** Only what the paths name, in the item's own shape; of lists the named elements, moved together. */
export function pick(item: Item, paths: readonly Path[]): Item {
  const picked = emptyItem();
  for (const [name, tails] of grouped(paths)) {
    const value = attribute(item, name as string);
    const part = value && pickValue(value, tails);
    if (part) picked[name as string] = part;
  }
  return picked;
}

type Steps = readonly (string | number)[];

function grouped(paths: readonly Steps[]): Map<string | number, Steps[]> {
  const groups = new Map<string | number, Steps[]>();
  for (const [step, ...rest] of paths) {
    const group = groups.get(step!);
    if (group) group.push(rest);
    else groups.set(step!, [rest]);
  }
  return groups;
}

function pickValue(value: AttributeValue, tails: readonly Steps[]): AttributeValue | undefined {
  if (tails.some((tail) => tail.length === 0)) return value;
  const groups = grouped(tails);
  if (value.L) {
    const list = [...groups]
      .toSorted(([one], [other]) => Number(one) - Number(other))
      .flatMap(([step, rest]) => {
        const inner = typeof step === 'number' ? value.L![step] : undefined;
        return (inner && pickValue(inner, rest)) ?? [];
      });
    return list.length > 0 ? { L: list } : undefined;
  }
  if (!value.M) return undefined;
  const map = emptyItem();
  for (const [step, rest] of groups) {
    const inner = typeof step === 'string' ? attribute(value.M, step) : undefined;
    const part = inner && pickValue(inner, rest);
    if (part) map[step as string] = part;
  }
  return Object.keys(map).length > 0 ? { M: map } : undefined;
}
