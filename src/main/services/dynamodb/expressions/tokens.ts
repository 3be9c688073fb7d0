import { invalid } from '../refusals.ts';

export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

export interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const LONGEST = 4096;
/** White space, then one token: word, #name, :value, number, symbol. */
const TOKEN = /\s*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[=<>(),.[\]+-]))/y;
const KINDS = ['word', 'name', 'value', 'number', 'symbol'] as const;

/** The tokens of one expression, read from left to right. */
export class Tokens {
  readonly kind: ExpressionKind;
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #next = 0;

  constructor(kind: ExpressionKind, text: string) {
    this.kind = kind;
    this.#text = text;
    if (text.trim() === '') throw this.problem('The expression can not be empty;');
    const size = Buffer.byteLength(text);
    if (size > LONGEST) {
      throw this.problem(
        `Expression size has exceeded the maximum allowed size; expression size: ${size}`,
        'DB-EXPR-2',
      );
    }
    this.#read();
  }

  #read(): void {
    const text = this.#text;
    let at = 0;
    while (text.slice(at).trim() !== '') {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(text);
      if (!found) {
        const start = at + (text.slice(at).length - text.slice(at).trimStart().length);
        const shown = text.slice(start, start + 1);
        this.#tokens.push({ kind: 'symbol', text: shown, at: start });
        this.#next = this.#tokens.length - 1;
        throw this.unexpected();
      }
      const group = KINDS.findIndex((_, index) => found[index + 1] !== undefined);
      const piece = found[group + 1]!;
      at = TOKEN.lastIndex;
      this.#tokens.push({ kind: KINDS[group]!, text: piece, at: at - piece.length });
    }
    this.#tokens.push({ kind: 'end', text: '<EOF>', at: text.length });
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Takes the symbol or, in any case of letters, the word, where it comes next. */
  takeIf(text: string): boolean {
    if (!this.isNext(text)) return false;
    this.#next += 1;
    return true;
  }

  isNext(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' ? token.text === text : token.kind === 'word' && token.text.toUpperCase() === text;
  }

  expect(text: string): void {
    if (!this.takeIf(text)) throw this.unexpected();
  }

  /** Of the token that comes next: it does not belong there. */
  unexpected(): Error {
    const token = this.peek();
    const before = this.#tokens[this.#next - 1];
    const after = this.#tokens[this.#next + 1];
    const end = after && after.kind !== 'end' ? after.at + after.text.length : token.at + token.text.length;
    const near = this.#text.slice(before?.at ?? token.at, Math.min(end, this.#text.length));
    return this.problem(`Syntax error; token: "${token.text}", near: "${near}"`);
  }

  problem(what: string, rule = 'DB-EXPR-1'): Error {
    return invalid(rule, `Invalid ${this.kind}: ${what}`);
  }
}
