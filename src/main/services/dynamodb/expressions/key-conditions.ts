import type { AttributeValue } from '../../../../shared/aws/dynamodb.ts';
import { typeOf } from '../attribute-values.ts';
import { refuseEmptyKey, type KeyAttribute, type KeySchema } from '../keys.ts';
import { invalid } from '../refusals.ts';
import { parseCondition, type Condition, type Operand } from './conditions.ts';
import type { Placeholders } from './placeholders.ts';

/** What a query says of the sort key. */
export type SortCondition =
  | { readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'begins-with'; readonly value: AttributeValue }
  | { readonly operator: 'between'; readonly low: AttributeValue; readonly high: AttributeValue };

export interface KeyCondition {
  readonly partition: AttributeValue;
  readonly sort?: SortCondition;
}

const KIND = 'KeyConditionExpression';

/** An equality for the partition key, and at most one condition for the sort key. */
export function parseKeyCondition(text: string, placeholders: Placeholders, schema: KeySchema): KeyCondition {
  const conditions = new Map<string, SortCondition>();
  for (const part of parts(parseCondition(KIND, text, placeholders))) {
    const { name, condition } = readPart(part);
    if (conditions.has(name)) {
      throw problem('KeyConditionExpressions must only contain one condition per key');
    }
    conditions.set(name, condition);
  }
  const { partition, sort } = schema;
  const equality = conditions.get(partition.name);
  const ofSort = sort && conditions.get(sort.name);
  if (equality === undefined) {
    throw invalid('DB-QUERY-2', `Query condition missed key schema element: ${partition.name}`);
  }
  if (equality.operator !== '=') throw invalid('DB-QUERY-2', 'Query key condition not supported');
  if (conditions.size > (ofSort ? 2 : 1)) {
    const missed = sort && !ofSort ? sort.name : undefined;
    throw invalid(
      'DB-QUERY-2',
      missed === undefined
        ? 'Query key condition not supported'
        : `Query condition missed key schema element: ${missed}`,
    );
  }
  requireType(partition, [equality.value]);
  if (!sort || !ofSort) return { partition: equality.value };
  requireType(sort, ofSort.operator === 'between' ? [ofSort.low, ofSort.high] : [ofSort.value]);
  return { partition: equality.value, sort: ofSort };
}

function parts(condition: Condition): Condition[] {
  return condition.kind === 'and' ? [...parts(condition.left), ...parts(condition.right)] : [condition];
}

function readPart(condition: Condition): { readonly name: string; readonly condition: SortCondition } {
  switch (condition.kind) {
    case 'compare': {
      const { operator, left, right } = condition;
      if (operator === '<>') throw unusable('<>');
      // A value may stand first.
      if (left.kind === 'value' && right.kind === 'path') {
        return { name: nameOf(right), condition: { operator: TURNED[operator], value: left.value } };
      }
      return { name: nameOf(left), condition: { operator, value: valueOf(right) } };
    }
    case 'between': {
      const { operand, low, high } = condition;
      return { name: nameOf(operand), condition: { operator: 'between', low: valueOf(low), high: valueOf(high) } };
    }
    case 'begins-with':
      return {
        name: nameOf({ kind: 'path', path: condition.path }),
        condition: { operator: 'begins-with', value: valueOf(condition.part) },
      };
    default:
      throw unusable(OPERATORS[condition.kind]!);
  }
}

const TURNED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

const OPERATORS: { readonly [kind: string]: string } = {
  or: 'OR',
  not: 'NOT',
  in: 'IN',
  exists: 'attribute_exists',
  type: 'attribute_type',
  contains: 'contains',
};

function nameOf(operand: Operand): string {
  if (operand.kind === 'size') throw unusable('size');
  if (operand.kind !== 'path') {
    throw problem('Invalid condition in KeyConditionExpression: No key attribute specified');
  }
  if (operand.path.length > 1) {
    throw problem('KeyConditionExpressions cannot have conditions on nested attributes');
  }
  return operand.path[0];
}

function valueOf(operand: Operand): AttributeValue {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'size') throw unusable('size');
  throw problem('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
}

function unusable(operator: string): Error {
  return problem(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function problem(what: string): Error {
  return invalid('DB-QUERY-2', `Invalid ${KIND}: ${what}`);
}

function requireType(key: KeyAttribute, values: readonly AttributeValue[]): void {
  for (const value of values) {
    if (typeOf(value) !== key.type) {
      throw invalid(
        'DB-QUERY-3',
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    refuseEmptyKey(key, value);
  }
}
