import {
  DeleteDatasetCommand,
  DescribeDatasetCommand,
  DescribeIdentityPoolUsageCommand,
  DescribeIdentityUsageCommand,
  GetIdentityPoolConfigurationCommand,
  ListDatasetsCommand,
  ListIdentityPoolUsageCommand,
  ListRecordsCommand,
  SetIdentityPoolConfigurationCommand,
  UpdateRecordsCommand,
  type CognitoSyncClient,
} from '@aws-sdk/client-cognito-sync';
import { CognitoIdentityClient, DeleteIdentitiesCommand } from '@aws-sdk/client-cognito-identity';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { asIdentity, createGuest, createPool, developer, replace, write, type Place } from './setup.ts';

let bench: TestBench;
let poolId: string;
let place: Place;
let phone: CognitoSyncClient;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

beforeEach(async () => {
  poolId = await createPool(bench);
  place = await createGuest(bench, poolId);
  phone = await asIdentity(bench, place);
});

const DatasetName = 'settings';
const list = (input: object = {}) => phone.send(new ListRecordsCommand({ ...place, DatasetName, ...input }));

const NOT_VALID = {
  name: 'NotAuthorizedException',
  message: 'These credentials are not valid for accessing this resource',
  $metadata: { httpStatusCode: 403 },
};
const NOT_FOUND = {
  name: 'ResourceNotFoundException',
  $metadata: { httpStatusCode: 404 },
};

describe('reach', () => {
  it('[SY-ACCESS-2] keeps an identity’s credentials from another identity’s data', async () => {
    const other = await createGuest(bench, poolId);
    await write(developer(bench), other, DatasetName, [replace('secret', '1')]);
    const { SyncSessionToken } = await developer(bench).send(new ListRecordsCommand({ ...other, DatasetName }));
    for (const refused of [
      phone.send(new ListRecordsCommand({ ...other, DatasetName })),
      phone.send(new ListDatasetsCommand(other)),
      phone.send(new DescribeDatasetCommand({ ...other, DatasetName })),
      phone.send(new DeleteDatasetCommand({ ...other, DatasetName })),
      phone.send(new DescribeIdentityUsageCommand(other)),
      phone.send(
        new UpdateRecordsCommand({
          ...other,
          DatasetName,
          SyncSessionToken,
          RecordPatches: [replace('secret', '2', 1)],
        }),
      ),
    ]) {
      await expect(refused).rejects.toMatchObject(NOT_VALID);
    }
    const kept = await developer(bench).send(new ListRecordsCommand({ ...other, DatasetName }));
    expect(kept.Records).toMatchObject([{ Value: '1', SyncCount: 1 }]);
  });

  it('[SY-ACCESS-2] keeps them from another pool too', async () => {
    const otherPool = await createPool(bench);
    await expect(
      phone.send(new ListDatasetsCommand({ IdentityPoolId: otherPool, IdentityId: place.IdentityId })),
    ).rejects.toMatchObject(NOT_VALID);
  });

  it('[SY-ACCESS-1] keeps them from what is the developer’s', async () => {
    const pool = { IdentityPoolId: poolId };
    await expect(phone.send(new DescribeIdentityPoolUsageCommand(pool))).rejects.toMatchObject(NOT_VALID);
    await expect(phone.send(new ListIdentityPoolUsageCommand({}))).rejects.toMatchObject(NOT_VALID);
    await expect(phone.send(new GetIdentityPoolConfigurationCommand(pool))).rejects.toMatchObject(NOT_VALID);
    await expect(phone.send(new SetIdentityPoolConfigurationCommand(pool))).rejects.toMatchObject(NOT_VALID);
  });

  it('[SY-ACCESS-4] keeps another account from this one’s pools', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    const stranger = developer(bench, '111122223333');
    await expect(stranger.send(new ListRecordsCommand({ ...place, DatasetName }))).rejects.toMatchObject(NOT_VALID);
    await expect(stranger.send(new DeleteDatasetCommand({ ...place, DatasetName }))).rejects.toMatchObject(NOT_VALID);
    await expect(stranger.send(new DescribeIdentityPoolUsageCommand({ IdentityPoolId: poolId }))).rejects.toMatchObject(
      NOT_VALID,
    );
    expect((await stranger.send(new ListIdentityPoolUsageCommand({}))).IdentityPoolUsages).toEqual([]);
  });

  it('[SY-ACCESS-3] knows no pool or identity that does not exist', async () => {
    const nobody = 'us-east-1:00000000-0000-4000-8000-000000000000';
    const client = developer(bench);
    await expect(
      client.send(new DescribeDatasetCommand({ ...place, IdentityId: nobody, DatasetName })),
    ).rejects.toMatchObject({ ...NOT_FOUND, message: `Identity '${nobody}' not found.` });
    await expect(
      client.send(new DescribeDatasetCommand({ ...place, IdentityPoolId: nobody, DatasetName })),
    ).rejects.toMatchObject({ ...NOT_FOUND, message: `IdentityPool '${nobody}' not found.` });
    await expect(client.send(new ListDatasetsCommand({ ...place, IdentityId: nobody }))).rejects.toMatchObject(
      NOT_VALID,
    );
    const otherPool = await createPool(bench);
    await expect(
      client.send(new DescribeDatasetCommand({ ...place, IdentityPoolId: otherPool, DatasetName })),
    ).rejects.toMatchObject(NOT_FOUND);
  });

  it('[SY-ACCESS-5] refuses the credentials of an identity that was merged away', async () => {
    const { services } = bench;
    const survivor = await createGuest(bench, poolId);
    await list();
    services.store.write(() => services.identities.merge(place.IdentityId, survivor.IdentityId, services.clock.now()));
    await expect(list()).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: `Access to Identity '${place.IdentityId}' is forbidden.`,
    });
  });
});

describe('datasets', () => {
  it('[SY-DATASET-1] lists them by name, in pages', async () => {
    expect(await phone.send(new ListDatasetsCommand(place))).toMatchObject({ Datasets: [], Count: 0 });
    for (const name of ['c', 'a', 'b']) await write(phone, place, name, [replace('k', name)]);
    const first = await phone.send(new ListDatasetsCommand({ ...place, MaxResults: 2 }));
    expect(first.Datasets?.map((dataset) => dataset.DatasetName)).toEqual(['a', 'b']);
    const rest = await phone.send(new ListDatasetsCommand({ ...place, NextToken: first.NextToken }));
    expect(rest.Datasets).toMatchObject([
      {
        DatasetName: 'c',
        IdentityId: place.IdentityId,
        NumRecords: 1,
        DataStorage: 2,
        LastModifiedBy: place.IdentityId,
        CreationDate: expect.any(Date) as Date,
        LastModifiedDate: expect.any(Date) as Date,
      },
    ]);
    expect(rest.NextToken).toBeUndefined();
    await expect(phone.send(new ListDatasetsCommand({ ...place, NextToken: 'made-up' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('[SY-DATASET-2] [SY-DATASET-3] describes one until it is deleted', async () => {
    const described = () => phone.send(new DescribeDatasetCommand({ ...place, DatasetName }));
    await expect(described()).rejects.toMatchObject(NOT_FOUND);
    await write(phone, place, DatasetName, [replace('k', 'value')]);
    expect((await described()).Dataset).toMatchObject({ DatasetName, NumRecords: 1, DataStorage: 6 });

    const { Dataset } = await phone.send(new DeleteDatasetCommand({ ...place, DatasetName }));
    expect(Dataset).toMatchObject({ DatasetName, NumRecords: 1, DataStorage: 6 });
    await expect(described()).rejects.toMatchObject(NOT_FOUND);
    await expect(phone.send(new DeleteDatasetCommand({ ...place, DatasetName }))).rejects.toMatchObject(NOT_FOUND);
    expect((await phone.send(new ListDatasetsCommand(place))).Datasets).toEqual([]);
  });

  it('[SY-LIST-6] [SY-DATASET-3] tells clients of a deletion, and goes on counting in the next life', async () => {
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await phone.send(new DeleteDatasetCommand({ ...place, DatasetName }));
    expect(await list({ LastSyncCount: 1 })).toMatchObject({
      Records: [],
      DatasetExists: false,
      DatasetDeletedAfterRequestedSyncCount: true,
    });
    expect(await list()).toMatchObject({ DatasetExists: false, DatasetDeletedAfterRequestedSyncCount: false });

    // Clients send the dataset's old count for a key that they add again.
    await write(phone, place, DatasetName, [replace('b', '2', 1)]);
    const answer = await list({ LastSyncCount: 1 });
    expect(answer).toMatchObject({
      DatasetExists: true,
      DatasetDeletedAfterRequestedSyncCount: true,
      DatasetSyncCount: 3,
      Records: [{ Key: 'b', SyncCount: 3 }],
    });
    expect(answer.Count).toBe(1);
    expect(await list({ LastSyncCount: 3 })).toMatchObject({ DatasetDeletedAfterRequestedSyncCount: false });
  });
});

describe('a merged guest', () => {
  const adopt = (from: string, into: string) =>
    bench.services.store.write(() =>
      bench.services.adoption.adopt({
        account: '000000000000',
        identityPoolId: poolId,
        from,
        into,
        now: bench.services.clock.now(),
      }),
    );

  it('[SY-MERGE-1] [SY-MERGE-2] leaves datasets under suffixed names that are reported until they are deleted', async () => {
    const user = await createGuest(bench, poolId);
    const client = await asIdentity(bench, user);
    await write(phone, place, DatasetName, [replace('theme', 'dark')]);
    await write(phone, place, DatasetName, [replace('size', '12'), replace('theme', 'light', 1)]);
    await write(client, user, DatasetName, [replace('theme', 'blue')]);

    adopt(place.IdentityId, user.IdentityId);
    const merged = `${DatasetName}.${place.IdentityId}`;
    const report = () => client.send(new ListRecordsCommand({ ...user, DatasetName }));
    expect(await report()).toMatchObject({ MergedDatasetNames: [merged], Records: [{ Value: 'blue' }] });
    const waiting = await client.send(new ListRecordsCommand({ ...user, DatasetName: merged }));
    expect(waiting).toMatchObject({ DatasetSyncCount: 1, DatasetExists: true, Count: 2 });
    expect(waiting.Records?.map(({ Key, SyncCount }) => [Key, SyncCount])).toEqual([
      ['size', 1],
      ['theme', 1],
    ]);
    expect((await phone.send(new ListDatasetsCommand(place))).Datasets).toEqual([]);

    await client.send(new DeleteDatasetCommand({ ...user, DatasetName: merged }));
    expect((await report()).MergedDatasetNames ?? []).toEqual([]);
  });

  it('[SY-MERGE-2] is reported where the user has no such dataset, and beside other merges', async () => {
    const second = await createGuest(bench, poolId);
    const user = await createGuest(bench, poolId);
    await write(phone, place, DatasetName, [replace('a', '1')]);
    await write(developer(bench), second, DatasetName, [replace('a', '2')]);
    adopt(place.IdentityId, second.IdentityId);
    adopt(second.IdentityId, user.IdentityId);

    const answer = await developer(bench).send(new ListRecordsCommand({ ...user, DatasetName }));
    expect(answer).toMatchObject({ DatasetExists: false, DatasetSyncCount: 0, Count: 0 });
    expect(answer.MergedDatasetNames?.toSorted()).toEqual(
      [`${DatasetName}.${second.IdentityId}`, `${DatasetName}.${place.IdentityId}.${second.IdentityId}`].toSorted(),
    );
  });

  it('[SY-MERGE-1] cuts names that would be too long to be asked for', async () => {
    const user = await createGuest(bench, poolId);
    const long = 'x'.repeat(128);
    await write(phone, place, long, [replace('a', '1')]);
    await write(phone, place, `${'x'.repeat(127)}y`, [replace('a', '2')]);
    adopt(place.IdentityId, user.IdentityId);
    const { Datasets } = await developer(bench).send(new ListDatasetsCommand(user));
    expect(Datasets).toHaveLength(2);
    for (const dataset of Datasets!) {
      expect(dataset.DatasetName!.length).toBeLessThanOrEqual(128);
      expect(dataset.DatasetName).toMatch(new RegExp(`\\.${place.IdentityId}$`));
    }
    const report = await developer(bench).send(new ListRecordsCommand({ ...user, DatasetName: long }));
    expect(report.MergedDatasetNames).toHaveLength(1);
  });
});

describe('usage', () => {
  it('[SY-USAGE-1] [SY-USAGE-2] follows writes, deletions, merges and deleted identities', async () => {
    const client = developer(bench);
    const pool = async () =>
      (await client.send(new DescribeIdentityPoolUsageCommand({ IdentityPoolId: poolId }))).IdentityPoolUsage;
    expect(await pool()).toMatchObject({ IdentityPoolId: poolId, DataStorage: 0, SyncSessionsCount: 0 });

    const other = await createGuest(bench, poolId);
    await write(phone, place, 'one', [replace('ab', 'cd')]);
    await write(phone, place, 'two', [replace('ab', '')]);
    await write(client, other, 'one', [replace('a', 'b')]);
    expect((await phone.send(new DescribeIdentityUsageCommand(place))).IdentityUsage).toMatchObject({
      ...place,
      DatasetCount: 2,
      DataStorage: 6,
      LastModifiedDate: expect.any(Date) as Date,
    });
    expect(await pool()).toMatchObject({ DataStorage: 8, SyncSessionsCount: 3 });

    await phone.send(new DeleteDatasetCommand({ ...place, DatasetName: 'two' }));
    expect(await pool()).toMatchObject({ DataStorage: 6 });
    await new CognitoIdentityClient(bench.sdk).send(
      new DeleteIdentitiesCommand({ IdentityIdsToDelete: [other.IdentityId] }),
    );
    expect(await pool()).toMatchObject({ DataStorage: 4 });
  });

  it('[SY-USAGE-3] lists the pools of the account in pages', async () => {
    const account = '222233334444';
    const client = developer(bench, account);
    const identity = { ...bench, sdk: bench.sdkFor(account) };
    const ids = [await createPool(identity), await createPool(identity), await createPool(identity)].toSorted();
    const first = await client.send(new ListIdentityPoolUsageCommand({ MaxResults: 2 }));
    expect(first).toMatchObject({ Count: 2, MaxResults: 2 });
    const rest = await client.send(new ListIdentityPoolUsageCommand({ MaxResults: 2, NextToken: first.NextToken }));
    expect([...first.IdentityPoolUsages!, ...rest.IdentityPoolUsages!].map((pool) => pool.IdentityPoolId)).toEqual(ids);
    expect(rest.NextToken).toBeUndefined();
  });
});
