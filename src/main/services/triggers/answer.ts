import type { Json } from '../../../shared/json.ts';
import { fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';
import type { TriggerText } from '../services.ts';

type JsonObject = { readonly [member: string]: Json };

/** What a function answered, read with the types that AWS wants. */
export class Answer {
  readonly #call: Call;
  readonly #trigger: string;
  readonly #response: JsonObject;

  constructor(call: Call, trigger: string, answer: Json) {
    this.#call = call;
    this.#trigger = trigger;
    if (!isObject(answer)) throw this.unrecognisable('it is not the event');
    const response = answer['response'] ?? {};
    if (!isObject(response)) throw this.unrecognisable('its response is no object');
    this.#response = response;
  }

  member(name: string): Json {
    return this.#response[name] ?? null;
  }

  flag(name: string): boolean {
    const value = this.member(name);
    if (value === null) return false;
    if (typeof value === 'boolean') return value;
    // AWS's reader takes these two texts for what they say.
    if (value === 'true' || value === 'false') return value === 'true';
    throw this.unrecognisable(`${name} is neither true nor false`);
  }

  text(name: string): string | undefined {
    const value = this.member(name);
    return value === null ? undefined : this.#asText(value, name);
  }

  /** `undefined` where the function left it out. */
  texts(name: string): TriggerText | undefined {
    const value = this.member(name);
    return value === null ? undefined : this.textsOf(value, name);
  }

  textsOf(value: Json, name: string): TriggerText {
    const members = Object.entries(this.object(value, name)).filter(([, inner]) => inner !== null);
    return Object.fromEntries(members.map(([key, inner]) => [key, this.#asText(inner, `${name}.${key}`)]));
  }

  /** Null is an empty list. */
  listOf(value: Json, name: string): string[] {
    if (value === null) return [];
    if (!Array.isArray(value)) throw this.unrecognisable(`${name} is no list`);
    return value.map((item) => this.#asText(item, name));
  }

  object(value: Json, name: string): JsonObject {
    if (isObject(value)) return value;
    throw this.unrecognisable(`${name} is no object`);
  }

  unrecognisable(problem: string): Error {
    return this.#call.why.refuse(
      'FN-TRIGGER-5',
      `The answer of ${this.#trigger} cannot be used: ${problem}.`,
      fault('InvalidLambdaResponseException', 'Unrecognizable lambda output'),
    );
  }

  #asText(value: Json, name: string): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.unrecognisable(`${name} is no text`);
  }
}

function isObject(value: Json): value is { [member: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
