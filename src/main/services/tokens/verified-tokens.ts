/**
 * Tokens whose signature was found good, by their text, so that a client that calls often pays for one RSA
 * check. Only what can never change is remembered: expiry and revocation are asked again each time.
 */
export class VerifiedTokens<Payload> {
  readonly #kept = new Map<string, Payload>();

  constructor(readonly limit: number) {}

  get(token: string): Payload | undefined {
    const payload = this.#kept.get(token);
    if (payload !== undefined) {
      // Moves to the young end; the oldest is the first to go.
      this.#kept.delete(token);
      this.#kept.set(token, payload);
    }
    return payload;
  }

  add(token: string, payload: Payload): void {
    this.#kept.set(token, payload);
    if (this.#kept.size <= this.limit) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      break;
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}
