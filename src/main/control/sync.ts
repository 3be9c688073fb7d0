import { z } from 'zod';
import {
  DATASET_MAX_BYTES,
  DATASET_MAX_RECORDS,
  IDENTITY_MAX_BYTES,
  IDENTITY_MAX_DATASETS,
} from '../../shared/sync-wire.ts';
import type {
  DatasetOverview,
  DatasetView,
  IdentityOverview,
  KeyChange,
  RecordView,
  SyncLimitsView,
  SyncPoolView,
} from '../../shared/sync-views.ts';
import { createDeveloperClients } from '../devices/client.ts';
import { asBenchError } from '../devices/failure.ts';
import { BenchError } from '../kernel/fault.ts';
import { pageToken, readPageToken } from '../kernel/paging.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<
  Services,
  'config' | 'datasets' | 'identities' | 'identityPools' | 'pushSubscriptions' | 'syncOverview'
>;
type Dataset = NonNullable<ReturnType<Services['datasets']['find']>>;

const MOST_DATASETS = 1000;
const KEY_HISTORY = 100;

const place = { identityId: z.string(), name: z.string() };
const patch = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('replace'),
    key: z.string(),
    value: z.string(),
    syncCount: z.number().int().optional(),
  }),
  z.strictObject({ op: z.literal('remove'), key: z.string(), syncCount: z.number().int().optional() }),
]);

/** The sync store as people look at it, and a developer's hand in it: by AWS's own calls, so that the trace has them. */
export function syncActions(services: Needs, url: () => string): Action[] {
  const { config, datasets, identities, identityPools, pushSubscriptions, syncOverview } = services;

  const requireIdentity = (account: string, id: string) => {
    const identity = identities.find(account, id);
    if (!identity) throw new BenchError('NotFound', `There is no identity ${id}.`, 404);
    return identity;
  };

  const requireDataset = (account: string, identityId: string, name: string): Dataset => {
    requireIdentity(account, identityId);
    const dataset = datasets.find(identityId, name);
    if (!dataset) throw new BenchError('NotFound', `The identity never had a dataset ${name}.`, 404);
    return dataset;
  };

  const overview = (dataset: Dataset, merged: ReadonlyMap<string, string>): DatasetOverview => {
    const reportedAs = merged.get(dataset.name);
    return {
      name: dataset.name,
      syncCount: dataset.syncCount,
      records: dataset.recordCount,
      bytes: dataset.bytes,
      createdAt: new Date(dataset.createdAt).toISOString(),
      modifiedAt: new Date(dataset.modifiedAt).toISOString(),
      modifiedBy: dataset.modifiedBy,
      merged: datasets.mergedNames(dataset.identityId, dataset.name),
      ...(reportedAs === undefined ? {} : { reportedAs }),
    };
  };

  const mergedOf = (identityId: string): Map<string, string> =>
    new Map(syncOverview.merged(identityId).map(({ name, reportedAs }) => [name, reportedAs]));

  /** Runs as the account's developer, over the wire. */
  const asDeveloper = async <Answer>(
    account: string,
    identityPoolId: string,
    run: (sync: Awaited<ReturnType<typeof createDeveloperClients>>['sync']) => Promise<Answer>,
  ): Promise<Answer> => {
    const clients = await createDeveloperClients(url(), account, identityPoolId.split(':')[0]!);
    try {
      return await run(clients.sync);
    } catch (error) {
      throw asBenchError(error);
    } finally {
      clients.close();
    }
  };

  return [
    action({
      method: 'GET',
      path: '/sync/identities',
      summary:
        'Identities with what they keep, by id; `search` is a part of an id, `empty` includes those without data.',
      input: z.object({
        pool: z.string().optional(),
        search: z.string().max(100).optional(),
        empty: z.stringbool().default(false),
        nextToken: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      run({ pool, search, empty, nextToken, limit }, { account }) {
        const after = nextToken === undefined ? '' : readPageToken('sync-identities', nextToken);
        if (after === undefined) throw new BenchError('InvalidInput', 'nextToken: this is no token of this listing.');
        const found = syncOverview.identities(account, {
          after,
          withData: !empty,
          limit: limit + 1,
          ...(pool === undefined ? {} : { identityPoolId: pool }),
          ...(search === undefined ? {} : { search }),
        });
        const page = found.slice(0, limit).map((identity): IdentityOverview => ({
          identityId: identity.id,
          identityPoolId: identity.identityPoolId,
          isDisabled: identity.isDisabled === 1,
          ...(identity.mergedInto === null ? {} : { mergedInto: identity.mergedInto }),
          logins: identities.logins(identity.id).map(({ provider }) => provider),
          datasets: identity.datasets,
          bytes: identity.bytes,
          modifiedAt: identity.modifiedAt === null ? null : new Date(identity.modifiedAt).toISOString(),
        }));
        return {
          identities: page,
          ...(found.length > limit ? { nextToken: pageToken('sync-identities', page.at(-1)!.identityId) } : {}),
        };
      },
    }),
    action({
      method: 'GET',
      path: '/sync/identities/{identityId}/datasets',
      summary: 'The datasets of an identity, with counts and sizes against the limits.',
      input: z.object({ identityId: place.identityId }),
      run({ identityId }, { account }) {
        const { identityPoolId } = requireIdentity(account, identityId);
        const merged = mergedOf(identityId);
        return {
          identityPoolId,
          datasets: datasets.list(identityId, '', MOST_DATASETS).map((dataset) => overview(dataset, merged)),
          bytes: datasets.usage(identityId).bytes,
          limits: limitsOf(config.limits),
        };
      },
    }),
    action({
      method: 'GET',
      path: '/sync/identities/{identityId}/datasets/{name}',
      summary: 'A dataset with all its records, tombstones included, and the devices that are told of its changes.',
      input: z.object(place),
      run({ identityId, name }, { account }): DatasetView {
        const dataset = requireDataset(account, identityId, name);
        return {
          ...overview(dataset, mergedOf(identityId)),
          isPresent: dataset.isPresent,
          deletedAtCount: dataset.deletedAtCount,
          recordsByKey: datasets
            .changedSince(dataset.id, 0, '', undefined)
            .map((record): RecordView => ({
              key: record.key,
              value: record.value,
              syncCount: record.syncCount,
              bytes: Buffer.byteLength(record.key) + Buffer.byteLength(record.value ?? ''),
              modifiedAt: new Date(record.modifiedAt).toISOString(),
              modifiedBy: record.modifiedBy,
              deviceModifiedAt:
                record.deviceModifiedAt === null ? null : new Date(record.deviceModifiedAt).toISOString(),
            }))
            .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
          subscribers: pushSubscriptions
            .subscribers(identityId, name)
            .map(({ id, platform, token }) => ({ deviceId: id, platform, token })),
          limits: limitsOf(config.limits),
        };
      },
    }),
    action({
      method: 'GET',
      path: '/sync/identities/{identityId}/datasets/{name}/keys/{key}/history',
      summary: 'What the dataset’s last hundred writes made of a key, newest first.',
      input: z.object({ ...place, key: z.string() }),
      run({ identityId, name, key }, { account }): KeyChange[] {
        const dataset = requireDataset(account, identityId, name);
        return datasets.keyHistory(dataset.id, key, KEY_HISTORY).map((change) => ({
          syncCount: change.syncCount,
          value: change.value,
          at: new Date(change.modifiedAt).toISOString(),
          by: change.modifiedBy,
          isDeletion: change.operation === 'remove',
        }));
      },
    }),
    action({
      method: 'POST',
      path: '/sync/identities/{identityId}/datasets/{name}/records',
      summary:
        'Writes records as the developer, by ListRecords and UpdateRecords; a patch without syncCount goes by the store’s.',
      input: z.strictObject({ ...place, patches: z.array(patch).min(1).max(1024) }),
      run({ identityId, name, patches }, { account }) {
        const { identityPoolId: IdentityPoolId } = requireIdentity(account, identityId);
        const at = { IdentityPoolId, IdentityId: identityId, DatasetName: name };
        return asDeveloper(account, IdentityPoolId, async (sync) => {
          const { SyncSessionToken, Records = [] } = await sync.listRecords(at);
          const counts = new Map(Records.map(({ Key, SyncCount }) => [Key, SyncCount]));
          const answer = await sync.updateRecords({
            ...at,
            SyncSessionToken,
            RecordPatches: patches.map((change) => ({
              Op: change.op,
              Key: change.key,
              SyncCount: change.syncCount ?? counts.get(change.key) ?? 0,
              ...(change.op === 'replace' ? { Value: change.value } : {}),
            })),
          });
          return { syncCount: answer.Records?.[0]?.SyncCount ?? null };
        });
      },
    }),
    action({
      method: 'DELETE',
      path: '/sync/identities/{identityId}/datasets/{name}',
      summary: 'Deletes a dataset as the developer, by DeleteDataset.',
      input: z.object(place),
      run({ identityId, name }, { account }) {
        const { identityPoolId: IdentityPoolId } = requireIdentity(account, identityId);
        return asDeveloper(account, IdentityPoolId, async (sync) => {
          await sync.deleteDataset({ IdentityPoolId, IdentityId: identityId, DatasetName: name });
          return {};
        });
      },
    }),
    action({
      method: 'GET',
      path: '/sync/pools/{identityPoolId}',
      summary: 'What a pool’s sync is set to: push, streams, the function that sees writes, the last bulk publish.',
      input: z.object({ identityPoolId: z.string() }),
      run({ identityPoolId }, { account }): SyncPoolView {
        if (!identityPools.find(account, identityPoolId)) {
          throw new BenchError('NotFound', `There is no identity pool ${identityPoolId}.`, 404);
        }
        return poolView(datasets, identityPoolId);
      },
    }),
  ];
}

function poolView(datasets: Needs['datasets'], identityPoolId: string): SyncPoolView {
  const { pushSync, streams, streamsDisabledReason } = datasets.settings(identityPoolId);
  const { bytes, finishedSessions } = datasets.poolUsage(identityPoolId);
  const last = datasets.bulkPublish(identityPoolId);
  return {
    bytes,
    finishedSessions,
    applications: pushSync?.ApplicationArns ?? [],
    ...(streams?.StreamName ? { streamName: streams.StreamName } : {}),
    isStreaming: streams?.StreamingStatus === 'ENABLED',
    ...(streamsDisabledReason === undefined ? {} : { streamsDisabledReason }),
    events: datasets.events(identityPoolId),
    bulkPublish: {
      status: last?.status ?? 'NOT_STARTED',
      ...(last ? { startedAt: new Date(last.startedAt).toISOString() } : {}),
      ...(last?.completedAt === undefined ? {} : { completedAt: new Date(last.completedAt).toISOString() }),
      ...(last?.failureMessage === undefined ? {} : { failureMessage: last.failureMessage }),
    },
  };
}

function limitsOf(mode: 'seed' | 'current' | 'off'): SyncLimitsView {
  return mode === 'off'
    ? { datasetBytes: null, datasetRecords: null, identityBytes: null, identityDatasets: null }
    : {
        datasetBytes: DATASET_MAX_BYTES,
        datasetRecords: DATASET_MAX_RECORDS,
        identityBytes: IDENTITY_MAX_BYTES,
        identityDatasets: IDENTITY_MAX_DATASETS,
      };
}
