import type { SettledConflict } from '../../../shared/device.ts';

/**
 * What became of every write of a story. Each has a value of its own, so that a value tells the write. A write may
 * only go when somebody who saw it wrote over it, when a conflict showed it, or with a dataset that was deleted.
 */
export class Ledger {
  /** Every write, and the key that it was made to. */
  readonly #writes = new Map<string, string>();
  readonly #guestWrites = new Set<string>();
  /** Written over, or removed, by somebody who saw it. */
  readonly #replaced = new Set<string>();
  /** Gone, and for a reason that somebody could see. */
  readonly #accounted = new Set<string>();
  /** Replaced once, and brought back before somebody's eyes. */
  readonly #broughtBack = new Set<string>();

  write(key: string, value: string | null, over: string | null | undefined, asGuest: boolean): void {
    if (value !== null) this.#writes.set(value, key);
    if (value !== null && asGuest) this.#guestWrites.add(value);
    if (over == null) return;
    this.#replaced.add(over);
    this.#accounted.add(over);
    this.#broughtBack.delete(over);
  }

  /** A conflict was shown, to a person or to a resolver; `kept` may be a third value. */
  settled(conflict: SettledConflict): void {
    const { key, local, remote, kept } = conflict;
    for (const side of [local.value, remote.value]) if (side !== null && side !== kept) this.#accounted.add(side);
    if (kept === null) return;
    if (!this.#writes.has(kept)) this.#writes.set(kept, key);
    this.#broughtBack.add(kept);
  }

  /** Whoever merges a guest's dataset sees both sides, and says which one stays. */
  merged(values: Iterable<string>): void {
    for (const value of [...values, ...this.#guestWrites]) {
      this.#accounted.add(value);
      this.#broughtBack.add(value);
    }
  }

  /** They went with a dataset; a device that has one of them unsent brings it back. */
  deleted(values: Iterable<string>): void {
    for (const value of values) this.#accounted.add(value);
    // What was written over in the life before may come back with a device that never heard of it.
    for (const value of this.#replaced) this.#broughtBack.add(value);
  }

  /** What is wrong with this end, in a sentence; nothing when every write is accounted for. */
  objection(end: ReadonlyMap<string, string>): string | undefined {
    for (const [value, key] of this.#writes) {
      if (end.get(key) === value || this.#accounted.has(value)) continue;
      return `${value} was written to ${key} and is gone, though nobody wrote over it and no conflict showed it`;
    }
    for (const [key, value] of end) {
      if (this.#replaced.has(value) && !this.#broughtBack.has(value)) {
        return `${key} is ${value} again, though it was written over and no conflict showed it`;
      }
    }
    return undefined;
  }
}
