import { expectThat } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, valuesOf, type Act } from './performance.ts';

/*
 * After aws/aws-sdk-net#360, "Undeleted merge datasets accumulating" (seven on the store, one on the device), and
 * amazon-archives/amazon-cognito-js#34, "Synchronize failed: exceeded maximum retry count" (a merge callback that
 * says yes and merges nothing).
 */

const NAME = 'left-over-merged-datasets';
const PHONE = 'Phone A';
const GUESTS = ['Guest 1', 'Guest 2', 'Guest 3'];

const acts: readonly Act<Performance>[] = [
  {
    title: 'Three guests become Alice',
    text: 'Each on a phone of its own, each with a character, and none of the apps merged what the guest had kept.',
    play: async (play) => {
      await play.setTheScene();
      await play.addUsers('alice');
      play.addDevice(PHONE);
      await play.signIn(PHONE, 'alice');
      await play.put(PHONE, { archer: '93' });
      await play.synchronize(PHONE);
      for (const [index, name] of GUESTS.entries()) {
        play.addDevice(name);
        await play.put(name, { [`guest-${index + 1}`]: '1' });
        await play.synchronize(name);
        await play.signIn(name, 'alice');
      }
    },
  },
  {
    title: 'They pile up on the store',
    text: 'Each is a dataset of Alice’s now, and counts towards her twenty.',
    play: async (play) => {
      const names = await datasetNames(play);
      expectThat(names.length === 4, `There should be four datasets, and there are ${names.join(', ')}`);
    },
  },
  {
    title: 'Phone A hears of all of them',
    text: 'The thread: the device knew of one. The store reports every merged dataset, whoever brought it.',
    play: async (play) => {
      const waiting = datasetOf(await play.synchronize(PHONE))?.mergedDatasetNames ?? [];
      expectThat(waiting.length === 3, `Three should be waiting, and it is ${waiting.length}`);
      const again = datasetOf(await play.synchronize(PHONE))?.mergedDatasetNames ?? [];
      expectThat(again.length === 3, 'Synchronising alone should not make them go');
    },
  },
  {
    title: 'It merges them, one by one',
    text: 'Each is combined into Alice’s and deleted, here and on the store.',
    play: async (play) => {
      for (const from of datasetOf(play.state(PHONE))?.mergedDatasetNames ?? []) {
        await play.on(play.idOf(PHONE), { do: 'merge', dataset: DATASET, from, keep: 'last-writer' });
      }
      const names = await datasetNames(play);
      expectThat(names.join() === DATASET, `Only ${DATASET} should be left, and there are ${names.join(', ')}`);
    },
  },
  {
    title: 'The guests’ phones notice',
    text: 'They still had their own copy under the old name. Merging it again loses nothing and brings nothing back.',
    play: async (play) => {
      for (const name of GUESTS) {
        for (const from of datasetOf(await play.synchronize(name))?.mergedDatasetNames ?? []) {
          await play.on(play.idOf(name), { do: 'merge', dataset: DATASET, from, keep: 'local' });
        }
      }
      const all = { archer: '93', 'guest-1': '1', 'guest-2': '1', 'guest-3': '1' };
      await play.synchronize(PHONE);
      for (const name of [PHONE, ...GUESTS]) {
        await play.synchronize(name);
        play.expectValues(name, all);
        expectThat(
          datasetOf(play.state(name))?.mergedDatasetNames.length === 0,
          `${name} should have nothing to merge`,
        );
      }
      expectThat(Object.keys(valuesOf(play.state(PHONE))).length === 4, 'Four characters, each once');
      expectThat((await datasetNames(play)).join() === DATASET, 'No merged dataset should be back');
    },
  },
];

async function datasetNames(play: Performance): Promise<string[]> {
  const { Datasets = [] } = await play.asDeveloper(({ sync }) => sync.listDatasets(play.placeOf(PHONE)));
  return Datasets.map(({ DatasetName = '' }) => DatasetName);
}

export const leftOverMergedDatasets = scriptOf(
  {
    name: NAME,
    title: 'Old thread: left-over merged datasets',
    text: 'Guests became users and nobody merged. What piled up on the store is found, combined and cleared away.',
  },
  (stage) => new Performance(stage, NAME),
  acts,
);
