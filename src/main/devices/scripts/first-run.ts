import type { DeviceDataset, DeviceState } from '../../../shared/device.ts';
import { expectThat, type Stage } from '../script.ts';
import { DATASET, datasetOf, Performance, scriptOf, type Act } from './performance.ts';

const NAME = 'first-run';
const ALICE = { username: 'alice', password: 'Correct-horse-7', email: 'alice@example.test' };

/** What the steps of one run have made so far. */
class FirstRun extends Performance {
  phone = '';
  tablet = '';
  guestIdentity = '';
  tabletGuestIdentity = '';

  constructor(stage: Stage) {
    super(stage, NAME, 'demo');
  }
}

const acts: readonly Act<FirstRun>[] = [
  {
    title: 'A place to sign in',
    text: 'The bench gets a user pool, an app client and an identity pool that lets guests in, by ordinary AWS calls.',
    play: (play) => play.setTheScene(),
  },
  {
    title: 'Phone A comes as a guest',
    text: 'Nobody signed in, and still the phone gets an identity and credentials of its own.',
    play: async (play) => {
      play.phone = play.addDevice('Phone A', 'phone');
      const { identity } = await play.on(play.phone, { do: 'get-credentials' });
      expectThat(identity?.guest === true, 'Phone A did not become a guest');
      play.guestIdentity = identity.identityId;
    },
  },
  {
    title: 'It keeps volume = 11',
    text: 'The value is written to the phone’s own cache first. Synchronising pulls, finds nothing new, and pushes it.',
    play: async (play) => {
      await play.on(play.phone, { do: 'put', dataset: DATASET, key: 'volume', value: '11' });
      await play.on(play.phone, { do: 'synchronize', dataset: DATASET, resolver: 'last-writer' });
    },
  },
  {
    title: 'Alice signs up',
    text: 'The pool keeps her as unconfirmed and sends a code, which lands in the inbox here instead of in a mailbox.',
    play: async (play) => {
      const { signIn } = await play.on(play.phone, { do: 'sign-up', ...ALICE });
      expectThat(signIn.status === 'unconfirmed', 'Alice should have to confirm her sign-up');
    },
  },
  {
    title: 'She uses the code',
    text: 'The code from the inbox shows that the address is hers.',
    play: async (play) => {
      const code = play.stage.codeFor(ALICE.email);
      expectThat(code !== undefined, `There is no code for ${ALICE.email} in the inbox`);
      await play.on(play.phone, { do: 'confirm-sign-up', code });
    },
  },
  {
    title: 'She signs in by SRP',
    text: 'Phone and pool prove to each other that they know the password, and it never crosses the wire. Tokens come back.',
    play: async (play) => {
      const { username, password } = ALICE;
      const { signIn } = await play.on(play.phone, { do: 'sign-in', username, password });
      expectThat(signIn.status === 'signed-in', 'Alice should be signed in');
    },
  },
  {
    title: 'The guest becomes Alice',
    text: 'The phone shows her ID token for its guest identity. The identity stays the same, and so does its data.',
    play: async (play) => {
      const { identity } = await play.on(play.phone, { do: 'get-credentials' });
      expectThat(identity?.identityId === play.guestIdentity, 'The guest’s identity should have stayed');
      await play.on(play.phone, { do: 'synchronize', dataset: DATASET, resolver: 'last-writer' });
    },
  },
  {
    title: 'Phone A asks to be told',
    text: 'It registers for push and subscribes to prefs: from now on a silent push says when somebody else changes it.',
    play: async (play) => {
      await play.on(play.phone, { do: 'subscribe', dataset: DATASET });
    },
  },
  {
    title: 'Tablet B comes as a guest too',
    text: 'It has an identity of its own and keeps theme = dark, knowing nothing of Alice.',
    play: async (play) => {
      play.tablet = play.addDevice('Tablet B', 'tablet');
      await play.on(play.tablet, { do: 'put', dataset: DATASET, key: 'theme', value: 'dark' });
      const state = await play.on(play.tablet, { do: 'synchronize', dataset: DATASET, resolver: 'last-writer' });
      play.tabletGuestIdentity = state.identity?.identityId ?? '';
    },
  },
  {
    title: 'Alice signs in on Tablet B',
    text: 'Her login has an identity already, so the tablet’s guest is merged into it. The guest’s data waits under its old name.',
    play: async (play) => {
      const { username, password } = ALICE;
      await play.on(play.tablet, { do: 'sign-in', username, password });
      const { identity } = await play.on(play.tablet, { do: 'get-credentials' });
      expectThat(identity?.identityId === play.guestIdentity, 'Tablet B should now have Alice’s identity');
    },
  },
  {
    title: 'Two become one',
    text: 'The tablet synchronises, combines what the guest kept with Alice’s prefs, and deletes the guest’s dataset.',
    play: async (play) => {
      const from = `${DATASET}.${play.tabletGuestIdentity}`;
      const merged = await play.on(play.tablet, { do: 'synchronize', dataset: DATASET, resolver: 'last-writer' });
      expectThat(prefs(merged)?.mergedDatasetNames.includes(from) === true, `${from} should be waiting to be merged`);
      await play.on(play.tablet, { do: 'merge', dataset: DATASET, from, keep: 'last-writer' });
      await play.on(play.tablet, { do: 'subscribe', dataset: DATASET });
      await play.settle(
        play.phone,
        'Phone A fetches the theme after a push',
        (phone) => valueOf(phone, 'theme') === 'dark',
      );
    },
  },
  {
    title: 'Tablet B loses its network',
    text: 'Meanwhile Phone A sets volume = 9 and synchronises. The push for the tablet has to wait.',
    play: async (play) => {
      await play.on(play.tablet, { do: 'network', online: false });
      await play.on(play.phone, { do: 'put', dataset: DATASET, key: 'volume', value: '9' });
      await play.on(play.phone, { do: 'synchronize', dataset: DATASET, resolver: 'last-writer' });
    },
  },
  {
    title: 'Offline, it sets volume = 7',
    text: 'The tablet does not know of the 9. Its change is kept in its own cache, marked as not yet synchronised.',
    play: async (play) => {
      await play.on(play.tablet, { do: 'put', dataset: DATASET, key: 'volume', value: '7' });
    },
  },
  {
    title: 'Back online: a conflict',
    text: 'Both changed the same key since they last agreed. The tablet pulls, sees both values, and stops to ask.',
    play: async (play) => {
      await play.on(play.tablet, { do: 'network', online: true });
      const state = await play.on(play.tablet, { do: 'synchronize', dataset: DATASET, resolver: 'ask' });
      expectThat(prefs(state)?.conflicts[0]?.key === 'volume', 'volume should be in conflict');
    },
  },
  {
    title: 'The last writer wins',
    text: 'The tablet wrote last, so 7 stays and is pushed to the store. A silent push tells Phone A, which fetches it: both agree.',
    play: async (play) => {
      await play.on(play.tablet, { do: 'resolve', dataset: DATASET, choices: { volume: 'last-writer' } });
      await play.settle(
        play.phone,
        'Phone A fetches volume = 7 after a push',
        (phone) => valueOf(phone, 'volume') === '7',
      );
      const tablet = play.stage.fleet.get(play.stage.account, play.tablet);
      expectThat(valueOf(tablet, 'volume') === '7', 'Tablet B should have volume = 7');
    },
  },
];

/** The demo of the first start: two devices from guest to conflict, each step done by real calls. */
export const firstRun = scriptOf(
  {
    name: NAME,
    title: 'Two phones, one user',
    text: 'A guest signs up, a second device joins, both change the same value, and they end up agreeing.',
  },
  (stage) => new FirstRun(stage),
  acts,
);

function prefs(device: DeviceState): DeviceDataset | undefined {
  return datasetOf(device);
}

function valueOf(device: DeviceState, key: string): string | null | undefined {
  return prefs(device)?.records.find((record) => record.key === key)?.value;
}
