import { Eraser, LogIn, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { DeviceProfileSummary, DeviceState } from '../../shared/device.ts';
import { useBench } from '../data/bench-state.ts';
import { act, lastTyped, useAsked } from '../data/device-actions.ts';
import { shortId } from '../format/ids.ts';
import { many } from '../format/size.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Form, Pair, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { personOf, providerOf } from './owners.ts';
import styles from './people.module.css';

interface PeopleProps {
  readonly deviceId: string;
  readonly onClose: () => void;
}

/** Whose data lies on a device that several people use: change over to one of them, or let go of what is theirs. */
export function People({ deviceId, onClose }: PeopleProps) {
  const device = useBench((state) => state.devices.find(({ id }) => id === deviceId));
  const asked = useAsked((state) => state[deviceId]);
  const [username, setUsername] = useState<string | null>(null);
  if (!device) return null;
  const isBusy = asked?.busy !== undefined;
  const { signIn, logins } = device;
  const here = signIn.status === 'signed-in' ? signIn.username : personOf(logins);
  const hasPool = device.app.userPoolId !== undefined && device.app.clientId !== undefined;
  return (
    <Dialog title={`People on ${device.name}`} isOpen onClose={onClose}>
      {device.profiles.length === 0 && <p className={styles['none']}>Nobody’s data is on this device yet.</p>}
      <ul className={styles['people']} aria-label="People">
        {device.profiles.map((profile) => (
          <Person
            key={profile.identityId}
            device={device}
            profile={profile}
            isBusy={isBusy}
            onSwitch={(user) => (user === undefined ? onClose() : setUsername(user))}
          />
        ))}
      </ul>
      <div className={styles['actions']}>
        <Button size="small" icon={UserPlus} isDisabled={isBusy || !hasPool} onPress={() => setUsername('')}>
          Sign in somebody else
        </Button>
        {here !== undefined && (
          <Button size="small" isDisabled={isBusy} onPress={() => void act(deviceId, { do: 'sign-out', all: true })}>
            Sign out {here}
          </Button>
        )}
      </div>
      {username !== null && (
        <SignIn key={username} device={device} username={username} isBusy={isBusy} onDone={onClose} />
      )}
      {asked?.failed && <Refusal refused={asked.failed} />}
    </Dialog>
  );
}

interface PersonProps {
  readonly device: DeviceState;
  readonly profile: DeviceProfileSummary;
  readonly isBusy: boolean;
  /** With the user whose password has to be typed; without one where the person is there already. */
  readonly onSwitch: (user?: string) => void;
}

function Person({ device, profile, isBusy, onSwitch }: PersonProps) {
  const { identityId, owners, current, datasets, records, unsent } = profile;
  const user = owners.find(({ kind }) => kind === 'user-pool');
  const other = owners.find(({ kind }) => kind !== 'user-pool');
  const change = async () => {
    if (user || !other) return onSwitch(user?.subject);
    // Whoever is here must not be linked with whoever comes.
    if (!(await act(device.id, { do: 'sign-out', all: true }))) return;
    const { standIn, subject } = other;
    const done =
      standIn === undefined
        ? await act(device.id, { do: 'developer-login', user: subject })
        : await act(device.id, { do: 'link-login', provider: standIn, person: subject });
    if (done) onSwitch();
  };
  const name = personOf(owners) ?? (identityId === 'unknown' ? 'before an identity' : 'a guest');
  return (
    <li className={styles['person']}>
      <div className={styles['words']}>
        <p>
          <strong>{name}</strong>
          {current && <Mark tone="ok">in use</Mark>}
          {unsent > 0 && <Mark tone="accent">{unsent} not sent</Mark>}
        </p>
        <p className={styles['sub']} title={identityId}>
          {many(datasets, 'dataset')}, {many(records, 'record')}
          {other && ` · ${owners.map(providerOf).join(', ')}`}
          {identityId !== 'unknown' && ` · ${shortId(identityId.split(':').at(-1) ?? '', 14)}`}
        </p>
      </div>
      {!current && owners.length > 0 && (
        <Button size="small" icon={LogIn} isDisabled={isBusy} onPress={() => void change()}>
          Switch
        </Button>
      )}
      <IconButton
        icon={Eraser}
        label={`Forget what ${name} has on ${device.name}`}
        isDisabled={isBusy}
        onPress={() => void act(device.id, { do: 'wipe', identityId })}
      />
    </li>
  );
}

interface SignInProps {
  readonly device: DeviceState;
  readonly username: string;
  readonly isBusy: boolean;
  readonly onDone: () => void;
}

function SignIn({ device, username: first, isBusy, onDone }: SignInProps) {
  const pool = device.app.userPoolId ?? '';
  const typed = lastTyped.get(pool);
  const [username, setUsername] = useState(first);
  const [password, setPassword] = useState(typed && (first === '' || typed.username === first) ? typed.password : '');
  const submit = async () => {
    // Their logins would be linked with those of whoever comes.
    if (device.logins.length > 0 && !(await act(device.id, { do: 'sign-out', all: true }))) return;
    if (!(await act(device.id, { do: 'sign-in', username, password }))) return;
    lastTyped.set(pool, { username, password });
    if (await act(device.id, { do: 'get-credentials' })) onDone();
  };
  return (
    <div className={styles['form']}>
      <Form label={`Sign in on ${device.name}`} onSubmit={() => void submit()}>
        <Pair>
          <Field label="User name" value={username} onChange={setUsername} isRequired autoFocus={first === ''} />
          <Field
            label="Password"
            type="password"
            value={password}
            onChange={setPassword}
            isRequired
            autoFocus={first !== ''}
          />
        </Pair>
        <div>
          <Button type="submit" variant="primary" isDisabled={isBusy || username === '' || password === ''}>
            Sign in
          </Button>
        </div>
      </Form>
    </div>
  );
}
