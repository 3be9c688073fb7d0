import { expectThat } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, valuesOf, type Act } from './performance.ts';

/*
 * After aws-samples/aws-sdk-unity-samples#8, "Merging in Sync Demo not functioning" ("Link to FB account … My three
 * characters disappear"), and amazon-archives/amazon-cognito-js#59, "Sync unauthenticated user data with just
 * authenticated user".
 */

const NAME = 'guest-data-after-linking';
const OLD_PHONE = 'Old phone';
const NEW_PHONE = 'New phone';

const CHARACTERS = { knight: '30', mage: '57', thief: '12' };

class Linking extends Performance {
  guest = '';
}

const acts: readonly Act<Linking>[] = [
  {
    title: 'Alice plays on her old phone',
    text: 'She is signed in, and her archer is at level 93.',
    play: async (play) => {
      await play.setTheScene();
      await play.addUsers('alice', 'newcomer');
      play.addDevice(OLD_PHONE);
      await play.signIn(OLD_PHONE, 'alice');
      await play.put(OLD_PHONE, { archer: '93' });
      await play.synchronize(OLD_PHONE);
    },
  },
  {
    title: 'A guest makes three characters',
    text: 'On her new phone she starts to play without signing in, and synchronises.',
    play: async (play) => {
      play.addDevice(NEW_PHONE);
      await play.put(NEW_PHONE, CHARACTERS);
      await play.synchronize(NEW_PHONE);
      play.guest = play.identityOf(NEW_PHONE);
    },
  },
  {
    title: 'She links her account',
    text: 'The thread: “My three characters disappear.” Here they stay: the cache copies them to Alice’s identity as new changes, before anything is sent.',
    play: async (play) => {
      await play.signIn(NEW_PHONE, 'alice');
      expectThat(play.identityOf(NEW_PHONE) !== play.guest, 'She should go on as Alice');
      play.expectValues(NEW_PHONE, CHARACTERS);
    },
  },
  {
    title: 'The archer joins them',
    text: 'The next synchronise pulls what Alice had, and sends the three. None of them was in the other’s way.',
    play: async (play) => {
      await play.synchronize(NEW_PHONE, 'ask');
      play.expectValues(NEW_PHONE, { ...CHARACTERS, archer: '93' });
    },
  },
  {
    title: 'And the merge is told',
    text: 'The other complaint was that no merge is announced. The store reports the guest’s dataset under its old name until the app has merged it.',
    play: async (play) => {
      const from = `${DATASET}.${play.guest}`;
      const waiting = datasetOf(play.state(NEW_PHONE))?.mergedDatasetNames ?? [];
      expectThat(waiting.join() === from, `${from} should be waiting`);
      const state = await play.on(play.idOf(NEW_PHONE), { do: 'merge', dataset: DATASET, from, keep: 'local' });
      expectThat(datasetOf(state)?.mergedDatasetNames.length === 0, 'Nothing should be waiting any more');
      expectThat(valuesOf(state)['knight'] === '30', 'The knight should still be there');
    },
  },
  {
    title: 'The old phone has them all',
    text: 'Four characters, each once.',
    play: async (play) => {
      await play.synchronize(OLD_PHONE);
      play.expectValues(OLD_PHONE, { ...CHARACTERS, archer: '93' });
    },
  },
];

export const guestDataAfterLinking = scriptOf(
  {
    name: NAME,
    title: 'Old thread: guest data vanishes after linking',
    text: 'A guest with data signs in to an account that has data, too. Nothing may disappear.',
  },
  (stage) => new Linking(stage, NAME),
  acts,
);
