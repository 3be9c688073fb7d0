import { expectThat } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, valuesOf, type Act } from './performance.ts';

/*
 * After amazon-archives/aws-sdk-unity#60, "SDK 2.0 merge changes" ("it has duplicated the record … Every subsequent
 * click of Save generates a new character"), aws/aws-sdk-net#382, "Data duplication after changing identity", and
 * amazon-archives/aws-sdk-unity#30 with awslabs/aws-sdk-android-samples#79, "UNIQUE constraint failed:
 * datasets.identity_id, datasets.dataset_name".
 */

const NAME = 'duplicate-rows';
const PHONE = 'Phone A';

class Duplicates extends Performance {
  alice = '';
}

const acts: readonly Act<Duplicates>[] = [
  {
    title: 'Alice and a guest',
    text: 'Alice has a character 00200 on the store. On the same phone, signed out, a guest makes two more.',
    play: async (play) => {
      await play.setTheScene();
      await play.addUsers('alice', 'bob');
      play.addDevice(PHONE);
      await play.signIn(PHONE, 'alice');
      play.alice = play.identityOf(PHONE);
      await play.put(PHONE, { '00200': '93' });
      await play.synchronize(PHONE);
      await play.on(play.idOf(PHONE), { do: 'sign-out' });
      await play.put(PHONE, { '00000': '30', '00001': '57' });
      await play.synchronize(PHONE);
    },
  },
  {
    title: 'The guest links Alice’s account',
    text: 'Her identity is in the cache already, under the same dataset name: where two threads met a UNIQUE constraint.',
    play: async (play) => {
      await play.signIn(PHONE, 'alice');
      expectThat(play.identityOf(PHONE) === play.alice, 'The phone should be Alice’s again');
      await play.synchronize(PHONE, 'ask');
      play.expectValues(PHONE, { '00200': '93', '00000': '30', '00001': '57' });
    },
  },
  {
    title: 'Save, save, save',
    text: 'The thread: every further click made another record. Here three more synchronises change nothing on the store.',
    play: async (play) => {
      const before = await play.stored(play.alice);
      for (let click = 0; click < 3; click += 1) await play.synchronize(PHONE);
      const after = await play.stored(play.alice);
      expectThat(after.DatasetSyncCount === before.DatasetSyncCount, 'Nothing should have been written');
      expectThat(after.Records?.length === 3, 'The store should hold three records');
    },
  },
  {
    title: 'The merge adds nothing either',
    text: 'The guest’s dataset holds the same two characters. Merged, they are still two.',
    play: async (play) => {
      const [from = ''] = datasetOf(play.state(PHONE))?.mergedDatasetNames ?? [];
      const state = await play.on(play.idOf(PHONE), { do: 'merge', dataset: DATASET, from, keep: 'remote' });
      expectThat(Object.keys(valuesOf(state)).length === 3, 'There should be three characters');
      expectThat(state.datasets.length === 1, 'There should be one dataset');
    },
  },
  {
    title: 'Bob takes the phone',
    text: 'The other thread: data saved for account A is also saved on account B. Here Bob begins with nothing.',
    play: async (play) => {
      await play.on(play.idOf(PHONE), { do: 'sign-out' });
      await play.signIn(PHONE, 'bob');
      await play.synchronize(PHONE);
      expectThat(play.identityOf(PHONE) !== play.alice, 'Bob should have an identity of his own');
      play.expectValues(PHONE, {});
      const bobs = await play.stored(play.identityOf(PHONE));
      expectThat(bobs.Records?.length === 0, 'Nothing of Alice’s should have been sent in Bob’s name');
    },
  },
];

export const duplicateRows = scriptOf(
  {
    name: NAME,
    title: 'Old thread: duplicate rows',
    text: 'A guest becomes a user whom the phone knows already, saves again and again, and hands the phone on.',
  },
  (stage) => new Duplicates(stage, NAME),
  acts,
);
