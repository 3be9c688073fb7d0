import type { CognitoSync, _Record as SdkRecord } from '@aws-sdk/client-cognito-sync';
import type { RemoteRecord } from './sync-engine/changes.ts';
import type { SyncTransport } from './sync-engine/engine.ts';

/** What mobile SDKs ask for in one page. */
const PAGE_SIZE = 1024;

/** The sync engine's transport over the AWS SDK: the wire of cognito-sync in the engine's words. */
export function createSyncTransport(
  client: CognitoSync,
  identity: {
    readonly identityPoolId: string;
    readonly identityId: string;
    /** From RegisterDevice: the store leaves this device out when it pushes. */
    readonly pushDeviceId?: string;
  },
): SyncTransport {
  const place = (dataset: string) => ({
    IdentityPoolId: identity.identityPoolId,
    IdentityId: identity.identityId,
    DatasetName: dataset,
  });
  return {
    async listRecords(dataset, { lastSyncCount, sessionToken, nextToken }) {
      const page = await client.listRecords({
        ...place(dataset),
        LastSyncCount: lastSyncCount,
        MaxResults: PAGE_SIZE,
        SyncSessionToken: sessionToken,
        NextToken: nextToken,
      });
      return {
        records: (page.Records ?? []).map(readRecord),
        datasetSyncCount: page.DatasetSyncCount ?? 0,
        exists: page.DatasetExists ?? false,
        deletedSince: page.DatasetDeletedAfterRequestedSyncCount ?? false,
        mergedDatasetNames: page.MergedDatasetNames ?? [],
        sessionToken: page.SyncSessionToken ?? '',
        ...(page.NextToken ? { nextToken: page.NextToken } : {}),
      };
    },
    async updateRecords(dataset, patches, sessionToken) {
      const answer = await client.updateRecords({
        ...place(dataset),
        SyncSessionToken: sessionToken,
        DeviceId: identity.pushDeviceId,
        RecordPatches: patches.map((patch) => ({
          Op: patch.op,
          Key: patch.key,
          Value: patch.value,
          SyncCount: patch.syncCount,
          DeviceLastModifiedDate: new Date(patch.modifiedAt),
        })),
      });
      return (answer.Records ?? []).map(readRecord);
    },
    async deleteDataset(dataset) {
      await client.deleteDataset(place(dataset));
    },
  };
}

function readRecord(record: SdkRecord): RemoteRecord {
  return {
    key: record.Key ?? '',
    value: record.Value ?? null,
    syncCount: record.SyncCount ?? 0,
    modifiedAt: record.LastModifiedDate?.getTime() ?? 0,
    ...(record.LastModifiedBy ? { modifiedBy: record.LastModifiedBy } : {}),
  };
}
