import type { AttributeValue } from '../../../shared/aws/dynamodb.ts';
import { compareNumbers, decimal, numberText, readNumber, type NumberProblem } from './numbers.ts';
import { invalid } from './refusals.ts';

/** One value of an item. Names and keys of maps are the caller's own, so they are always asked for by `attribute`. */

export type ValueType = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'NULL' | 'BOOL';
export interface Item {
  [name: string]: AttributeValue;
}

const TYPES: readonly ValueType[] = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL'];
const DEEPEST = 32;

/** Texts of all refusals here from memory. */
const NUMBER_TEXTS: { readonly [Problem in NumberProblem]: string } = {
  'not-a-number': 'The parameter cannot be converted to a numeric value',
  overflow: 'Number overflow. Attempting to store a number with magnitude larger than supported range',
  underflow: 'Number underflow. Attempting to store a number with magnitude smaller than supported range',
  'too-many-digits': 'Attempting to store more than 38 significant digits in a Number',
};

export function numberProblem(problem: NumberProblem, text = ''): Error {
  const shown = problem === 'not-a-number' && text !== '' ? `: ${text.slice(0, 200)}` : '';
  return invalid('DB-VALUE-2', NUMBER_TEXTS[problem] + shown);
}

/** `undefined` also where an object's prototype has something of this name. */
export function attribute(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

export function emptyItem(): Item {
  return Object.create(null) as Item;
}

export function typeOf(value: AttributeValue): ValueType {
  for (const type of TYPES) if (value[type] !== undefined) return type;
  throw new Error('a value without a type was let in');
}

/** The item with its numbers in their one text. @throws Refusal for anything that cannot be a value */
export function checkedItem(item: Item): Item {
  const checked = emptyItem();
  for (const [name, value] of Object.entries(item)) checked[name] = checkedValue(value);
  return checked;
}

export function checkedValue(value: AttributeValue, depth = 1): AttributeValue {
  const given = TYPES.filter((type) => value[type] !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? 'is empty' : 'has more than one datatypes set';
    throw invalid('DB-VALUE-1', `Supplied AttributeValue ${what}, must contain exactly one of the supported datatypes`);
  }
  if (depth > DEEPEST) throw tooDeep();
  if (value.S !== undefined) return value.S.isWellFormed() ? value : { S: value.S.toWellFormed() };
  if (value.N !== undefined) return { N: checkedNumber(value.N) };
  if (value.NULL === false) {
    throw invalid(
      'DB-VALUE-1',
      'One or more parameter values were invalid: Null attribute value types must have the value of true',
    );
  }
  if (value.SS)
    return {
      SS: checkedSet(
        value.SS.map((text) => text.toWellFormed()),
        'An string set  may not be empty',
        (text) => text,
      ),
    };
  if (value.NS) {
    const numbers = value.NS.map(checkedNumber);
    return { NS: checkedSet(numbers, 'An number set  may not be empty', (text) => text) };
  }
  if (value.BS) return { BS: checkedSet(value.BS, 'Binary sets should not be empty', hex) };
  if (value.L) return { L: value.L.map((inner) => checkedValue(inner, depth + 1)) };
  if (value.M) {
    const map = emptyItem();
    for (const [name, inner] of Object.entries(value.M)) map[name] = checkedValue(inner, depth + 1);
    return { M: map };
  }
  return value;
}

function tooDeep(): Error {
  return invalid('DB-VALUE-4', 'Nesting Levels have exceeded supported limits');
}

/** @throws Refusal where an update put together more than a value may have */
export function refuseTooDeep(item: Item, depth = 1): void {
  for (const value of Object.values(item)) refuseDeepValue(value, depth);
}

function refuseDeepValue({ L, M }: AttributeValue, depth: number): void {
  if (depth > DEEPEST) throw tooDeep();
  if (M) refuseTooDeep(M, depth + 1);
  else for (const inner of L ?? []) refuseDeepValue(inner, depth + 1);
}

function checkedNumber(text: string): string {
  const read = readNumber(text);
  if (typeof read === 'string') throw numberProblem(read, text);
  return numberText(read);
}

function checkedSet<Member>(set: Member[], empty: string, keyOf: (member: Member) => string): Member[] {
  if (set.length === 0) throw invalid('DB-VALUE-3', `One or more parameter values were invalid: ${empty}`);
  if (new Set(set.map(keyOf)).size < set.length) {
    const shown = typeof set[0] === 'string' ? ` [${set.slice(0, 20).join(', ')}]` : '';
    throw invalid(
      'DB-VALUE-3',
      `One or more parameter values were invalid: Input collection${shown} contains duplicates.`,
    );
  }
  return set;
}

/** A set's member as a key of JavaScript. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** The members of a set as texts that are equal where the members are; `undefined` for what is no set. */
export function setKeys(value: AttributeValue): string[] | undefined {
  return value.SS ?? value.NS ?? value.BS?.map(hex);
}

export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  const type = typeOf(left);
  if (type !== typeOf(right)) return false;
  switch (type) {
    case 'S':
    case 'N':
    case 'BOOL':
    case 'NULL':
      return left[type] === right[type];
    case 'B':
      return Buffer.compare(left.B!, right.B!) === 0;
    case 'L':
      return left.L!.length === right.L!.length && left.L!.every((inner, at) => equalValues(inner, right.L![at]!));
    case 'M':
      return equalItems(left.M!, right.M!);
    default: {
      const members = new Set(setKeys(left));
      const others = setKeys(right)!;
      return members.size === others.length && others.every((member) => members.has(member));
    }
  }
}

export function equalItems(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const other = attribute(right, name);
      return other !== undefined && equalValues(left[name]!, other);
    })
  );
}

/** Strings by their UTF-8, binary by its bytes, numbers by size; `undefined` where the two cannot be compared. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.S !== undefined && right.S !== undefined) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if (left.N !== undefined && right.N !== undefined) return compareNumbers(decimal(left.N), decimal(right.N));
  if (left.B && right.B) return Buffer.compare(left.B, right.B);
  return undefined;
}

/** As the service counts an item's bytes: names too. [docs; numbers are an approximation there, too] */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + valueSize(value);
  return size;
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B) return value.B.length;
  if (value.SS) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (value.NS) return value.NS.reduce((sum, text) => sum + numberSize(text), 0);
  if (value.BS) return value.BS.reduce((sum, bytes) => sum + bytes.length, 0);
  if (value.L) return value.L.reduce((sum, inner) => sum + 1 + valueSize(inner), 3);
  if (value.M) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

function numberSize(text: string): number {
  const { digits, negative } = decimal(text);
  return Math.ceil(digits.length / 2) + 1 + (negative ? 1 : 0);
}
