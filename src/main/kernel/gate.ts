/**
 * A point where everything that passes can be held: a message between device and service, or a decision
 * inside a call. With nobody holding, passing costs one comparison. Step mode is a matter of holding.
 */
export interface GateSubject {
  /** `request`, `decision` or `response`. */
  readonly stage: 'request' | 'decision' | 'response';
  readonly lane: string;
  readonly account: string;
  readonly service?: string;
  readonly operation?: string;
  /** The rule about to be decided, for the stage `decision`. */
  readonly rule?: string;
}

export interface HeldPassage {
  readonly subject: GateSubject;
  /** Lets it go on. */
  release(): void;
  /** Makes the passage fail with this error instead. */
  fail(error: Error): void;
}

/** Decides whether a subject is held; a held passage waits until it is released or failed. */
export type GateKeeper = (subject: GateSubject) => boolean;

export class Gate {
  #keeper: GateKeeper | undefined;
  readonly #held = new Set<HeldPassage>();
  readonly #listeners = new Set<(held: HeldPassage) => void>();

  /** Resolves when the subject may go on; `undefined` at once when nothing is held. */
  pass(subject: GateSubject): Promise<void> | undefined {
    if (this.#keeper === undefined || !this.#keeper(subject)) return undefined;
    return new Promise((resolve, reject) => {
      const held: HeldPassage = {
        subject,
        release: () => {
          if (this.#held.delete(held)) resolve();
        },
        fail: (error) => {
          if (this.#held.delete(held)) reject(error);
        },
      };
      this.#held.add(held);
      for (const listener of this.#listeners) listener(held);
    });
  }

  /** Holds what the keeper names, until it is replaced; without one, everything passes and all held go on. */
  keep(keeper: GateKeeper | undefined): void {
    this.#keeper = keeper;
    if (keeper === undefined) for (const held of this.#held) held.release();
  }

  held(): readonly HeldPassage[] {
    return [...this.#held];
  }

  onHeld(listener: (held: HeldPassage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
