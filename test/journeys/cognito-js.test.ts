import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoSync } from '@aws-sdk/client-cognito-sync';
import type AwsSdk from 'aws-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../harness/bench.ts';
import { addDevice, addUser, makePools, PASSWORD, valuesOf } from '../devices/scene.ts';
import type { DeviceApp } from '../../src/shared/device.ts';

/*
 * amazon-cognito-js, Cognito's own sync manager for browsers, on aws-sdk v2. Each browser is a context of its own: the
 * library hangs itself on a global AWS and keeps its data in window.localStorage. What it gets wrong by itself
 * (reference 6.2) is written beside the test that meets it.
 */

interface JsRecord {
  getKey(): string;
  getValue(): string | null;
  getSyncCount(): number;
}

interface JsConflict {
  getKey(): string;
  getLocalRecord(): JsRecord;
  getRemoteRecord(): JsRecord;
  resolveWithRemoteRecord(): JsRecord;
  resolveWithLocalRecord(): JsRecord;
  resolveWithValue(value: string): JsRecord;
}

interface JsDataset {
  put(key: string, value: string, callback: (error: Error | null, record: JsRecord) => void): void;
  remove(key: string, callback: (error: Error | null, record: JsRecord) => void): void;
  getAll(callback: (error: Error | null, values: { [key: string]: string }) => void): void;
  resolve(records: JsRecord[], callback: (error: Error | null) => void): void;
  synchronize(callbacks: {
    onSuccess?: (dataset: JsDataset, records: JsRecord[]) => void;
    onFailure?: (error: Error) => void;
    onConflict?: (dataset: JsDataset, conflicts: JsConflict[], callback: (goOn: boolean) => void) => void;
    onDatasetDeleted?: (dataset: JsDataset, name: string, callback: (goOn: boolean) => void) => void;
    onDatasetsMerged?: (dataset: JsDataset, names: string[], callback: (goOn: boolean) => void) => void;
  }): void;
}

interface JsManager {
  openOrCreateDataset(name: string, callback: (error: Error | null, dataset: JsDataset) => void): void;
  listDatasets(callback: (error: Error | null, datasets: { getDatasetName(): string }[]) => void): void;
  refreshDatasetMetadata(callback: (error: Error | null, datasets: unknown[]) => void): void;
  getIdentityId(): string;
  wipeData(): void;
}

process.env['AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE'] = '1';

let bench: TestBench;
let app: DeviceApp & Required<DeviceApp>;
beforeAll(async () => {
  // The library writes dates of its own, by the machine's clock.
  bench = await startBench({ clock: 'real' });
  app = await makePools(bench);
});
afterAll(() => bench.stop());

const require = createRequire(import.meta.url);
const libraryPath = require.resolve('amazon-cognito-js');

/** One browser: its local storage outlives its pages. */
class Browser {
  readonly storage = new Map<string, string>();

  /** A page with the library on it, as this identity, or as a guest. */
  async openPage(identity?: { identityId: string; logins: { [provider: string]: string } }): Promise<Page> {
    // A copy of aws-sdk for each page: AWS.config is global to it.
    const paths = Object.keys(require.cache).filter((path) => path.includes('/node_modules/aws-sdk/'));
    for (const path of paths) delete require.cache[path];
    const AWS = require('aws-sdk') as typeof AwsSdk & { CognitoSyncManager: new () => JsManager };
    const storage = localStorageOn(this.storage);
    AWS.config.update({
      region: app.region,
      maxRetries: 0,
      cognitosync: { endpoint: bench.url },
      cognitoidentity: { endpoint: bench.url },
      sts: { endpoint: bench.url },
    });
    const credentials = new AWS.CognitoIdentityCredentials(
      {
        IdentityPoolId: app.identityPoolId,
        ...(identity ? { IdentityId: identity.identityId, Logins: identity.logins } : {}),
      },
      { region: app.region, endpoint: bench.url } as never,
    );
    AWS.config.credentials = credentials;
    const cached = this.storage.get(`aws.cognito.identity-id.${app.identityPoolId}`);
    if (!identity && cached) (credentials.params as { IdentityId?: string }).IdentityId = cached;
    await new Promise<void>((resolve, reject) => {
      credentials.get((error) => (error ? reject(error) : resolve()));
    });
    this.storage.set(`aws.cognito.identity-id.${app.identityPoolId}`, credentials.identityId);
    // The bundle looks for a global AWS where there is no module system.
    const context = vm.createContext({ AWS, window: { localStorage: storage, AWS }, console });
    vm.runInContext(readFileSync(libraryPath, 'utf8'), context);
    const manager = new AWS.CognitoSyncManager();
    return new Page(manager);
  }
}

function localStorageOn(items: Map<string, string>) {
  const methods = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
  // The library walks the keys with `for … in` to wipe.
  return new Proxy(methods, {
    ownKeys: () => [...items.keys()],
    getOwnPropertyDescriptor: (target, key) =>
      items.has(String(key))
        ? { enumerable: true, configurable: true, value: items.get(String(key)) }
        : Reflect.getOwnPropertyDescriptor(target, key),
  });
}

type Outcome = { readonly ok: true } | { readonly ok: false; readonly message: string };

class Page {
  readonly manager: JsManager;
  constructor(manager: JsManager) {
    this.manager = manager;
  }

  dataset(name: string): Promise<JsDataset> {
    return new Promise((resolve, reject) => {
      this.manager.openOrCreateDataset(name, (error, dataset) => (error ? reject(error) : resolve(dataset)));
    });
  }

  async put(name: string, key: string, value: string): Promise<void> {
    const dataset = await this.dataset(name);
    await new Promise<void>((resolve, reject) => {
      dataset.put(key, value, (error) => (error ? reject(error) : resolve()));
    });
  }

  async remove(name: string, key: string): Promise<void> {
    const dataset = await this.dataset(name);
    await new Promise<void>((resolve, reject) => {
      dataset.remove(key, (error) => (error ? reject(error) : resolve()));
    });
  }

  async values(name: string): Promise<{ [key: string]: string }> {
    const dataset = await this.dataset(name);
    return new Promise((resolve, reject) => {
      dataset.getAll((error, values) => (error ? reject(error) : resolve(values)));
    });
  }

  async synchronize(
    name: string,
    callbacks: Omit<Parameters<JsDataset['synchronize']>[0], 'onSuccess' | 'onFailure'> = {},
  ): Promise<Outcome> {
    const dataset = await this.dataset(name);
    return new Promise((resolve) => {
      dataset.synchronize({
        ...callbacks,
        onSuccess: () => resolve({ ok: true }),
        onFailure: ({ message }) => resolve({ ok: false, message }),
      });
    });
  }
}

/** Two browsers of one user, who agree on volume = 11. */
async function pair(username: string): Promise<[Page, Page, string]> {
  await addUser(bench, app, username);
  const { identityId, logins } = await signIn(username);
  const first = await new Browser().openPage({ identityId, logins });
  const second = await new Browser().openPage({ identityId, logins });
  await first.put('prefs', 'volume', '11');
  expect(await first.synchronize('prefs')).toEqual({ ok: true });
  expect(await second.synchronize('prefs')).toEqual({ ok: true });
  return [first, second, identityId];
}

/** The user's identity and login, from a simulated device that signs in. */
async function signIn(username: string): Promise<{ identityId: string; logins: { [provider: string]: string } }> {
  const device = await addDevice(bench, `Helper of ${username}`, app);
  const { signIn: session } = await device.act({ do: 'sign-in', username, password: PASSWORD });
  const { identity } = await device.act({ do: 'get-credentials' });
  if (session.status !== 'signed-in' || !identity) throw new Error('not signed in');
  return {
    identityId: identity.identityId,
    logins: { [`cognito-idp.${app.region}.amazonaws.com/${app.userPoolId}`]: session.idToken },
  };
}

describe('amazon-cognito-js in two browsers', () => {
  it('[DV-JS-1] keep a guest’s data in local storage and on the store, over a reload', async () => {
    const browser = new Browser();
    const page = await browser.openPage();
    await page.put('prefs', 'volume', '11');
    await page.put('prefs', 'theme', 'dark');
    expect(await page.synchronize('prefs')).toEqual({ ok: true });

    const reloaded = await browser.openPage();
    expect(reloaded.manager.getIdentityId()).toBe(page.manager.getIdentityId());
    expect(await reloaded.values('prefs')).toEqual({ volume: '11', theme: 'dark' });
    const sync = new CognitoSync(bench.sdk);
    const { Datasets } = await sync.listDatasets({
      IdentityPoolId: app.identityPoolId,
      IdentityId: page.manager.getIdentityId(),
    });
    expect(Datasets).toMatchObject([{ DatasetName: 'prefs', NumRecords: 2, DataStorage: 'volume11themedark'.length }]);
  });

  it('[DV-JS-1] pass on changes and removals', async () => {
    const [first, second] = await pair('js-changes');
    await first.put('prefs', 'volume', '5');
    await first.put('prefs', 'theme', 'dark');
    expect(await first.synchronize('prefs')).toEqual({ ok: true });
    expect(await second.synchronize('prefs')).toEqual({ ok: true });
    expect(await second.values('prefs')).toEqual({ volume: '5', theme: 'dark' });

    await second.remove('prefs', 'theme');
    expect(await second.synchronize('prefs')).toEqual({ ok: true });
    expect(await first.synchronize('prefs')).toEqual({ ok: true });
    // The library reads a tombstone as an empty text: it knows of no removal but its own.
    expect(await first.values('prefs')).toEqual({ volume: '5', theme: '' });
  });

  it.each([
    ['the store’s', (conflict: JsConflict) => conflict.resolveWithRemoteRecord(), '9'],
    ['this browser’s', (conflict: JsConflict) => conflict.resolveWithLocalRecord(), '7'],
    ['a third', (conflict: JsConflict) => conflict.resolveWithValue('8'), '8'],
  ])('[DV-JS-2] settle a conflict by callback: %s value stays', async (name, resolve, expected) => {
    const [first, second] = await pair(`js-${name.replaceAll(/\W/g, '')}`);
    await first.put('prefs', 'volume', '9');
    expect(await first.synchronize('prefs')).toEqual({ ok: true });
    await second.put('prefs', 'volume', '7');
    const shown: unknown[] = [];
    const outcome = await second.synchronize('prefs', {
      onConflict(dataset, conflicts, goOn) {
        for (const conflict of conflicts) {
          shown.push([conflict.getKey(), conflict.getLocalRecord().getValue(), conflict.getRemoteRecord().getValue()]);
        }
        dataset.resolve(conflicts.map(resolve), () => goOn(true));
      },
    });
    expect(shown).toEqual([['volume', '7', '9']]);
    expect(outcome).toEqual({ ok: true });
    expect(await first.synchronize('prefs')).toEqual({ ok: true });
    expect(await first.values('prefs')).toEqual({ volume: expected });
    expect(await second.values('prefs')).toEqual({ volume: expected });
  });

  it('[DV-JS-2] cancel without a conflict callback, and lose nothing', async () => {
    const [first, second] = await pair('js-cancel');
    await first.put('prefs', 'volume', '9');
    await first.synchronize('prefs');
    await second.put('prefs', 'volume', '7');
    expect(await second.synchronize('prefs')).toEqual({
      ok: false,
      message: 'Sync cancelled. Conflict callback returned false.',
    });
    expect(await second.values('prefs')).toEqual({ volume: '7' });
    expect(await first.values('prefs')).toEqual({ volume: '9' });
  });

  it('[DV-JS-3] are told of a deletion elsewhere, and keep their copy when they say no', async () => {
    const [first, , identityId] = await pair('js-deleted');
    const sync = new CognitoSync(bench.sdk);
    await sync.deleteDataset({ IdentityPoolId: app.identityPoolId, IdentityId: identityId, DatasetName: 'prefs' });
    const told: string[] = [];
    expect(
      await first.synchronize('prefs', {
        onDatasetDeleted(_dataset, name, goOn) {
          told.push(name);
          goOn(false);
        },
      }),
    ).toEqual({ ok: false, message: 'Cancelled due to .onDatasetDeleted result.' });
    expect(told).toEqual(['prefs']);
    expect(await first.values('prefs')).toEqual({ volume: '11' });
  });

  it('[DV-JS-4] are told of merged datasets, until those are deleted', async () => {
    await addUser(bench, app, 'js-merged');
    const known = await signIn('js-merged');
    const guestBrowser = new Browser();
    const guest = await guestBrowser.openPage();
    await guest.put('prefs', 'theme', 'dark');
    expect(await guest.synchronize('prefs')).toEqual({ ok: true });
    const guestId = guest.manager.getIdentityId();

    // The login of a known user: the guest is merged into that identity.
    const user = await guestBrowser.openPage({ identityId: guestId, logins: known.logins });
    expect(user.manager.getIdentityId()).toBe(known.identityId);
    const name = `prefs.${guestId}`;
    const told: string[][] = [];
    const refused = await user.synchronize('prefs', {
      onDatasetsMerged(_dataset, names, goOn) {
        told.push([...names]);
        goOn(false);
      },
    });
    expect(refused).toEqual({ ok: false, message: 'Cancelled due to .onDatasetsMerged result.' });
    expect(told).toEqual([[name]]);

    // What an app has to do: read the merged dataset, combine it, delete it.
    const sync = new CognitoSync(bench.sdk);
    const place = { IdentityPoolId: app.identityPoolId, IdentityId: known.identityId, DatasetName: name };
    const { Records } = await sync.listRecords(place);
    expect(Records).toMatchObject([{ Key: 'theme', Value: 'dark', SyncCount: 1 }]);
    await user.put('prefs', 'theme', 'dark');
    await sync.deleteDataset(place);
    expect(await user.synchronize('prefs')).toEqual({ ok: true });
    expect(await user.values('prefs')).toEqual({ theme: 'dark' });
  });

  it('[DV-JS-5] take the empty string for a removal, which a simulated device does not', async () => {
    const [first] = await pair('js-empty');
    await first.put('prefs', 'volume', '');
    expect(await first.synchronize('prefs')).toEqual({ ok: true });
    const device = await addDevice(bench, 'Phone A', app);
    await device.act({ do: 'sign-in', username: 'js-empty', password: PASSWORD });
    const state = await device.act({ do: 'synchronize', dataset: 'prefs' });
    expect(valuesOf(state)).toEqual({ volume: null });

    await device.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '' });
    await device.act({ do: 'synchronize', dataset: 'prefs' });
    expect(await first.synchronize('prefs')).toEqual({ ok: true });
    expect(await first.values('prefs')).not.toHaveProperty('volume', '11');
  });

  it('[DV-JS-1] agree with a simulated device', async () => {
    const [first] = await pair('js-device');
    const device = await addDevice(bench, 'Phone A', app);
    await device.act({ do: 'sign-in', username: 'js-device', password: PASSWORD });
    await device.act({ do: 'put', dataset: 'prefs', key: 'theme', value: 'dark' });
    await device.act({ do: 'synchronize', dataset: 'prefs' });
    expect(await first.synchronize('prefs')).toEqual({ ok: true });
    await first.put('prefs', 'volume', '3');
    expect(await first.synchronize('prefs')).toEqual({ ok: true });
    const state = await device.act({ do: 'synchronize', dataset: 'prefs' });
    expect(valuesOf(state)).toEqual({ theme: 'dark', volume: '3' });
    expect(await first.values('prefs')).toEqual({ theme: 'dark', volume: '3' });
  });

  it('[DV-JS-1] list datasets from the store, and wipe the browser only', async () => {
    const [first, , identityId] = await pair('js-wipe');
    const identityPools = new CognitoIdentity(bench.sdk);
    expect((await identityPools.describeIdentity({ IdentityId: identityId })).IdentityId).toBe(identityId);
    const metadata = await new Promise<unknown[]>((resolve, reject) => {
      first.manager.refreshDatasetMetadata((error, datasets) => (error ? reject(error) : resolve(datasets)));
    });
    expect(metadata).toHaveLength(1);
    first.manager.wipeData();
    const sync = new CognitoSync(bench.sdk);
    const { Count } = await sync.listRecords({
      IdentityPoolId: app.identityPoolId,
      IdentityId: identityId,
      DatasetName: 'prefs',
    });
    expect(Count).toBe(1);
  });

  it('[DV-JS-1] refuse by themselves what the store would refuse', async () => {
    const page = await new Browser().openPage();
    await expect(page.dataset('no spaces')).rejects.toThrow('Dataset name must match');
    await expect(page.put('prefs', 'no spaces', 'x')).rejects.toThrow('Invalid key');
    await expect(page.put('prefs', 'key', 7 as never)).rejects.toThrow('must be a string');
  });
});
