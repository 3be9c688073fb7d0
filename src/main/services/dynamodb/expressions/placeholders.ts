import type { AttributeValue } from '../../../../shared/aws/dynamodb.ts';
import { checkedValue } from '../attribute-values.ts';
import { invalid } from '../refusals.ts';
import { isReserved } from './reserved-words.ts';
import type { Tokens } from './tokens.ts';

export interface PlaceholderInput {
  readonly ExpressionAttributeNames?: { readonly [placeholder: string]: string };
  readonly ExpressionAttributeValues?: { readonly [placeholder: string]: AttributeValue };
}

/** The `#names` and `:values` of one call. Each must be used by one of its expressions, and those used must be there. */
export class Placeholders {
  readonly #names: { readonly [placeholder: string]: string };
  readonly #values: { readonly [placeholder: string]: AttributeValue };
  readonly #unusedNames: Set<string>;
  readonly #unusedValues: Set<string>;

  /** @param expressions those that the call may have, by name, with their texts */
  constructor(input: PlaceholderInput, expressions: { readonly [name: string]: string | undefined }) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
    const hasNone = Object.values(expressions).every((text) => text === undefined);
    if (names) checkKeys('ExpressionAttributeNames', names, /^#[A-Za-z0-9_]+$/, hasNone);
    // A projection has no use for values.
    const withValues = Object.entries(expressions).filter(([name]) => name !== 'ProjectionExpression');
    if (values) {
      const nowhere = withValues.every(([, text]) => text === undefined);
      const missing = withValues.map(([name]) => name).join(' and ');
      const verb = withValues.length > 1 ? 'are' : 'is';
      checkKeys('ExpressionAttributeValues', values, /^:[A-Za-z0-9_]+$/, nowhere, `: ${missing} ${verb} null`);
    }
    this.#names = names ?? {};
    this.#values = Object.fromEntries(
      Object.entries(values ?? {}).map(([placeholder, value]) => [placeholder, checkedValueOf(placeholder, value)]),
    );
    this.#unusedNames = new Set(Object.keys(this.#names));
    this.#unusedValues = new Set(Object.keys(this.#values));
  }

  /** Of the `word` or `#name` that comes next. */
  name(tokens: Tokens): string {
    const { kind, text } = tokens.peek();
    if (kind === 'word') {
      if (isReserved(text)) {
        throw tokens.problem(`Attribute name is a reserved keyword; reserved keyword: ${text}`, 'DB-EXPR-3');
      }
      tokens.take();
      return text;
    }
    if (kind !== 'name') throw tokens.unexpected();
    if (!Object.hasOwn(this.#names, text)) {
      throw tokens.problem(
        `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
        'DB-EXPR-4',
      );
    }
    this.#unusedNames.delete(text);
    tokens.take();
    return this.#names[text]!;
  }

  value(tokens: Tokens): AttributeValue {
    const { text } = tokens.take();
    if (!Object.hasOwn(this.#values, text)) {
      throw tokens.problem(
        `An expression attribute value used in expression is not defined; attribute value: ${text}`,
        'DB-EXPR-4',
      );
    }
    this.#unusedValues.delete(text);
    return this.#values[text]!;
  }

  /** To be called once every expression is read. */
  refuseUnused(): void {
    const complain = (what: string, unused: Set<string>): void => {
      if (unused.size === 0) return;
      throw invalid('DB-EXPR-5', `Value provided in ${what} unused in expressions: keys: {${[...unused].join(', ')}}`);
    };
    complain('ExpressionAttributeNames', this.#unusedNames);
    complain('ExpressionAttributeValues', this.#unusedValues);
  }
}

function checkKeys(what: string, map: object, form: RegExp, isUseless: boolean, why = ''): void {
  if (isUseless) throw invalid('DB-EXPR-6', `${what} can only be specified when using expressions${why}`);
  const keys = Object.keys(map);
  if (keys.length === 0) throw invalid('DB-EXPR-6', `${what} must not be empty`);
  const wrong = keys.find((key) => !form.test(key) || key.length > 255);
  if (wrong !== undefined) {
    throw invalid('DB-EXPR-6', `${what} contains invalid key: Syntax error; key: "${wrong.slice(0, 300)}"`);
  }
}

function checkedValueOf(placeholder: string, value: AttributeValue): AttributeValue {
  try {
    return checkedValue(value);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw invalid(
      'DB-EXPR-6',
      `ExpressionAttributeValues contains invalid value: ${error.message} for key ${placeholder}`,
    );
  }
}
