import { expectThat } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, type Act } from './performance.ts';

/*
 * After amazon-archives/amazon-cognito-js#31, "conflict on dataset synchronization" ("Current SyncCount for: user is:
 * 1 not: 0"), and #65, "What to do if sync fails?"; aws/aws-sdk-net#391, "Unhandled (by SDK) conflict breaks
 * synchronization" (a record that is modified, has the store's value, and another count); amazon-archives/
 * aws-sdk-unity#48, "Unhandled dataset conflicts"; aws-amplify/aws-sdk-android#3515, "it exceeded the maximum
 * retries".
 */

const NAME = 'current-sync-count';
const PHONE = 'Phone A';
const TABLET = 'Tablet B';

const acts: readonly Act<Performance>[] = [
  {
    title: 'Two devices of Alice',
    text: 'They agree on a key that changes often and a user name that never does.',
    play: async (play) => {
      await play.setTheScene();
      await play.addUsers('alice');
      play.addDevice(PHONE);
      play.addDevice(TABLET, 'tablet');
      for (const name of [PHONE, TABLET]) await play.signIn(name, 'alice');
      await play.put(PHONE, { key: '1', user: 'alice' });
      await play.synchronize(PHONE);
      await play.synchronize(TABLET);
    },
  },
  {
    title: 'What the threads saw',
    text: 'An app that sends a record with the count that it began with is refused: Current SyncCount for: user is: 1 not: 0.',
    play: async (play) => {
      const place = { ...play.placeOf(PHONE), DatasetName: DATASET };
      const refusal = await play.asDeveloper(async ({ sync }) => {
        const { SyncSessionToken } = await sync.listRecords(place);
        const stale = { Op: 'replace', Key: 'user', Value: 'Alice', SyncCount: 0 } as const;
        return sync.updateRecords({ ...place, SyncSessionToken, RecordPatches: [stale] }).then(
          () => 'nothing',
          (error: Error) => `${error.name} ${error.message}`,
        );
      });
      expectThat(
        refusal === 'ResourceConflictException Current SyncCount for: user is: 1 not: 0',
        `The store said ${refusal}`,
      );
    },
  },
  {
    title: 'Set anew at each start',
    text: 'Both apps put the same user name again, as at every start. Modified, equal, and with different counts: that wedged the .NET SDK.',
    play: async (play) => {
      for (const name of [PHONE, TABLET]) await play.put(name, { user: 'Alice', key: '2' });
      await play.synchronize(PHONE);
      const state = await play.synchronize(TABLET, 'ask');
      expectThat(datasetOf(state)?.conflicts.length === 0, 'Equal values are no conflict');
      const isClean = datasetOf(state)?.records.every(({ dirty, syncCount }) => !dirty && syncCount === 2);
      expectThat(isClean === true, 'The tablet should have taken over the store’s counts');
    },
  },
  {
    title: 'And the next change goes through',
    text: 'Five times in turn, without a refusal.',
    play: async (play) => {
      for (let round = 3; round < 8; round += 1) {
        const name = round % 2 === 0 ? PHONE : TABLET;
        await play.synchronize(name, 'ask');
        await play.put(name, { key: String(round), user: 'Alice' });
        await play.synchronize(name, 'ask');
      }
      await play.synchronize(PHONE);
      for (const name of [PHONE, TABLET]) play.expectValues(name, { key: '7', user: 'Alice' });
    },
  },
  {
    title: 'A late request comes first',
    text: 'The phone’s write is held up, it gives up on it and changes its mind. The old write arrives just before the new one, which is refused.',
    play: async (play) => {
      await play.put(PHONE, { key: 'early' });
      await play.on(play.idOf(PHONE), { do: 'network', faultsOn: 'UpdateRecords', reorderNext: 1 });
      const refusal = await play.refused(PHONE, { do: 'synchronize', dataset: DATASET });
      expectThat(refusal.startsWith('NetworkError'), `It should have had no answer, not ${refusal}`);
      await play.put(PHONE, { key: 'late' });
      const state = await play.synchronize(PHONE, 'local');
      const settled = datasetOf(state)?.settled ?? [];
      expectThat(settled[0]?.remote.value === 'early', 'Its own late write should have been the conflict');
    },
  },
  {
    title: 'Both agree',
    text: 'No retries ran out, and nothing was wedged.',
    play: async (play) => {
      await play.synchronize(TABLET, 'ask');
      for (const name of [PHONE, TABLET]) play.expectValues(name, { key: 'late', user: 'Alice' });
    },
  },
];

export const currentSyncCount = scriptOf(
  {
    name: NAME,
    title: 'Old thread: Current SyncCount',
    text: 'Stale counts, equal values with different counts, a late write: what the old SDKs stumbled over.',
  },
  (stage) => new Performance(stage, NAME),
  acts,
);
