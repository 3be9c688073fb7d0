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
            onSwitch={() => setUsername(profile.username ?? '')}
          />
        ))}
      </ul>
      <div className={styles['actions']}>
        <Button size="small" icon={UserPlus} isDisabled={isBusy || !hasPool} onPress={() => setUsername('')}>
          Sign in somebody else
        </Button>
        {device.signIn.status === 'signed-in' && (
          <Button size="small" isDisabled={isBusy} onPress={() => void act(deviceId, { do: 'sign-out' })}>
            Sign out {device.signIn.username}
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
  readonly onSwitch: () => void;
}

function Person({ device, profile, isBusy, onSwitch }: PersonProps) {
  const { identityId, username, current, datasets, records, unsent } = profile;
  const name = username ?? (identityId === 'unknown' ? 'before an identity' : 'a guest');
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
          {identityId !== 'unknown' && ` · ${shortId(identityId.split(':').at(-1) ?? '', 14)}`}
        </p>
      </div>
      {!current && username !== undefined && (
        <Button size="small" icon={LogIn} isDisabled={isBusy} onPress={onSwitch}>
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
