import type { Json } from '../../../shared/json.ts';

/** What the expressions of a DynamoDB request speak of, as far as policies ask. */

export type JsonObject = { readonly [member: string]: Json };

export function record(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];
/** Members from before there were expressions: their own members are attributes. */
const MAPS = ['AttributeUpdates', 'Expected', 'Item', 'Key', 'KeyConditions', 'QueryFilter', 'ScanFilter'];

const WORDS = new Set(['add', 'and', 'between', 'delete', 'in', 'not', 'or', 'remove', 'set']);
/** A name at the top level: what follows a dot is a part of it, and what a parenthesis follows is a function. */
const NAME = /(?<![\w.:#])(#?[A-Za-z_]\w*)(?!\w|\s*\()/g;

/** Every attribute at the top level that a request names, or that its item has; `undefined` where it names none. */
export function attributesOf(members: JsonObject): readonly string[] | undefined {
  const names = record(members['ExpressionAttributeNames']);
  const found = new Set<string>();
  for (const member of MAPS) for (const name of Object.keys(record(members[member]))) found.add(name);
  const legacy = members['AttributesToGet'];
  if (Array.isArray(legacy)) for (const name of legacy) if (typeof name === 'string') found.add(name);
  for (const member of EXPRESSIONS) {
    const expression = members[member];
    if (typeof expression !== 'string') continue;
    for (const [, token = ''] of expression.matchAll(NAME)) {
      const named = token.startsWith('#') ? names[token] : undefined;
      if (token.startsWith('#')) found.add(typeof named === 'string' ? named : token);
      else if (!WORDS.has(token.toLowerCase())) found.add(token);
    }
  }
  return found.size === 0 ? undefined : [...found];
}

/**
 * The value that a Query's key must have: `name = :value`, or an EQ of the older form. `undefined` where the condition
 * does not say it in exactly one way.
 */
export function equalityOf(members: JsonObject, key: string): string | undefined {
  const older = record(record(members['KeyConditions'])[key]);
  const expression = members['KeyConditionExpression'];
  if (typeof expression !== 'string') {
    const [value, ...rest] = Array.isArray(older['AttributeValueList']) ? older['AttributeValueList'] : [];
    return older['ComparisonOperator'] === 'EQ' && rest.length === 0 ? scalar(value) : undefined;
  }
  if (members['KeyConditions'] !== undefined) return undefined;
  const names = record(members['ExpressionAttributeNames']);
  const values = record(members['ExpressionAttributeValues']);
  const found: string[] = [];
  for (const [, left = '', right = ''] of expression.matchAll(/(?<![\w.:#])([:#]?\w+)\s*=\s*([:#]?\w+)/g)) {
    const [name, value] = left.startsWith(':') ? [right, left] : [left, right];
    if ((name.startsWith('#') ? names[name] : name) === key && value.startsWith(':')) found.push(value);
  }
  return found.length === 1 ? scalar(values[found[0]!]) : undefined;
}

/** `{"S": "…"}`, `{"N": "…"}` or `{"B": "…"}`. */
export function scalar(value: Json | undefined): string | undefined {
  const [first, ...rest] = Object.values(record(value));
  return typeof first === 'string' && rest.length === 0 ? first : undefined;
}
