import type {
  ConflictChoice,
  DeviceConflict,
  NetworkState,
  SettledConflict,
  Settlement,
} from '../../../shared/device.ts';

/** The dataset that all stories are about. */
export const STORY_DATASET = 'story';

/** What a device shows of it. */
export interface Glimpse {
  /** `null` is a removed key. */
  readonly values: ReadonlyMap<string, string | null>;
  readonly unsent: number;
  /** What waits for a person. */
  readonly conflicts: readonly DeviceConflict[];
  /** What the last synchronise settled. */
  readonly settled: readonly SettledConflict[];
  readonly merged: readonly string[];
}

/**
 * Where stories are played: devices of one user and a store. What a device cannot do for want of a network is
 * rejected with an error named `NetworkError`.
 */
export interface World {
  isGuest(device: number): boolean;
  glimpse(device: number): Promise<Glimpse> | Glimpse;
  put(device: number, key: string, value: string): Promise<void>;
  remove(device: number, key: string): Promise<void>;
  synchronise(device: number): Promise<void>;
  /** Whoever comes second writes in the middle of what the first one does; a want of network of its own is its own. */
  race(device: number, second: number): Promise<void>;
  settle(device: number, choices: { readonly [key: string]: Settlement }): Promise<void>;
  signIn(device: number): Promise<void>;
  merge(device: number, from: string, keep: ConflictChoice): Promise<void>;
  deleteDataset(device: number): Promise<void>;
  /** Resolves once also what a network that came back set off is done. */
  network(device: number, change: Partial<NetworkState>): Promise<void>;
  restart(device: number): Promise<void>;
  advance(seconds: number): Promise<void>;
  /** The user's values on the store. */
  stored(): Promise<ReadonlyMap<string, string>>;
  /** Values that left the store with a dataset since this was asked last. */
  deletedValues(): readonly string[];
}
