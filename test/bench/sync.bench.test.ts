import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity';
import {
  CognitoSyncClient,
  RegisterDeviceCommand,
  SetIdentityPoolConfigurationCommand,
  SubscribeToDatasetCommand,
} from '@aws-sdk/client-cognito-sync';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createBench } from '../../src/main/bench/create-bench.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import { startBenchProcess, type BenchProcess } from '../crash/bench-process.ts';
import { Figures } from './measure.ts';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const DEVELOPER = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20261121/${REGION}/cognito-sync/aws4_request, SignedHeaders=host, Signature=0`;
const RECORDS = 10;
const VALUE = 'a value of some length';
const CONNECTIONS = 10;
const SECONDS = 4;
const CROWDS = [100, 100_000];

const figures = new Figures();
const perSecond = (value: number): string => `${Math.round(value)} /s`;

/** The machine's limit: transactions of the same shape, one after the other, by better-sqlite3 alone. */
let commits: number;

beforeAll(() => {
  commits = bareCommits();
  figures.add(`commits of ${RECORDS} records by bare better-sqlite3, same settings`, perSecond(commits));
});
afterAll(() => figures.print());

function bareCommits(): number {
  const folder = mkdtempSync(join(tmpdir(), 'poolbench-bare-'));
  const database = openDatabase(join(folder, 'bare.sqlite'), { exclusive: true });
  try {
    database.exec('CREATE TABLE records (dataset INTEGER, key TEXT, value TEXT, PRIMARY KEY (dataset, key)) STRICT');
    const put = database.prepare('INSERT INTO records VALUES (?, ?, ?)');
    const commit = database.transaction((dataset: number) => {
      for (let key = 0; key < RECORDS; key += 1) put.run(dataset, `setting${key}`, VALUE);
    });
    const end = performance.now() + SECONDS * 1000;
    let count = 0;
    for (; performance.now() < end; count += 1) commit(count);
    return count / SECONDS;
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Crowd {
  readonly IdentityPoolId: string;
  readonly identityIds: readonly string[];
}

/** Identities with a dataset each, written straight into the store of a bench that nobody calls yet. */
async function crowdIn(data: string, size: number): Promise<Crowd> {
  const bench = await createBench({ port: 0, data, logLevel: 'error' });
  try {
    const identity = new CognitoIdentityClient({ endpoint: bench.url, region: REGION, credentials: DEVELOPER });
    const { IdentityPoolId: identityPoolId = '' } = await identity.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'crowd', AllowUnauthenticatedIdentities: true }),
    );
    const { identities, datasets, ids, store } = bench.services;
    const identityIds = Array.from({ length: size }, () => ids.identity(REGION));
    const now = Date.now();
    for (let start = 0; start < size; start += 1000) {
      store.write(() => {
        for (const id of identityIds.slice(start, start + 1000)) {
          identities.insert({ account: ACCOUNT, identityPoolId, id, createdAt: new Date(now) });
          const dataset = datasets.create(
            { account: ACCOUNT, identityPoolId, identityId: id, name: 'settings' },
            now,
            id,
          );
          datasets.change(ACCOUNT, dataset.id, {
            syncCount: 1,
            recordCount: RECORDS,
            bytes: RECORDS * (VALUE.length + 8),
            modifiedAt: now,
            modifiedBy: id,
            records: Array.from({ length: RECORDS }, (_, key) => ({
              key: `setting${key}`,
              value: VALUE,
              syncCount: 1,
              modifiedAt: now,
              modifiedBy: id,
              deviceModifiedAt: null,
            })),
          });
        }
      });
    }
    return { IdentityPoolId: identityPoolId, identityIds };
  } finally {
    await bench.stop();
  }
}

/** Calls as the developer, whose signature the bench does not check: the client's work is not what is measured. */
class Caller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  call<Answer>(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: AUTHORIZATION,
        'x-amz-date': '20261121T120000Z',
        'content-type': 'application/json',
      };
      const sent = request(this.#url + path, { method, agent: this.#agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => (text += piece));
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(JSON.parse(text) as Answer);
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  }

  /** How often `work` is done in a second, by as many callers as there are connections. */
  async rate(work: (turn: number) => Promise<unknown>, seconds = SECONDS): Promise<number> {
    const started = performance.now();
    const end = started + seconds * 1000;
    let turn = 0;
    let done = 0;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (performance.now() < end) {
          await work(turn++);
          done += 1;
        }
      }),
    );
    return (done * 1000) / (performance.now() - started);
  }

  close(): void {
    this.#agent.destroy();
  }
}

interface Listing {
  readonly SyncSessionToken: string;
  readonly DatasetSyncCount: number;
}

const datasetPath = (IdentityPoolId: string, identityId: string, name = 'settings'): string =>
  `/identitypools/${encodeURIComponent(IdentityPoolId)}/identities/${encodeURIComponent(identityId)}/datasets/${name}`;

const patches = (count: number, SyncCount: number) =>
  Array.from({ length: count }, (_, key) => ({ Op: 'replace', Key: `setting${key}`, Value: VALUE, SyncCount }));

describe.each(CROWDS)('among %i identities', (size) => {
  let data: string;
  let crowd: Crowd;
  let bench: BenchProcess;
  let caller: Caller;
  const among = `, ${size.toLocaleString('en')} identities`;

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'poolbench-sync-'));
    crowd = await crowdIn(data, size);
    bench = await startBenchProcess(['--data', data]);
    caller = new Caller(bench.url);
  }, 300_000);
  afterAll(async () => {
    caller.close();
    await bench.stop();
    rmSync(data, { recursive: true, force: true });
  });

  /** A step that is prime to the size, so that neighbours in time are far apart on disk. */
  const someone = (turn: number): string => crowd.identityIds[(turn * 7919) % size]!;

  it('synchronises', async () => {
    const synchronise = async (turn: number): Promise<void> => {
      const path = datasetPath(crowd.IdentityPoolId, someone(turn));
      const { SyncSessionToken, DatasetSyncCount } = await caller.call<Listing>('GET', `${path}/records`);
      await caller.call('POST', path, { SyncSessionToken, RecordPatches: patches(RECORDS, DatasetSyncCount + 1_000) });
    };
    await caller.rate(synchronise, 1);
    const rate = await caller.rate(synchronise);
    figures.add(`ListRecords and UpdateRecords of ${RECORDS} records${among}`, perSecond(rate));
    figures.add(`the same to bare commits${among}`, (rate / commits).toFixed(2));
  });

  it('lists what is new', async () => {
    const incremental = (turn: number) =>
      caller.call<Listing>('GET', `${datasetPath(crowd.IdentityPoolId, someone(turn))}/records?lastSyncCount=1`);
    await caller.rate(incremental, 1);
    figures.add(`incremental ListRecords${among}`, perSecond(await caller.rate(incremental)));
  });
});

describe('one identity', () => {
  let data: string;
  let bench: BenchProcess;
  let caller: Caller;
  let IdentityPoolId: string;
  let IdentityId: string;

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'poolbench-sync-'));
    bench = await startBenchProcess(['--data', data]);
    caller = new Caller(bench.url);
    const identity = new CognitoIdentityClient({ endpoint: bench.url, region: REGION, credentials: DEVELOPER });
    const pool = await identity.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'bench', AllowUnauthenticatedIdentities: true }),
    );
    IdentityPoolId = pool.IdentityPoolId!;
    const unauthenticated = `arn:aws:iam::${ACCOUNT}:role/Cognito_benchUnauth_Role`;
    await identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { unauthenticated } }));
    IdentityId = (await identity.send(new GetIdCommand({ IdentityPoolId }))).IdentityId!;
  });
  afterAll(async () => {
    caller.close();
    await bench.stop();
    rmSync(data, { recursive: true, force: true });
  });

  /** One after the other, since each write needs the count that the last one made. */
  async function writesPerSecond(name: string, records: number): Promise<number> {
    const path = datasetPath(IdentityPoolId, IdentityId, name);
    const end = performance.now() + SECONDS * 1000;
    let count = 0;
    for (; performance.now() < end; count += 1) {
      const { SyncSessionToken, DatasetSyncCount } = await caller.call<Listing>('GET', `${path}/records?maxResults=1`);
      await caller.call('POST', path, { SyncSessionToken, RecordPatches: patches(records, DatasetSyncCount + 1_000) });
    }
    return count / SECONDS;
  }

  it('tells 100 devices of a change', async () => {
    const { Credentials } = await new CognitoIdentityClient({
      endpoint: bench.url,
      region: REGION,
      credentials: DEVELOPER,
    }).send(new GetCredentialsForIdentityCommand({ IdentityId }));
    const client = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
      new CognitoSyncClient({ endpoint: bench.url, region: REGION, credentials });
    await client(DEVELOPER).send(
      new SetIdentityPoolConfigurationCommand({
        IdentityPoolId,
        PushSync: {
          ApplicationArns: [`arn:aws:sns:${REGION}:${ACCOUNT}:app/GCM/bench`],
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/push`,
        },
      }),
    );
    await writesPerSecond('pushed', 1);
    const alone = await writesPerSecond('pushed', 1);
    const own = client({
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretKey!,
      sessionToken: Credentials!.SessionToken!,
    });
    for (let device = 0; device < 100; device += 1) {
      const at = { IdentityPoolId, IdentityId };
      const { DeviceId } = await own.send(
        new RegisterDeviceCommand({ ...at, Platform: 'GCM', Token: `token-${device}` }),
      );
      await own.send(new SubscribeToDatasetCommand({ ...at, DatasetName: 'pushed', DeviceId }));
    }
    const pushed = await writesPerSecond('pushed', 1);
    figures.add('syncs of one record, one after the other, no device subscribed', perSecond(alone));
    figures.add('the same, 100 devices subscribed', perSecond(pushed));
    figures.add('pushes of a fan-out to 100 devices', perSecond(pushed * 100));
    figures.add('time that the fan-out adds to a sync', `${(1000 / pushed - 1000 / alone).toFixed(1)} ms`);
  });

  it('keeps 1,024 keys in a dataset', async () => {
    const path = datasetPath(IdentityPoolId, IdentityId, 'full');
    const full = await writesPerSecond('full', 1024);
    figures.add('syncs that write all of 1,024 keys', perSecond(full));
    const one = async (): Promise<void> => {
      const { SyncSessionToken, DatasetSyncCount } = await caller.call<Listing>('GET', `${path}/records?maxResults=1`);
      await caller.call('POST', path, { SyncSessionToken, RecordPatches: patches(1, DatasetSyncCount + 1_000) });
    };
    figures.add('syncs of one key among 1,024', perSecond(await caller.rate(one)));
    const all = () => caller.call('GET', `${path}/records`);
    figures.add('ListRecords of all 1,024 keys', perSecond(await caller.rate(all)));
    const { DatasetSyncCount } = await caller.call<Listing>('GET', `${path}/records?maxResults=1`);
    const incremental = () => caller.call('GET', `${path}/records?lastSyncCount=${DatasetSyncCount - 1}`);
    figures.add('incremental ListRecords of one key among 1,024', perSecond(await caller.rate(incremental)));
  });
});
