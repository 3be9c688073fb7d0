import type { Condition, Operand } from './conditions.ts';
import type { Path } from './paths.ts';
import type { NewValue, Update } from './updates.ts';

/** The attributes that an expression speaks of, by their names in the item. */
export function namesOfPaths(paths: readonly Path[]): string[] {
  return paths.map(([name]) => name);
}

export function namesOfCondition(condition: Condition): string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...namesOfCondition(condition.left), ...namesOfCondition(condition.right)];
    case 'not':
      return namesOfCondition(condition.condition);
    case 'compare':
      return namesOfOperands([condition.left, condition.right]);
    case 'between':
      return namesOfOperands([condition.operand, condition.low, condition.high]);
    case 'in':
      return namesOfOperands([condition.operand, ...condition.list]);
    case 'begins-with':
    case 'contains':
      return [condition.path[0], ...namesOfOperands([condition.part])];
    default:
      return [condition.path[0]];
  }
}

function namesOfOperands(operands: readonly Operand[]): string[] {
  return operands.flatMap((operand) => (operand.kind === 'value' ? [] : operand.path[0]));
}

export function namesOfUpdate({ sets, targets }: Update): string[] {
  return [...namesOfPaths(targets), ...sets.flatMap(({ value }) => namesOfValue(value))];
}

function namesOfValue(value: NewValue): string[] {
  switch (value.kind) {
    case 'value':
      return [];
    case 'path':
      return [value.path[0]];
    case 'if-not-exists':
      return [value.path[0], ...namesOfValue(value.otherwise)];
    default:
      return [...namesOfValue(value.left), ...namesOfValue(value.right)];
  }
}
