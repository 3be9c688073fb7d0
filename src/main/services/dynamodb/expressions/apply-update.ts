import type { AttributeValue } from '../../../../shared/aws/dynamodb.ts';
import { attribute, emptyItem, hex, numberProblem, setKeys, typeOf, type Item } from '../attribute-values.ts';
import { addNumbers, decimal, negated, numberText } from '../numbers.ts';
import { invalid } from '../refusals.ts';
import { valueAt, type Path } from './paths.ts';
import type { NewValue, Update } from './updates.ts';

/**
 * The item as the update leaves it. Everything is read from the item as it was, and an element's place in a list is its
 * place there.
 */
export function applyUpdate(before: Item, { sets, removes, adds, deletes }: Update): Item {
  const after = copyItem(before);
  // In the order of their places, since those beyond a list's end are put there one after the other.
  const ordered = sets
    .map(({ path, value }) => ({ path, value: newValue(value, before) }))
    .toSorted((one, other) => lastPlace(one.path) - lastPlace(other.path));
  for (const { path, value } of ordered) put(after, path, value);
  for (const { path, value } of adds) put(after, path, added(valueAt(before, path), value));
  const emptied: Path[] = [];
  for (const { path, value } of deletes) {
    const present = valueAt(before, path);
    if (present === undefined) continue;
    const rest = without(present, value);
    if (rest) put(after, path, rest);
    else emptied.push(path);
  }
  // From the inside out and from the end: what goes must not move what still has to go.
  const gone = [...removes, ...emptied].toSorted(
    (one, other) => other.length - one.length || lastPlace(other) - lastPlace(one),
  );
  for (const path of gone) remove(after, path);
  return after;
}

function lastPlace(path: Path): number {
  const last = path.at(-1);
  return typeof last === 'number' ? last : -1;
}

function copyItem(item: Item): Item {
  const copy = emptyItem();
  for (const [name, value] of Object.entries(item)) copy[name] = copyValue(value);
  return copy;
}

function copyValue(value: AttributeValue): AttributeValue {
  if (value.M) return { M: copyItem(value.M) };
  return value.L ? { L: value.L.map(copyValue) } : value;
}

function newValue(wanted: NewValue, item: Item): AttributeValue {
  switch (wanted.kind) {
    case 'value':
      return wanted.value;
    case 'path': {
      const value = valueAt(item, wanted.path);
      if (value) return copyValue(value);
      throw invalid('DB-UPDATE-2', 'The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if-not-exists': {
      const value = valueAt(item, wanted.path);
      return value ? copyValue(value) : newValue(wanted.otherwise, item);
    }
    default: {
      const left = newValue(wanted.left, item);
      const right = newValue(wanted.right, item);
      if (wanted.kind === 'append') {
        if (!left.L || !right.L) throw wrongType();
        return { L: [...left.L, ...right.L] };
      }
      if (left.N === undefined || right.N === undefined) throw wrongType();
      return sum(left.N, wanted.kind === 'plus' ? right.N : numberText(negated(decimal(right.N))));
    }
  }
}

function wrongType(): Error {
  return invalid('DB-UPDATE-2', 'An operand in the update expression has an incorrect data type');
}

function sum(left: string, right: string): AttributeValue {
  const result = addNumbers(decimal(left), decimal(right));
  if (typeof result === 'string') throw numberProblem(result);
  return { N: numberText(result) };
}

function added(present: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (present === undefined) return value;
  if (typeOf(present) !== typeOf(value)) throw wrongType();
  if (value.N !== undefined) return sum(present.N!, value.N);
  const known = new Set(setKeys(present));
  if (value.SS) return { SS: [...present.SS!, ...value.SS.filter((member) => !known.has(member))] };
  if (value.NS) return { NS: [...present.NS!, ...value.NS.filter((member) => !known.has(member))] };
  return { BS: [...present.BS!, ...value.BS!.filter((member) => !known.has(hex(member)))] };
}

/** A set without these members; `undefined` where none is left. */
function without(present: AttributeValue, value: AttributeValue): AttributeValue | undefined {
  if (typeOf(present) !== typeOf(value)) throw wrongType();
  const gone = new Set(setKeys(value));
  const rest: AttributeValue = present.SS
    ? { SS: present.SS.filter((member) => !gone.has(member)) }
    : present.NS
      ? { NS: present.NS.filter((member) => !gone.has(member)) }
      : { BS: present.BS!.filter((member) => !gone.has(hex(member))) };
  return setKeys(rest)!.length > 0 ? rest : undefined;
}

function badPath(): Error {
  return invalid('DB-UPDATE-3', 'The document path provided in the update expression is invalid for update');
}

function put(item: Item, path: Path, value: AttributeValue): void {
  const last = path.at(-1)!;
  if (path.length === 1) {
    item[last] = value;
    return;
  }
  const holder = valueAt(item, path.slice(0, -1) as unknown as Path);
  if (typeof last === 'string' && holder?.M) holder.M[last] = value;
  else if (typeof last === 'number' && holder?.L) {
    if (last < holder.L.length) holder.L[last] = value;
    else holder.L.push(value);
  } else throw badPath();
}

function remove(item: Item, path: Path): void {
  const last = path.at(-1)!;
  if (path.length === 1) {
    delete item[last];
    return;
  }
  const holder = valueAt(item, path.slice(0, -1) as unknown as Path);
  if (typeof last === 'string' && holder?.M) {
    if (attribute(holder.M, last)) delete holder.M[last];
  } else if (typeof last === 'number' && holder?.L) {
    if (last < holder.L.length) holder.L.splice(last, 1);
  } else throw badPath();
}
