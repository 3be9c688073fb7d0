import type { AttributeValue, Condition } from '../../../shared/aws/dynamodb.ts';
import { Unnamed } from './asked.ts';

type Named = { readonly [attribute: string]: unknown };

/** What a request may say with parameters from before there were expressions, or with expressions. */
interface Legacy {
  readonly AttributesToGet?: readonly string[];
  readonly AttributeUpdates?: Named;
  readonly Expected?: Named;
  readonly KeyConditions?: { readonly [attribute: string]: Condition };
  readonly QueryFilter?: Named;
  readonly ScanFilter?: Named;
}

const EXPRESSIONS = ['Condition', 'Filter', 'KeyCondition', 'Projection', 'Update'].map((kind) => `${kind}Expression`);

const COMPARISONS: { readonly [operator: string]: (name: string, values: readonly string[]) => string } = {
  EQ: (name, [value]) => `${name} = ${value}`,
  LE: (name, [value]) => `${name} <= ${value}`,
  LT: (name, [value]) => `${name} < ${value}`,
  GE: (name, [value]) => `${name} >= ${value}`,
  GT: (name, [value]) => `${name} > ${value}`,
  BEGINS_WITH: (name, [value]) => `begins_with(${name}, ${value})`,
  BETWEEN: (name, [low, high]) => `${name} BETWEEN ${low} AND ${high}`,
};

/**
 * A request whose expressions name what its older parameters do, so that policies are asked the same about both. Good for
 * asking only: what else those say of the attributes is left out.
 *
 * @throws Unnamed
 */
export function withoutLegacy<Input extends object>(input: Input): Input {
  const { AttributesToGet, AttributeUpdates, Expected, KeyConditions, QueryFilter, ScanFilter, ...rest } =
    input as Input & Legacy;
  if (Object.keys(rest).length === Object.keys(input).length) return input;
  if (EXPRESSIONS.some((expression) => expression in input)) {
    throw new Unnamed('it has both older parameters and expressions');
  }
  const names: { [placeholder: string]: string } = {};
  const values: { [placeholder: string]: AttributeValue } = {};
  const name = (attribute: string): string => {
    const placeholder = `#n${Object.keys(names).length}`;
    names[placeholder] = attribute;
    return placeholder;
  };
  const value = (given: AttributeValue): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = given;
    return placeholder;
  };
  const mentioned = (...all: (Named | undefined)[]): string =>
    all
      .flatMap((attributes = {}) => Object.keys(attributes))
      .map((attribute) => `attribute_exists(${name(attribute)})`)
      .join(' AND ');
  const keys = Object.entries(KeyConditions ?? {}).map(
    ([attribute, { ComparisonOperator, AttributeValueList = [] }]) => {
      const compare = COMPARISONS[ComparisonOperator];
      if (!compare || AttributeValueList.length !== (ComparisonOperator === 'BETWEEN' ? 2 : 1)) {
        throw new Unnamed('its KeyConditions do not say which keys it wants');
      }
      return compare(name(attribute), AttributeValueList.map(value));
    },
  );
  const expressions = {
    ConditionExpression: mentioned(AttributeUpdates, Expected),
    FilterExpression: mentioned(QueryFilter, ScanFilter),
    KeyConditionExpression: keys.join(' AND '),
    ProjectionExpression: [...new Set(AttributesToGet)].map(name).join(', '),
  };
  const used = Object.entries(expressions).filter(([, text]) => text !== '');
  return {
    ...rest,
    ...Object.fromEntries(used),
    ...(used.length > 0 && { ExpressionAttributeNames: names }),
    ...(keys.length > 0 && { ExpressionAttributeValues: values }),
  } as Input;
}
