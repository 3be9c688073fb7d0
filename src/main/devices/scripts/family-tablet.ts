import { expectThat } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, type Act } from './performance.ts';

/*
 * After aws/aws-sdk-net#1025, "Cognito Sync issue for multiple users(authenticated) on a single device", and
 * amazon-archives/amazon-cognito-js#27, "Having trouble getting data to be distinct per user".
 */

const NAME = 'family-tablet';
const TABLET = 'Family tablet';

class Family extends Performance {
  alice = '';
  bob = '';
}

const acts: readonly Act<Family>[] = [
  {
    title: 'One tablet, two people',
    text: 'Alice and Bob have accounts of their own, and share the tablet on the kitchen table.',
    play: async (play) => {
      await play.setTheScene();
      await play.addUsers('alice', 'bob');
      play.addDevice(TABLET, 'tablet');
    },
  },
  {
    title: 'Alice first',
    text: 'She signs in, sets volume = 3, synchronises, and signs out again.',
    play: async (play) => {
      await play.signIn(TABLET, 'alice');
      play.alice = play.identityOf(TABLET);
      await play.put(TABLET, { volume: '3' });
      await play.synchronize(TABLET);
      const state = await play.on(play.idOf(TABLET), { do: 'sign-out' });
      expectThat(state.datasets.length === 0, 'Signed out, Alice’s data should be out of sight');
    },
  },
  {
    title: 'Bob sees nothing of hers',
    text: 'Another user is another identity, and another part of the cache. He sets volume = 9.',
    play: async (play) => {
      const state = await play.signIn(TABLET, 'bob');
      play.bob = play.identityOf(TABLET);
      expectThat(play.bob !== play.alice, 'Bob should have an identity of his own');
      expectThat(state.datasets.length === 0, 'Bob should find nothing');
      await play.put(TABLET, { volume: '9' });
    },
  },
  {
    title: 'He synchronises without a network',
    text: 'The wish is remembered for him. Then he hands the tablet over.',
    play: async (play) => {
      await play.on(play.idOf(TABLET), { do: 'network', online: false });
      const refusal = await play.refused(TABLET, { do: 'synchronize', dataset: DATASET });
      expectThat(refusal.startsWith('NetworkError'), `Offline, he should be told so, not ${refusal}`);
      await play.on(play.idOf(TABLET), { do: 'sign-out' });
      await play.on(play.idOf(TABLET), { do: 'network', online: true });
    },
  },
  {
    title: 'Alice is back',
    text: 'Her volume is still 3. What Bob wished for is not done in her name.',
    play: async (play) => {
      await play.signIn(TABLET, 'alice');
      await play.synchronize(TABLET);
      play.expectValues(TABLET, { volume: '3' });
      const bobs = await play.stored(play.bob);
      expectThat(bobs.Records?.length === 0, 'Nothing of Bob’s should have been sent');
      const profile = play.state(TABLET).profiles.find(({ identityId }) => identityId === play.bob);
      const isBobs = profile?.owners.some(({ person }) => person === 'bob') === true;
      expectThat(isBobs && profile.unsent === 1, 'Bob’s unsent change should wait on the tablet');
      await play.on(play.idOf(TABLET), { do: 'sign-out' });
    },
  },
  {
    title: 'Bob’s turn again',
    text: 'The synchronise that he asked for happens now, by itself.',
    play: async (play) => {
      await play.signIn(TABLET, 'bob');
      await play.settle(
        play.idOf(TABLET),
        'Bob’s change is sent',
        (tablet) => datasetOf(tablet)?.records[0]?.dirty === false,
      );
      const bobs = await play.stored(play.bob);
      expectThat(bobs.Records?.[0]?.Value === '9', 'The store should have Bob’s 9');
    },
  },
  {
    title: 'Bob moves out',
    text: 'His part is wiped from the tablet, and Alice’s stays. The store keeps both.',
    play: async (play) => {
      const state = await play.on(play.idOf(TABLET), { do: 'wipe', identityId: play.bob });
      expectThat(!state.profiles.some(({ identityId }) => identityId === play.bob), 'Nothing of Bob’s should be left');
      await play.signIn(TABLET, 'alice');
      play.expectValues(TABLET, { volume: '3' });
      expectThat((await play.stored(play.bob)).Records?.length === 1, 'The store should still have Bob’s record');
    },
  },
];

export const familyTablet = scriptOf(
  {
    name: NAME,
    title: 'The family tablet',
    text: 'Two people share a device: each finds their own data, unsent changes wait for their owner, one can be wiped.',
  },
  (stage) => new Family(stage, NAME),
  acts,
);
