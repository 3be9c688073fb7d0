import type { AttributeValue } from '../../../../shared/aws/dynamodb.ts';
import { typeOf } from '../attribute-values.ts';
import { readPath, refuseClashes, type Path } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { Tokens } from './tokens.ts';

/** What a SET puts in a path. */
export type NewValue =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'if-not-exists'; readonly path: Path; readonly otherwise: NewValue }
  | { readonly kind: 'append' | 'plus' | 'minus'; readonly left: NewValue; readonly right: NewValue };

export interface Update {
  readonly sets: readonly { readonly path: Path; readonly value: NewValue }[];
  readonly removes: readonly Path[];
  readonly adds: readonly { readonly path: Path; readonly value: AttributeValue }[];
  readonly deletes: readonly { readonly path: Path; readonly value: AttributeValue }[];
  /** Every path that it changes. */
  readonly targets: readonly Path[];
}

export function parseUpdate(text: string, placeholders: Placeholders): Update {
  return new UpdateParser(new Tokens('UpdateExpression', text), placeholders).read();
}

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

/** As these refusals name types. [memory] */
const LONG_NAMES: { readonly [type: string]: string } = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  L: 'LIST',
  M: 'MAP',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
};

class UpdateParser {
  readonly #tokens: Tokens;
  readonly #placeholders: Placeholders;

  constructor(tokens: Tokens, placeholders: Placeholders) {
    this.#tokens = tokens;
    this.#placeholders = placeholders;
  }

  read(): Update {
    const tokens = this.#tokens;
    const seen = new Set<string>();
    const update = {
      sets: [] as { path: Path; value: NewValue }[],
      removes: [] as Path[],
      adds: [] as { path: Path; value: AttributeValue }[],
      deletes: [] as { path: Path; value: AttributeValue }[],
    };
    while (tokens.peek().kind !== 'end') {
      const section = SECTIONS.find((word) => tokens.isNext(word));
      if (!section) throw tokens.unexpected();
      if (seen.has(section)) {
        throw tokens.problem(`The "${section}" section can only be used once in an update expression;`);
      }
      seen.add(section);
      tokens.take();
      do {
        if (section === 'SET') update.sets.push(this.#set());
        else if (section === 'REMOVE') update.removes.push(this.#path());
        else (section === 'ADD' ? update.adds : update.deletes).push(this.#member(section));
      } while (tokens.takeIf(','));
    }
    const { sets, removes, adds, deletes } = update;
    const targets = [...sets, ...adds, ...deletes].map(({ path }) => path).concat(removes);
    refuseClashes(tokens, targets);
    return { ...update, targets };
  }

  #path(): Path {
    return readPath(this.#tokens, this.#placeholders);
  }

  #set(): { path: Path; value: NewValue } {
    const path = this.#path();
    this.#tokens.expect('=');
    const left = this.#value();
    const sign = this.#tokens.takeIf('+') ? '+' : this.#tokens.takeIf('-') ? '-' : undefined;
    if (sign === undefined) return { path, value: left };
    const right = this.#value();
    for (const operand of [left, right]) this.#requireType(operand, sign, 'N');
    return { path, value: { kind: sign === '+' ? 'plus' : 'minus', left, right } };
  }

  #value(): NewValue {
    const tokens = this.#tokens;
    if (tokens.peek().kind === 'value') return { kind: 'value', value: this.#placeholders.value(tokens) };
    if (tokens.peek().kind !== 'word' || tokens.peek(1).text !== '(') return { kind: 'path', path: this.#path() };
    const name = tokens.take().text;
    if (name !== 'if_not_exists' && name !== 'list_append') {
      const isOfConditions = /^(?:attribute_(?:not_)?exists|attribute_type|begins_with|contains|size)$/.test(name);
      throw tokens.problem(
        isOfConditions
          ? `The function is not allowed in an update expression; function: ${name}`
          : `Invalid function name; function: ${name}`,
        'DB-EXPR-8',
      );
    }
    tokens.expect('(');
    const operands = [this.#value()];
    while (tokens.takeIf(',')) operands.push(this.#value());
    tokens.expect(')');
    const [left, right] = operands;
    if (operands.length !== 2) {
      throw tokens.problem(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
        'DB-EXPR-8',
      );
    }
    if (name === 'list_append') {
      for (const operand of operands) this.#requireType(operand, name, 'L');
      return { kind: 'append', left: left!, right: right! };
    }
    if (left!.kind !== 'path') {
      throw tokens.problem(`Operator or function requires a document path; operator or function: ${name}`, 'DB-EXPR-8');
    }
    return { kind: 'if-not-exists', path: left!.path, otherwise: right! };
  }

  /** The path and value of ADD and DELETE. */
  #member(section: 'ADD' | 'DELETE'): { path: Path; value: AttributeValue } {
    const path = this.#path();
    if (this.#tokens.peek().kind !== 'value') throw this.#tokens.unexpected();
    const value = this.#placeholders.value(this.#tokens);
    const type = typeOf(value);
    const fits = type === 'SS' || type === 'NS' || type === 'BS' || (section === 'ADD' && type === 'N');
    if (!fits) {
      throw this.#tokens.problem(
        `Incorrect operand type for operator or function; operator: ${section}, operand type: ${LONG_NAMES[type]}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
        'DB-EXPR-8',
      );
    }
    return { path, value };
  }

  #requireType(operand: NewValue, name: string, wanted: 'N' | 'L'): void {
    if (operand.kind !== 'value' || operand.value[wanted] !== undefined) return;
    throw this.#tokens.problem(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(operand.value)}`,
      'DB-EXPR-8',
    );
  }
}
