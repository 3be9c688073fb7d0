import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoSync } from '@aws-sdk/client-cognito-sync';
import { STORY_DATASET, type Glimpse, type World } from '../../src/main/devices/explorer/world.ts';
import { nameOf } from '../../src/main/devices/explorer/storyteller.ts';
import { createFleet, type Fleet } from '../../src/main/devices/fleet.ts';
import type { DeviceAction, DeviceApp, DeviceState, NetworkState, Resolver } from '../../src/shared/device.ts';
import { ACCOUNT, type TestBench } from '../harness/bench.ts';
import { addUser, PASSWORD } from './scene.ts';

/*
 * Stories on simulated devices with files of their own, over the wire, against a bench: everything that memory-world
 * leaves out. A restart closes and opens every device's file.
 */

let users = 0;

export async function createRealWorld(
  bench: TestBench,
  app: DeviceApp,
  guests: readonly boolean[],
  resolver: Resolver,
): Promise<World & AsyncDisposable> {
  const username = `storyteller-${(users += 1)}`;
  await addUser(bench, app, username);
  const folder = mkdtempSync(join(tmpdir(), 'poolbench-story-'));
  const { services, url } = bench;
  const open = (): Fleet => createFleet({ ...services, folder, url: () => url });
  let fleet = open();
  const ids: string[] = [];
  const deleted: string[] = [];
  /** What the store held of each identity's dataset before it was deleted. */
  const held = new Map<string, string[]>();
  const stop = bench.follow((event) => {
    if (event.type !== 'dataset.synchronised' || event.data.datasetName !== STORY_DATASET) return;
    const { identityId, operation } = event.data;
    if (operation === 'remove') deleted.push(...(held.get(identityId) ?? []));
    const dataset = services.datasets.find(identityId, STORY_DATASET);
    const records = dataset?.isPresent ? services.datasets.changedSince(dataset.id, 1, '', undefined) : [];
    held.set(
      identityId,
      records.flatMap(({ value }) => value ?? []),
    );
  });

  const state = (device: number): DeviceState => fleet.get(ACCOUNT, ids[device]!);
  const act = async (device: number, action: DeviceAction): Promise<void> => {
    try {
      await fleet.act(ACCOUNT, ids[device]!, action);
    } finally {
      // Also what the network switch or another identity set off.
      await fleet.settled(ACCOUNT, ids[device]!);
    }
  };
  const signIn = async (device: number): Promise<void> => {
    await act(device, { do: 'sign-in', username, password: PASSWORD, flow: 'USER_PASSWORD_AUTH' });
    await act(device, { do: 'get-credentials' });
  };

  const world: World = {
    isGuest: (device) => state(device).signIn.status !== 'signed-in' || state(device).identity?.guest !== false,
    glimpse(device): Glimpse {
      const dataset = state(device).datasets.find(({ name }) => name === STORY_DATASET);
      const records = dataset?.records ?? [];
      return {
        values: new Map(records.map(({ key, value }) => [key, value])),
        unsent: records.filter(({ dirty }) => dirty).length,
        conflicts: dataset?.conflicts ?? [],
        settled: dataset?.settled ?? [],
        merged: dataset?.mergedDatasetNames ?? [],
      };
    },
    put: (device, key, value) => act(device, { do: 'put', dataset: STORY_DATASET, key, value }),
    remove: (device, key) => act(device, { do: 'remove', dataset: STORY_DATASET, key }),
    synchronise: (device) => act(device, { do: 'synchronize', dataset: STORY_DATASET, resolver }),
    async race(device, second) {
      let isFirst = true;
      fleet.gate.keep(({ lane, operation, stage }) => {
        const isPush = lane === ids[device] && operation === 'UpdateRecords' && stage === 'request';
        const holds = isPush && isFirst;
        if (isPush) isFirst = false;
        return holds;
      });
      const stopHolding = fleet.gate.onHeld((held) => {
        // Its own want of network is its own.
        world
          .synchronise(second)
          .catch(() => undefined)
          .finally(held.release);
      });
      await world.synchronise(device).finally(() => {
        stopHolding();
        fleet.gate.keep(undefined);
      });
    },
    settle: (device, choices) => act(device, { do: 'resolve', dataset: STORY_DATASET, choices }),
    signIn,
    merge: (device, from, keep) => act(device, { do: 'merge', dataset: STORY_DATASET, from, keep }),
    deleteDataset: (device) => act(device, { do: 'delete-dataset', dataset: STORY_DATASET }),
    network: (device, change: Partial<NetworkState>) => act(device, { do: 'network', ...change }),
    async restart() {
      await fleet.stop();
      fleet = open();
    },
    async advance(seconds) {
      services.clock.change({ advance: seconds });
    },
    async stored() {
      const identityId = state(0).identity?.identityId;
      const client = new CognitoSync(bench.sdk);
      const place = { IdentityPoolId: app.identityPoolId, IdentityId: identityId, DatasetName: STORY_DATASET };
      const { Records = [] } = await client.listRecords(place);
      client.destroy();
      return new Map(Records.flatMap(({ Key, Value }) => (Value === undefined ? [] : [[Key!, Value]])));
    },
    deletedValues: () => deleted.splice(0),
  };

  for (const [device, isGuest] of guests.entries()) {
    ids.push(fleet.create(ACCOUNT, { name: nameOf(device), kind: 'phone', app }).id);
    // Whoever asks first makes the user's identity, so a guest may still become it.
    if (device === 0 || !isGuest) {
      await act(device, { do: 'sign-in', username, password: PASSWORD, flow: 'USER_PASSWORD_AUTH' });
    }
    if (device > 0 && !isGuest) await act(device, { do: 'get-credentials' });
  }

  return {
    ...world,
    async [Symbol.asyncDispose]() {
      stop();
      await fleet.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
