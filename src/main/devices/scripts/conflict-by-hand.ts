import { expectThat } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, type Act } from './performance.ts';

const NAME = 'conflict-by-hand';
const PHONE = 'Phone A';
const TABLET = 'Tablet B';

const acts: readonly Act<Performance>[] = [
  {
    title: 'Two devices of Alice',
    text: 'Both are signed in, and agree on four settings.',
    play: async (play) => {
      await play.setTheScene();
      await play.addUsers('alice');
      play.addDevice(PHONE);
      play.addDevice(TABLET, 'tablet');
      await play.signIn(PHONE, 'alice');
      await play.put(PHONE, { volume: '11', theme: 'light', name: 'Alice', tips: 'on' });
      await play.synchronize(PHONE);
      await play.signIn(TABLET, 'alice');
      await play.synchronize(TABLET);
    },
  },
  {
    title: 'Phone A changes all four',
    text: 'And sends them to the store. The tablet has not looked yet.',
    play: async (play) => {
      await play.put(PHONE, { volume: '9', theme: 'dark', name: 'Ally', tips: 'rare' });
      await play.synchronize(PHONE);
    },
  },
  {
    title: 'Tablet B changes them too',
    text: 'It still has the old sync counts, so it cannot know that it is not alone.',
    play: async (play) => play.put(TABLET, { volume: '7', theme: 'blue', name: 'A.', tips: 'off' }),
  },
  {
    title: 'Four conflicts',
    text: 'The tablet pulls, and stops before it stores anything. For each key it shows what both began from, its own value and the store’s.',
    play: async (play) => {
      const conflicts = datasetOf(await play.synchronize(TABLET, 'ask'))?.conflicts ?? [];
      expectThat(conflicts.length === 4, 'All four keys should be in conflict');
      const volume = conflicts.find(({ key }) => key === 'volume');
      expectThat(volume?.base?.value === '11', 'volume should have begun from 11');
    },
  },
  {
    title: 'A look ahead',
    text: 'Before anything is decided, the bench plays each resolver on copies of both caches, and shows what they would end with.',
    play: async (play) => {
      const { fleet, account } = play.stage;
      const outcomes = await fleet.preview(account, play.idOf(TABLET), { dataset: DATASET });
      const ends = outcomes.map(
        ({ by, devices }) => `${by} ${devices.map(({ values }) => values['volume']).join(' ')}`,
      );
      expectThat(
        ends.join(', ') === 'last-writer 7 7, local 7 7, remote 9 9',
        `Other ends than expected: ${ends.join(', ')}`,
      );
      expectThat(datasetOf(play.state(TABLET))?.conflicts.length === 4, 'A look ahead should change nothing');
    },
  },
  {
    title: 'A choice, and undone',
    text: 'The phone’s theme, then second thoughts: as long as nothing was sent, the conflict can come back.',
    play: async (play) => {
      const tablet = play.idOf(TABLET);
      await play.on(tablet, { do: 'resolve', dataset: DATASET, choices: { theme: 'remote' } });
      const back = await play.on(tablet, { do: 'undo-resolve', dataset: DATASET });
      expectThat(datasetOf(back)?.conflicts.length === 4, 'The conflict of theme should be back');
    },
  },
  {
    title: 'Mine, theirs, a third value, gone',
    text: 'Each key its own way. With the last choice the tablet sends what it decided.',
    play: async (play) => {
      await play.on(play.idOf(TABLET), {
        do: 'resolve',
        dataset: DATASET,
        choices: { volume: 'local', theme: 'remote', name: { value: 'Alice A.' }, tips: { value: null } },
      });
      play.expectValues(TABLET, { volume: '7', theme: 'dark', name: 'Alice A.' });
    },
  },
  {
    title: 'Phone A agrees',
    text: 'Its next synchronise fetches the decision. Nobody has to decide twice.',
    play: async (play) => {
      const state = await play.synchronize(PHONE, 'ask');
      expectThat(datasetOf(state)?.conflicts.length === 0, 'The phone should see no conflict');
      play.expectValues(PHONE, { volume: '7', theme: 'dark', name: 'Alice A.' });
    },
  },
];

export const conflictByHand = scriptOf(
  {
    name: NAME,
    title: 'A conflict, settled by hand',
    text: 'Two devices change the same four keys; each is settled another way, with a look ahead and second thoughts.',
  },
  (stage) => new Performance(stage, NAME),
  acts,
);
