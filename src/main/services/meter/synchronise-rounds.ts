import type { MeteredSync } from '../services.ts';

/**
 * Tells from the calls alone where one synchronise() of an SDK ends and the next begins. The SDKs list again after
 * records came in, after a conflict, and amazon-cognito-js also after a write; those listings belong to the call that
 * is under way. [MT-SYNC-2]
 */
export class SynchroniseRounds {
  readonly #rounds = new Map<string, Round>();

  /** A listing that began a session. @returns whether it began a synchronise() */
  began(sync: MeteredSync, foundRecords: boolean, at: number): boolean {
    const known = this.#find(sync, at);
    const goesOn = known?.state === 'open' || known?.state === 'written';
    const confirms = known?.state === 'written' && !foundRecords;
    this.#put(sync, { state: foundRecords ? 'open' : confirms ? 'confirming' : 'listed', at });
    return !goesOn;
  }

  /** A write that was taken. @returns whether it shows that a synchronise() began that was not counted */
  wrote(sync: MeteredSync, at: number): boolean {
    // The listing after a write was no confirmation, then, but began a call of its own.
    const isNew = this.#find(sync, at)?.state === 'confirming';
    this.#put(sync, { state: 'written', at });
    return isNew;
  }

  /** A write that met a conflict: the SDK lists again. */
  conflicted(sync: MeteredSync, at: number): void {
    this.#put(sync, { state: 'open', at });
  }

  clear(): void {
    this.#rounds.clear();
  }

  #find(sync: MeteredSync, at: number): Round | undefined {
    const round = this.#rounds.get(keyOf(sync));
    return round && Math.abs(at - round.at) <= PATIENCE ? round : undefined;
  }

  #put(sync: MeteredSync, round: Round): void {
    const key = keyOf(sync);
    this.#rounds.delete(key);
    this.#rounds.set(key, round);
    if (this.#rounds.size <= MOST) return;
    const [oldest] = this.#rounds.keys();
    this.#rounds.delete(oldest!);
  }
}

interface Round {
  readonly state: 'open' | 'listed' | 'written' | 'confirming';
  readonly at: number;
}

/** An app that was silent for a minute is not in the middle of a synchronise(). */
const PATIENCE = 60_000;
const MOST = 10_000;

function keyOf({ account, identityId, datasetName, caller }: MeteredSync): string {
  return `${account}\n${identityId}\n${datasetName}\n${caller}`;
}
