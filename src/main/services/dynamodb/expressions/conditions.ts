import type { AttributeValue } from '../../../../shared/aws/dynamodb.ts';
import { compareValues, typeOf, type ValueType } from '../attribute-values.ts';
import { pathText, readPath, type Path } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { Tokens, type ExpressionKind } from './tokens.ts';

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly path: Path };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'compare'; readonly operator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | { readonly kind: 'type'; readonly path: Path; readonly type: ValueType }
  | { readonly kind: 'begins-with' | 'contains'; readonly path: Path; readonly part: Operand }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition };

type ConditionKind = Exclude<ExpressionKind, 'ProjectionExpression' | 'UpdateExpression'>;

export function parseCondition(kind: ConditionKind, text: string, placeholders: Placeholders): Condition {
  return new ConditionParser(new Tokens(kind, text), placeholders).read();
}

const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);
const ORDERED: ReadonlySet<string> = new Set<ValueType>(['S', 'N', 'B']);
const MOST_OPERATORS = 300;
const MOST_IN = 100;
/** In the order in which the service lists them. [memory] */
const TYPES: readonly string[] = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];
const FUNCTIONS: { readonly [name: string]: number } = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
const UPDATE_FUNCTIONS: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);

/** OR binds least, then AND, then NOT. */
class ConditionParser {
  readonly #tokens: Tokens;
  readonly #placeholders: Placeholders;
  #operators = 0;
  #depth = 0;
  /** The condition that parentheses closed around last. */
  #enclosed: Condition | undefined;

  constructor(tokens: Tokens, placeholders: Placeholders) {
    this.#tokens = tokens;
    this.#placeholders = placeholders;
  }

  read(): Condition {
    const condition = this.#or();
    if (this.#tokens.peek().kind !== 'end') throw this.#tokens.unexpected();
    if (this.#operators > MOST_OPERATORS) {
      // guessed wording
      throw this.#problem(
        `The expression contains too many operators; operator count: ${this.#operators}`,
        'DB-EXPR-2',
      );
    }
    return condition;
  }

  #or(): Condition {
    let left = this.#and();
    while (this.#operator('OR')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#operator('AND')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    return this.#operator('NOT') ? { kind: 'not', condition: this.#not() } : this.#term();
  }

  #operator(word: string): boolean {
    const found = this.#tokens.takeIf(word);
    if (found) this.#operators += 1;
    return found;
  }

  #term(): Condition {
    if (this.#tokens.takeIf('(')) {
      // Each pair but a doubled one has an operator more in it; and the stack has an end.
      this.#depth += 1;
      const condition = this.#depth > MOST_OPERATORS ? this.#enclosed : this.#or();
      this.#depth -= 1;
      if (!condition || condition === this.#enclosed) throw this.#problem('The expression has redundant parentheses;');
      this.#tokens.expect(')');
      this.#enclosed = condition;
      return condition;
    }
    if (this.#isFunction() && this.#tokens.peek().text !== 'size') return this.#function();
    return this.#comparison(this.#operand());
  }

  #isFunction(): boolean {
    return this.#tokens.peek().kind === 'word' && this.#tokens.peek(1).text === '(' && !this.#tokens.isNext('IN');
  }

  #comparison(left: Operand): Condition {
    const tokens = this.#tokens;
    if (this.#operator('BETWEEN')) {
      const low = this.#operand();
      if (!tokens.takeIf('AND')) throw tokens.unexpected();
      return this.#between(left, low, this.#operand());
    }
    if (this.#operator('IN')) {
      tokens.expect('(');
      const list = this.#list();
      if (list.length > MOST_IN) throw this.#wrongCount('IN', list.length);
      return { kind: 'in', operand: left, list };
    }
    const { kind, text } = tokens.peek();
    if (kind !== 'symbol' || !COMPARATORS.has(text)) throw tokens.unexpected();
    tokens.take();
    this.#operators += 1;
    const operator = text as Comparator;
    const right = this.#operand();
    if (left.kind === 'path' && right.kind === 'path' && pathText(left.path) === pathText(right.path)) {
      throw this.#problem(
        `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${pathText(left.path)}`,
        'DB-EXPR-8',
      );
    }
    if (operator !== '=' && operator !== '<>') this.#requireOrdered(operator, [left, right]);
    return { kind: 'compare', operator, left, right };
  }

  #between(operand: Operand, low: Operand, high: Operand): Condition {
    this.#requireOrdered('BETWEEN', [low, high]);
    if (low.kind === 'value' && high.kind === 'value') {
      const order = compareValues(low.value, high.value);
      const bounds = `lower bound operand: ${shown(low.value)}, upper bound operand: ${shown(high.value)}`;
      if (order === undefined) {
        throw this.#problem(
          `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`,
          'DB-EXPR-8',
        );
      }
      if (order > 0) {
        throw this.#problem(
          `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
          'DB-EXPR-8',
        );
      }
    }
    return { kind: 'between', operand, low, high };
  }

  #function(): Condition {
    const { name, operands } = this.#arguments();
    if (UPDATE_FUNCTIONS.has(name)) {
      throw this.#problem(
        `The function is not allowed in a ${WORDS_OF_KIND[this.#tokens.kind] ?? 'condition'} expression; function: ${name}`,
        'DB-EXPR-8',
      );
    }
    const [first, second] = operands;
    switch (name) {
      case 'attribute_exists':
      case 'attribute_not_exists':
        return { kind: 'exists', path: this.#requirePath(name, first!), wanted: name === 'attribute_exists' };
      case 'attribute_type':
        return { kind: 'type', path: this.#requirePath(name, first!), type: this.#requireType(second!) };
      case 'begins_with':
        for (const operand of operands) {
          const type = operand.kind === 'value' ? typeOf(operand.value) : 'S';
          if (operand.kind === 'size' || (type !== 'S' && type !== 'B')) throw this.#wrongType(name, type);
        }
        return { kind: 'begins-with', path: this.#requirePath(name, first!), part: second! };
      default:
        return { kind: 'contains', path: this.#requirePath(name, first!), part: second! };
    }
  }

  #operand(): Operand {
    const tokens = this.#tokens;
    if (tokens.peek().kind === 'value') return { kind: 'value', value: this.#placeholders.value(tokens) };
    if (!this.#isFunction()) return { kind: 'path', path: readPath(tokens, this.#placeholders) };
    const { name, operands } = this.#arguments();
    if (name !== 'size') {
      throw this.#problem(
        `The function is not allowed to be used this way in an expression; function: ${name}`,
        'DB-EXPR-8',
      );
    }
    return { kind: 'size', path: this.#requirePath(name, operands[0]!) };
  }

  #arguments(): { readonly name: string; readonly operands: readonly Operand[] } {
    const name = this.#tokens.take().text;
    const count = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (count === undefined && !UPDATE_FUNCTIONS.has(name)) {
      throw this.#problem(`Invalid function name; function: ${name}`, 'DB-EXPR-8');
    }
    this.#tokens.take();
    const operands = this.#list();
    if (count !== undefined && operands.length !== count) throw this.#wrongCount(name, operands.length);
    this.#operators += 1;
    return { name, operands };
  }

  /** After an opening parenthesis. */
  #list(): readonly Operand[] {
    const operands = [this.#operand()];
    while (this.#tokens.takeIf(',')) operands.push(this.#operand());
    this.#tokens.expect(')');
    return operands;
  }

  #requirePath(name: string, operand: Operand): Path {
    if (operand.kind === 'path') return operand.path;
    throw this.#problem(`Operator or function requires a document path; operator or function: ${name}`, 'DB-EXPR-8');
  }

  #requireType(operand: Operand): ValueType {
    // Assumed: the type must be said by a value, as documented, not by an attribute.
    const type = operand.kind === 'value' ? operand.value.S : undefined;
    if (type === undefined) {
      throw this.#wrongType('attribute_type', operand.kind === 'value' ? typeOf(operand.value) : 'path');
    }
    if (!TYPES.includes(type)) {
      throw this.#problem(
        `Invalid attribute type name found; type: ${type.slice(0, 100)}, valid types: {${TYPES.join(',')}}`,
        'DB-EXPR-8',
      );
    }
    return type as ValueType;
  }

  #requireOrdered(operator: string, operands: readonly Operand[]): void {
    for (const operand of operands) {
      if (operand.kind !== 'value') continue;
      const type = typeOf(operand.value);
      if (!ORDERED.has(type)) throw this.#wrongType(operator, type);
    }
  }

  #wrongType(name: string, type: string): Error {
    return this.#problem(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
      'DB-EXPR-8',
    );
  }

  #wrongCount(name: string, count: number): Error {
    return this.#problem(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
      'DB-EXPR-8',
    );
  }

  #problem(what: string, rule?: string): Error {
    return this.#tokens.problem(what, rule);
  }
}

const WORDS_OF_KIND: { readonly [Kind in ExpressionKind]?: string } = {
  FilterExpression: 'filter',
  KeyConditionExpression: 'key condition',
};

/** A value as refusals show it: `AttributeValue: {S:abc}`. */
function shown(value: AttributeValue): string {
  const type = typeOf(value);
  const inner = type === 'S' || type === 'N' ? value[type]!.slice(0, 100) : '…';
  return `AttributeValue: {${type}:${inner}}`;
}
