import type { Permission } from '../../services/family.ts';

/** What a request asks for, read from the wire alone: the things that it names live elsewhere. */
export interface Asked {
  /** For the trace. */
  readonly operation: string;
  readonly permissions: readonly Permission[];
  /** The path to send, where it is not the one that came. */
  readonly path?: string;
}

/** Why a request cannot be told: it is refused, since what has no name cannot be allowed. */
export class Unnamed extends Error {
  override readonly name = 'Unnamed';
}

/** Who asks, as far as ARNs need it. */
export interface Place {
  readonly account: string;
  readonly region: string;
}
