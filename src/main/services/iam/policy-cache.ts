import { parsePolicy, type Policy, type PolicyKind } from './policy-document.ts';

const MOST = 500;

/** Parsed policies by their text: the same few documents decide every call. */
export class PolicyCache {
  readonly #parsed = new Map<string, Policy>();

  /** @throws PolicyProblem */
  parse(document: string, kind: PolicyKind): Policy {
    const key = `${kind}:${document}`;
    const known = this.#parsed.get(key);
    if (known) return known;
    const policy = parsePolicy(document, kind);
    // The oldest goes: a Map keeps the order of insertion.
    if (this.#parsed.size >= MOST) this.#parsed.delete(this.#parsed.keys().next().value!);
    this.#parsed.set(key, policy);
    return policy;
  }
}
