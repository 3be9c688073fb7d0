import { afterKey, afterPrefix, isBefore } from './key-order.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Each stands for all keys that begin with it. */
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The key or common prefix that the page ends with. */
  readonly last: string;
  /** Where the next page begins. */
  readonly next: string;
}

export interface Wanted {
  readonly prefix: string;
  /** Empty where keys are not rolled up. */
  readonly delimiter: string;
  readonly most: number;
  /** A key, or a common prefix that was listed before. */
  readonly after: string;
  /** The first text that may be listed. */
  readonly start: string;
}

/**
 * One page of a listing. Keys below a common prefix are jumped over, so a page takes as many steps as it has entries,
 * however many keys there are.
 */
export function rollUp<Item>(
  read: (from: string, until: string | undefined) => Iterable<Item>,
  keyOf: (item: Item) => string,
  { prefix, delimiter, most, after, start }: Wanted,
): Page<Item> {
  const items: Item[] = [];
  const prefixes: string[] = [];
  const until = afterPrefix(prefix);
  const end = (isTruncated: boolean): Page<Item> => ({ items, prefixes, isTruncated, last, next });
  let next = isBefore(start, prefix) ? prefix : start;
  let last = '';
  if (most === 0) return end(false);
  for (;;) {
    let jump: string | undefined;
    for (const item of read(next, until)) {
      const key = keyOf(item);
      const common = commonPrefix(key, prefix, delimiter);
      // The one that a page ended with was listed there. [assumed for a marker that a caller made up]
      const isListed = common !== undefined && common === after;
      if (!isListed && items.length + prefixes.length === most) return end(true);
      if (common === undefined) {
        items.push(item);
        last = key;
        next = afterKey(key);
        continue;
      }
      if (!isListed) {
        prefixes.push(common);
        last = common;
      }
      jump = afterPrefix(common);
      break;
    }
    if (jump === undefined) return end(false);
    next = jump;
  }
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
