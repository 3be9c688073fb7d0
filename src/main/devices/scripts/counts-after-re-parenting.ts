import { expectThat } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, type Act } from './performance.ts';

/*
 * After aws/aws-sdk-net#415, "Adding login token and performing to sync can cause pull of wrong sync count" (a local
 * count of 3 asked of a dataset at 5), aws/aws-sdk-net#414, "Make the local merge dataset sync count match the remote
 * sync count", amazon-archives/aws-sdk-unity#94, "No such SyncCount: xx exists for this Dataset", and
 * amazon-archives/amazon-cognito-unity#6, "Fixed first synchronization attempt failing after reparenting dataset".
 */

const NAME = 'counts-after-re-parenting';
const PHONE = 'Phone A';
const TABLET = 'Tablet B';

class Counts extends Performance {
  guest = '';
}

const acts: readonly Act<Counts>[] = [
  {
    title: 'Alice’s dataset is at count 5',
    text: 'One record was last written at each count, so the old ones have low counts.',
    play: async (play) => {
      await play.setTheScene();
      await play.addUsers('alice', 'carol');
      play.addDevice(PHONE);
      await play.signIn(PHONE, 'alice');
      for (const key of ['one', 'two', 'three', 'four', 'five']) {
        await play.put(PHONE, { [key]: 'alice' });
        await play.synchronize(PHONE);
      }
      expectThat(datasetOf(play.state(PHONE))?.lastSyncCount === 5, 'The dataset should be at count 5');
    },
  },
  {
    title: 'The guest’s is at count 3',
    text: 'On the tablet, a guest has written three times under the same name.',
    play: async (play) => {
      play.addDevice(TABLET, 'tablet');
      for (const key of ['six', 'seven', 'eight']) {
        await play.put(TABLET, { [key]: 'guest' });
        await play.synchronize(TABLET);
      }
      play.guest = play.identityOf(TABLET);
      expectThat(datasetOf(play.state(TABLET))?.lastSyncCount === 3, 'The guest’s dataset should be at count 3');
    },
  },
  {
    title: 'Sign in and synchronise',
    text: 'The thread: the guest’s 3 was asked of Alice’s dataset, so her records one to three never came. Here the count begins anew with the identity.',
    play: async (play) => {
      await play.signIn(TABLET, 'alice');
      expectThat(datasetOf(play.state(TABLET))?.lastSyncCount === 0, 'Nothing of Alice’s was seen here yet');
      await play.synchronize(TABLET, 'ask');
      const alices = { one: 'alice', two: 'alice', three: 'alice', four: 'alice', five: 'alice' };
      play.expectValues(TABLET, { ...alices, six: 'guest', seven: 'guest', eight: 'guest' });
    },
  },
  {
    title: 'The merged dataset, too',
    text: 'The store keeps it at count 1. A client that still asks for changes after 3 is told: No such SyncCount.',
    play: async (play) => {
      const dataset = `${DATASET}.${play.guest}`;
      const refusal = await play.asDeveloper(({ sync }) =>
        sync.listRecords({ ...play.placeOf(TABLET), DatasetName: dataset, LastSyncCount: 3 }).then(
          () => 'nothing',
          (error: Error) => error.message,
        ),
      );
      expectThat(refusal.includes('No such SyncCount: 3'), `The store said ${refusal}`);
      const state = await play.on(play.idOf(TABLET), { do: 'synchronize', dataset });
      expectThat(datasetOf(state, dataset)?.lastSyncCount === 1, 'Its own count should follow the store’s');
    },
  },
  {
    title: 'The first synchronise of all',
    text: 'Data kept before there was any identity belongs to the first one, and its first synchronise makes the dataset on the store.',
    play: async (play) => {
      const name = 'Phone C';
      play.addDevice(name);
      await play.put(name, { myInt: '5' });
      await play.signIn(name, 'carol');
      play.expectValues(name, { myInt: '5' });
      await play.synchronize(name);
      const stored = await play.stored(play.identityOf(name));
      expectThat(stored.DatasetExists === true && stored.Records?.[0]?.Value === '5', 'The store should have 5');
    },
  },
];

export const countsAfterReParenting = scriptOf(
  {
    name: NAME,
    title: 'Old thread: wrong counts after re-parenting',
    text: 'A guest at one sync count becomes a user at another. Every record must still be asked for.',
  },
  (stage) => new Counts(stage, NAME),
  acts,
);
