import type { AttributeValue } from '../../../../shared/aws/dynamodb.ts';
import { compareValues, equalValues, hex, typeOf, type Item } from '../attribute-values.ts';
import type { Comparator, Condition, Operand } from './conditions.ts';
import { valueAt, type Path } from './paths.ts';

/** Whether an item is as the condition says. What is missing, or of another type, is simply not so. */
export function holds(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.condition, item);
    case 'exists':
      return (valueAt(item, condition.path) !== undefined) === condition.wanted;
    case 'type': {
      const value = valueAt(item, condition.path);
      return value !== undefined && typeOf(value) === condition.type;
    }
    case 'compare':
      return compares(condition.operator, valueOf(condition.left, item), valueOf(condition.right, item));
    case 'between': {
      const value = valueOf(condition.operand, item);
      return (
        compares('>=', value, valueOf(condition.low, item)) && compares('<=', value, valueOf(condition.high, item))
      );
    }
    case 'in': {
      const value = valueOf(condition.operand, item);
      return condition.list.some((operand) => compares('=', value, valueOf(operand, item)));
    }
    default: {
      const value = valueAt(item, condition.path);
      const part = valueOf(condition.part, item);
      if (value === undefined || part === undefined) return false;
      return condition.kind === 'contains' ? contains(value, part) : beginsWith(value, part);
    }
  }
}

function valueOf(operand: Operand, item: Item): AttributeValue | undefined {
  if (operand.kind === 'value') return operand.value;
  return operand.kind === 'path' ? valueAt(item, operand.path) : sizeAt(item, operand.path);
}

/** Characters, bytes, members or elements; the other types have no size. */
function sizeAt(item: Item, path: Path): AttributeValue | undefined {
  const value = valueAt(item, path);
  const size =
    value?.S?.length ??
    value?.B?.length ??
    value?.SS?.length ??
    value?.NS?.length ??
    value?.BS?.length ??
    value?.L?.length ??
    (value?.M && Object.keys(value.M).length);
  return size === undefined ? undefined : { N: String(size) };
}

function compares(operator: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  const isEqual = left !== undefined && right !== undefined && equalValues(left, right);
  if (operator === '=') return isEqual;
  // Also where one of them is missing. [memory]
  if (operator === '<>') return !isEqual;
  const order = left && right && compareValues(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function beginsWith(value: AttributeValue, part: AttributeValue): boolean {
  if (value.S !== undefined && part.S !== undefined) return value.S.startsWith(part.S);
  return value.B && part.B ? hex(value.B).startsWith(hex(part.B)) : false;
}

/** Text within text, bytes within bytes, a member of a set, an element of a list. */
function contains(value: AttributeValue, part: AttributeValue): boolean {
  if (value.L) return value.L.some((inner) => equalValues(inner, part));
  if (part.S !== undefined) return (value.S?.includes(part.S) ?? false) || (value.SS?.includes(part.S) ?? false);
  if (part.N !== undefined) return value.NS?.includes(part.N) ?? false;
  if (!part.B) return false;
  const wanted = hex(part.B);
  if (value.B) return Buffer.from(value.B).includes(Buffer.from(part.B));
  return value.BS?.some((bytes) => hex(bytes) === wanted) ?? false;
}
