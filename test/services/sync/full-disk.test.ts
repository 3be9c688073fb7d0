import {
  DeleteDatasetCommand,
  ListRecordsCommand,
  UpdateRecordsCommand,
  type CognitoSyncClient,
} from '@aws-sdk/client-cognito-sync';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createServices } from '../../../src/main/bench/services.ts';
import { defaultConfig } from '../../../src/main/bench/config.ts';
import { createBus } from '../../../src/main/kernel/bus.ts';
import { createClock } from '../../../src/main/kernel/clock.ts';
import { Gate } from '../../../src/main/kernel/gate.ts';
import { createLogger } from '../../../src/main/kernel/log.ts';
import { TraceLog } from '../../../src/main/kernel/trace-log.ts';
import { createServer, type Server } from '../../../src/main/server/http.ts';
import { families as identityPools } from '../../../src/main/services/identity-pools/index.ts';
import { families as sync } from '../../../src/main/services/sync/index.ts';
import { fakeFamilies } from '../../server/fake-server.ts';
import { openDatabase, type Database } from '../../../src/main/store/database.ts';
import { migrate } from '../../../src/main/store/migrate.ts';
import { ACCOUNT, REGION, type TestBench } from '../../harness/bench.ts';
import { createGuest, createPool, developer, replace, write, type Place } from './setup.ts';

/** The bench's own parts on a database of the test's, which can be told that the disk is full. */
let database: Database;
let server: Server;
let services: ReturnType<typeof createServices>;
let client: CognitoSyncClient;
let place: Place;

const DatasetName = 'notes';
const LARGE = 'x'.repeat(400_000);

beforeEach(async () => {
  const log = createLogger('silent');
  const clock = createClock('frozen');
  const bus = createBus(log);
  database = openDatabase(':memory:');
  migrate(database, clock.now());
  let url = '';
  const config = { ...defaultConfig, url: () => url, publicUrl: () => url };
  services = createServices({ config, database, clock, bus, log, seed: undefined });
  const built = [...identityPools, ...sync];
  server = createServer({
    config: defaultConfig,
    services,
    gate: new Gate(),
    bus,
    traceLog: new TraceLog(bus),
    families: [
      ...fakeFamilies().filter(({ service }) => !built.some((family) => family.service === service)),
      ...built,
    ],
    actions: [],
  });
  const { port } = await server.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
  const sdk = { endpoint: url, region: REGION, credentials, maxAttempts: 1 };
  const bench = { sdk } as TestBench;
  client = developer(bench);
  place = await createGuest(bench, await createPool(bench));
});
afterEach(async () => {
  await server.close();
  services.bulkPublisher.stop();
  services.meter.stop();
  services.scheduler.stop();
  await services.powers.stop();
  database.close();
});

const list = (LastSyncCount = 0) => client.send(new ListRecordsCommand({ ...place, DatasetName, LastSyncCount }));
/** No page more than there are. */
const fillDisk = (): void => {
  const pages = database.pragma('page_count', { simple: true }) as number;
  database.pragma(`max_page_count = ${pages}`);
};
const makeRoom = (): void => void database.pragma('max_page_count = 1073741823');

it('[SY-DISK-1] a full disk refuses a write, and nothing is lost', async () => {
  await write(client, place, DatasetName, [replace('a', '1')]);
  const before = await list();
  fillDisk();
  const update = {
    ...place,
    DatasetName,
    SyncSessionToken: before.SyncSessionToken,
    RecordPatches: [replace('a', '2', 1), replace('large', LARGE)],
  };
  await expect(client.send(new UpdateRecordsCommand(update))).rejects.toMatchObject({
    name: 'InternalErrorException',
    $metadata: { httpStatusCode: 500 },
  });
  const during = await list();
  expect({ ...during, SyncSessionToken: '', $metadata: 0 }).toEqual({
    ...before,
    SyncSessionToken: '',
    $metadata: 0,
  });

  makeRoom();
  const { Records } = await client.send(new UpdateRecordsCommand(update));
  expect(Records!.map(({ Key, SyncCount }) => [Key, SyncCount])).toEqual([
    ['a', 2],
    ['large', 2],
  ]);
});

it('[SY-DISK-1] a full disk lets a dataset be deleted', async () => {
  await write(client, place, DatasetName, [replace('large', LARGE)]);
  fillDisk();
  await client.send(new DeleteDatasetCommand({ ...place, DatasetName }));
  expect(await list()).toMatchObject({ DatasetExists: false, DatasetSyncCount: 2 });
});
