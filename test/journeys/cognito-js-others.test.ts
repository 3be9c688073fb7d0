import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { CognitoSync } from '@aws-sdk/client-cognito-sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceApp } from '../../src/shared/device.ts';
import { addDevice, addSignedIn, addUser, makePools, prefs, valuesOf } from '../devices/scene.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../harness/bench.ts';

/* The same stories with the clients that are still made: the AWS SDK v3 and the AWS command line, beside a device. */

const hasCommandLine = spawnSync('aws', ['--version']).status === 0;

let bench: TestBench;
let app: DeviceApp & Required<DeviceApp>;
beforeAll(async () => {
  bench = await startBench({ clock: 'real' });
  app = await makePools(bench);
});
afterAll(() => bench.stop());

async function deviceWith(username: string, values: { readonly [key: string]: string }) {
  await addUser(bench, app, username);
  const device = await addSignedIn(bench, 'Phone A', app, username);
  for (const [key, value] of Object.entries(values)) await device.act({ do: 'put', dataset: 'prefs', key, value });
  const state = await device.act({ do: 'synchronize', dataset: 'prefs' });
  const place = { IdentityPoolId: app.identityPoolId, IdentityId: state.identity!.identityId, DatasetName: 'prefs' };
  return { device, place };
}

describe('the AWS SDK v3 beside a device', () => {
  it('[DV-JS-1] lists, updates, meets a conflict and deletes', async () => {
    const { device, place } = await deviceWith('sdk', { volume: '11', theme: 'dark' });
    const sync = new CognitoSync(bench.sdk);
    const { Datasets } = await sync.listDatasets(place);
    expect(Datasets).toMatchObject([{ DatasetName: 'prefs', NumRecords: 2 }]);

    const page = await sync.listRecords({ ...place, MaxResults: 1 });
    expect(page).toMatchObject({ Count: 1, DatasetSyncCount: 1, DatasetExists: true });
    const rest = await sync.listRecords({
      ...place,
      MaxResults: 1,
      NextToken: page.NextToken,
      SyncSessionToken: page.SyncSessionToken,
    });
    expect(new Set([...page.Records!, ...rest.Records!].map(({ Key }) => Key))).toEqual(new Set(['theme', 'volume']));

    await device.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '7' });
    const written = await sync.updateRecords({
      ...place,
      SyncSessionToken: rest.SyncSessionToken,
      RecordPatches: [{ Op: 'replace', Key: 'volume', Value: '9', SyncCount: 1 }],
    });
    expect(written.Records).toMatchObject([{ Key: 'volume', Value: '9', SyncCount: 2, LastModifiedBy: ACCOUNT }]);

    const asked = await device.act({ do: 'synchronize', dataset: 'prefs', resolver: 'ask' });
    expect(prefs(asked).conflicts).toMatchObject([
      {
        key: 'volume',
        base: { value: '11', syncCount: 1 },
        local: { value: '7' },
        remote: { value: '9', modifiedBy: ACCOUNT },
      },
    ]);
    await device.act({ do: 'resolve', dataset: 'prefs', choices: { volume: { value: '8' } } });
    const { Records } = await sync.listRecords({ ...place, LastSyncCount: 2 });
    expect(Records).toMatchObject([{ Key: 'volume', Value: '8', SyncCount: 3 }]);

    await sync.deleteDataset(place);
    expect(valuesOf(await device.act({ do: 'synchronize', dataset: 'prefs' }))).toEqual({});
  });
});

describe.skipIf(!hasCommandLine)('the AWS command line beside a device', () => {
  const aws = async <Answer>(...words: readonly string[]): Promise<Answer> => {
    const { stdout } = await promisify(execFile)(
      'aws',
      ['cognito-sync', ...words, '--endpoint-url', bench.url, '--output', 'json'],
      {
        env: {
          ...process.env,
          AWS_ACCESS_KEY_ID: ACCOUNT,
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_DEFAULT_REGION: REGION,
          AWS_CONFIG_FILE: '/dev/null',
          AWS_MAX_ATTEMPTS: '1',
          AWS_PAGER: '',
        },
      },
    );
    return JSON.parse(stdout) as Answer;
  };

  it('[DV-JS-1] lists and updates what a device synchronised', { timeout: 60_000 }, async () => {
    const { device, place } = await deviceWith('cli', { volume: '11' });
    const where = ['--identity-pool-id', place.IdentityPoolId, '--identity-id', place.IdentityId];
    const dataset = [...where, '--dataset-name', 'prefs'];
    expect(await aws('list-datasets', ...where)).toMatchObject({ Count: 1, Datasets: [{ DatasetName: 'prefs' }] });
    expect(await aws('describe-dataset', ...dataset)).toMatchObject({ Dataset: { NumRecords: 1, DataStorage: 8 } });

    const { SyncSessionToken } = await aws<{ SyncSessionToken: string }>('list-records', ...dataset);
    const patch = JSON.stringify([{ Op: 'replace', Key: 'volume', Value: '5', SyncCount: 1 }]);
    const update = ['update-records', ...dataset, '--record-patches', patch, '--sync-session-token'];
    expect(await aws(...update, SyncSessionToken)).toMatchObject({ Records: [{ Key: 'volume', SyncCount: 2 }] });
    await expect(aws(...update, SyncSessionToken)).rejects.toMatchObject({
      stderr: expect.stringContaining('SyncSessionToken not valid for these inputs') as string,
    });
    expect(valuesOf(await device.act({ do: 'synchronize', dataset: 'prefs' }))).toEqual({ volume: '5' });
  });
});

it('[DV-JS-1] a guest’s device and a stranger’s SDK keep apart', async () => {
  const guest = await addDevice(bench, 'Guest', app);
  const { identity } = await guest.act({ do: 'get-credentials' });
  const sync = new CognitoSync(bench.sdkFor('222222222222'));
  const place = { IdentityPoolId: app.identityPoolId, IdentityId: identity!.identityId };
  await expect(sync.listDatasets(place)).rejects.toThrow('not valid for accessing');
});
