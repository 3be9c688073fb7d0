import { expectThat } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, type Act } from './performance.ts';

const NAME = 'lost-answer';
const PHONE = 'Phone A';
const TABLET = 'Tablet B';

const acts: readonly Act<Performance>[] = [
  {
    title: 'Two devices of Alice',
    text: 'They agree on volume = 11.',
    play: async (play) => {
      await play.setTheScene();
      await play.addUsers('alice');
      play.addDevice(PHONE);
      play.addDevice(TABLET, 'tablet');
      for (const name of [PHONE, TABLET]) await play.signIn(name, 'alice');
      await play.put(PHONE, { volume: '11' });
      await play.synchronize(PHONE);
      await play.synchronize(TABLET);
    },
  },
  {
    title: 'The store writes, and nobody hears of it',
    text: 'Phone A sends volume = 5. The answer to its write is lost: for the phone, nothing has happened.',
    play: async (play) => {
      await play.put(PHONE, { volume: '5' });
      await play.on(play.idOf(PHONE), { do: 'network', faultsOn: 'UpdateRecords', loseNextAnswers: 1 });
      const refusal = await play.refused(PHONE, { do: 'synchronize', dataset: DATASET, resolver: 'ask' });
      expectThat(refusal.startsWith('NetworkError'), `The answer should have been lost, not ${refusal}`);
      const record = datasetOf(play.state(PHONE))?.records[0];
      expectThat(record?.dirty === true && record.syncCount === 1, 'For the phone, 5 should still be unsent');
      const stored = await play.stored(play.identityOf(PHONE));
      expectThat(stored.Records?.[0]?.Value === '5', 'The store should have 5 already');
    },
  },
  {
    title: 'The other device reads it',
    text: 'And builds on it: the tablet sets volume = 6.',
    play: async (play) => {
      await play.synchronize(TABLET);
      await play.put(TABLET, { volume: '6' });
      await play.synchronize(TABLET);
    },
  },
  {
    title: 'The phone tries again',
    text: 'It would send its 5 a second time, over the tablet’s 6. The sync count stops it: the conflict is shown, not lost.',
    play: async (play) => {
      const conflict = datasetOf(await play.synchronize(PHONE, 'ask'))?.conflicts[0];
      expectThat(conflict?.local.value === '5' && conflict.remote.value === '6', 'It should be 5 against 6');
      await play.on(play.idOf(PHONE), { do: 'resolve', dataset: DATASET, choices: { volume: 'remote' } });
      play.expectValues(PHONE, { volume: '6' });
    },
  },
  {
    title: 'A request that comes twice',
    text: 'A network may also double a packet. The store takes the second one for what it is: its session is used up.',
    play: async (play) => {
      await play.put(PHONE, { volume: '8' });
      await play.on(play.idOf(PHONE), { do: 'network', faultsOn: 'UpdateRecords', duplicateNext: 1 });
      await play.synchronize(PHONE);
      expectThat(play.state(PHONE).network.duplicateNext === 0, 'A packet should have been doubled');
      const count = datasetOf(play.state(PHONE))?.lastSyncCount;
      expectThat(count === 4, `The dataset should have been written once more, to count 4, and is at ${count}`);
    },
  },
  {
    title: 'Both agree',
    text: 'Nothing was written twice, nothing went unseen.',
    play: async (play) => {
      await play.synchronize(TABLET, 'ask');
      for (const name of [PHONE, TABLET]) play.expectValues(name, { volume: '8' });
    },
  },
];

export const lostAnswer = scriptOf(
  {
    name: NAME,
    title: 'The answer that never came',
    text: 'A write reaches the store and its answer is lost; another comes twice. Sync counts keep the data right.',
  },
  (stage) => new Performance(stage, NAME),
  acts,
);
