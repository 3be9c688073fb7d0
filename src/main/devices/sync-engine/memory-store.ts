import type { Patch, RemoteRecord } from './changes.ts';
import type { RecordsPage, SyncTransport } from './engine.ts';

/*
 * A sync store in a few maps: what a device must be able to rely on, as the documents tell it, for stories that
 * are played a thousand times and for a look ahead. It is written from the client's side, and shares nothing with
 * the service.
 */

interface StoredDataset {
  readonly records: Map<string, RemoteRecord>;
  syncCount: number;
  exists: boolean;
  deletedAtCount: number;
  /** Where it is reported as merged. */
  reportedOn?: string;
}

/** An answer of the store that is an error; its name is AWS's. */
class StoreRefusal extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

export class MemoryStore {
  readonly #now: () => number;
  readonly #identities = new Map<string, Map<string, StoredDataset>>();
  readonly #sessions = new Map<string, string>();
  #lastSession = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The store as a client of this identity reaches it. */
  transport(identityId: string, by: string): SyncTransport {
    return {
      listRecords: async (dataset, { lastSyncCount, sessionToken }) =>
        this.#list(identityId, dataset, lastSyncCount, sessionToken),
      updateRecords: async (dataset, patches, sessionToken) =>
        this.#update(identityId, dataset, patches, sessionToken, by),
      deleteDataset: async (dataset) => this.#delete(identityId, dataset),
    };
  }

  /** Puts a dataset there as it is known to be. */
  fill(identityId: string, name: string, records: readonly RemoteRecord[], syncCount: number): void {
    const dataset = this.#dataset(identityId, name);
    for (const record of records) dataset.records.set(record.key, record);
    dataset.syncCount = syncCount;
    dataset.exists = true;
  }

  /** One identity was merged into another: its datasets are reported on their names until they are deleted. */
  adopt(from: string, into: string): void {
    for (const [name, { records, exists, reportedOn = name }] of this.#identities.get(from) ?? []) {
      if (!exists) continue;
      const merged = this.#dataset(into, `${name}.${from}`);
      for (const record of records.values()) merged.records.set(record.key, { ...record, syncCount: 1 });
      Object.assign(merged, { syncCount: 1, exists: true, reportedOn });
    }
    this.#identities.delete(from);
  }

  values(identityId: string, name: string): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    for (const { key, value } of this.#dataset(identityId, name).records.values()) {
      if (value !== null) values.set(key, value);
    }
    return values;
  }

  #list(identityId: string, name: string, since: number, sessionToken: string | undefined): RecordsPage {
    const dataset = this.#dataset(identityId, name);
    if (since > dataset.syncCount) {
      throw new StoreRefusal('InvalidParameterException', `No such SyncCount: ${since} exists for this Dataset`);
    }
    const mergedDatasetNames = [...this.#of(identityId)]
      .filter(([, { exists, reportedOn }]) => exists && reportedOn === name)
      .map(([merged]) => merged);
    return {
      records: [...dataset.records.values()].filter(({ syncCount }) => syncCount > since),
      datasetSyncCount: dataset.syncCount,
      exists: dataset.exists,
      deletedSince: since > 0 && since < dataset.deletedAtCount,
      mergedDatasetNames,
      sessionToken: sessionToken ?? this.#openSession(identityId, name),
    };
  }

  #update(
    identityId: string,
    name: string,
    patches: readonly Patch[],
    sessionToken: string,
    by: string,
  ): RemoteRecord[] {
    if (this.#sessions.get(sessionToken) !== `${identityId} ${name}`) {
      throw new StoreRefusal('InvalidParameterException', 'SyncSessionToken not valid for these inputs');
    }
    const dataset = this.#dataset(identityId, name);
    for (const { key, syncCount } of patches) {
      const current = dataset.records.get(key)?.syncCount ?? 0;
      if (syncCount < current) {
        throw new StoreRefusal(
          'ResourceConflictException',
          `Current SyncCount for: ${key} is: ${current} not: ${syncCount}`,
        );
      }
    }
    this.#sessions.delete(sessionToken);
    dataset.syncCount += 1;
    dataset.exists = true;
    return patches.map(({ key, value = null }) => {
      const record = { key, value, syncCount: dataset.syncCount, modifiedAt: this.#now(), modifiedBy: by };
      dataset.records.set(key, record);
      return record;
    });
  }

  #delete(identityId: string, name: string): void {
    const dataset = this.#dataset(identityId, name);
    if (!dataset.exists) throw new StoreRefusal('ResourceNotFoundException', `There is no dataset ${name}`);
    dataset.records.clear();
    dataset.exists = false;
    dataset.syncCount += 1;
    dataset.deletedAtCount = dataset.syncCount;
    delete dataset.reportedOn;
  }

  #openSession(identityId: string, name: string): string {
    const token = `session-${(this.#lastSession += 1)}`;
    this.#sessions.set(token, `${identityId} ${name}`);
    return token;
  }

  #of(identityId: string): Map<string, StoredDataset> {
    let datasets = this.#identities.get(identityId);
    if (!datasets) this.#identities.set(identityId, (datasets = new Map<string, StoredDataset>()));
    return datasets;
  }

  #dataset(identityId: string, name: string): StoredDataset {
    const datasets = this.#of(identityId);
    let dataset = datasets.get(name);
    if (!dataset) {
      dataset = { records: new Map(), syncCount: 0, exists: false, deletedAtCount: 0 };
      datasets.set(name, dataset);
    }
    return dataset;
  }
}
